//! Many Matter devices at once, slow ones among them, and those that say much.

use std::pin::pin;

use futures_util::future::join_all;
use home_tests::{MatterDevice, Network, TestHome, eventually, in_own_network};
use serde_json::json;

/// The first of the ports that devices listen on.
const PORT: u16 = 5540;

/// Lamps with codes of their own, numbered from 0.
async fn lamps(many: u16) -> Vec<MatterDevice> {
    let lamps = (0..many).map(|number| async move {
        let passcode = format!("passcode={}", 20_202_021 + u32::from(number));
        let discriminator = format!("discriminator={}", 100 + number);
        let label = format!("label=Lamp {number}");
        let serial = format!("serial=lamp-{number}");
        MatterDevice::start("light", PORT + number, &[&passcode, &discriminator, &label, &serial]).await
    });
    // Two at a time: each is a program that takes seconds of a core to start.
    let mut started = Vec::new();
    let mut lamps = lamps.collect::<Vec<_>>().into_iter().peekable();
    while lamps.peek().is_some() {
        started.extend(join_all(lamps.by_ref().take(2)).await);
    }
    started
}

#[test]
fn twenty_lamps_are_all_back_after_a_restart_of_the_hub() {
    in_own_network(Network::Loopback, async {
        let mut lamps = lamps(20).await;
        let mut home = TestHome::plan().matter().start().await;
        let mut ids = Vec::new();
        for lamp in &lamps {
            ids.push(home.add(&lamp.qr).await);
        }
        home.restart().await;
        for (id, lamp) in ids.iter().zip(&mut lamps) {
            home.shows_reachable(id, true).await;
            assert_eq!(home.set(id, "1", "onOff: { on: true }").await, "DONE");
            assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
        }
    });
}

/// More than the library has sessions for (64); all in one process, for a hundred programs are too much for small machines.
#[test]
fn more_lamps_than_one_stack_can_carry_are_added_and_are_back_after_a_restart_of_the_hub() {
    const MANY: u16 = 70;
    in_own_network(Network::Loopback, async {
        let mut lamps = MatterDevice::start("light", PORT, &[&format!("many={MANY}"), "discriminator=100"]).await;
        let mut home = TestHome::plan().matter().start().await;
        let mut ids = Vec::new();
        for nth in 0..MANY {
            let codes = lamps.order(json!({ "do": "codes", "nth": nth })).await;
            ids.push(home.add(codes["qrPairingCode"].as_str().expect("a code")).await);
        }
        for on in [true, false] {
            for (nth, id) in (0..MANY).zip(&ids) {
                assert_eq!(home.set(id, "1", &format!("onOff: {{ on: {on} }}")).await, "DONE", "lamp {nth}");
                let look = json!({ "do": "get", "nth": nth, "endpoint": 1, "cluster": "onOff", "attribute": "onOff" });
                assert_eq!(lamps.order(look).await, on, "lamp {nth}");
            }
            home.restart().await;
            for id in &ids {
                home.shows_reachable(id, true).await;
            }
        }
    });
}

/// At most eight sessions are set up at once. What waited for its turn, and was answered that it failed, is not to come later.
#[test]
fn commands_that_failed_are_not_carried_out_when_their_devices_wake() {
    const MANY: u16 = 12;
    in_own_network(Network::Loopback, async {
        let mut lamps = MatterDevice::start("light", PORT, &[&format!("many={MANY}"), "discriminator=100"]).await;
        let plan = TestHome::plan().settings("[hub]\nlog = \"info,adapter_matter=debug\"");
        let home = plan.matter().start().await;
        let mut ids = Vec::new();
        for nth in 0..MANY {
            let codes = lamps.order(json!({ "do": "codes", "nth": nth })).await;
            ids.push(home.add(codes["qrPairingCode"].as_str().expect("a code")).await);
        }
        let all_fail = async |on: bool| {
            let set = format!("onOff: {{ on: {on} }}");
            for outcome in join_all(ids.iter().map(|id| home.set(id, "1", &set))).await {
                assert!(["UNREACHABLE", "TIMED_OUT"].contains(&&*outcome), "{outcome}");
            }
        };
        lamps.process.signal("STOP").await;
        // What is sent in the sessions that there are can't be taken back, so that it changes nothing.
        all_fail(false).await;
        eventually("end of all sessions", async || {
            let written = home.everything_written();
            let silent = |log: &[u8]| String::from_utf8_lossy(log).matches("the device is silent").count();
            (written.iter().map(|(_, bytes)| silent(bytes)).sum::<usize>() >= usize::from(MANY)).then_some(())
        })
        .await;
        all_fail(true).await;
        lamps.process.signal("CONT").await;
        for (nth, id) in (0..MANY).zip(&ids) {
            home.shows_reachable(id, true).await;
            let look = json!({ "do": "get", "nth": nth, "endpoint": 1, "cluster": "onOff", "attribute": "onOff" });
            assert_eq!(lamps.order(look).await, false, "lamp {nth}");
        }
    });
}

#[test]
fn a_lamp_that_hangs_holds_up_no_other() {
    in_own_network(Network::Loopback, async {
        let mut lamps = lamps(2).await;
        let home = TestHome::plan().matter().start().await;
        let (hung, well) = (home.add(&lamps[0].qr).await, home.add(&lamps[1].qr).await);
        lamps[0].process.signal("STOP").await;
        let mut stuck = pin!(home.set(&hung, "1", "onOff: { on: true }"));
        let others = async {
            for on in [true, false, true, false, true] {
                assert_eq!(home.set(&well, "1", &format!("onOff: {{ on: {on} }}")).await, "DONE");
            }
        };
        tokio::select! {
            biased;
            outcome = &mut stuck => panic!("the lamp that hangs came first: {outcome}"),
            () = others => {}
        }
        let outcome = stuck.await;
        assert!(["UNREACHABLE", "TIMED_OUT"].contains(&&*outcome), "{outcome}");
        lamps[0].process.signal("CONT").await;
        home.shows_reachable(&hung, true).await;
        lamps[0].set(1, "onOff", "onOff", json!(true)).await;
        home.reads(&hung, "on_off.on", json!(true)).await;
    });
}

#[test]
fn a_bridge_with_hundreds_of_attributes_is_read_whole() {
    in_own_network(Network::Loopback, async {
        let children: Vec<String> = (0..20).map(|number| format!("child{number}:light:Child {number}")).collect();
        let children = format!("children={}", children.join(","));
        let mut bridge = MatterDevice::start("bridge", PORT, &[&children]).await;
        let home = TestHome::plan().matter().start().await;
        home.add(&bridge.qr).await;
        for number in 0..20 {
            home.shows(&format!("Child {number}"), true).await;
        }
        let last = home.named("Child 19").await;
        assert_eq!(home.set(&last, "1", "onOff: { on: true }").await, "DONE");
        // The root and the bridge itself are the endpoints before its children.
        assert_eq!(bridge.get(21, "onOff", "onOff").await, true);
    });
}
