//! Devices that announce themselves in Tasmota's own way, in two messages that come in any order.

use std::time::Instant;

use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::{Book, Effects, Incoming};
use crate::{
    discovery::{ConfigError, Tasmota, parse_object},
    entity::Message,
    topic::TasmotaTopic,
};

/// How many devices are taken; further ones are passed over with a complaint.
const MOST: usize = 20_000;

/// What one device said of itself.
#[derive(Debug, Default)]
pub(super) struct Announced {
    config: Option<Map<String, Json>>,
    sensors: Option<Map<String, Json>>,
    retained: bool,
    /// The connection in which it was last asked for its state.
    asked: u64,
}

impl Book {
    /// Takes in one of a device's two messages.
    pub(super) fn tasmota(
        &mut self,
        topic: TasmotaTopic<'_>,
        message: Incoming<'_>,
        now: Instant,
        effects: &mut Effects,
    ) {
        let told = match message.payload.iter().all(u8::is_ascii_whitespace) {
            true => Ok(None),
            false => parse_object(message.payload).map(Some),
        };
        let id = SmolStr::from(message.topic);
        let told = match told {
            Ok(told) => told,
            Err(error) => return self.complain(&id, || error.to_string(), effects),
        };
        if self.tasmotas.len() >= MOST && !self.tasmotas.contains_key(topic.mac) {
            return self.complain(&id, || format!("there are more than {MOST} Tasmota devices"), effects);
        }
        let announced = self.tasmotas.entry(topic.mac.into()).or_default();
        if topic.sensors {
            announced.sensors = told;
        } else {
            announced.config = told;
            announced.retained = message.retain;
        }
        self.expand(topic.mac, now, effects);
    }

    /// Makes a device's entities of what it said.
    fn expand(&mut self, mac: &str, now: Instant, effects: &mut Effects) {
        let connection = self.connection;
        let Some(announced) = self.tasmotas.get_mut(mac) else { return };
        let (retained, new) = (announced.retained, announced.asked != connection);
        let device = announced.config.clone().map(Tasmota::parse).transpose();
        let id = format_smolstr!("tasmota/discovery/{mac}/config");
        let members = match &device {
            Ok(Some(device)) => {
                announced.asked = connection;
                device.members(announced.sensors.as_ref())
            }
            Ok(None) | Err(_) => Vec::new(),
        };
        if announced.config.is_none() && announced.sensors.is_none() {
            self.tasmotas.remove(mac);
        }
        self.take_members(&id, mac, members, retained, now, effects);
        match device {
            Err(error) => self.complain_of(&id, &error, effects),
            Ok(Some(device)) if new => effects.ask.extend(device.questions().map(|(topic, payload)| Message {
                topic,
                payload: payload.into(),
                retain: false,
                qos: 0,
            })),
            Ok(_) => {}
        }
    }

    fn complain_of(&mut self, id: &SmolStr, error: &ConfigError, effects: &mut Effects) {
        self.complain(id, || error.to_string(), effects);
    }
}
