//! A scene of how things are just now.

use std::time::Duration;

use hub_model::{DeviceId, EndpointId, HomeDevice, Property, RoomId, SceneStep, Target, Value, capability};

use crate::{given::settable, session::Session, view::View};

/// The capabilities whose state makes a scene. What is dangerous to bring about unseen, such as opening a valve or
/// sounding a siren, is set in a scene by hand only.
const IN_SCENES: [&str; 9] =
    ["on_off", "brightness", "color", "color_temperature", "covering", "fan", "humidifier", "media", "thermostat"];

/// Why a scene can't be made of how things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// Nothing of these devices can be set, or nothing is known of them yet.
    #[error("none of these devices has a state that a scene could bring back")]
    Nothing,
}

impl Session {
    /// The steps that bring back how these devices, and those of these rooms, are now.
    ///
    /// # Errors
    /// When there is nothing to bring back.
    pub fn capture(
        &self,
        devices: &[DeviceId],
        rooms: &[RoomId],
        transition: Option<Duration>,
    ) -> Result<Vec<SceneStep>, CaptureError> {
        let view = self.view();
        let is_meant = |known: &&HomeDevice| {
            devices.contains(&known.device.id) || known.device.room.is_some_and(|room| rooms.contains(&room))
        };
        let steps: Vec<_> = view.devices().filter(is_meant).flat_map(|known| steps(known, &view, transition)).collect();
        if steps.is_empty() { Err(CaptureError::Nothing) } else { Ok(steps) }
    }
}

/// How each endpoint of a device is, as steps. Pure.
fn steps(known: &HomeDevice, view: &View, transition: Option<Duration>) -> Vec<SceneStep> {
    let step = |endpoint: &EndpointId| {
        let target = Target { device: known.device.id, endpoint: endpoint.clone() };
        let all = settable(&target, view);
        let in_scenes =
            |(property, _): &&(Property, Value)| IN_SCENES.contains(&capability::capability_of(property.as_str()));
        let set = what_shows(all.iter().filter(in_scenes).cloned().collect(), &all);
        // A change takes a time only where the device can do that.
        let can_fade = |(property, _): &(Property, Value)| {
            let offer = known.device.endpoint(endpoint).and_then(|endpoint| endpoint.offer(property));
            offer.is_some_and(|offer| offer.transition)
        };
        let transition = transition.filter(|_| set.iter().any(can_fade));
        (!set.is_empty()).then_some(SceneStep { target, set, invoke: None, transition })
    };
    known.device.endpoints.iter().filter_map(|endpoint| step(&endpoint.id)).collect()
}

/// Of what an endpoint was, what is worth setting: of something that was off nothing else, as setting its brightness
/// would turn some lamps on; of colour and white light the one that was seen. `all` is all that is known of it then.
pub(super) fn what_shows(set: Vec<(Property, Value)>, all: &[(Property, Value)]) -> Vec<(Property, Value)> {
    let value = |name: &str| all.iter().find(|(property, _)| property.as_str() == name).map(|(_, value)| value);
    let is_off = value(capability::on_off::ON.name) == Some(&Value::Bool(false));
    let mode = value(capability::color::MODE.name).and_then(Value::as_text);
    let shows = |property: &Property| match property.as_str() {
        name if name == capability::color::MODE.name => false,
        name if name == capability::color::VALUE.name => mode != Some("temperature"),
        name if name == capability::color_temperature::KELVIN.name => mode != Some("color"),
        _ => true,
    };
    let restores_off = is_off && set.iter().any(|(property, _)| property.as_str() == capability::on_off::ON.name);
    let kept = |(property, _): &(Property, Value)| {
        if restores_off { property.as_str() == capability::on_off::ON.name } else { shows(property) }
    };
    set.into_iter().filter(kept).collect()
}
