//! Matter devices live: they restart, move, go away and come back, and so does the hub.

use home_tests::{HomePlan, MatterDevice, Network, TestHome, eventually, in_own_network};
use serde_json::{Value, json};

fn plan() -> HomePlan {
    TestHome::plan().settings("[matter]\ntest_roots = true")
}

async fn reads(home: &TestHome, device: &str, property: &str, wanted: Value) {
    eventually(format_args!("{property} = {wanted}"), async || {
        (home.value(device, "1", property).await == wanted).then_some(())
    })
    .await;
}

async fn reachable(home: &TestHome, device: &str, wanted: bool) {
    eventually(format_args!("reachable = {wanted}"), async || {
        (home.device(device).await["reachable"] == wanted).then_some(())
    })
    .await;
}

async fn names(home: &TestHome) -> Vec<String> {
    let mut names: Vec<String> =
        home.devices().await.iter().map(|device| device["name"].as_str().unwrap_or_default().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_device_that_lost_its_power_is_followed_again() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&lamp.manual).await;
        lamp.process.kill9().await;
        // The command is the first to notice.
        let outcome = home.set(&device, "1", "onOff: { on: true }").await;
        assert!(["UNREACHABLE", "TIMED_OUT"].contains(&&*outcome), "{outcome}");
        lamp.start_again().await;
        reachable(&home, &device, true).await;
        eventually("command to the restarted lamp", async || {
            (home.set(&device, "1", "onOff: { on: true }").await == "DONE").then_some(())
        })
        .await;
        lamp.set(1, "onOff", "onOff", json!(false)).await;
        reads(&home, &device, "on_off.on", json!(false)).await;
    });
}

#[test]
fn a_device_is_shared_with_another_hub_and_each_can_let_it_go() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let (ours, theirs) = (plan().start().await, plan().start().await);
        let device = ours.add(&lamp.manual).await;
        let shared = ours.mutate(&format!("mutation {{ share(device: \"{device}\") {{ manual qr seconds }} }}")).await;
        let guest = theirs.add(shared["share"]["manual"].as_str().expect("a code")).await;
        assert_eq!(lamp.fabrics().await.len(), 2);

        let listed = ours.query(&format!("{{ ecosystems(device: \"{device}\") {{ id name isThisHub }} }}")).await;
        let listed = listed["ecosystems"].as_array().cloned().unwrap_or_default();
        assert_eq!(listed.len(), 2, "{listed:?}");
        assert_eq!(theirs.set(&guest, "1", "onOff: { on: true }").await, "DONE");
        reads(&ours, &device, "on_off.on", json!(true)).await;

        theirs.mutate(&format!("mutation {{ removeDevice(id: \"{guest}\") }}")).await;
        eventually("one fabric", async || (lamp.fabrics().await.len() == 1).then_some(())).await;
        assert!(theirs.device(&guest).await.is_null());
        assert_eq!(ours.set(&device, "1", "onOff: { on: false }").await, "DONE");
    });
}

#[test]
fn a_device_that_is_removed_while_it_is_away_is_told_when_it_comes_back() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let mut home = plan().start().await;
        let device = home.add(&lamp.manual).await;
        lamp.process.kill9().await;
        home.mutate(&format!("mutation {{ removeDevice(id: \"{device}\") }}")).await;
        home.restart().await;
        assert!(home.device(&device).await.is_null());
        lamp.start_again().await;
        eventually("no fabric on the lamp", async || lamp.fabrics().await.is_empty().then_some(())).await;
        home.add(&lamp.manual).await;
    });
}

#[test]
fn a_bridge_s_children_come_and_go() {
    in_own_network(Network::Loopback, async {
        let children = "children=hall:light:Hall lamp,attic:temperature:Attic";
        let mut bridge = MatterDevice::start("bridge", 5540, &[children]).await;
        let home = plan().start().await;
        home.add(&bridge.manual).await;
        let has = async |name: &str, wanted: bool| {
            eventually(format_args!("{name}: {wanted}"), async || {
                (names(&home).await.iter().any(|known| known == name) == wanted).then_some(())
            })
            .await;
        };
        has("Hall lamp", true).await;
        has("Attic", true).await;
        bridge.order(json!({ "do": "add_child", "id": "porch", "type": "light", "label": "Porch lamp" })).await;
        has("Porch lamp", true).await;
        let porch = home.devices().await.into_iter().find(|device| device["name"] == "Porch lamp").unwrap_or_default();
        let porch = porch["id"].as_str().unwrap_or_default().to_owned();
        assert_eq!(home.set(&porch, "1", "onOff: { on: true }").await, "DONE");
        bridge.order(json!({ "do": "remove_child", "id": "hall" })).await;
        has("Hall lamp", false).await;
        has("Attic", true).await;
    });
}

#[test]
fn a_device_with_link_local_addresses_alone_is_added_and_controlled() {
    in_own_network(Network::LinkLocal, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let home = plan().start().await;
        let device = home.add(&lamp.manual).await;
        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
    });
}
