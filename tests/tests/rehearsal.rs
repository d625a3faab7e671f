//! Rules tried before they act: on the past, on what is not so, all together, and made of blueprints.

use home_tests::{Broker, TestHome, eventually, value_in};
use serde_json::{Value, json};

const SENSOR: &str = r#"{"stat_t": "eye", "dev_cla": "motion", "uniq_id": "e1", "dev": {"ids": "eye", "name": "Eye"}}"#;

const USE: &str = r#"mutation { useBlueprint(blueprint: "motion-light", name: "Eye light",
    with: [{ input: "motion", value: "eye" }, { input: "light", value: "hall-lamp" }]) { file text } }"#;

const FOLLOW: &str = r#"
name = "Follow"
[[when]]
property = { of = "bench-lamp/on_off.on", becomes = true }
[[then]]
set = { target = "hall-lamp", "on_off.on" = true, "brightness.level" = 11 }
"#;

fn json_of(said: &home_tests::Said) -> Value {
    assert!(said.good(), "{said:?}");
    serde_json::from_str(&said.out).expect("it is JSON")
}

#[tokio::test]
async fn a_rule_is_rehearsed_on_what_happened_and_touches_nothing() {
    let home = TestHome::simulated().await;
    // Whatever the lamp was, it changes now.
    for on in [true, false] {
        assert_eq!(home.set("hall-lamp", "1", &format!("onOff: {{ on: {on} }}")).await, "DONE");
    }
    for _ in 0..3 {
        assert_eq!(home.set("bench-lamp", "1", "onOff: { on: true }").await, "DONE");
        assert_eq!(home.set("bench-lamp", "1", "onOff: { on: false }").await, "DONE");
    }
    let file = home.data().join("follow.toml");
    std::fs::write(&file, FOLLOW).expect("the data folder can be written");
    let file = file.to_str().expect("a temporary path is text").to_owned();
    let found = json_of(&home.hub(["rehearse", &file, "--days", "1", "--json"]).await);
    assert_eq!(found["ran"], json!([{ "rule": "follow", "runs": 3 }]), "{found:#}");
    let step = &found["runs"][0]["steps"][0];
    assert_eq!(step["outcome"], "DONE");
    assert!(step["text"].as_str().is_some_and(|text| text.contains("brightness.level=11")), "{found:#}");
    // The person who had switched the lamp off shortly before would not have liked it.
    let fight = found["fights"][0]["text"].as_str().unwrap_or_default();
    assert!(
        fight.contains("hall-lamp/on_off.on") && fight.contains("the test") && fight.contains("before"),
        "{found:#}"
    );
    assert_eq!(home.value("hall-lamp", "1", "on_off.on").await, false);
    let said = home.hub(["rehearse", &file, "--days", "1"]).await;
    assert!(said.good() && said.out.contains("`follow` would have run 3 times."), "{said:?}");
    let document = "query ($text: String!) { rehearse(text: $text, days: 1) { ran { rule runs } fought } }";
    let asked = home.owner.ask(document, json!({ "text": FOLLOW })).await.expect("a rule that is sound");
    assert_eq!(asked["rehearse"]["ran"], found["ran"], "{asked}");
    let misspelt = home.owner.ask(document, json!({ "text": FOLLOW.replace("bench-lamp", "bench-lmap") })).await;
    assert!(format!("{misspelt:?}").contains("did you mean `bench-lamp`?"), "{misspelt:?}");
    let guest = home.somebody("guest").await;
    guest.refused("{ rehearse(rule: \"follow\") { events } }").await;
}

#[tokio::test]
async fn a_rule_is_rehearsed_on_what_was_said_while_other_rules_listened() {
    let listening = "name = \"Listening\"\nwhen = [ { phrase = \"party time\" }, { mqtt = { topic = \"door/+\" } } ]\n\
        then = [ { set = { target = \"bench-lamp\", \"on_off.on\" = true } } ]\n";
    let broker = Broker::start().await;
    let home = TestHome::plan().simulated().broker(&broker).rule("listening.toml", listening).start().await;
    let mut devices = broker.client("door").await;
    eventually("a rule that hears", async || home.hub(["say", "party time"]).await.good().then_some(())).await;
    // Whether the hub has subscribed already can't be seen.
    eventually("a rule that was rung for", async || {
        devices.publish("door/front", "ring").await;
        let runs = home.query("{ runs(rule: \"listening\", limit: 5) { trigger { text } } }").await;
        runs.to_string().contains("a message came for `door/+`").then_some(())
    })
    .await;
    let tried = listening.replace("Listening", "Tried").replace("bench-lamp", "hall-lamp");
    let file = home.data().join("tried.toml");
    std::fs::write(&file, tried).expect("the data folder can be written");
    let file = file.to_str().expect("a temporary path is text").to_owned();
    let found = json_of(&home.hub(["rehearse", &file, "--days", "1", "--json"]).await);
    let runs = found["runs"].as_array().cloned().unwrap_or_default();
    for what in ["somebody said \"party time\"", "a message came for `door/+`"] {
        assert!(runs.iter().any(|run| run["trigger"]["text"] == what), "{what}: {found:#}");
    }
    assert_eq!(home.value("hall-lamp", "1", "on_off.on").await, false);
}

