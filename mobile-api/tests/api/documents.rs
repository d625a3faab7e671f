//! The documents that scripts and apps rely on, literally.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn the_home_is_read_in_one_document() {
    let house = House::open().await;
    let query = r#"query { home { name cursor timeZone } floors { id name } rooms { id name floor { id } } groups { id name } scenes { id name } rules { id name enabled }
        devices { id handle name room { id name } reachable lastSeen
                  endpoints { id kind properties { id value unit changedAt reportedAt } onOff { on } brightness { level limits { min max step } } temperature { measured } } }
        device(id: "ID") { name } }"#;
    let data = house.ask(&query.replace("\"ID\"", "\"hall-lamp\"")).await;
    assert_eq!(data["home"]["timeZone"], "UTC");
    assert!(data["home"]["cursor"].as_str().unwrap().contains(':'));
    assert_eq!(data["device"]["name"], "hall-lamp");
    let lamp = &data["devices"][0];
    assert_eq!(
        (&lamp["handle"], &lamp["room"]["name"], &lamp["reachable"]),
        (&json!("hall-lamp"), &json!("Hall"), &json!(true))
    );
    let endpoint = &lamp["endpoints"][0];
    assert_eq!((&endpoint["id"], &endpoint["kind"]), (&json!("1"), &json!("LIGHT")));
    assert_eq!(endpoint["brightness"], json!({ "level": null, "limits": { "min": 1.0, "max": 100.0, "step": 0.5 } }));
    assert_eq!(endpoint["temperature"], json!(null));
    let thermometer = &data["devices"][2]["endpoints"][0];
    assert_eq!(thermometer["temperature"]["measured"], 20.5);
    assert_eq!(thermometer["onOff"], json!(null));
    assert_eq!(
        (&thermometer["properties"][0]["id"], &thermometer["properties"][0]["unit"]),
        (&json!("temperature.measured"), &json!("°C"))
    );
    assert_eq!(house.ask(&query.replace("\"ID\"", "\"nobody\"")).await["device"], json!(null));
}

#[tokio::test]
async fn a_lamp_is_controlled_by_id_with_everything_in_one_command() {
    let house = House::open().await;
    let query = r#"mutation { control(device: "ID", endpoint: "1", set: { onOff: { on: true }, brightness: { level: 30 } }, transition: 2.0, key: "k1") { outcome command { id } } }"#
        .replace("ID", &house.id("hall-lamp"));
    let first = house.ask(&query).await;
    assert_eq!(first["control"]["outcome"], "DONE");
    assert_eq!(house.ask(&query).await, first, "the same key acts once");
    let lamp = house.ask(r#"{ device(id: "hall-lamp") { endpoints { onOff { on } brightness { level } } } }"#).await;
    assert_eq!(lamp["device"]["endpoints"], json!([{ "onOff": { "on": true }, "brightness": { "level": 30.0 } }]));
}

#[tokio::test]
async fn a_door_is_unlocked_by_its_pin() {
    let house = House::open().await;
    let query = r#"mutation { control(device: "ID", endpoint: "1", invoke: { lock: { unlock: { pin: "1234" } } }) { outcome } }"#
        .replace("ID", &house.id("front-door"));
    assert_eq!(house.ask(&query).await["control"]["outcome"], "DONE");
    let wrong = house.ask(&query.replace("1234", "9999").replace("outcome }", "outcome reason }")).await;
    assert_eq!(wrong["control"], json!({ "outcome": "REFUSED", "reason": "the PIN is wrong" }));
}

#[tokio::test]
async fn a_scene_is_run_by_id_or_handle() {
    let house = House::open().await;
    let made = house
        .ask(
            r#"mutation { putScene(name: "Good night", steps: [
            { device: "hall-lamp", set: { onOff: { on: false } } },
            { device: "front-door", invoke: { lock: { unlock: { pin: "1234" } } } } ]) {
            id handle steps { device { handle } set { property value } invoke { action arguments { name } } } } }"#,
        )
        .await;
    let scene = &made["putScene"];
    assert_eq!(scene["handle"], "good-night");
    assert_eq!(scene["steps"][0]["set"], json!([{ "property": "on_off.on", "value": false }]));
    assert_eq!(scene["steps"][1]["invoke"], json!({ "action": "lock.unlock", "arguments": [] }), "a PIN never shows");
    let query = r#"mutation { runScene(id: "ID", key: "k2") { outcome steps { outcome } } }"#;
    let run = house.ask(&query.replace("ID", scene["id"].as_str().unwrap())).await;
    assert_eq!(run["runScene"], json!({ "outcome": "DONE", "steps": [{ "outcome": "DONE" }, { "outcome": "DONE" }] }));
    assert_eq!(house.ask(&query.replace("ID", "good-night")).await["runScene"]["outcome"], "DONE");
}

#[tokio::test]
async fn history_is_read_in_points() {
    let house = House::open().await;
    let query = r#"query { history(device: "ID", endpoint: "1", property: "temperature.measured", from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00+01:00", points: 500) { at value min max } }"#
        .replace("ID", &house.id("thermometer"));
    // History is written a moment after the event; the store tells no time for it, so it is asked until it is there.
    let mut points = json!([]);
    while points == json!([]) {
        points = house.ask(&query).await["history"].take();
        tokio::task::yield_now().await;
    }
    assert_eq!(points[0]["value"], 20.5);
    let misspelt = house.error(&query.replace("temperature.measured", "temperature.mesured")).await;
    assert_eq!(misspelt, "there is no property `temperature.mesured`, did you mean `temperature.measured`?");
    assert!(house.error(&query.replace("500", "0")).await.contains("`points` 1 to 10000"));
}

