//! What opens and closes: covers, locks and valves.

use hub_model::{
    EndpointKind,
    capability::{covering, lock as locks, valve as valves},
};
use serde_json::Value as Json;

use super::{Config, Face, Left, Part, yes_no};

/// The cover that an endpoint is. Home Assistant's own words for its states are those of the capability table.
pub(super) fn face(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    let acts = part.can_do(&covering::OPEN) && part.can_do(&covering::CLOSE);
    if !acts && !part.can_set(&covering::POSITION) {
        return None;
    }
    left.take_all("covering");
    let mut config = Config::default()
        .told(part, "state_topic", &covering::STATE)
        .told(part, "position_topic", &covering::POSITION)
        .asked(part, "set_position_topic", &covering::POSITION)
        .told(part, "tilt_status_topic", &covering::TILT)
        .asked(part, "tilt_command_topic", &covering::TILT);
    if acts {
        let stop = if part.can_do(&covering::STOP) { covering::STOP.name.into() } else { Json::Null };
        config = config
            .with("command_topic", part.act())
            .with("payload_open", covering::OPEN.name)
            .with("payload_close", covering::CLOSE.name)
            .with("payload_stop", stop);
    }
    let class = match part.endpoint.kind {
        EndpointKind::Blind => "blind",
        EndpointKind::Curtain => "curtain",
        EndpointKind::Garage => "garage",
        EndpointKind::Door => "door",
        EndpointKind::Window => "window",
        _ => "shutter",
    };
    Some(config.with("device_class", class).face("cover", "covering"))
}

/// The lock that an endpoint is.
pub(super) fn lock(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.can_do(&locks::LOCK) || !part.can_do(&locks::UNLOCK) {
        return None;
    }
    left.take_all("lock");
    let mut config = Config::default()
        .told(part, "state_topic", &locks::STATE)
        .with("command_topic", part.act())
        .with("payload_lock", locks::LOCK.name)
        .with("payload_unlock", locks::UNLOCK.name);
    if part.can_do(&locks::UNLATCH) {
        config = config.with("payload_open", locks::UNLATCH.name);
    }
    for state in ["locked", "unlocked", "locking", "unlocking", "jammed"] {
        config = config.with(&format!("state_{state}"), state);
    }
    Some(config.face("lock", "lock"))
}

/// The valve that an endpoint is.
pub(super) fn valve(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    let by_position = part.can_set(&valves::POSITION);
    if !by_position && !part.can_set(&valves::OPEN) {
        return None;
    }
    left.take_all("valve");
    let (spec, config) = if by_position {
        (&valves::POSITION, Config::default().with("reports_position", true))
    } else {
        (&valves::OPEN, yes_no(Config::default(), &["payload_open", "state_open"], &["payload_close", "state_closed"]))
    };
    let config =
        config.told(part, "state_topic", spec).asked(part, "command_topic", spec).with("device_class", "water");
    Some(config.face("valve", "valve"))
}
