//! What is written once for many: cards of devices, and events on several sockets.

use hub_model::Role;
use serde_json::{Value, json};

use crate::{house::House, sockets};

/// Kept device by device.
const CARDS: &str =
    "{ devices { handle name showAs room { name } reachable endpoints { onOff { on } properties { id value } } } }";
/// The same asked for in a way that nothing can be kept of.
const ANEW: &str = "{ devices { handle name showAs room { name devices { id } } reachable endpoints { onOff { on } properties { id value } } } }";

async fn both(house: &House) -> (Value, Value) {
    let (cards, mut anew) = (house.ask(CARDS).await, house.ask(ANEW).await);
    for device in anew["devices"].as_array_mut().unwrap() {
        device["room"].as_object_mut().map(|room| room.remove("devices"));
    }
    (cards, anew)
}

#[tokio::test]
async fn kept_cards_follow_their_devices_rooms_and_names() {
    let house = House::open().await;
    let (mut before, anew) = both(&house).await;
    assert_eq!(before, anew);
    let rooms = house.ask("{ rooms { id name } }").await;
    let hall = rooms["rooms"].as_array().unwrap().iter().find(|room| room["name"] == "Hall").unwrap()["id"].clone();
    let steps = [
        r#"mutation { control(device: "hall-lamp", set: { onOff: { on: true } }) { outcome } }"#.to_owned(),
        format!(r#"mutation {{ putRoom(id: {hall}, name: "Entrance") {{ id }} }}"#),
        r#"mutation { editDevice(id: "safe", set: { name: "Vault" }) { id } }"#.to_owned(),
        r#"mutation { removeDevice(id: "thermometer") }"#.to_owned(),
        r#"mutation { control(device: "hall-lamp", set: { onOff: { on: false } }) { outcome } }"#.to_owned(),
    ];
    for step in steps {
        house.ask(&step).await;
        let (cards, anew) = both(&house).await;
        assert_eq!(cards, anew, "after {step}");
        assert_ne!(cards, before, "{step} shows");
        before = cards;
    }
}

#[tokio::test]
async fn one_home_has_other_cards_for_other_names_and_variables() {
    let house = House::open().await;
    let ask = "query($all: Boolean!) { a: devices { handle } b: devices { name room @include(if: $all) { name } } }";
    let with = house.ask_with(ask, json!({ "all": true })).await;
    let without = house.ask_with(ask, json!({ "all": false })).await;
    assert_eq!(with["a"][0], json!({ "handle": "hall-lamp" }));
    assert_eq!(with["b"][0], json!({ "name": "hall-lamp", "room": { "name": "Hall" } }));
    assert_eq!(without["b"][0], json!({ "name": "hall-lamp" }));
}

async fn told_alone(house: &House) -> String {
    let (_, metrics) = crate::client::get(&house.router, "/metrics", Some(&house.owner)).await;
    let line = metrics.lines().find(|line| line.starts_with("hearth_api_told_alone_total "));
    line.expect("it is counted").to_owned()
}

#[tokio::test]
async fn who_asks_the_same_is_told_the_same_from_where_each_began() {
    let house = House::open().await;
    let url = sockets::listen(&house).await;
    let cursor = house.ask("{ home { cursor } }").await["home"]["cursor"].clone();
    house.devices.warm(22.5).await;
    let query = "subscription($since: Cursor) { events(since: $since) { cursor cause { actor } change { new } snapshot { home { name } } } }";
    let member = house.token("Max", Role::Member).await;
    let (mut late, mut early, mut other) = (
        sockets::Socket::of(&url, &house.owner).await,
        sockets::Socket::of(&url, &house.owner).await,
        sockets::Socket::of(&url, &member).await,
    );
    early.ask("a\"b", query, json!({ "since": cursor })).await;
    let first = early.next("a\"b").await["events"].take();
    assert_eq!((&first["change"]["new"], &first["snapshot"]), (&json!(22.5), &json!(null)));
    for socket in [&mut late, &mut other] {
        socket.ask("1", query, json!({})).await;
        assert_eq!(socket.next("1").await["events"]["snapshot"]["home"]["name"], "Home");
    }
    let alone = told_alone(&house).await;
    for degrees in [23.5, 24.5, 25.5] {
        house.devices.warm(degrees).await;
        let told = early.next("a\"b").await;
        assert_eq!(told["events"]["change"]["new"], degrees);
        assert_eq!((&late.next("1").await, &other.next("1").await), (&told, &told));
    }
    assert_eq!(told_alone(&house).await, alone, "each was written once for all with the same role");
    late.say(json!({ "type": "complete", "id": "1" })).await;
    early.ask("wrong", "subscription { events { nothing } }", json!({})).await;
    assert_eq!(early.hear().await["type"], "error", "a wrong question is answered at once");
}
