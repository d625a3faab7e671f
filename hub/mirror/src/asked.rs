//! What a message of another system wants of a device.

use hub_core::Control;
use hub_model::{Action, Home, Invoke, Property, Target};
use serde_json::Value as Json;

use crate::{
    face::{LIGHT, asked_of_light},
    places::{Asking, Places},
    word,
};

/// Why a message is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// The topic names nothing that is shown.
    #[error("there is nothing to command at this topic")]
    Nowhere,
    /// The message is not understood.
    #[error("`{0}` is nothing that it can be told")]
    Nothing(String),
}

/// The command that a message means; who may give it is not asked here.
///
/// # Errors
/// When the topic or the message means nothing. A value beyond the device's limits is the hub's to refuse.
pub fn asked(places: &Places, home: &Home, topic: &str, payload: &[u8]) -> Result<Control, NotAsked> {
    let Asking { handle, endpoint, slot } = places.asking(topic).ok_or(NotAsked::Nowhere)?;
    let device = &home.by_handle(handle).ok_or(NotAsked::Nowhere)?.device;
    let endpoint = endpoint.parse().ok().and_then(|id| device.endpoint(&id)).ok_or(NotAsked::Nowhere)?;
    let text = std::str::from_utf8(payload).map_err(|_| nothing(&String::from_utf8_lossy(payload)))?;
    let mut control = Control::of(Target { device: device.id, endpoint: endpoint.id.clone() });
    match slot {
        None => {
            let action: Action = text.trim().parse().map_err(|_| nothing(text))?;
            control.invoke = Some(Invoke::plain(action));
        }
        Some(LIGHT) => {
            let wanted = serde_json::from_str::<Json>(text).ok().and_then(|json| asked_of_light(&json));
            let wanted = wanted.ok_or_else(|| nothing(text))?;
            (control.set, control.transition) = (wanted.set, wanted.transition);
        }
        Some(name) => {
            let property: Property = name.parse().map_err(|_| NotAsked::Nowhere)?;
            let offer = endpoint.offer(&property).ok_or(NotAsked::Nowhere)?;
            control.set = vec![(property, word::meant(offer, text).ok_or_else(|| nothing(text))?)];
        }
    }
    Ok(control)
}

fn nothing(text: &str) -> NotAsked {
    NotAsked::Nothing(text.chars().take(60).collect())
}
