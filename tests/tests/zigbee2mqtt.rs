//! A real Zigbee2MQTT on a real mosquitto, with a radio of ours: the first real devices.

use home_tests::{Broker, HomePlan, Subscription, TestHome, Zigbee2Mqtt, came_or_went, changed, occurred, value_in};
use serde_json::{Value, json};

struct Zigbee {
    broker: Broker,
    peer: Zigbee2Mqtt,
    home: TestHome,
}

impl Zigbee {
    async fn start() -> Self {
        Self::with(TestHome::plan()).await
    }

    async fn with(plan: HomePlan) -> Self {
        let broker = Broker::start().await;
        let peer = Zigbee2Mqtt::start(&broker).await;
        let home = plan.broker(&broker).start().await;
        let zigbee = Self { broker, peer, home };
        zigbee.all_reachable(true).await;
        zigbee
    }

    /// Waits until every paired device is there and can be reached, or can't.
    async fn all_reachable(&self, reachable: bool) {
        let what = format!("devices all with reachable {reachable}");
        self.home
            .until_devices(&what, |devices| {
                let so = |name: &&str| devices.iter().any(|one| one["name"] == **name && one["reachable"] == reachable);
                Zigbee2Mqtt::PAIRED.iter().all(so).then_some(())
            })
            .await;
    }

    async fn id(&self, device: &str) -> Value {
        self.home.device(device).await["id"].clone()
    }

    /// Lets two seconds pass, by the clock of Zigbee2MQTT: so long after a motion it says that nobody moves any more.
    /// What comes late, because it comes in another way, has come by then.
    async fn two_seconds(&mut self, events: &mut Subscription) {
        let motion = self.id("motion").await;
        self.peer.sense("motion", json!({ "moves": true })).await;
        let is_over = |event: &Value| changed(event, &motion, "occupancy.occupied").filter(|moves| *moves == false);
        events.wait_for_new("end of the motion", is_over).await;
    }
}

/// What each device must offer: its kind, and properties and actions by endpoint. It may offer more of its own.
const EXPECTED: [(&str, &str, &[&str]); 11] = [
    ("white_bulb", "LIGHT", &["1/on_off.on", "1/brightness.level", "1/color_temperature.kelvin"]),
    ("color_bulb", "LIGHT", &["1/on_off.on", "1/brightness.level", "1/color_temperature.kelvin", "1/color.value"]),
    ("plug", "PLUG", &["1/on_off.on", "1/power.watts", "1/energy.consumed", "1/voltage.volts", "1/current.amperes"]),
    ("wall_switch", "SWITCH", &["left/on_off.on", "right/on_off.on"]),
    ("blind", "BLIND", &["1/covering.position", "1/battery.level"]),
    ("lock", "LOCK", &["1/lock.state", "1/battery.level"]),
    ("weather", "SENSOR", &["1/temperature.measured", "1/humidity.measured", "1/pressure.measured", "1/battery.level"]),
    ("motion", "SENSOR", &["1/occupancy.occupied", "1/illuminance.measured", "1/battery.level"]),
    ("door", "SENSOR", &["1/contact.open", "1/battery.level"]),
    ("leak", "SENSOR", &["1/leak.detected", "1/battery.level"]),
    ("button", "BUTTON", &["1/battery.level"]),
];

fn offers(device: &Value) -> Vec<String> {
    let all = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let of = |endpoint: &Value| -> Vec<String> {
        let ids = all(&endpoint["properties"]).into_iter().map(|property| property["id"].clone());
        ids.map(|id| format!("{}/{}", endpoint["id"].as_str().unwrap_or("?"), id.as_str().unwrap_or("?"))).collect()
    };
    all(&device["endpoints"]).iter().flat_map(of).collect()
}

