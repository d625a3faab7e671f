//! Subscriptions over real WebSockets.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hub_model::{EndpointId, Grant, Level, Role, Said, Scope, capability::button};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::house::House;

/// Nothing takes so long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

pub(crate) async fn listen(house: &House) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
    let router = house.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

impl Socket {
    async fn open(url: &str) -> Self {
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        Self(connect_async(request).await.unwrap().0)
    }

    /// A socket of somebody with a token.
    pub(crate) async fn of(url: &str, token: &str) -> Self {
        let mut socket = Self::open(url).await;
        socket
            .say(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } }))
            .await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.ask(id, query, json!({})).await;
    }

    pub(crate) async fn ask(&mut self, id: &str, query: &str, variables: Value) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query, "variables": variables } })).await;
    }

    pub(crate) async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.unwrap() {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(Some(frame)))) => return json!({ "closed": u16::from(frame.code) }),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The data of the next message of an operation.
    pub(crate) async fn next(&mut self, id: &str) -> Value {
        let mut message = self.hear().await;
        assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!("next")), "{message}");
        message["payload"]["data"].take()
    }
}

#[tokio::test]
async fn events_begin_with_a_snapshot_and_go_on_with_what_happens() {
    let house = House::open().await;
    let url = listen(&house).await;
    let mut socket = Socket::of(&url, &house.owner).await;
    socket.subscribe("1", "subscription { events { cursor at cause { actor name } change { device endpoint property old new } occurrence { device occurrence } snapshot { home { cursor } devices { handle } rooms { name } } } }").await;
    let first = socket.next("1").await["events"].take();
    assert_eq!(first["snapshot"]["devices"].as_array().unwrap().len(), 4);
    assert_eq!((&first["change"], &first["cursor"]), (&json!(null), &first["snapshot"]["home"]["cursor"]));
    house.devices.warm(21.5).await;
    let change = socket.next("1").await["events"].take();
    let wanted = json!({ "device": house.id("thermometer"), "endpoint": "1", "property": "temperature.measured", "old": 20.5, "new": 21.5 });
    assert_eq!(
        (&change["change"], &change["cause"]["actor"], &change["snapshot"]),
        (&wanted, &json!("DEVICE"), &json!(null))
    );
    house.devices.tell("front-door", Said::Occurred(EndpointId::first(), (&button::SINGLE).into())).await;
    let press = socket.next("1").await["events"].take();
    assert_eq!(press["occurrence"], json!({ "device": house.id("front-door"), "occurrence": "button.single" }));
}

