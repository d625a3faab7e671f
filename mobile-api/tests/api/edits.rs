//! Changing the home.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn rooms_floors_and_groups_are_made_changed_and_removed() {
    let house = House::open().await;
    let made = house
        .ask(
            r#"mutation {
            putFloor(name: "Ground", level: 0) { id name }
            putRoom(name: "Attic", floor: "ground") { id floor { name rooms { name } } }
            putGroup(name: "Lights", devices: ["hall-lamp", "safe"]) { id devices { handle } } }"#,
        )
        .await;
    assert_eq!(made["putRoom"]["floor"], json!({ "name": "Ground", "rooms": [{ "name": "Attic" }] }));
    assert_eq!(made["putGroup"]["devices"], json!([{ "handle": "hall-lamp" }, { "handle": "safe" }]));
    let renamed = house.ask(r#"mutation { putRoom(id: "attic", name: "Loft") { name floor { id } } }"#).await;
    assert_eq!(renamed["putRoom"], json!({ "name": "Loft", "floor": null }));
    house.ask(r#"mutation { removeGroup(id: "Lights") removeRoom(id: "Loft") removeFloor(id: "Ground") }"#).await;
    let left = house.ask("{ rooms { name } floors { id } groups { id } }").await;
    assert_eq!(left, json!({ "rooms": [{ "name": "Hall" }, { "name": "Bedroom" }], "floors": [], "groups": [] }));
    assert_eq!(
        house.error(r#"mutation { removeRoom(id: "Hal") }"#).await,
        "there is no room `Hal`, did you mean `Hall`?"
    );
}

#[tokio::test]
async fn a_device_is_renamed_moved_and_taken_out() {
    let house = House::open().await;
    let edited = house
        .ask(r#"mutation { editDevice(id: "safe", set: { name: "Strongbox", handle: "strongbox", room: null, showAs: LOCK,
            aliases: [{ language: "de", name: "Tresor" }] }) { name handle room { id } kind showAs aliases { language name } } }"#)
        .await;
    let wanted = json!({ "name": "Strongbox", "handle": "strongbox", "room": null, "kind": "LOCK", "showAs": "LOCK",
        "aliases": [{ "language": "de", "name": "Tresor" }] });
    assert_eq!(edited["editDevice"], wanted);
    let back =
        house.ask(r#"mutation { editDevice(id: "strongbox", set: { room: "hall" }) { name room { name } } }"#).await;
    assert_eq!(back["editDevice"], json!({ "name": "Strongbox", "room": { "name": "Hall" } }));
    assert!(
        house
            .error(r#"mutation { editDevice(id: "strongbox", set: { handle: "hall-lamp" }) { id } }"#)
            .await
            .contains("is taken")
    );
    house.ask(r#"mutation { removeDevice(id: "strongbox") }"#).await;
    assert_eq!(house.ask(r#"{ device(id: "strongbox") { id } }"#).await["device"], json!(null));
}

#[tokio::test]
async fn settings_and_people_keep_what_is_left_out() {
    let house = House::open().await;
    let home = house.ask(r#"mutation { setHome(set: { name: "Nest", timeZone: "Europe/Berlin", latitude: 52.5 }) { name timeZone latitude units } }"#).await;
    assert_eq!(
        home["setHome"],
        json!({ "name": "Nest", "timeZone": "Europe/Berlin", "latitude": 52.5, "units": "METRIC" })
    );
    let home =
        house.ask("mutation { setHome(set: { latitude: null, units: IMPERIAL }) { name latitude units } }").await;
    assert_eq!(home["setHome"], json!({ "name": "Nest", "latitude": null, "units": "IMPERIAL" }));
    assert!(
        house.error(r#"mutation { setHome(set: { timeZone: "Berlin" }) { name } }"#).await.contains("Europe/Berlin")
    );
    let person =
        house.ask(r#"mutation { putPerson(name: "Anna", device: "thermometer") { name device { handle } } }"#).await;
    assert_eq!(person["putPerson"]["device"]["handle"], "thermometer");
    house.ask(r#"mutation { removePerson(id: "Anna") }"#).await;
    assert_eq!(house.ask("{ people { id } }").await["people"], json!([]));
}

#[tokio::test]
async fn an_answer_given_again_shows_every_change() {
    let house = House::open().await;
    let query = r#"{ home { cursor } devices { name endpoints { onOff { on } } } }"#;
    let before = house.ask(query).await;
    assert_eq!(house.ask(query).await, before);
    house.ask(r#"mutation { control(device: "hall-lamp", set: { onOff: { on: true } }) { outcome } }"#).await;
    assert_eq!(house.ask(query).await["devices"][0]["endpoints"][0]["onOff"]["on"], true);
    house.ask(r#"mutation { editDevice(id: "hall-lamp", set: { name: "Lantern" }) { id } }"#).await;
    assert_eq!(house.ask(query).await["devices"][0]["name"], "Lantern");
    let (_, metrics) = crate::client::get(&house.router, "/metrics", Some(&house.owner)).await;
    assert!(metrics.contains("\nhearth_api_answered_again_total 1\n"), "{metrics}");
}
