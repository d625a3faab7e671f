//! The simulated home, as a newcomer meets it: one command, and there is a home that lives.

use home_tests::{TestHome, changed, value_in};
use serde_json::{Value, json};

/// The query of the README, and of every first screen.
const EVERYTHING: &str = "query { home { name cursor timeZone } floors { id name } rooms { id name floor { id } } \
     groups { id name } scenes { id name } rules { id name enabled } \
     devices { id handle name room { id name } reachable lastSeen \
               endpoints { id kind properties { id value unit changedAt reportedAt } onOff { on } \
                           brightness { level limits { min max step } } temperature { measured } } } \
     device(id: \"bench-lamp\") { name } }";

const CONTROL: &str = "mutation { control(device: \"bench-lamp\", endpoint: \"1\", \
     set: { onOff: { on: true }, brightness: { level: 30 } }, transition: 2.0, key: \"k1\") { outcome command { id } } }";

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn dim(level: i32, key: &str) -> String {
    format!(
        "mutation {{ control(device: \"bench-lamp\", set: {{ brightness: {{ level: {level} }} }}, key: \"{key}\") \
         {{ outcome command {{ id }} }} }}"
    )
}

#[tokio::test]
async fn one_query_shows_rooms_and_devices_with_their_values() {
    let home = TestHome::simulated().await;
    let all = home.query(EVERYTHING).await;
    assert_eq!(list(&all["rooms"]).len(), 7, "{}", all["rooms"]);
    let devices = list(&all["devices"]);
    assert!((28..=45).contains(&devices.len()), "{} devices", devices.len());
    assert_eq!(all["device"]["name"], "Bench lamp");
    let lamp = devices.iter().find(|device| device["handle"] == "bench-lamp").expect("there is a bench lamp");
    assert_eq!((&lamp["reachable"], &lamp["endpoints"][0]["kind"]), (&json!(true), &json!("LIGHT")));
    assert_eq!(lamp["endpoints"][0]["brightness"]["limits"]["max"].as_f64(), Some(100.0));
    assert!(lamp["lastSeen"].is_string(), "{lamp}");
    let measured = devices
        .iter()
        .flat_map(|device| list(&device["endpoints"]))
        .filter_map(|one| one["temperature"]["measured"].as_f64());
    assert!(measured.count() >= 3, "some devices measure a temperature");
    // Lights that never report, and a meter that has to count first, know nothing yet.
    for device in
        devices.iter().filter(|device| device["handle"] != "energy-meter" && device["handle"] != "garden-lights")
    {
        let known = list(&device["endpoints"]).iter().flat_map(|endpoint| list(&endpoint["properties"]));
        assert!(known.clone().count() == 0 || known.clone().any(|property| !property["value"].is_null()), "{device}");
    }
}