#[tokio::test]
async fn every_zigbee_device_is_one_device_with_its_capabilities() {
    let zigbee = Zigbee::start().await;
    let devices = zigbee.home.devices().await;
    let mut names: Vec<_> = devices.iter().filter_map(|device| device["name"].as_str()).collect();
    names.sort_unstable();
    let mut wanted = Zigbee2Mqtt::PAIRED.to_vec();
    // Zigbee2MQTT announces itself as well.
    wanted.push("Zigbee2MQTT Bridge");
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    for (name, kind, properties) in EXPECTED {
        let device = devices.iter().find(|device| device["name"] == name).expect("its name is among them");
        let offered = offers(device);
        let missing: Vec<_> = properties.iter().filter(|&&wanted| !offered.iter().any(|one| one == wanted)).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?} and has {offered:?}");
        assert_eq!(device["endpoints"][0]["kind"], kind, "{name}");
    }
}

#[tokio::test]
async fn commands_reach_the_radio_and_come_back_done() {
    let zigbee = Zigbee::start().await;
    let (home, peer) = (&zigbee.home, &zigbee.peer);
    let mark = peer.mark();
    let set = "onOff: { on: true }, brightness: { level: 30 }";
    assert_eq!(home.set("white_bulb", "1", set).await, "DONE");
    let heard = peer.on_air(mark, "white_bulb", "genLevelCtrl", "moveToLevelWithOnOff").await;
    assert_eq!(heard["payload"]["level"], 76);
    assert_eq!(home.set("white_bulb", "1", "colorTemperature: { kelvin: 3000 }").await, "DONE");
    peer.on_air(mark, "white_bulb", "lightingColorCtrl", "moveToColorTemp").await;
    assert_eq!(home.set("color_bulb", "1", "onOff: { on: true }, color: { value: { h: 120, s: 100 } }").await, "DONE");
    peer.on_air(mark, "color_bulb", "genOnOff", "on").await;
    assert_eq!(home.set("plug", "1", "onOff: { on: true }").await, "DONE");
    peer.on_air(mark, "plug", "genOnOff", "on").await;
    assert_eq!(home.set("wall_switch", "right", "onOff: { on: true }").await, "DONE");
    assert_eq!(peer.on_air(mark, "wall_switch", "genOnOff", "on").await["endpoint"], 2);
    assert_ne!(home.value("wall_switch", "left", "on_off.on").await, true);
    assert_eq!(home.set("blind", "1", "covering: { position: 40 }").await, "DONE");
    peer.on_air(mark, "blind", "closuresWindowCovering", "goToLiftPercentage").await;
    assert_eq!(home.invoke("lock", "1", "lock: { unlock: {} }").await, "DONE");
    peer.on_air(mark, "lock", "closuresDoorLock", "unlockDoor").await;
    assert_eq!(home.value("lock", "1", "lock.state").await, "unlocked");
}

#[tokio::test]
async fn what_devices_sense_becomes_events() {
    let mut zigbee = Zigbee::start().await;
    let mut events = zigbee.home.events().await;
    let senses = [
        ("weather", json!({ "celsius": 21.5 }), "temperature.measured", json!(21.5)),
        ("weather", json!({ "humidity_percent": 48 }), "humidity.measured", json!(48)),
        ("motion", json!({ "moves": true }), "occupancy.occupied", json!(true)),
        ("door", json!({ "open": true }), "contact.open", json!(true)),
        ("leak", json!({ "wet": true }), "leak.detected", json!(true)),
        ("plug", json!({ "watts": 42 }), "power.watts", json!(42)),
        ("blind", json!({ "closed_percent": 25 }), "covering.position", json!(75)),
    ];
    for (device, sense, property, value) in senses {
        let id = zigbee.id(device).await;
        zigbee.peer.sense(device, sense).await;
        let is_it = |event: &Value| changed(event, &id, property).filter(|new| *new == value).map(|_| event.clone());
        let event = events.wait_for(&format!("{device} {property} {value}"), is_it).await;
        assert_eq!(event["cause"]["actor"], "DEVICE", "{event}");
        assert_eq!(zigbee.home.value(device, "1", property).await, value);
    }
    // Nobody moves any more: Zigbee2MQTT says so after two seconds.
    let motion = zigbee.id("motion").await;
    let is_over = |event: &Value| changed(event, &motion, "occupancy.occupied").filter(|new| *new == false);
    events.wait_for("end of the motion", is_over).await;
}