#[tokio::test]
async fn what_if_draws_consequences_and_touches_nothing() {
    let home = TestHome::plan().simulated().rule("follow.toml", FOLLOW).start().await;
    let words = [
        "what-if",
        "--at",
        "2026-12-01 22:00",
        "--given",
        "bench-lamp/on_off.on=off",
        "bench-lamp/on_off.on=on",
        "--json",
    ];
    let list = eventually("a home with its lamps and rules", async || {
        let said = home.hub(words).await;
        let list: Value = serde_json::from_str(&said.out).ok()?;
        (list.as_array()?.len() >= 4).then_some(list)
    })
    .await;
    assert_eq!(
        (&list[0]["kind"], &list[1]["kind"], &list[2]["kind"]),
        (&json!("EVENT"), &json!("RUNS"), &json!("ASKS")),
        "{list:#}"
    );
    assert_eq!((&list[1]["because"], &list[1]["rule"], &list[2]["because"]), (&json!(0), &json!("follow"), &json!(1)));
    let asked = home
        .query(
            r#"{ whatIf(at: "2026-12-01T22:00:00Z", given: [{ path: "bench-lamp/on_off.on", value: false }],
            becomes: [{ path: "bench-lamp/on_off.on", value: true }]) { kind rule } }"#,
        )
        .await;
    assert_eq!((&asked["whatIf"][1]["kind"], &asked["whatIf"][1]["rule"]), (&json!("RUNS"), &json!("follow")));
    let wrong = home.hub(["what-if", "bench-lmap/on_off.on=on"]).await;
    assert!(!wrong.good() && wrong.err.contains("bench-lamp"), "{wrong:?}");
    assert_ne!(home.value("hall-lamp", "1", "brightness.level").await, 11);
}

#[tokio::test]
async fn rules_that_fight_are_found_by_check_and_told_once() {
    let against = FOLLOW
        .replace("Follow", "Against")
        .replace("\"on_off.on\" = true, \"brightness.level\" = 11", "\"on_off.on\" = false");
    let home = TestHome::plan().simulated().rule("follow.toml", FOLLOW).start().await;
    eventually("the lamps", async || {
        (!home.device("hall-lamp").await.is_null() && !home.device("bench-lamp").await.is_null()).then_some(())
    })
    .await;
    let mut events = home.events().await;
    let folder = home.data().join("automations");
    std::fs::write(folder.join("against.toml"), against).expect("the folder of rules can be written");
    let told = events.wait_for("a word about the fight", |event| {
        let title = event["notice"]["title"].as_str()?;
        (title == "Two rules fight").then(|| event["notice"]["text"].clone())
    });
    let told = told.await;
    assert!(told.as_str().is_some_and(|text| text.contains("`against` sets hall-lamp/on_off.on to false")), "{told}");
    let checked = home.hub(["check"]).await;
    assert!(!checked.good() && checked.out.contains("For example, on"), "{checked:?}");
    // A file beside the folder is held against the rules in it.
    let beside = home.data().join("beside.toml");
    std::fs::write(&beside, FOLLOW.replace("Follow", "Beside").replace("= 11", "= 12"))
        .expect("the data folder can be written");
    let checked = home.hub(["check", beside.to_str().expect("a temporary path is text")]).await;
    assert!(!checked.good() && checked.out.contains("beside.toml") && checked.out.contains("`Follow`"), "{checked:?}");
    let review = home.query("{ review { cutShort findings { kind rules file line } } }").await;
    assert_eq!(review["review"]["findings"][0]["kind"], "CONFLICT", "{review}");
}

#[tokio::test]
async fn a_blueprint_used_through_the_api_becomes_a_rule_file_that_runs() {
    let broker = Broker::start().await;
    let mut sensor = broker.client("sensor").await;
    sensor.retain("homeassistant/binary_sensor/e1/motion/config", SENSOR).await;
    let home = TestHome::plan().simulated().broker(&broker).start().await;
    home.until_devices("sensor and lamp", |devices| {
        let there = |name: &str| devices.iter().any(|one| one["handle"] == name);
        (there("eye") && there("hall-lamp")).then_some(())
    })
    .await;
    assert_eq!(home.set("hall-lamp", "1", "onOff: { on: false }").await, "DONE");
    home.somebody("member").await.refused(USE).await;
    let made = home.mutate(USE).await;
    assert_eq!(made["useBlueprint"]["file"], "eye-light.toml", "{made}");
    let file = std::fs::read_to_string(home.data().join("automations/eye-light.toml")).expect("the rule has a file");
    assert!(file.contains("use = \"motion-light\"") && made["useBlueprint"]["text"] == file, "{file}");
    until_rules(&home, json!([{ "id": "eye-light", "problem": null }])).await;

    sensor.publish("eye", "OFF").await;
    sensor.publish("eye", "ON").await;
    let lamp = home.until_devices("lamp that the rule switched on", |devices| {
        devices.iter().find(|one| one["handle"] == "hall-lamp" && value_in(one, "1", "on_off.on") == true).cloned()
    });
    lamp.await;
    let why = home.hub(["why", "hall-lamp"]).await;
    assert!(why.good() && why.out.contains("Eye light"), "{why:?}");
}

#[tokio::test]
async fn blueprints_are_listed_and_used_in_a_terminal() {
    let home = TestHome::simulated().await;
    let list = home.hub(["blueprints"]).await;
    assert!(list.good() && list.out.lines().count() > 12, "{list:?}");
    let made = home
        .hub(["blueprints", "use", "motion-light", "motion=hall-motion", "light=hall-lamp", "--name", "Hall light"])
        .await;
    assert!(made.good() && made.out.contains("use = \"motion-light\""), "{made:?}");
    until_rules(&home, json!([{ "id": "hall-light", "problem": null }])).await;
    let missing = home.hub(["blueprints", "use", "motion-light", "motion=hall-motion"]).await;
    assert!(!missing.good() && missing.err.contains("`motion-light` needs `light`"), "{missing:?}");
}

async fn until_rules(home: &TestHome, wanted: Value) {
    eventually("the new rule", async || {
        let rules = home.query("{ rules { id problem { message } } }").await;
        (rules["rules"] == wanted).then_some(())
    })
    .await;
}