#[tokio::test]
async fn a_lamp_does_what_a_person_tells_it() {
    let home = TestHome::simulated().await;
    let lamp = home.device("bench-lamp").await["id"].clone();
    let mut events = home.events().await;
    let told = home.mutate(CONTROL).await;
    assert_eq!(told["control"]["outcome"], "DONE");
    assert!(told["control"]["command"]["id"].is_string(), "{told}");
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 30);
    assert_eq!(home.value("bench-lamp", "1", "on_off.on").await, true);
    let on = events.wait_for("lamp on", |event| changed(event, &lamp, "on_off.on").map(|_| event.clone())).await;
    assert_eq!((&on["cause"]["actor"], &on["cause"]["name"]), (&json!("PERSON"), &json!("the test")));
    assert_eq!((&on["change"]["old"], &on["change"]["new"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn a_lock_opens_with_its_pin_alone() {
    let home = TestHome::simulated().await;
    let unlock = |pin: &str| {
        format!(
            "mutation {{ control(device: \"front-door-lock\", endpoint: \"1\", \
             invoke: {{ lock: {{ unlock: {{ pin: \"{pin}\" }} }} }}) {{ outcome }} }}"
        )
    };
    assert_eq!(home.mutate(&unlock("0000")).await["control"]["outcome"], "REFUSED");
    assert_eq!(home.mutate(&unlock("1234")).await["control"]["outcome"], "DONE");
    assert_eq!(home.value("front-door-lock", "1", "lock.state").await, "unlocked");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_by_its_outcome() {
    let home = TestHome::simulated().await;
    let outcome = async |device: &str, set: &str| {
        let document = format!("mutation {{ control(device: \"{device}\", set: {{ {set} }}) {{ outcome }} }}");
        home.mutate(&document).await["control"]["outcome"].clone()
    };
    assert_eq!(outcome("bench-lamp", "brightness: { level: 250 }").await, "OUT_OF_RANGE");
    assert_eq!(outcome("bench-lamp", "color: { value: { h: 10, s: 10 } }").await, "UNSUPPORTED");
    // Nobody can know whether lights that never report have heard it.
    assert_eq!(outcome("garden-lights", "onOff: { on: true }").await, "ASSUMED");
    // A radiator's valve sleeps, and takes it when it wakes.
    assert_eq!(outcome("childrens-radiator", "thermostat: { heatingSetpoint: 20 }").await, "QUEUED");
    let problem = home
        .owner
        .refused("mutation { control(device: \"bench-lmap\", set: { onOff: { on: true } }) { outcome } }")
        .await;
    assert!(problem.message().contains("bench-lamp"), "{problem}");
}

#[tokio::test]
async fn history_grows_and_is_thinned_on_the_hub() {
    let home = TestHome::simulated().await;
    let from = jiff::Timestamp::now();
    for level in 1..=20 {
        let told = home.mutate(&dim(level * 5, &format!("h{level}"))).await;
        assert_eq!(told["control"]["outcome"], "DONE");
    }
    let history = async |points: u32| {
        let document = format!(
            "query {{ history(device: \"bench-lamp\", endpoint: \"1\", property: \"brightness.level\", from: \"{from}\", \
             to: \"2100-01-01T00:00:00Z\", points: {points}) {{ at value min max }} }}"
        );
        list(&home.query(&document).await["history"]).to_vec()
    };
    let all = home_tests::eventually("history of twenty changes", async || {
        let all = history(500).await;
        (all.last()?["value"] == 100).then_some(all)
    })
    .await;
    let levels: Vec<_> = all.iter().filter_map(|point| point["value"].as_f64()).collect();
    let wanted: Vec<_> = (1..=20).map(|level| f64::from(level * 5)).collect();
    assert!(levels.ends_with(&wanted), "{levels:?}");
    let few = history(5).await;
    assert!((1..=5).contains(&few.len()), "{few:?}");
    let least =
        few.iter().filter_map(|point| point["min"].as_f64().or(point["value"].as_f64())).fold(f64::MAX, f64::min);
    let greatest = few.iter().filter_map(|point| point["max"].as_f64().or(point["value"].as_f64())).fold(0.0, f64::max);
    assert!(least <= 10.0 && greatest == 100.0, "{few:?}");
}

#[tokio::test]
async fn a_stream_goes_on_after_its_cursor_without_a_gap() {
    let home = TestHome::simulated().await;
    let lamp = home.device("bench-lamp").await["id"].clone();
    let cursor = home.cursor().await;
    for level in [10, 20, 30] {
        home.mutate(&dim(level, &format!("s{level}"))).await;
    }
    let mut events = home.events_since(&cursor).await;
    let is_last = |event: &Value| changed(event, &lamp, "brightness.level").is_some_and(|level| level == 30);
    events.wait_for("last change", |event| is_last(event).then_some(())).await;
    let seq = |cursor: &str| cursor.split_once(':').and_then(|(_, seq)| seq.parse::<u64>().ok()).expect("epoch:seq");
    let told: Vec<u64> = events.seen.iter().filter_map(|event| event["cursor"].as_str()).map(seq).collect();
    let wanted: Vec<u64> = (seq(&cursor) + 1..).take(told.len()).collect();
    assert_eq!(told, wanted);
    assert!(events.seen.iter().all(|event| event["snapshot"].is_null()), "{:#?}", events.seen);
}

#[tokio::test]
async fn a_cursor_of_an_earlier_run_gets_a_snapshot() {
    let mut home = TestHome::simulated().await;
    let cursor = home.cursor().await;
    home.restart().await;
    let mut events = home.events_since(&cursor).await;
    let first = events.wait_for("first message", |event| Some(event.clone())).await;
    assert!(first["snapshot"]["home"]["cursor"].is_string(), "{first}");
}

#[tokio::test]
async fn the_same_key_acts_once_even_after_a_restart() {
    let mut home = TestHome::simulated().await;
    let first = home.mutate(&dim(40, "once")).await;
    home.mutate(&dim(60, "between")).await;
    let again = home.mutate(&dim(40, "once")).await;
    assert_eq!(first["control"], again["control"]);
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 60);
    home.restart().await;
    let after = home.mutate(&dim(40, "once")).await;
    assert_eq!(first["control"], after["control"]);
    assert_ne!(home.value("bench-lamp", "1", "brightness.level").await, 40);
}

#[tokio::test]
async fn a_scene_tells_what_became_of_every_step() {
    let home = TestHome::simulated().await;
    let made = home
        .mutate(
            "mutation { putScene(name: \"Work\", steps: [ \
             { device: \"bench-lamp\", set: { onOff: { on: true }, brightness: { level: 80 } } }, \
             { device: \"garden-lights\", set: { onOff: { on: true } } } ]) { id } }",
        )
        .await;
    let id = made["putScene"]["id"].as_str().expect("a scene has an id");
    let run = format!("mutation {{ runScene(id: \"{id}\", key: \"k2\") {{ outcome steps {{ outcome }} }} }}");
    let ran = home.mutate(&run).await;
    assert_eq!(ran["runScene"]["steps"], json!([{ "outcome": "DONE" }, { "outcome": "ASSUMED" }]));
    assert_eq!(ran["runScene"]["outcome"], "ASSUMED");
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 80);
    home.mutate(&dim(10, "after")).await;
    assert_eq!(home.mutate(&run).await, ran);
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 10, "the same key ran the scene again");
}

#[tokio::test]
async fn a_device_is_added_after_it_asked_for_its_pin() {
    let home = TestHome::simulated().await;
    let find = async || {
        let near = home.query("query { candidates { id adapter name kind } }").await;
        list(&near["candidates"]).iter().find(|one| one["name"] == "Parcel box").map(|one| one["id"].clone())
    };
    let candidate = home_tests::eventually("parcel box nearby", find).await;
    let add = format!("mutation {{ add(candidate: {candidate}, room: \"Hall\") {{ id }} }}");
    let id = home.mutate(&add).await["add"]["id"].clone();
    let document = format!("subscription {{ onboarding(id: {id}) {{ step asks {{ name kind }} done failed }} }}");
    let mut progress = home.owner.subscribe(&document).await;
    let asks = progress.wait_for("question", |told| list(&told["asks"]).first().cloned()).await;
    assert_eq!(asks["kind"], "PIN");
    let answer = format!("mutation {{ answer(id: {id}, answers: [{{ name: {}, value: \"2468\" }}]) }}", asks["name"]);
    home.mutate(&answer).await;
    let device = progress.wait_for("device", |told| told["done"].as_str().map(str::to_owned)).await;
    let device = home.device(&device).await;
    assert_eq!((&device["name"], &device["room"]["name"]), (&json!("Parcel box"), &json!("Hall")));
    assert!(progress.seen.iter().any(|told| told["step"].is_string()), "{:#?}", progress.seen);
    assert!(find().await.is_none(), "what was added is no longer nearby");
}

#[tokio::test]
async fn a_wrong_pin_adds_nothing() {
    let home = TestHome::simulated().await;
    let add = "mutation { add(adapter: \"simulated\", code: \"11111111111\") { id } }";
    let id = home.mutate(add).await["add"]["id"].clone();
    let document = format!("subscription {{ onboarding(id: {id}) {{ step asks {{ name kind }} done failed }} }}");
    let mut progress = home.owner.subscribe(&document).await;
    let why = progress.wait_for("refusal", |told| told["failed"].as_str().map(str::to_owned)).await;
    assert!(why.contains("setup code"), "{why}");
}

#[tokio::test]
async fn without_the_simulation_the_home_stays_with_its_last_values() {
    let mut home = TestHome::simulated().await;
    home.mutate(&dim(35, "last")).await;
    home.mutate("mutation { putScene(name: \"Evening\", steps: [{ device: \"bench-lamp\", set: { onOff: { on: false } } }]) { id } }").await;
    home.mutate("mutation { editDevice(id: \"hall-lamp\", set: { name: \"Lamp in the hall\" }) { id } }").await;
    let names = |devices: &[Value]| -> Vec<String> {
        let mut names: Vec<_> =
            devices.iter().map(|device| format!("{} {} {}", device["id"], device["handle"], device["name"])).collect();
        names.sort();
        names
    };
    let before = home.devices().await;
    home.plan.words.clear();
    home.restart().await;
    let after = home.devices().await;
    assert_eq!(names(&before), names(&after));
    assert!(after.iter().all(|device| device["reachable"] == false), "{after:#?}");
    let lamp = home.device("bench-lamp").await;
    assert_eq!(value_in(&lamp, "1", "brightness.level"), 35);
    assert_eq!(home.device("hall-lamp").await["name"], "Lamp in the hall");
    assert_eq!(home.query("{ scenes { name } }").await["scenes"], json!([{ "name": "Evening" }]));
    let told = home.mutate(&dim(50, "away")).await;
    assert_eq!(told["control"]["outcome"], "UNREACHABLE");

    home.plan = home.plan.clone().simulated();
    home.restart().await;
    home_tests::eventually("devices that are back", async || {
        (home.device("bench-lamp").await["reachable"] == true).then_some(())
    })
    .await;
    assert_eq!(names(&home.devices().await), names(&before), "a device that comes back is the same");
}
