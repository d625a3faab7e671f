//! A device whose Matter nobody of matter.js or rs-matter wrote.

use home_tests::{CircuitMatter, Network, TestHome, eventually, in_own_network};
use serde_json::json;

#[test]
fn a_device_by_circuitmatter_is_added_switched_and_followed() {
    in_own_network(Network::Loopback, async {
        let mut lamp = CircuitMatter::start().await;
        let mut home = TestHome::plan().matter().start().await;
        let device = home.add(&lamp.manual).await;
        let mark = lamp.mark();
        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        lamp.is_switched(mark, true).await;
        lamp.switch(false).await;
        home.reads(&device, "on_off.on", json!(false)).await;

        home.restart().await;
        eventually("command after the hub's restart", async || {
            (home.set(&device, "1", "onOff: { on: true }").await == "DONE").then_some(())
        })
        .await;
        lamp.switch(false).await;
        home.reads(&device, "on_off.on", json!(false)).await;

        // It says no good-bye to the hub. `kill -9` may leave it with half of its one file of state.
        lamp.process.hang_up().await;
        lamp.start_again().await;
        eventually("command after the lamp's restart", async || {
            (home.set(&device, "1", "onOff: { on: true }").await == "DONE").then_some(())
        })
        .await;
    });
}
