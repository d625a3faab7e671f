//! A run's commands, as its record keeps them. Pure.

use hub_model::{
    Outcome, Property, Target, Value,
    capability::{Access, color},
    run::Given,
};

use crate::{
    check::{Control, ControlError},
    record::describe,
    session::Ended,
    view::View,
};

/// A command that is asked for, with how its endpoint is before it.
pub fn given(control: &Control, view: &View) -> Given {
    Given {
        target: control.target.clone(),
        text: describe(&control.target.endpoint, &control.set, control.invoke.as_ref(), control.transition),
        set: control.set.clone(),
        before: settable(&control.target, view),
        id: None,
        tries: 1,
        outcome: None,
        reason: None,
    }
}

/// Notes how a command ended.
pub fn note_end(given: &mut Given, ended: &Result<Ended, ControlError>) {
    match ended {
        Ok(ended) => {
            (given.id, given.outcome, given.reason) = (Some(ended.id), Some(ended.outcome), ended.reason.clone());
        }
        // What can't even be asked for never reached a device.
        Err(error) => {
            (given.outcome, given.reason) = (Some(Outcome::Unreachable), Some(error.to_string()));
        }
    }
}

/// What can be set of an endpoint, with its values where they are known; and whether it shows colour or white, which
/// tells what of these is seen.
pub fn settable(target: &Target, view: &View) -> Vec<(Property, Value)> {
    let Some(known) = view.device(target.device) else { return Vec::new() };
    let of_endpoint = known.readings().filter(|(endpoint, offer, reading)| {
        let tells = offer.access == Access::ReadWrite || offer.property.as_str() == color::MODE.name;
        **endpoint == target.endpoint && tells && reading.value != Value::Unknown
    });
    of_endpoint.map(|(_, offer, reading)| (offer.property.clone(), reading.value.clone())).collect()
}
