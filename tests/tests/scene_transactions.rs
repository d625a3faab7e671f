//! A scene over a real broker, where one of four lamps stays silent: it is asked again, named, undone, and explained.

use home_tests::{Broker, Mqtt, TestHome};
use serde_json::{Value, json};

/// The lamps; the last one hears nothing.
const LAMPS: [&str; 4] = ["lamp_a", "lamp_b", "lamp_c", "lamp_x"];

async fn announce(client: &mut Mqtt) {
    for lamp in LAMPS {
        let config = json!({ "name": null, "unique_id": lamp, "command_topic": format!("t/{lamp}/set"),
            "state_topic": format!("t/{lamp}"), "device": { "identifiers": [lamp], "name": lamp } });
        client.retain(&format!("homeassistant/light/{lamp}/config"), config.to_string()).await;
        client.retain(&format!("t/{lamp}"), "OFF").await;
    }
}

/// Plays the lamps until the deed is done: three say what they were told, the fourth nothing. Counts what each was sent.
async fn while_obeying<T>(client: &mut Mqtt, deed: impl Future<Output = T>) -> (T, [usize; 4]) {
    let mut counts = [0; 4];
    tokio::pin!(deed);
    loop {
        let heard = client.hear("command", |message| {
            let lamp = message.topic.strip_prefix("t/")?.strip_suffix("/set")?;
            Some((LAMPS.iter().position(|known| *known == lamp)?, message.payload.clone()))
        });
        let (lamp, payload) = tokio::select! {
            done = &mut deed => return (done, counts),
            heard = heard => heard,
        };
        counts[lamp] += 1;
        if lamp != 3 {
            client.retain(&format!("t/{}", LAMPS[lamp]), payload).await;
        }
    }
}

#[tokio::test]
async fn three_of_four_lamps_do_it_and_the_silent_one_is_named() {
    let broker = Broker::start().await;
    let mut client = broker.client("lamps").await;
    announce(&mut client).await;
    client.subscribe("t/+/set").await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    home.until_devices("four lamps that are off", |devices| {
        let off = |one: &&Value| home_tests::value_in(one, "1", "on_off.on") == false;
        (devices.iter().filter(off).count() == 4).then_some(())
    })
    .await;
    let steps = LAMPS.map(|lamp| format!(r#"{{ device: "{lamp}", set: {{ onOff: {{ on: true }} }} }}"#)).join(" ");
    home.mutate(&format!("mutation {{ putScene(name: \"Evening\", steps: [{steps}]) {{ id }} }}")).await;

    let run = "mutation { runScene(id: \"evening\", key: \"once\") { id outcome summary steps { outcome tries } } }";
    let (answer, sent) = while_obeying(&mut client, home.mutate(run)).await;
    let ran = answer["runScene"].clone();
    assert_eq!(ran["summary"], "3 of 4 done, lamp_x silent");
    assert_eq!((&ran["outcome"], &ran["steps"][3]["tries"]), (&json!("TIMED_OUT"), &json!(3)));
    assert_eq!(sent, [1, 1, 1, 3]);
    assert_eq!(home.mutate(run).await["runScene"], ran, "sent again, it acts once");

    home.restart().await;
    let said = home.hub(["why", "lamp_a/on_off.on"]).await;
    assert!(said.good() && said.out.contains("the scene `Evening` was run"), "{said:?}");
    assert!(said.out.contains("the test asked for it"), "{said:?}");
    let runs = home.hub(["runs", "--scene", "evening"]).await;
    assert!(runs.out.contains("lamp_x 1 on_off.on=true: timed out") && runs.out.contains("3 tries"), "{runs:?}");

    home.until_devices("the lamps again", |devices| {
        (devices.iter().filter(|one| one["reachable"] == true).count() == 4).then_some(())
    })
    .await;
    let (undone, sent) = while_obeying(&mut client, home.hub(["scene", "undo"])).await;
    assert!(undone.good() && undone.out.contains("3 of 3 done"), "{undone:?}");
    assert_eq!(sent, [1, 1, 1, 0], "what never changed is left alone");
    assert_eq!(home.value("lamp_a", "1", "on_off.on").await, false);
}

#[tokio::test]
async fn a_scene_is_captured_and_a_rule_explained_from_the_command_line() {
    let rule = "name = \"Work light\"\n[[when]]\nproperty = { of = \"kitchen-lamp/on_off.on\", becomes = true }\n\
                [[then]]\nset = { target = \"bench-lamp\", \"on_off.on\" = true }\n";
    let home = TestHome::plan().simulated().rule("work.toml", rule).start().await;
    assert!(home.hub(["set", "bench-lamp/on_off.on", "off"]).await.good());
    assert!(home.hub(["scene", "capture", "Dark", "bench-lamp"]).await.good());
    assert!(home.hub(["set", "kitchen-lamp/on_off.on", "off"]).await.good());
    assert!(home.hub(["set", "kitchen-lamp/on_off.on", "on"]).await.good());
    let on = async || (home.value("bench-lamp", "1", "on_off.on").await == true).then_some(());
    home_tests::eventually("the rule's lamp", on).await;
    let why = home.hub(["why", "bench-lamp/on_off.on"]).await;
    assert!(why.out.contains("the rule `Work light` ran"), "{why:?}");
    assert!(why.out.contains("kitchen-lamp/on_off.on became true"), "{why:?}");
    let rules = home.hub(["rules"]).await;
    assert!(rules.out.contains("work-light") && rules.out.contains(" ms"), "{rules:?}");
    let runs = home.hub(["runs", "work-light"]).await;
    assert!(runs.out.contains("when kitchen-lamp/on_off.on became true") && runs.out.contains("done"), "{runs:?}");
    assert!(home.hub(["scene", "dark"]).await.out.contains("1 of 1 done"));
}
