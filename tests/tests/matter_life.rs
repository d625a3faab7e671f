//! Matter devices live: they restart, move, go away and come back, and so does the hub.

use home_tests::{MatterDevice, Network, TestHome, eventually, in_own_network, readdress, with_matter, with_matter_in};
use serde_json::json;

/// A lamp takes commands again, and what it says by itself is heard.
async fn is_followed(home: &TestHome, device: &str, lamp: &mut MatterDevice) {
    eventually("command to the lamp", async || {
        (home.set(device, "1", "onOff: { on: true }").await == "DONE").then_some(())
    })
    .await;
    lamp.set(1, "onOff", "onOff", json!(false)).await;
    home.reads(device, "on_off.on", json!(false)).await;
}

#[test]
fn a_device_that_lost_its_power_is_followed_again() {
    with_matter("light", async |home, mut lamp, device| {
        lamp.process.kill9().await;
        // The command is the first to notice.
        let outcome = home.set(&device, "1", "onOff: { on: true }").await;
        assert!(["UNREACHABLE", "TIMED_OUT"].contains(&&*outcome), "{outcome}");
        lamp.start_again().await;
        home.shows_reachable(&device, true).await;
        is_followed(&home, &device, &mut lamp).await;
    });
}

#[test]
fn a_device_that_is_somewhere_else_is_followed_there() {
    with_matter_in(Network::Ipv6, "light", async |home, mut lamp, device| {
        lamp.process.kill9().await;
        lamp.start_again_at(5541).await;
        is_followed(&home, &device, &mut lamp).await;
    });
}

#[test]
fn a_device_that_got_another_address_while_it_was_off_is_followed_there() {
    with_matter_in(Network::Ipv6, "light", async |home, mut lamp, device| {
        lamp.process.kill9().await;
        readdress();
        lamp.start_again().await;
        is_followed(&home, &device, &mut lamp).await;
    });
}

#[test]
fn a_device_that_gets_another_address_while_it_is_subscribed_to_is_followed_there() {
    with_matter_in(Network::Ipv6, "light", async |home, mut lamp, device| {
        readdress();
        lamp.is_readdressed().await;
        is_followed(&home, &device, &mut lamp).await;
    });
}

/// A lamp of one hub that is shared with a second one: both, each with its id of the lamp.
async fn shared(lamp: &MatterDevice) -> ((TestHome, String), (TestHome, String)) {
    let (ours, theirs) = (TestHome::plan().matter().start().await, TestHome::plan().matter().start().await);
    let device = ours.add(&lamp.manual).await;
    let shared = ours.mutate(&format!("mutation {{ share(device: \"{device}\") {{ manual }} }}")).await;
    let guest = theirs.add(shared["share"]["manual"].as_str().expect("a code")).await;
    ((ours, device), (theirs, guest))
}

#[test]
fn a_device_is_shared_with_another_hub_and_each_can_let_it_go() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let ((ours, device), (theirs, guest)) = shared(&lamp).await;
        assert_eq!(lamp.fabrics().await.len(), 2);

        let listed = ours.query(&format!("{{ ecosystems(device: \"{device}\") {{ id name isThisHub }} }}")).await;
        let listed = listed["ecosystems"].as_array().cloned().unwrap_or_default();
        assert_eq!(listed.len(), 2, "{listed:?}");
        assert_eq!(theirs.set(&guest, "1", "onOff: { on: true }").await, "DONE");
        ours.reads(&device, "on_off.on", json!(true)).await;

        theirs.mutate(&format!("mutation {{ removeDevice(id: \"{guest}\") }}")).await;
        eventually("one fabric", async || (lamp.fabrics().await.len() == 1).then_some(())).await;
        assert!(theirs.device(&guest).await.is_null());
        assert_eq!(ours.set(&device, "1", "onOff: { on: false }").await, "DONE");
    });
}

