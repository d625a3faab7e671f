//! What a device shows, looked at until it is as it has to be.

use serde_json::Value;

use super::TestHome;
use crate::patience::eventually;

impl TestHome {
    /// Waits until a device has a property of that value, on whichever endpoint; numbers may be a hundredth off.
    pub async fn reads(&self, device: &str, property: &str, wanted: Value) {
        let same = |value: &Value| match (value.as_f64(), wanted.as_f64()) {
            (Some(value), Some(wanted)) => (value - wanted).abs() < 0.011,
            _ => *value == wanted,
        };
        eventually(format_args!("{property} = {wanted} of {device}"), async || {
            let (_, value) = property_of(&self.device(device).await, property)?;
            same(&value).then_some(())
        })
        .await;
    }

    /// Waits until a device can be reached, or no longer.
    pub async fn shows_reachable(&self, device: &str, wanted: bool) {
        eventually(format_args!("reachable = {wanted}"), async || {
            (self.device(device).await["reachable"] == wanted).then_some(())
        })
        .await;
    }

    /// Waits until there is a device of that name, or none.
    pub async fn shows(&self, name: &str, wanted: bool) {
        eventually(format_args!("{name}: {wanted}"), async || {
            (self.devices().await.iter().any(|device| device["name"] == name) == wanted).then_some(())
        })
        .await;
    }

    /// The id of the device of that name.
    pub async fn named(&self, name: &str) -> String {
        let devices = self.devices().await;
        let found = devices.iter().find(|device| device["name"] == name);
        let id = found.and_then(|device| device["id"].as_str());
        id.unwrap_or_else(|| panic!("there is no {name} among {devices:#?}")).to_owned()
    }

    /// Sets properties at the endpoint that has `property`; the device has to do it.
    pub async fn sets(&self, device: &str, property: &str, set: &str) {
        let endpoint = self.endpoint_of(device, property).await;
        assert_eq!(self.set(device, &endpoint, set).await, "DONE", "{set}");
    }

    /// Takes an action of the endpoint that has `property`; the device has to do it.
    pub async fn does(&self, device: &str, property: &str, action: &str) {
        let endpoint = self.endpoint_of(device, property).await;
        assert_eq!(self.invoke(device, &endpoint, action).await, "DONE", "{action}");
    }

    async fn endpoint_of(&self, device: &str, property: &str) -> String {
        let known = self.device(device).await;
        let found = property_of(&known, property);
        found.unwrap_or_else(|| panic!("{property} is missing: {known:#}")).0
    }
}

/// The endpoint that has a property, and its value there.
fn property_of(device: &Value, property: &str) -> Option<(String, Value)> {
    device["endpoints"].as_array()?.iter().find_map(|endpoint| {
        let one = endpoint["properties"].as_array()?.iter().find(|one| one["id"] == property)?;
        Some((endpoint["id"].as_str()?.to_owned(), one["value"].clone()))
    })
}
