//! What a device would report if it did what it was asked. Pure.

use std::sync::Arc;

use hub_model::{Command, Endpoint, HomeDevice, Invoke, Property, Shape, Value, capability as of, list};

/// A property that should become one of some values.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Which one.
    pub property: Property,
    /// Any of these will do.
    pub values: Vec<Value>,
    /// What it was when the command was accepted.
    pub before: Value,
}

/// What the device should report for a command; empty where nothing that it reports would tell.
pub fn expected(command: &Command, known: &HomeDevice) -> Vec<Expected> {
    let Some(endpoint) = known.device.endpoint(&command.target.endpoint) else { return Vec::new() };
    let set = command.set.iter().map(|(property, value)| (property.clone(), vec![value.clone()]));
    let invoked = command.invoke.as_ref().and_then(|invoke| shown_by(invoke, endpoint, known));
    set.chain(invoked)
        .filter(|(property, _)| endpoint.offer(property).is_some_and(|offer| offer.reports))
        .map(|(property, values)| {
            let before = known.reading(&endpoint.id, &property).map_or(Value::Unknown, |reading| reading.value.clone());
            Expected { property, values, before }
        })
        .collect()
}

/// What an action does to a property, where one tells: any of these values.
pub fn shown_by(invoke: &Invoke, endpoint: &Arc<Endpoint>, known: &HomeDevice) -> Option<(Property, Vec<Value>)> {
    let words = |spec, words: &[&'static str]| {
        Some((Property::from(spec), words.iter().map(|word| Value::text(*word)).collect()))
    };
    let now = |spec| known.reading(&endpoint.id, &Property::from(spec)).map(|reading| &reading.value);
    match invoke.action.as_str() {
        "on_off.toggle" => {
            let on = now(&of::on_off::ON)?.as_bool()?;
            Some(((&of::on_off::ON).into(), vec![Value::Bool(!on)]))
        }
        "brightness.step" => {
            let property = Property::from(&of::brightness::LEVEL);
            let level = now(&of::brightness::LEVEL)?.as_number()? + invoke.arguments.get("by")?.as_number()?;
            let Shape::Number(limits) = endpoint.offer(&property)?.shape else { return None };
            Some((property, vec![Value::Number(level.clamp(limits.min, limits.max))]))
        }
        "lock.lock" => words(&of::lock::STATE, &["locked"]),
        "lock.unlock" => words(&of::lock::STATE, &["unlocked", "open"]),
        "lock.unlatch" => words(&of::lock::STATE, &["open", "unlocked"]),
        "covering.open" => covering(endpoint, 100.0, ("open", "opening")),
        "covering.close" => covering(endpoint, 0.0, ("closed", "closing")),
        "vacuum.start" => words(&of::vacuum::STATE, &["cleaning"]),
        "vacuum.pause" => words(&of::vacuum::STATE, &["paused", "idle"]),
        "vacuum.stop" => words(&of::vacuum::STATE, &["idle", "paused", "docked"]),
        "vacuum.return_home" => words(&of::vacuum::STATE, &["returning", "docked"]),
        "vacuum.select_areas" => {
            let areas = list::text(list::names(invoke.arguments.get("areas")?.as_text()?));
            Some(((&of::vacuum::SELECTED_AREAS).into(), vec![Value::text(areas)]))
        }
        "valve.open_for" => Some(((&of::valve::OPEN).into(), vec![Value::Bool(true)])),
        "appliance.start" | "appliance.resume" => words(&of::appliance::STATE, &["running"]),
        "appliance.pause" => words(&of::appliance::STATE, &["paused"]),
        "appliance.stop" => words(&of::appliance::STATE, &["idle", "off"]),
        "media.play" => words(&of::media::STATE, &["playing", "buffering"]),
        "media.pause" => words(&of::media::STATE, &["paused", "stopped"]),
        "media.stop" => words(&of::media::STATE, &["stopped", "paused"]),
        "siren.sound" => Some(((&of::siren::SOUNDING).into(), vec![Value::Bool(true)])),
        _ => None,
    }
}

/// A covering tells by its position where it has one, else by its state; one that does not know its ends, by that it moves.
fn covering(
    endpoint: &Endpoint,
    position: f64,
    (state, moving): (&'static str, &'static str),
) -> Option<(Property, Vec<Value>)> {
    let by_position = Property::from(&of::covering::POSITION);
    if endpoint.offer(&by_position).is_some() {
        return Some((by_position, vec![Value::Number(position)]));
    }
    let by_state = Property::from(&of::covering::STATE);
    let knows_ends =
        matches!(&endpoint.offer(&by_state)?.shape, Shape::Choice(words) if words.iter().any(|word| word == state));
    Some((by_state, vec![Value::text(if knows_ends { state } else { moving })]))
}
