//! What a device would report if it did what it was asked. Pure.

use hub_model::{Command, Endpoint, HomeDevice, Invoke, Property, Shape, Value, capability as of, list};

/// A property that should become one of some values.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Which one.
    pub property: Property,
    /// Any of these will do.
    pub values: Vec<Value>,
    /// What it is before the command acts: what the device said, or what older commands under way make of that.
    pub before: Value,
}

/// What the device should report for a command; empty where nothing that it reports would tell. An action starts from
/// what commands before it are `presumed` to leave, where some are under way.
pub fn expected(command: &Command, known: &HomeDevice, presumed: impl Fn(&Property) -> Option<Value>) -> Vec<Expected> {
    let Some(endpoint) = known.device.endpoint(&command.target.endpoint) else { return Vec::new() };
    let read = |property: &Property| known.reading(&endpoint.id, property).map(|reading| reading.value.clone());
    let before = |property: &Property| presumed(property).or_else(|| read(property));
    let set = command.set.iter().map(|(property, value)| (property.clone(), vec![value.clone()], read(property)));
    let invoked = command.invoke.as_ref().and_then(|invoke| shown(invoke, endpoint, before));
    let invoked = invoked.map(|(property, values)| {
        let before = before(&property);
        (property, values, before)
    });
    set.chain(invoked)
        .filter(|(property, ..)| endpoint.offer(property).is_some_and(|offer| offer.reports))
        .map(|(property, values, before)| Expected { property, values, before: before.unwrap_or(Value::Unknown) })
        .collect()
}

/// What an action does to a property of a device as it is now, where one tells: any of these values.
pub fn shown_by(invoke: &Invoke, endpoint: &Endpoint, known: &HomeDevice) -> Option<(Property, Vec<Value>)> {
    shown(invoke, endpoint, |property| known.reading(&endpoint.id, property).map(|reading| reading.value.clone()))
}

/// The same of a device that is as `before` says.
pub fn shown(
    invoke: &Invoke,
    endpoint: &Endpoint,
    before: impl Fn(&Property) -> Option<Value>,
) -> Option<(Property, Vec<Value>)> {
    let words = |spec, words: &[&'static str]| {
        Some((Property::from(spec), words.iter().map(|word| Value::text(*word)).collect()))
    };
    let before = |spec| before(&Property::from(spec));
    match invoke.action.as_str() {
        "on_off.toggle" => {
            let on = before(&of::on_off::ON)?.as_bool()?;
            Some(((&of::on_off::ON).into(), vec![Value::Bool(!on)]))
        }
        "brightness.step" => {
            let property = Property::from(&of::brightness::LEVEL);
            let level = before(&of::brightness::LEVEL)?.as_number()? + invoke.arguments.get("by")?.as_number()?;
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
