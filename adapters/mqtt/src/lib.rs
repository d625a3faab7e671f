//! Devices behind an MQTT broker of the owner's, by Home Assistant discovery: Zigbee2MQTT, ESPHome and whatever else
//! announces itself below `homeassistant/`, one by one or in bundles; and Tasmota by its own discovery.
//!
//! The core is pure: [`discovery`] reads configurations, [`entity`] says what each kind means, `compose` puts the
//! entities of one thing together to one device, and [`book`] is the state machine over all of it. Around it lies a
//! thin shell: `broker` is the connection, `adapter` the task between broker, book and hub.

mod adapter;
mod backoff;
pub mod book;
mod broker;
mod compose;
pub mod discovery;
pub mod entity;
pub mod payload;
mod settings;
pub mod template;
pub mod topic;

use adapter_api::AdapterKind;

pub use adapter::Mqtt;
pub use settings::Settings;

/// The row by which the hub knows this adapter.
pub const KIND: AdapterKind = AdapterKind {
    name: "mqtt",
    doc: "Devices behind an MQTT broker, by Home Assistant discovery and Tasmota's own: Zigbee2MQTT, ESPHome and many others.",
    fields: settings::FIELDS,
    build: adapter::build,
};