#[test]
fn a_device_that_is_taken_away_from_another_hub_obeys_it_no_more() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let ((ours, device), (theirs, guest)) = shared(&lamp).await;
        assert_eq!(theirs.set(&guest, "1", "onOff: { on: true }").await, "DONE");

        let listed = ours.query(&format!("{{ ecosystems(device: \"{device}\") {{ id isThisHub }} }}")).await;
        let listed = listed["ecosystems"].as_array().cloned().unwrap_or_default();
        let other = listed.iter().find(|one| one["isThisHub"] == false).expect("the other hub is listed");
        ours.mutate(&format!("mutation {{ removeEcosystem(device: \"{device}\", id: {}) }}", other["id"])).await;
        assert_eq!(lamp.fabrics().await.len(), 1);
        let outcome = theirs.set(&guest, "1", "onOff: { on: false }").await;
        assert!(["UNREACHABLE", "TIMED_OUT"].contains(&&*outcome), "{outcome}");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
        assert_eq!(ours.set(&device, "1", "onOff: { on: false }").await, "DONE");
    });
}

#[test]
fn a_device_says_how_it_is() {
    with_matter("light", async |home, mut lamp, id| {
        let told = home.query(&format!("{{ diagnostics(device: \"{id}\") {{ name value }} }}")).await;
        let typed = home.hub(["matter", "diagnose", &id]).await;
        assert!(typed.good(), "{typed:?}");
        for (name, cluster, attribute) in [
            ("firmware", "basicInformation", "softwareVersionString"),
            ("restarts", "generalDiagnostics", "rebootCount"),
        ] {
            let wanted = lamp.get(0, cluster, attribute).await;
            let wanted = wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned);
            let finding = json!({ "name": name, "value": wanted });
            assert!(told["diagnostics"].as_array().is_some_and(|all| all.contains(&finding)), "{finding}: {told}");
            let is_it = |line: &str| line.split_whitespace().eq([name, &*wanted]);
            assert!(typed.out.lines().any(is_it), "{finding}: {typed:?}");
        }
    });
}

#[test]
fn a_device_with_a_clock_is_told_the_time_and_where_it_is() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &["clock=yes"]).await;
        let home = TestHome::plan().matter().start().await;
        home.mutate("mutation { setHome(set: { timeZone: \"Asia/Kolkata\" }) { name } }").await;
        home.add(&lamp.manual).await;
        let summers = eventually("time", async || {
            lamp.get(0, "timeSynchronization", "dstOffset").await.as_array().filter(|list| !list.is_empty()).cloned()
        })
        .await;
        assert_eq!(summers[0]["offset"], 0, "{summers:?}");
        let zones = lamp.get(0, "timeSynchronization", "timeZone").await;
        assert_eq!((&zones[0]["offset"], &zones[0]["name"]), (&json!(19_800), &json!("Asia/Kolkata")), "{zones}");
        let told = lamp.get(0, "timeSynchronization", "utcTime").await.as_i64().expect("a time");
        let age = jiff::Timestamp::now().as_microsecond() - told;
        // matter.js counts from 1970.
        assert!((0..60_000_000).contains(&age), "{told}");
    });
}

#[test]
fn what_is_typed_adds_a_device_shares_it_and_takes_it_away_again() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let (ours, theirs) = (TestHome::plan().matter().start().await, TestHome::plan().matter().start().await);
        let typed = ours.hub(["matter", "commission", &lamp.manual]).await;
        assert!(typed.good(), "{typed:?}");
        let device = ours.devices().await[0]["id"].as_str().expect("a device has an id").to_owned();

        let typed = ours.hub(["matter", "share", &device]).await;
        let code = typed.out.lines().nth(1).unwrap_or_else(|| panic!("{typed:?}")).trim();
        let guest = theirs.add(code).await;
        assert_eq!(theirs.set(&guest, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);

        let typed = ours.hub(["matter", "ecosystems", &device]).await;
        let (ourselves, others): (Vec<_>, Vec<_>) =
            typed.out.lines().skip(1).partition(|row| row.trim_end().ends_with("yes"));
        assert_eq!((ourselves.len(), others.len()), (1, 1), "{typed:?}");
        let other = others[0].split_whitespace().next().expect("an ecosystem has an id");
        let typed = ours.hub(["matter", "ecosystems", &device, "--remove", other]).await;
        assert!(typed.good(), "{typed:?}");
        assert_eq!(lamp.fabrics().await.len(), 1);
        assert_eq!(ours.set(&device, "1", "onOff: { on: false }").await, "DONE");
    });
}