#[tokio::test]
async fn events_go_on_after_a_cursor_without_a_gap() {
    let house = House::open().await;
    let url = listen(&house).await;
    let cursor = house.ask("{ home { cursor } }").await["home"]["cursor"].as_str().unwrap().to_owned();
    house.devices.warm(22.0).await;
    house.ask(r#"mutation { control(device: "hall-lamp", set: { onOff: { on: true } }) { outcome } }"#).await;
    let query = r#"subscription { events(since: "3:120") { cursor at cause { actor } change { device endpoint property old new } } }"#;
    let mut socket = Socket::of(&url, &house.owner).await;
    socket.subscribe("a", &query.replace("3:120", &cursor)).await;
    let warm = socket.next("a").await["events"].take();
    assert_eq!(warm["change"]["new"], 22.0_f64 as i64);
    let on = socket.next("a").await["events"].take();
    assert_eq!((&on["change"]["property"], &on["cause"]["actor"]), (&json!("on_off.on"), &json!("PERSON")));
    let seq = |event: &Value| event["cursor"].as_str().unwrap().split_once(':').unwrap().1.parse::<u64>().unwrap();
    assert_eq!(seq(&on), seq(&warm) + 1);
    socket
        .subscribe("b", &query.replace("3:120", "999:1").replace("change {", "snapshot { home { name } } change {"))
        .await;
    let mut foreign = socket.hear().await;
    while foreign["id"] != "b" {
        foreign = socket.hear().await;
    }
    assert_eq!(foreign["payload"]["data"]["events"]["snapshot"]["home"]["name"], "Home", "a cursor of another epoch");
}

#[tokio::test]
async fn a_device_is_added_with_its_questions() {
    let house = House::open().await;
    let url = listen(&house).await;
    let candidate = house.ask("{ candidates { id } }").await["candidates"][0]["id"].as_str().unwrap().to_owned();
    house
        .ask_with("mutation($id: ID!) { add(candidate: $id, room: \"Bedroom\") { id } }", json!({ "id": candidate }))
        .await;
    let mut socket = Socket::of(&url, &house.owner).await;
    let query =
        r#"subscription { onboarding(id: "ID") { step asks { name kind } done failed } }"#.replace("ID", &candidate);
    socket.subscribe("1", &query).await;
    assert_eq!(socket.next("1").await["onboarding"]["step"], "Looking");
    let asks = socket.next("1").await["onboarding"]["asks"].take();
    assert_eq!(asks, json!([{ "name": "pin", "kind": "PIN" }]));
    let answer = r#"mutation($id: ID!) { answer(id: $id, answers: [{ name: "pin", value: "1234" }]) }"#;
    house.ask_with(answer, json!({ "id": candidate })).await;
    let done = socket.next("1").await["onboarding"]["done"].take();
    assert_eq!(done, json!(house.id("added")));
    assert_eq!(socket.hear().await, json!({ "id": "1", "type": "complete" }));
    let added = house.ask(r#"{ device(id: "added") { room { name } } }"#).await;
    assert_eq!(added["device"]["room"]["name"], "Bedroom");
}

#[tokio::test]
async fn queries_and_mutations_go_over_a_socket_too() {
    let house = House::open().await;
    let mut socket = Socket::of(&listen(&house).await, &house.owner).await;
    socket
        .subscribe("1", r#"mutation { control(device: "hall-lamp", set: { onOff: { on: true } }) { outcome } }"#)
        .await;
    assert_eq!(socket.next("1").await["control"]["outcome"], "DONE");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("1", "{ nothing }").await;
    let error = socket.hear().await;
    assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("1")));
    socket.subscribe("1", "{ home { name } }").await;
    assert_eq!(socket.next("1").await["home"]["name"], "Home");
}

#[tokio::test]
async fn who_shows_no_token_is_hung_up_on() {
    let house = House::open().await;
    let url = listen(&house).await;
    for payload in [json!({}), json!({ "token": "wrong" }), json!(null), json!({ "Authorization": "Basic x" })] {
        let mut socket = Socket::open(&url).await;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "closed": 4401 }));
    }
    let mut socket = Socket::open(&url).await;
    socket.subscribe("1", "{ home { name } }").await;
    assert_eq!(socket.hear().await, json!({ "closed": 4401 }));
    let mut request = url.as_str().into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer wrong"));
    assert!(connect_async(request).await.unwrap_err().to_string().contains("401"));
    assert!(connect_async(&url).await.unwrap_err().to_string().contains("400"), "another protocol");
}

#[tokio::test]
async fn a_removed_account_is_hung_up_on() {
    let house = House::open().await;
    let token = house.token("Max", Role::Member).await;
    let mut socket = Socket::of(&listen(&house).await, &token).await;
    let accounts = house.ask("{ accounts { id name } }").await;
    let max = accounts["accounts"].as_array().unwrap().iter().find(|account| account["name"] == "Max").unwrap();
    house.ask_with("mutation($id: ID!) { removeAccount(id: $id) }", json!({ "id": max["id"] })).await;
    assert_eq!(socket.hear().await, json!({ "closed": 4401 }));
}

