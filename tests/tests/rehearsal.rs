//! Rules tried before they act: on the past, on what is not so, all together, and made of blueprints.

use home_tests::{TestHome, eventually};
use serde_json::{Value, json};

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
    assert_eq!(home.set("hall-lamp", "1", "onOff: { on: false }").await, "DONE");
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
    let guest = home.somebody("guest").await;
    guest.refused("{ rehearse(rule: \"follow\") { events } }").await;
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
    let review = home.query("{ review { cutShort findings { kind rules file line } } }").await;
    assert_eq!(review["review"]["findings"][0]["kind"], "CONFLICT", "{review}");
}

#[tokio::test]
async fn a_blueprint_becomes_a_rule_that_runs() {
    let home = TestHome::simulated().await;
    let list = home.hub(["blueprints"]).await;
    assert!(list.good() && list.out.lines().count() > 12, "{list:?}");
    let made = home
        .hub(["blueprints", "use", "motion-light", "motion=hall-motion", "light=hall-lamp", "--name", "Hall light"])
        .await;
    assert!(made.good() && made.out.contains("use = \"motion-light\""), "{made:?}");
    eventually("the new rule", async || {
        let rules = home.query("{ rules { id problem { message } } }").await;
        (rules["rules"] == json!([{ "id": "hall-light", "problem": null }])).then_some(())
    })
    .await;
    let missing = home.hub(["blueprints", "use", "motion-light", "motion=hall-motion"]).await;
    assert!(!missing.good() && missing.err.contains("`motion-light` needs `light`"), "{missing:?}");
}
