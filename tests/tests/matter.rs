//! Matter devices are added: by their codes, with their certificates checked, and again after whatever interrupts it.

use std::time::Duration;

use home_tests::{MatterDevice, Network, TestHome, eventually, in_own_network, with_matter};
use serde_json::json;

#[test]
fn a_lamp_is_added_switched_and_followed_and_is_there_after_a_restart() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &["label=Bench lamp"]).await;
        let mut home = TestHome::plan().matter().start().await;
        let code = lamp.manual.clone();
        let device = home.add(&code).await;
        assert_eq!(lamp.fabrics().await.len(), 1);

        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
        lamp.set(1, "onOff", "onOff", json!(false)).await;
        home.reads(&device, "on_off.on", json!(false)).await;

        home.restart().await;
        home.shows_reachable(&device, true).await;
        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
    });
}

#[test]
fn with_another_master_key_matter_rests_and_with_the_old_one_its_devices_are_there_again() {
    with_matter("light", async |mut home, mut lamp, device| {
        home.stop().await;
        let (key, aside) = (home.data().join("key"), home.data().join("key.old"));
        std::fs::rename(&key, &aside).expect("the key lies in the folder");
        home.start_again().await;
        let why = home.add_in_vain(&lamp.manual).await;
        assert!(why.contains("not running"), "{why}");

        home.stop().await;
        std::fs::rename(&aside, &key).expect("the old key is put back");
        home.start_again().await;
        home.shows_reachable(&device, true).await;
        assert_eq!(home.set(&device, "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(lamp.get(1, "onOff", "onOff").await, true);
    });
}

#[test]
fn a_device_that_waits_is_a_candidate_and_its_steps_can_be_followed() {
    in_own_network(Network::Loopback, async {
        let lamp = MatterDevice::start("dimmable", 5540, &["name=Glow", "discriminator=1234"]).await;
        let home = TestHome::plan().matter().start().await;
        let found = eventually("candidate", async || {
            let told = home.query("{ candidates { id name kind vendor model adapter } }").await;
            told["candidates"].as_array().and_then(|all| all.first().cloned())
        })
        .await;
        assert_eq!(
            (&found["name"], &found["kind"], &found["adapter"]),
            (&json!("Glow"), &json!("LIGHT"), &json!("matter"))
        );
        let mut adding = home.begin_adding(&lamp.qr).await;
        for step in ["Found Glow", "Secure channel", "certificates", "keys", "on the network", "Reading"] {
            adding.step(step).await;
        }
        adding.end().await.expect("the lamp is added");
        eventually("no candidate", async || {
            let told = home.query("{ candidates { id } }").await;
            told["candidates"].as_array().is_some_and(Vec::is_empty).then_some(())
        })
        .await;
    });
}

#[test]
fn a_wrong_passcode_is_said_and_the_right_one_works_afterwards() {
    in_own_network(Network::Loopback, async {
        // A device with the same discriminator, gone before the hub looks around: its code means the lamp, and is wrong.
        let wrong = MatterDevice::start("light", 5541, &["passcode=34343434"]).await.manual.clone();
        let lamp = MatterDevice::start("light", 5540, &[]).await;
        let home = TestHome::plan().matter().start().await;
        let why = home.add_in_vain(&wrong).await;
        assert!(why.contains("does not fit"), "{why}");
        home.add(&lamp.manual).await;
    });
}

#[test]
fn codes_that_are_none_are_refused_with_what_is_wrong() {
    in_own_network(Network::Loopback, async {
        let home = TestHome::plan().matter().start().await;
        for (code, words) in [
            ("34970112333", "last digit should be 2"),
            ("3497011233", "has 10"),
            ("MT:-24J0AFN00K?0648G00", "`?` at place 12"),
        ] {
            let why = home.add_in_vain(code).await;
            assert!(why.contains(words), "{code}: {why}");
        }
    });
}

#[test]
fn of_two_devices_with_one_short_discriminator_the_code_finds_its_own() {
    in_own_network(Network::Loopback, async {
        let mut lamps = Vec::new();
        for (port, options) in
            [(5540, ["passcode=20202021", "discriminator=3840"]), (5541, ["passcode=20202025", "discriminator=3841"])]
        {
            lamps.push(MatterDevice::start("light", port, &options).await);
        }
        let home = TestHome::plan().matter().start().await;
        for lamp in &mut lamps {
            let code = lamp.manual.clone();
            home.add(&code).await;
            assert_eq!(lamp.fabrics().await.len(), 1);
        }
    });
}

#[test]
fn a_silent_match_of_a_short_discriminator_does_not_stand_in_another_s_way() {
    in_own_network(Network::Loopback, async {
        let mut lamps = Vec::new();
        for (port, options) in [
            (5540, ["passcode=20202021", "discriminator=3840"]),
            (5541, ["passcode=20202022", "discriminator=3841"]),
            (5542, ["passcode=20202025", "discriminator=3842"]),
        ] {
            lamps.push(MatterDevice::start("light", port, &options).await);
        }
        let home = TestHome::plan().matter().start().await;
        eventually("three candidates", async || {
            let told = home.query("{ candidates { id } }").await;
            (told["candidates"].as_array().map(Vec::len) == Some(3)).then_some(())
        })
        .await;
        for silent in &lamps[..2] {
            silent.process.signal("STOP").await;
        }
        let mut adding = home.begin_adding(&lamps[2].manual).await;
        adding.end_within(Duration::from_secs(120)).await.expect("the one that answers is added");
        assert!(!adding.steps.seen.iter().any(|seen| seen.to_string().contains("free within a minute")));
        assert_eq!(lamps[2].fabrics().await.len(), 1);
    });
}

#[test]
fn a_device_whose_maker_is_not_trusted_is_added_only_when_somebody_says_so() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        let home = TestHome::plan().settings("[matter]").start().await;
        let code = lamp.manual.clone();
        for (answer, added) in [("stop", 0), ("add anyway", 1)] {
            let mut adding = home.begin_adding(&code).await;
            let question = adding.question().await;
            assert_eq!(question["name"], "trust");
            assert!(question["label"].as_str().is_some_and(|label| label.contains("can't prove")), "{question}");
            adding.answer(&home, "trust", answer).await;
            assert_eq!(adding.end().await.is_ok(), added == 1);
            assert_eq!(lamp.fabrics().await.len(), added);
        }
    });
}

#[test]
fn a_question_that_nobody_answers_holds_up_others_only_as_long_as_its_device_waits() {
    in_own_network(Network::Loopback, async {
        let mut fake = MatterDevice::start("light", 5540, &["discriminator=100"]).await;
        let lamp = MatterDevice::start("light", 5541, &["discriminator=200", "passcode=20202022"]).await;
        let home = TestHome::plan().settings("[matter]").start().await;
        let mut asked = home.begin_adding(&fake.qr).await;
        asked.question().await;
        let mut next = home.begin_adding(&lamp.qr).await;
        next.step("Waiting until another device is added").await;
        fake.process.kill9().await;
        // The device is asked every 20 s whether it has patience.
        let patience = Duration::from_secs(90);
        assert!(asked.end_within(patience).await.is_err());
        next.question().await;
        next.answer(&home, "trust", "add anyway").await;
        next.end().await.expect("the other device is added");
    });
}
