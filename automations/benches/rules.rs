//! What an event costs the rules: it is looked up, so that it hardly matters how many there are.

use std::{
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use automations::{Engine, Input, parse::parse};
use criterion::{Criterion, criterion_group, criterion_main};
use hub_model::{
    Actor, Cause, Device, DeviceId, Endpoint, EndpointId, EndpointKind, Event, Home, HomeSettings, Path, PropertyOffer,
    Reading, Value, What,
    capability::{on_off, temperature},
};
use jiff::{SignedDuration, Timestamp};

fn home(devices: usize) -> Home {
    let mut home = Home::empty(1, HomeSettings::default());
    for number in 0..devices {
        let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Sensor);
        endpoint.properties = vec![PropertyOffer::new(&temperature::MEASURED), PropertyOffer::new(&on_off::ON)];
        let handle = format!("device-{number}");
        home.put(Arc::new(Device::new(
            DeviceId::named(&handle),
            handle.parse().expect("a handle of letters and digits"),
            [endpoint],
        )));
    }
    home
}

/// One rule for each device, and an engine that has them.
fn engine(home: &Home, rules: usize) -> Engine {
    // A file each, as people have them, and as a file has a limit.
    let parsed = (0..rules).flat_map(|number| {
        let text = format!(
            "name = \"Rule {number}\"\nmode = \"queued\"\n\
             when = [ {{ property = {{ of = \"device-{number}/temperature.measured\", above = 50 }} }} ]\n\
             then = [ {{ set = {{ target = \"device-{number}\", \"on_off.on\" = true }} }} ]\n"
        );
        let parsed = parse(&PathBuf::from(format!("rule-{number}.toml")).into(), &text);
        assert!(parsed.broken.is_empty(), "{:?}", parsed.broken.first());
        parsed.rules
    });
    let parsed = parsed.map(Arc::new).collect();
    let mut engine = Engine::new();
    engine.handle(Input::Rules(parsed), Timestamp::UNIX_EPOCH, home);
    engine
}

/// A change of one device, with the home that has it.
fn change(home: &mut Home, number: usize, value: f64) -> Arc<Event> {
    let device = DeviceId::named(&format!("device-{number}"));
    let known = home.device_mut(device).expect("it was put in above");
    let mut readings = known.readings.to_vec();
    let new = Reading { value: Value::Number(value), changed_at: None, reported_at: None };
    let old = std::mem::replace(&mut readings[0], new).value;
    known.readings = readings.into();
    home.cursor = home.cursor.next();
    let path = Path { device, endpoint: EndpointId::first(), property: (&temperature::MEASURED).into() };
    let what = What::Changed { path, old, new: Value::Number(value) };
    Arc::new(Event { cursor: home.cursor, at: Timestamp::UNIX_EPOCH, cause: Cause::root(Actor::Device(device)), what })
}

fn steps(criterion: &mut Criterion) {
    const DEVICES: usize = 10_000;
    let mut home = home(DEVICES);
    for rules in [100, 10_000] {
        let mut engine = engine(&home, rules);
        let mut now = Timestamp::UNIX_EPOCH;
        let mut step = 0_usize;
        criterion.bench_function(&format!("an event that starts one of {rules} rules"), |bench| {
            bench.iter_custom(|times| {
                let mut took = Duration::ZERO;
                for _ in 0..times {
                    // Down in silence, then up: only a crossing starts a rule. An hour later, as nobody would call that a
                    // rule that runs in a circle.
                    step += 1;
                    now += SignedDuration::from_hours(1);
                    let down = change(&mut home, step % rules, 40.0);
                    engine.handle(Input::Events(&[down]), now, &home);
                    let up = [change(&mut home, step % rules, 60.0)];
                    let begun = Instant::now();
                    let effects = black_box(engine.handle(Input::Events(&up), now, &home));
                    took += begun.elapsed();
                    assert!(!effects.is_empty(), "the rule started");
                }
                took
            });
        });
    }
    let mut engine = engine(&home, 5000);
    criterion.bench_function("an event that none of 5000 rules looks at", |bench| {
        let event = change(&mut home, DEVICES - 1, 60.0);
        bench.iter(|| black_box(engine.handle(Input::Events(&[Arc::clone(&event)]), Timestamp::UNIX_EPOCH, &home)));
    });
}

criterion_group!(benches, steps);
criterion_main!(benches);
