//! The hub is killed while it adds a Matter device, at each step: nothing is left half done.

use std::time::Duration;

use home_tests::{MatterDevice, Network, TestHome, eventually_within, in_own_network};
use serde_json::json;

/// A device holds everything back for a minute after the hub's last word, and then forgets.
const FAIL_SAFE: Duration = Duration::from_secs(80);

/// Kills the hub when adding has come to a step; afterwards the device is a member, or free to be added.
async fn kill_at(step: &str) {
    let mut lamp = MatterDevice::start("light", 5540, &[]).await;
    let mut home = TestHome::plan().matter().start().await;
    let mut adding = home.begin_adding(&lamp.manual).await;
    adding.step(step).await;
    home.kill9().await;
    home.start_again().await;
    let is_member = eventually_within(FAIL_SAFE, "lamp that is a member, or free", async || {
        if !home.devices().await.is_empty() {
            return Some(true);
        }
        let told = home.query("{ candidates { id } }").await;
        (lamp.fabrics().await.is_empty() && told["candidates"] != json!([])).then_some(false)
    })
    .await;
    if !is_member {
        let mut adding = home.begin_adding(&lamp.manual).await;
        adding.end_within(FAIL_SAFE).await.expect("the lamp forgets, and is added");
    }
    let device = home.devices().await[0]["id"].as_str().expect("a device has an id").to_owned();
    eventually_within(FAIL_SAFE, "lamp that obeys", async || {
        (home.set(&device, "1", "onOff: { on: true }").await == "DONE").then_some(())
    })
    .await;
    assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
    assert_eq!(lamp.fabrics().await.len(), 1);
}

#[test]
fn at_the_secure_channel() {
    in_own_network(Network::Loopback, kill_at("Secure channel"));
}

#[test]
fn at_the_attestation() {
    in_own_network(Network::Loopback, kill_at("certificates"));
}

#[test]
fn at_the_credentials() {
    in_own_network(Network::Loopback, kill_at("keys"));
}

#[test]
fn between_its_certificate_and_the_last_word() {
    in_own_network(Network::Loopback, kill_at("on the network"));
}