#[tokio::test]
async fn candidates_are_listed_and_added() {
    let house = House::open().await;
    let data = house.ask("query { candidates { id adapter name kind } }").await;
    let candidate = &data["candidates"][0];
    assert_eq!(
        (&candidate["adapter"], &candidate["name"], &candidate["kind"]),
        (&json!("test"), &json!("Box"), &json!("LOCK"))
    );
    let add = r#"mutation { add(candidate: "ID", code: "x", room: "Bedroom") { id } }"#;
    let added = house.ask(&add.replace("ID", candidate["id"].as_str().unwrap())).await;
    assert_eq!(added["add"]["id"], candidate["id"]);
}

#[tokio::test]
async fn what_is_named_wrongly_is_named_in_the_error() {
    let house = House::open().await;
    let control =
        |device: &str, rest: &str| format!(r#"mutation {{ control(device: "{device}", {rest}) {{ outcome }} }}"#);
    let on = "set: { onOff: { on: true } }";
    assert_eq!(house.error(&control("hall-lmp", on)).await, "there is no device `hall-lmp`, did you mean `hall-lamp`?");
    assert!(
        house
            .error(&control("hall-lamp", &format!(r#"endpoint: "7", {on}"#)))
            .await
            .contains("there is no endpoint `hall-lamp/7`")
    );
    assert!(house.error(&control("hall-lamp", "key: \"k\"")).await.contains("give `set` or `invoke`"));
    assert!(house.error(&control("hall-lamp", "set: { onOf: { on: true } }")).await.contains("onOf"));
    assert!(house.error(&control("hall-lamp", "transition: -1, set: {}")).await.contains("0 to 86400"));
    assert!(house.error(&control("hall-lamp", "invoke: { onOff: { toggle: false } }")).await.contains("takes `true`"));
    let vendor = r#"set: { vendor: [{ property: "brightnes.level", value: 3 }] }"#;
    assert!(house.error(&control("hall-lamp", vendor)).await.contains("did you mean `brightness.level`?"));
    assert!(
        house
            .error(r#"{ history(device: "thermometer", property: "temperature.measured", from: "yesterday") { at } }"#)
            .await
            .contains("2026-03-01")
    );
}

#[tokio::test]
async fn vendors_own_properties_and_colours_are_set_too() {
    let house = House::open().await;
    let data = house
        .ask_with(
            r#"mutation($set: SetInput!) { control(device: "hall-lamp", set: $set) { outcome reason } }"#,
            json!({ "set": { "color": { "value": { "h": 210, "s": 75.5 } }, "vendor": [{ "property": "x.test.effect", "value": "party" }] } }),
        )
        .await;
    assert_eq!(data["control"]["outcome"], "DONE", "{data}");
    let lamp = house.ask(r#"{ device(id: "hall-lamp") { endpoints { color { value { h s } } actions properties { id kind value settable transition choices } } } }"#).await;
    let endpoint = &lamp["device"]["endpoints"][0];
    assert_eq!(endpoint["color"]["value"], json!({ "h": 210.0, "s": 75.5 }));
    assert_eq!(endpoint["properties"][2]["value"], json!({ "h": 210, "s": 75.5 }));
    assert_eq!(
        endpoint["properties"][3],
        json!({ "id": "x.test.effect", "kind": "CHOICE", "value": "party", "settable": true, "transition": false, "choices": ["candle", "party"] })
    );
}

#[tokio::test]
async fn the_capability_table_is_told() {
    let house = House::open().await;
    let data = house.ask("{ capabilities { name properties { id kind unit limits { min max } settable } actions { id parameters { name secret required } } occurrences { id } } }").await;
    let lock = data["capabilities"].as_array().unwrap().iter().find(|row| row["name"] == "lock").unwrap();
    assert_eq!(
        lock["actions"][1],
        json!({ "id": "lock.unlock", "parameters": [{ "name": "pin", "secret": true, "required": false }] })
    );
}

#[tokio::test]
async fn a_rule_is_paused_in_its_file() {
    let house = House::open().await;
    assert_eq!(
        house.ask("{ rules { id name enabled mode problem { line } } }").await["rules"],
        json!([
            { "id": "door-bell", "name": "Door bell", "enabled": true, "mode": "SINGLE", "problem": null },
            { "id": "good-night", "name": "Good night", "enabled": true, "mode": "SINGLE", "problem": null },
        ])
    );
    let paused = house.ask(r#"mutation { setRuleEnabled(id: "door-bell", enabled: false) { enabled file } }"#).await;
    assert_eq!(paused["setRuleEnabled"], json!({ "enabled": false, "file": "bell.toml" }));
    assert!(
        house
            .error(r#"mutation { setRuleEnabled(id: "door-bel", enabled: false) { id } }"#)
            .await
            .contains("there is no rule `door-bel`")
    );
    let by_hand = house.error(r#"mutation { runRule(id: "door-bell") { id } }"#).await;
    assert!(by_hand.contains("the rule `door-bell` is disabled; enable it first"), "{by_hand}");
}
