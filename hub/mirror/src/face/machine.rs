//! Fans, vacuums, sirens, and programs that can be brought up to date.

use hub_model::{
    EndpointKind, Value,
    capability::{fan as fans, firmware, on_off, siren as sirens, vacuum as vacuums},
};
use serde_json::{Value as Json, json};

use super::{Config, Face, Left, Part, VACUUM, yes_no};

/// The fan that an endpoint is.
pub(super) fn fan(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    let blows = part.can_set(&fans::SPEED) || part.can_set(&fans::MODE);
    let is_one = matches!(part.endpoint.kind, EndpointKind::Fan | EndpointKind::Purifier) || part.can_set(&fans::SPEED);
    if !blows || !is_one || !left.has(on_off::ON.name) || !part.can_set(&on_off::ON) {
        return None;
    }
    left.take_all("fan");
    left.take_all("on_off");
    let mut config = yes_no(
        Config::default(),
        &["payload_on", "payload_oscillation_on"],
        &["payload_off", "payload_oscillation_off"],
    )
    .told(part, "state_topic", &on_off::ON)
    .asked(part, "command_topic", &on_off::ON)
    .told(part, "percentage_state_topic", &fans::SPEED)
    .asked(part, "percentage_command_topic", &fans::SPEED)
    .told(part, "oscillation_state_topic", &fans::OSCILLATION)
    .asked(part, "oscillation_command_topic", &fans::OSCILLATION)
    .told(part, "direction_state_topic", &fans::DIRECTION)
    .asked(part, "direction_command_topic", &fans::DIRECTION);
    // Off is no way of blowing to others.
    let modes: Vec<_> = part.words(&fans::MODE).into_iter().filter(|mode| *mode != "off").collect();
    if !modes.is_empty() {
        config = config
            .told(part, "preset_mode_state_topic", &fans::MODE)
            .asked(part, "preset_mode_command_topic", &fans::MODE)
            .with("preset_modes", modes);
    }
    Some(config.face("fan", "fan"))
}

/// The vacuum that an endpoint is.
pub(super) fn vacuum(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.can_do(&vacuums::START) {
        return None;
    }
    let actions = [
        (&vacuums::START, "start", "payload_start"),
        (&vacuums::PAUSE, "pause", "payload_pause"),
        (&vacuums::STOP, "stop", "payload_stop"),
        (&vacuums::RETURN_HOME, "return_home", "payload_return_to_base"),
        (&vacuums::LOCATE, "locate", "payload_locate"),
    ];
    left.take_all("vacuum");
    let can = actions.into_iter().filter(|(action, ..)| part.can_do(action));
    let features: Vec<Json> = can.clone().map(|(_, feature, _)| feature.into()).chain([json!("status")]).collect();
    let config = can.fold(Config::default(), |config, (action, _, key)| config.with(key, action.name));
    let config = config
        .with("schema", "state")
        .with("state_topic", part.state(VACUUM))
        .with("command_topic", part.act())
        .with("supported_features", features);
    Some(config.face("vacuum", VACUUM))
}

/// What a vacuum does, as the JSON that others want.
pub(crate) fn vacuum_state(part: &Part<'_>) -> Option<Json> {
    let state = part.value(&vacuums::STATE).and_then(Value::as_text).filter(|_| part.can_do(&vacuums::START));
    state.map(|state| json!({ "state": state }))
}

/// The siren that an endpoint is.
pub(super) fn siren(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.can_set(&sirens::SOUNDING) {
        return None;
    }
    left.take_all("siren");
    let config = yes_no(Config::default(), &["payload_on", "state_on"], &["payload_off", "state_off"])
        .told(part, "state_topic", &sirens::SOUNDING)
        .asked(part, "command_topic", &sirens::SOUNDING)
        // Without a template the command would be JSON.
        .with("command_template", "{{ value }}")
        .with("support_duration", false)
        .with("support_volume_set", false);
    Some(config.face("siren", "siren"))
}

/// The program of a device, where it tells which newer one there is.
pub(super) fn update(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.has(&firmware::INSTALLED) || !part.has(&firmware::LATEST) {
        return None;
    }
    left.take_all("firmware");
    let mut config = Config::default()
        .told(part, "state_topic", &firmware::INSTALLED)
        .told(part, "latest_version_topic", &firmware::LATEST)
        .with("device_class", "firmware")
        .with("entity_category", "config");
    if part.can_do(&firmware::UPDATE) {
        config = config.with("command_topic", part.act()).with("payload_install", firmware::UPDATE.name);
    }
    Some(config.face("update", "firmware"))
}
