//! What can be pressed, what happens, and who is at home.

use hub_model::capability::{doorbell, presence};
use serde_json::Value as Json;

use super::{Config, Face, HAPPENED, Left, Part, yes_no};

/// A button for each action that is left and needs to be told nothing.
pub(super) fn buttons(part: &Part<'_>, left: &Left) -> Vec<Face> {
    let actions = part.endpoint.actions.iter().filter_map(|offer| offer.action.known());
    let plain =
        actions.filter(|spec| left.has(spec.name) && !spec.parameters.iter().any(|parameter| parameter.required));
    let button = |spec: &'static hub_model::capability::ActionSpec| {
        Config::default().with("command_topic", part.act()).with("payload_press", spec.name).face("button", spec.name)
    };
    plain.map(button).collect()
}

/// One entity for all that happens at the endpoint.
pub(super) fn events(part: &Part<'_>) -> Option<Face> {
    let types: Vec<Json> = part.endpoint.occurrences.iter().map(|occurrence| occurrence.as_str().into()).collect();
    if types.is_empty() {
        return None;
    }
    let rings = part.endpoint.occurrences.iter().any(|occurrence| occurrence.as_str() == doorbell::RING.name);
    let config = Config::default()
        .with("state_topic", part.state(HAPPENED))
        .with("event_types", types)
        .with("device_class", if rings { "doorbell" } else { "button" });
    Some(config.face("event", HAPPENED))
}

/// Whether somebody is at home.
pub(super) fn person(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.has(&presence::HOME) {
        return None;
    }
    left.take_all("presence");
    let config =
        yes_no(Config::default(), &["payload_home"], &["payload_not_home"]).told(part, "state_topic", &presence::HOME);
    Some(config.face("device_tracker", "presence"))
}