#[tokio::test]
async fn presses_are_occurrences() {
    let mut zigbee = Zigbee::start().await;
    let mut events = zigbee.home.events().await;
    let button = zigbee.id("button").await;
    for (press, name) in [
        ("single", "button.single"),
        ("double", "button.double"),
        ("hold", "button.long"),
        ("release", "button.release"),
    ] {
        zigbee.peer.sense("button", json!({ "press": press })).await;
        let is_it = |event: &Value| occurred(event, &button).filter(|told| told == name);
        events.wait_for_new(name, is_it).await;
    }
    let switch = zigbee.id("wall_switch").await;
    zigbee.peer.sense("wall_switch", json!({ "press_left": "single" })).await;
    let press = events
        .wait_for_new("press on the wall", |event| occurred(event, &switch).map(|_| event["occurrence"].clone()))
        .await;
    assert_eq!((&press["endpoint"], &press["occurrence"]), (&json!("left"), &json!("button.single")));
    // A press is one press, however many entities and topics tell of it, also when its kind is long known.
    zigbee.two_seconds(&mut events).await;
    zigbee.peer.sense("button", json!({ "press": "single" })).await;
    let is_single = |event: &Value| occurred(event, &button).filter(|told| told == "button.single");
    events.wait_for_new("second press", is_single).await;
    zigbee.two_seconds(&mut events).await;
    let of_button = events.seen.iter().filter_map(|event| occurred(event, &button)).collect::<Vec<_>>();
    assert_eq!(of_button, ["button.single", "button.double", "button.long", "button.release", "button.single"]);
}

const MOTION_LIGHT: &str = r#"
name = "Light where somebody moves"

[[when]]
property = { of = "motion/occupancy.occupied", becomes = true }

[[then]]
set = { target = "white_bulb", "on_off.on" = true, "brightness.level" = 60 }
"#;

#[tokio::test]
async fn a_rule_lights_a_lamp_when_somebody_moves() {
    let mut zigbee = Zigbee::with(TestHome::plan().rule("motion.toml", MOTION_LIGHT)).await;
    let mut events = zigbee.home.events().await;
    let lamp = zigbee.id("white_bulb").await;
    let mark = zigbee.peer.mark();
    zigbee.peer.sense("motion", json!({ "moves": true })).await;
    zigbee.peer.on_air(mark, "white_bulb", "genLevelCtrl", "moveToLevelWithOnOff").await;
    let is_on = |event: &Value| changed(event, &lamp, "on_off.on").filter(|on| *on == true).map(|_| event.clone());
    let on = events.wait_for("lamp on", is_on).await;
    assert_eq!((&on["cause"]["actor"], &on["cause"]["depth"]), (&json!("RULE"), &json!(1)));
}

#[tokio::test]
async fn a_device_that_stops_answering_is_unreachable_until_it_answers() {
    let mut zigbee = Zigbee::start().await;
    let plug = zigbee.id("plug").await;
    let mut events = zigbee.home.events().await;
    zigbee.peer.tell("plug", "silence").await;
    events.wait_for("silent plug", |event| came_or_went(event, &plug).filter(|there| !there)).await;
    assert_eq!(zigbee.home.set("plug", "1", "onOff: { on: true }").await, "UNREACHABLE");
    assert_eq!(zigbee.home.device("weather").await["reachable"], true);
    zigbee.peer.tell("plug", "answer").await;
    zigbee.peer.sense("plug", json!({ "watts": 7 })).await;
    events.wait_for("plug that answers", |event| came_or_went(event, &plug).filter(|there| *there)).await;
    assert_eq!(zigbee.home.set("plug", "1", "onOff: { on: true }").await, "DONE");
}

#[tokio::test]
async fn a_lamp_that_does_not_confirm_times_out() {
    let mut zigbee = Zigbee::start().await;
    assert_eq!(zigbee.home.set("white_bulb", "1", "onOff: { on: false }").await, "DONE");
    zigbee.peer.tell("white_bulb", "silence").await;
    assert_eq!(zigbee.home.set("white_bulb", "1", "onOff: { on: true }").await, "TIMED_OUT");
    assert_eq!(zigbee.home.value("white_bulb", "1", "on_off.on").await, false, "only a report changes a value");
}

