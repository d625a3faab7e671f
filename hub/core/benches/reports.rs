//! What a report costs in the hub task: applying it, and finding out whose doing it was.

use std::{hint::black_box, sync::Arc, time::Duration};

use adapter_api::Delivery;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use hub_core::{apply::apply, expect::expected, pending::Pending, state::State};
use hub_model::{
    Actor, AdapterName, Cause, Command, CommandId, DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Path, Product,
    Property, PropertyOffer, Report, Said, Target, Value,
    capability::{on_off, temperature},
};
use hub_store::StoredHome;
use jiff::Timestamp;
use tokio::time::Instant;

const DEVICES: usize = 1000;

fn report(device: usize, said: Said) -> Report {
    Report { key: DeviceKey::new(format!("device-{device}")), at: Timestamp::UNIX_EPOCH, said }
}

fn home() -> State {
    let mut state = State::loaded(StoredHome::default(), 1);
    for device in 0..DEVICES {
        let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Sensor);
        endpoint.properties = vec![PropertyOffer::new(&temperature::MEASURED), PropertyOffer::new(&on_off::ON)];
        let found = Found {
            name: format!("Device {device}"),
            room: None,
            product: Product::default(),
            endpoints: vec![endpoint],
        };
        apply(&mut state, &adapter(), report(device, Said::Found(Box::new(found))));
    }
    state
}

const fn adapter() -> AdapterName {
    AdapterName::new_static("bench")
}

fn applying(criterion: &mut Criterion) {
    let (mut state, mut number) = (home(), 0_usize);
    criterion.bench_function("apply a reading, 1000 devices", |bench| {
        bench.iter_batched(
            || {
                number += 1;
                let reading =
                    (EndpointId::first(), (&temperature::MEASURED).into(), Value::from((number % 700) as f64 / 10.0));
                report(number % DEVICES, Said::Read(vec![reading]))
            },
            |report| black_box(apply(&mut state, &adapter(), report)),
            BatchSize::SmallInput,
        );
    });
}

fn causes(criterion: &mut Criterion) {
    let state = home();
    let command = |device: usize| {
        let known = state.home.by_handle(&format!("device-{device}")).expect("it was found above");
        let command = Arc::new(Command {
            id: CommandId::fresh(),
            key: None,
            target: Target { device: known.device.id, endpoint: EndpointId::first() },
            set: vec![(Property::from(&on_off::ON), Value::Bool(true))],
            invoke: None,
            transition: None,
            cause: Cause::root(Actor::Hub),
            deadline: Duration::from_secs(5),
        });
        let endpoint = Arc::clone(&known.device.endpoints[0]);
        let expected = expected(&command, known, |_| None);
        (command, endpoint, expected)
    };
    let path = |device: usize| {
        let device = state.home.by_handle(&format!("device-{device}")).expect("it was found above").device.id;
        Path { device, endpoint: EndpointId::first(), property: (&on_off::ON).into() }
    };
    let mut pending = Pending::default();
    for device in 0..100 {
        let (command, endpoint, expected) = command(device);
        pending.accept(command, endpoint, expected, Instant::now());
    }
    let nobody = path(DEVICES - 1);
    criterion.bench_function("attribute a report that nobody asked for, 100 commands under way", |bench| {
        bench.iter(|| black_box(pending.reported(&nobody, &Value::Bool(true))));
    });
    let asked = path(500);
    criterion.bench_function("a command from its acceptance to its end, 100 others under way", |bench| {
        bench.iter_batched(
            || command(500),
            |(command, endpoint, expected)| {
                let id = command.id;
                pending.accept(command, endpoint, expected, Instant::now());
                pending.delivered(id, Delivery::Sent);
                black_box(pending.reported(&asked, &Value::Bool(true)))
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, applying, causes);
criterion_main!(benches);