#[test]
fn a_device_that_is_removed_while_it_is_away_is_told_when_it_comes_back() {
    with_matter("light", async |mut home, mut lamp, device| {
        lamp.process.kill9().await;
        home.mutate(&format!("mutation {{ removeDevice(id: \"{device}\") }}")).await;
        home.restart().await;
        assert!(home.device(&device).await.is_null());
        lamp.start_again().await;
        eventually("no fabric on the lamp", async || lamp.fabrics().await.is_empty().then_some(())).await;
        home.add(&lamp.manual).await;
    });
}

async fn renames(home: &TestHome, device: &str, name: &str) {
    home.mutate(&format!("mutation {{ editDevice(id: \"{device}\", set: {{ name: \"{name}\" }}) {{ id }} }}")).await;
}

async fn is_labelled(device: &mut MatterDevice, (endpoint, cluster): (u16, &str), label: &str) {
    eventually(format_args!("label {label}"), async || {
        (device.get(endpoint, cluster, "nodeLabel").await == label).then_some(())
    })
    .await;
}

/// Where a device has its label, and where a bridge's first child has it.
const OWN: (u16, &str) = (0, "basicInformation");
const CHILD: (u16, &str) = (2, "bridgedDeviceBasicInformation");

#[test]
fn a_device_that_is_renamed_is_told_and_what_others_call_it_changes_nothing() {
    with_matter("light", async |home, mut lamp, device| {
        // Longer than a label may be, which would end in the middle of a character.
        let name = "Küchenlampe über dem großen Ölofen";
        renames(&home, &device, name).await;
        is_labelled(&mut lamp, OWN, "Küchenlampe über dem großen").await;
        lamp.set(OWN.0, OWN.1, "nodeLabel", json!("Lamp of somebody else")).await;
        is_followed(&home, &device, &mut lamp).await;
        assert_eq!(home.device(&device).await["name"], name);
        assert_eq!(lamp.get(OWN.0, OWN.1, "nodeLabel").await, "Lamp of somebody else");
    });
}

#[test]
fn a_device_that_is_renamed_while_it_is_away_is_told_when_it_comes_back() {
    with_matter("light", async |mut home, mut lamp, device| {
        lamp.process.kill9().await;
        renames(&home, &device, "Attic lamp").await;
        home.restart().await;
        lamp.start_again().await;
        is_labelled(&mut lamp, OWN, "Attic lamp").await;
    });
}

#[test]
fn a_bridge_s_child_is_renamed_alone() {
    in_own_network(Network::Loopback, async {
        let mut bridge = MatterDevice::start("bridge", 5540, &["label=Bridge", "children=hall:light:Hall lamp"]).await;
        let home = TestHome::plan().matter().start().await;
        home.add(&bridge.manual).await;
        home.shows("Hall lamp", true).await;
        renames(&home, &home.named("Hall lamp").await, "Porch lamp").await;
        is_labelled(&mut bridge, CHILD, "Porch lamp").await;
        home.shows("Porch lamp", true).await;
        assert_eq!(bridge.get(OWN.0, OWN.1, "nodeLabel").await, "Bridge");
    });
}

#[test]
fn a_bridge_s_children_come_and_go() {
    in_own_network(Network::Loopback, async {
        let children = "children=hall:light:Hall lamp,attic:climate:Attic";
        let mut bridge = MatterDevice::start("bridge", 5540, &[children]).await;
        let home = TestHome::plan().matter().start().await;
        home.add(&bridge.manual).await;
        home.shows("Hall lamp", true).await;
        home.shows("Attic", true).await;
        bridge.order(json!({ "do": "add_child", "child": "porch", "type": "light", "label": "Porch lamp" })).await;
        home.shows("Porch lamp", true).await;
        let porch = home.named("Porch lamp").await;
        assert_eq!(home.set(&porch, "1", "onOff: { on: true }").await, "DONE");
        bridge.order(json!({ "do": "remove_child", "child": "hall" })).await;
        home.shows("Hall lamp", false).await;
        home.shows("Attic", true).await;
    });
}

#[test]
fn a_device_with_link_local_addresses_alone_is_added_and_controlled() {
    with_matter_in(Network::LinkLocal, "light", async |home, mut lamp, device| {
        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
    });
}