#[tokio::test]
async fn when_zigbee2mqtt_dies_its_devices_are_unreachable_until_it_is_back() {
    let mut zigbee = Zigbee::start().await;
    zigbee.peer.sense("weather", json!({ "celsius": 18.5 })).await;
    zigbee
        .home
        .until_devices("weather", |devices| {
            devices.iter().any(|one| value_in(one, "1", "temperature.measured") == 18.5).then_some(())
        })
        .await;
    zigbee.peer.process.kill9().await;
    zigbee.all_reachable(false).await;
    assert_eq!(zigbee.home.value("weather", "1", "temperature.measured").await, 18.5, "last values stay");
    assert_eq!(zigbee.home.set("white_bulb", "1", "onOff: { on: true }").await, "UNREACHABLE");
    zigbee.peer.start_again().await;
    zigbee.all_reachable(true).await;
    assert_eq!(zigbee.home.set("white_bulb", "1", "onOff: { on: true }").await, "DONE");
}

#[tokio::test]
async fn when_the_broker_dies_all_is_unreachable_and_all_comes_back_with_it() {
    let mut zigbee = Zigbee::start().await;
    let before = zigbee.home.devices().await;
    zigbee.broker.kill9().await;
    zigbee.all_reachable(false).await;
    assert_eq!(zigbee.home.set("white_bulb", "1", "onOff: { on: true }").await, "UNREACHABLE");
    zigbee.broker.start_again().await;
    zigbee.all_reachable(true).await;
    // Zigbee2MQTT comes back by itself, after a second or two, and says that it is there before it listens.
    home_tests::eventually("command that is carried out", async || {
        (zigbee.home.set("white_bulb", "1", "onOff: { on: true }").await == "DONE").then_some(())
    })
    .await;
    let ids = |devices: &[Value]| -> Vec<Value> { devices.iter().map(|device| device["id"].clone()).collect() };
    assert_eq!(ids(&zigbee.home.devices().await), ids(&before));
}

#[tokio::test]
async fn devices_join_and_are_removed_while_the_hub_runs() {
    let mut zigbee = Zigbee::start().await;
    let before = zigbee.home.devices().await.len();
    zigbee.peer.tell("newcomer", "join").await;
    zigbee.home.until_devices("newcomer", |devices| (devices.len() == before + 1).then_some(())).await;
    let mut client = zigbee.broker.client("owner").await;
    client.publish("zigbee2mqtt/bridge/request/device/remove", r#"{"id":"door","force":true}"#).await;
    let is_gone = |devices: &[Value]| devices.iter().all(|device| device["name"] != "door").then_some(());
    zigbee.home.until_devices("devices without the door", is_gone).await;
    assert_eq!(zigbee.home.devices().await.len(), before);
}

#[tokio::test]
async fn after_a_restart_the_same_devices_have_the_same_ids_and_names() {
    let mut zigbee = Zigbee::start().await;
    let (home, peer) = (&mut zigbee.home, &mut zigbee.peer);
    home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
    home.mutate(
        "mutation { editDevice(id: \"plug\", set: { name: \"Heater\", handle: \"heater\", room: \"Attic\" }) { id } }",
    )
    .await;
    peer.sense("weather", json!({ "celsius": 12.25 })).await;
    home.until_devices("weather", |devices| {
        devices.iter().any(|one| value_in(one, "1", "temperature.measured") == 12.25).then_some(())
    })
    .await;
    let names = |devices: Vec<Value>| -> Vec<String> {
        let line = |device: Value| {
            format!("{} {} {} {}", device["id"], device["handle"], device["name"], device["room"]["name"])
        };
        let mut names: Vec<_> = devices.into_iter().map(line).collect();
        names.sort();
        names
    };
    let before = names(home.devices().await);
    home.restart().await;
    home.until_devices("reachable weather", |devices| {
        devices.iter().any(|one| one["name"] == "weather" && one["reachable"] == true).then_some(())
    })
    .await;
    assert_eq!(names(home.devices().await), before);
    assert_eq!(home.value("weather", "1", "temperature.measured").await, 12.25, "it has said nothing since");
    assert_eq!(home.set("heater", "1", "onOff: { on: true }").await, "DONE");
}
