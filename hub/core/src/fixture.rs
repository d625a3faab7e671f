//! Plain values for the tests of this crate.

use std::{sync::Arc, time::Duration};

use hub_model::{
    AdapterName, Command, CommandId, DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Invoke, Product, Property,
    PropertyOffer, Report, Said, Target, Value,
    capability::{ActionSpec, PropertySpec, brightness, on_off, temperature},
};
use hub_store::StoredHome;
use jiff::Timestamp;

use crate::{
    apply::{Applied, apply},
    state::State,
};

pub fn adapter() -> AdapterName {
    AdapterName::new_static("test")
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn empty() -> State {
    State::loaded(StoredHome::default(), 1)
}

/// A dimmable lamp with a thermometer in it.
pub fn lamp(name: &str) -> Found {
    let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Light);
    endpoint.properties = vec![
        PropertyOffer::new(&on_off::ON),
        PropertyOffer::new(&brightness::LEVEL),
        PropertyOffer::new(&temperature::MEASURED),
    ];
    Found { name: name.into(), room: None, product: Product::default(), endpoints: vec![endpoint] }
}

pub fn say(state: &mut State, key: &str, second: i64, said: Said) -> Applied {
    apply(state, &adapter(), Report { key: DeviceKey::new(key), at: at(second), said })
}

pub fn read(spec: &'static PropertySpec, value: impl Into<Value>) -> Said {
    Said::Read(vec![(EndpointId::first(), spec.into(), value.into())])
}

pub fn with_lamp() -> State {
    let mut state = empty();
    say(&mut state, "lamp", 0, Said::Found(Box::new(lamp("Hall lamp"))));
    state
}

pub fn command(state: &State, set: &[(&'static PropertySpec, Value)]) -> Arc<Command> {
    let set = set.iter().map(|(spec, value)| (Property::from(*spec), value.clone())).collect();
    to_the_lamp(state, set, None)
}

pub fn invoke(state: &State, action: &'static ActionSpec, arguments: &[(&str, Value)]) -> Arc<Command> {
    let arguments = arguments.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    to_the_lamp(state, Vec::new(), Some(Invoke { arguments, ..Invoke::plain(action) }))
}

fn to_the_lamp(state: &State, set: Vec<(Property, Value)>, invoke: Option<Invoke>) -> Arc<Command> {
    let device = state.home.by_handle("hall-lamp").unwrap().device.id;
    Arc::new(Command {
        id: CommandId::fresh(),
        key: None,
        target: Target { device, endpoint: EndpointId::first() },
        set,
        invoke,
        transition: None,
        cause: hub_model::Cause::root(hub_model::Actor::Voice(None)),
        deadline: Duration::from_secs(5),
    })
}