#[tokio::test]
async fn a_subscription_is_ended_by_its_client() {
    let house = House::open().await;
    let mut socket = Socket::of(&listen(&house).await, &house.owner).await;
    let query = "subscription { events { cursor change { new } } }";
    socket.subscribe("1", query).await;
    socket.next("1").await;
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    socket.subscribe("1", query).await;
    socket.next("1").await;
    house.devices.warm(25.0).await;
    assert_eq!(socket.next("1").await["events"]["change"]["new"], 25, "told once, by the second");
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_guest_hears_of_granted_devices_alone_and_not_who_else_is_home() {
    let house = House::open().await;
    let token = house.token("Gil", Role::Guest).await;
    let account = house.hub.local().accounts().unwrap().into_iter().find(|account| account.name == "Gil").unwrap().id;
    let lamp = house.hub.local().view().find("hall-lamp").unwrap().device.id;
    let grant = Grant { scope: Scope::Device(lamp), level: Level::View, hours: None, until: None };
    house.hub.local().grant(account, vec![grant]).await.unwrap();
    let mut socket = Socket::of(&listen(&house).await, &token).await;
    socket.subscribe("1", "subscription { events { cause { actor id name } change { device } notice { text } snapshot { devices { handle } people { name } rooms { name } } } }").await;
    let first = socket.next("1").await["events"]["snapshot"].take();
    assert_eq!(first, json!({ "devices": [{ "handle": "hall-lamp" }], "people": [], "rooms": [{ "name": "Hall" }] }));
    house.devices.warm(30.0).await;
    let notice = hub_model::Notice {
        severity: hub_model::Severity::Info,
        title: "t".into(),
        text: "t".into(),
        to: vec![],
        answers: vec![],
    };
    house.hub.local().notify(notice, None).await;
    house.ask(r#"mutation { control(device: "hall-lamp", set: { onOff: { on: true } }) { outcome } }"#).await;
    let change = socket.next("1").await["events"].take();
    assert_eq!(change["change"]["device"], json!(house.id("hall-lamp")));
    assert_eq!(change["cause"], json!({ "actor": "PERSON", "id": null, "name": null }));
    let mut refused = Socket::of(&listen(&house).await, &token).await;
    refused.subscribe("1", r#"subscription { onboarding(id: "x") { step } }"#).await;
    assert_eq!(refused.hear().await["type"], "error");
}

#[tokio::test]
async fn a_socket_that_takes_nothing_holds_up_nobody() {
    let house = House::open().await;
    let url = listen(&house).await;
    let mut stuck = Socket::of(&url, &house.owner).await;
    stuck.subscribe("1", "subscription { events { cursor change { new } snapshot { devices { id } } } }").await;
    let mut lively = Socket::of(&url, &house.owner).await;
    lively.subscribe("1", "subscription { events { change { new } } }").await;
    lively.next("1").await;
    for step in 0..2000 {
        house.devices.warm(f64::from(step % 50) + 0.25).await;
        assert_eq!(lively.next("1").await["events"]["change"]["new"], f64::from(step % 50) + 0.25);
    }
    assert!(stuck.next("1").await["events"]["snapshot"].is_object());
}

#[tokio::test]
async fn who_says_nothing_is_hung_up_on_after_ten_seconds() {
    let house = House::open().await;
    let mut socket = Socket::open(&listen(&house).await).await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert_eq!(socket.hear().await, json!({ "closed": 4408 }));
    // What passed before the clock stood still is not in it.
    assert!((5..=10).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_client_that_gives_no_sign_of_life_is_hung_up_on() {
    let house = House::open().await;
    let mut socket = Socket::of(&listen(&house).await, &house.owner).await;
    socket.subscribe("1", "subscription { events { cursor } }").await;
    socket.next("1").await;
    tokio::time::pause();
    // It takes nothing for a while, so that it can't answer the pings either.
    tokio::time::sleep(Duration::from_secs(90)).await;
    let (_, metrics) = crate::client::get(&house.router, "/metrics", Some(&house.owner)).await;
    let open = ["\nhearth_api_sockets 0\n", "\nhearth_api_subscriptions 0\n"];
    assert!(open.iter().all(|line| metrics.contains(line)), "{metrics}");
}
