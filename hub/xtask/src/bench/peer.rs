//! The two hubs that are measured: how each is asked for the same thing, and where its answer has it. Pure.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{fleet, http::Ask};

/// A hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// Ours.
    Hearth,
    /// Home Assistant.
    HomeAssistant,
}

/// What a phone shows of each device: its name, place and state.
const CARDS: &str =
    "{ devices { id name room { id } reachable endpoints { id kind properties { id value unit changedAt } } } }";
/// Every value.
const READINGS: &str = "{ devices { handle endpoints { properties { value } } } }";
/// What happens.
const EVENTS: &str = "subscription { events { cursor at change { device endpoint property old new } } }";

impl Peer {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hearth => "Hearth",
            Self::HomeAssistant => "Home Assistant",
        }
    }

    /// All devices with their state, as a phone asks for them.
    pub(super) fn cards(self) -> Ask {
        match self {
            Self::Hearth => Ask::document(CARDS),
            Self::HomeAssistant => Ask::Get("/api/states".into()),
        }
    }

    /// All values.
    pub(super) fn readings(self) -> Ask {
        match self {
            Self::Hearth => Ask::document(READINGS),
            Self::HomeAssistant => Ask::Get("/api/states".into()),
        }
    }

    /// The values in such an answer, one list for each of the bench's devices.
    pub(super) fn values(self, answer: &Value) -> Vec<Vec<Value>> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        match self {
            Self::Hearth => {
                let of = |endpoint: &Value| -> Vec<Value> {
                    list(&endpoint["properties"]).iter().map(|one| one["value"].clone()).collect()
                };
                let device = |device: &Value| list(&device["endpoints"]).iter().flat_map(of).collect();
                // The house itself is a device of every hub, and none of the fleet.
                let fleet = list(&answer["data"]["devices"]).into_iter().filter(|device| device["handle"] != "house");
                fleet.map(|it| device(&it)).collect()
            }
            Self::HomeAssistant => {
                list(answer).iter().filter(|one| is_ours(one)).map(|one| vec![number(&one["state"])]).collect()
            }
        }
    }

    /// One sensor's value.
    pub(super) fn reading(self, sensor: usize) -> Ask {
        match self {
            Self::Hearth => Ask::document(&format!(
                "{{ device(id: \"bench-{sensor}\") {{ endpoints {{ temperature {{ measured }} }} }} }}"
            )),
            Self::HomeAssistant => Ask::Get(format!("/api/states/sensor.bench_{sensor}")),
        }
    }

    /// The value in such an answer.
    pub(super) fn value(self, answer: &Value) -> Option<f64> {
        match self {
            Self::Hearth => answer["data"]["device"]["endpoints"][0]["temperature"]["measured"].as_f64(),
            Self::HomeAssistant => number(&answer["state"]).as_f64(),
        }
    }

    /// A command for the lamp.
    pub(super) fn lamp(self, on: bool) -> Ask {
        match self {
            Self::Hearth => Ask::document(&format!(
                "mutation {{ control(device: \"bench-0\", set: {{ onOff: {{ on: {on} }} }}) {{ outcome }} }}"
            )),
            Self::HomeAssistant => {
                let path = if on { "/api/services/light/turn_on" } else { "/api/services/light/turn_off" };
                Ask::Post(path, json!({ "entity_id": "light.bench_0" }))
            }
        }
    }

    /// Makes the scene that switches all switches.
    pub(super) fn make_scene(self) -> Ask {
        let switches = 0..fleet::SWITCHES;
        match self {
            Self::Hearth => {
                let step = |number| format!("{{ device: \"switch-{number}\", set: {{ onOff: {{ on: true }} }} }}");
                let steps: Vec<_> = switches.map(step).collect();
                Ask::document(&format!(
                    "mutation {{ putScene(handle: \"bench\", name: \"Bench\", steps: [{}]) {{ id }} }}",
                    steps.join(", ")
                ))
            }
            Self::HomeAssistant => {
                let states: serde_json::Map<_, _> =
                    switches.map(|number| (format!("switch.switch_{number}"), "on".into())).collect();
                Ask::Post("/api/services/scene/create", json!({ "scene_id": "bench", "entities": states }))
            }
        }
    }

    /// Runs the scene.
    pub(super) fn run_scene(self) -> Ask {
        match self {
            Self::Hearth => Ask::document("mutation { runScene(id: \"bench\") { outcome } }"),
            Self::HomeAssistant => Ask::Post("/api/services/scene/turn_on", json!({ "entity_id": "scene.bench" })),
        }
    }

    /// Switches all switches off, where a scene passes over what it takes to be on.
    pub(super) fn end_scene(self) -> Option<Ask> {
        let switches = || (0..fleet::SWITCHES).map(|number| format!("switch.switch_{number}")).collect::<Vec<_>>();
        match self {
            Self::Hearth => None,
            Self::HomeAssistant => Some(Ask::Post("/api/services/switch/turn_off", json!({ "entity_id": switches() }))),
        }
    }

    /// A sensor's history between two moments, for a chart of 500 points where the hub can thin it.
    pub(super) fn chart(self, sensor: usize, from: Timestamp, to: Timestamp) -> Ask {
        match self {
            Self::Hearth => Ask::document(&format!(
                "{{ history(device: \"bench-{sensor}\", property: \"temperature.measured\", from: \"{from}\", \
                 to: \"{to}\", points: 500) {{ at value min max }} }}"
            )),
            Self::HomeAssistant => Ask::Get(format!(
                "/api/history/period/{from}?end_time={to}&filter_entity_id=sensor.bench_{sensor}&minimal_response&no_attributes"
            )),
        }
    }

    /// Where its WebSocket is, and the protocol that it is asked for.
    pub(super) const fn socket(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Hearth => ("/graphql", Some("graphql-transport-ws")),
            Self::HomeAssistant => ("/api/websocket", None),
        }
    }

    /// What a phone says to hear of every change: each text, and what the answer to it holds.
    pub(super) fn greeting(self, token: &str) -> Vec<(Value, &'static str)> {
        match self {
            Self::Hearth => vec![
                (json!({ "type": "connection_init", "payload": { "token": token } }), "connection_ack"),
                (json!({ "type": "subscribe", "id": "1", "payload": { "query": EVENTS } }), "\"next\""),
            ],
            Self::HomeAssistant => vec![
                (json!({ "type": "auth", "access_token": token }), "auth_ok"),
                (json!({ "id": 1, "type": "subscribe_events", "event_type": "state_changed" }), "\"success\":true"),
            ],
        }
    }

    /// What the message about a change of sensor 1 holds.
    pub(super) fn mark(self, value: f64) -> String {
        match self {
            Self::Hearth => format!("\"new\":{value}}}"),
            Self::HomeAssistant => format!("\"new_state\":{{\"entity_id\":\"sensor.bench_1\",\"state\":\"{value}\""),
        }
    }

    /// Two rules for each pair: the switch of a sensor goes on when it is above 50, and off when it is below.
    pub(super) fn rules(self, pairs: usize) -> String {
        let pair = |number: usize| {
            let (sensor, switch) = (1 + number, number % fleet::SWITCHES);
            [("above", true), ("below", false)].map(|(side, on)| self.rule(sensor, switch, side, on)).concat()
        };
        (0..pairs).map(pair).collect()
    }

    /// How it is told to read its rules again, if it has to be told.
    pub(super) fn reload(self) -> Option<Ask> {
        (self == Self::HomeAssistant).then(|| Ask::Post("/api/services/automation/reload", json!({})))
    }

    /// Which rules it has.
    pub(super) fn loaded(self) -> Ask {
        match self {
            Self::Hearth => Ask::document("{ rules { id } }"),
            Self::HomeAssistant => Ask::Get("/api/states".into()),
        }
    }

    /// How many there are in such an answer.
    pub(super) fn count_rules(self, answer: &Value) -> usize {
        match self {
            Self::Hearth => answer["data"]["rules"].as_array().map_or(0, Vec::len),
            Self::HomeAssistant => {
                let is_rule =
                    |state: &&Value| state["entity_id"].as_str().is_some_and(|id| id.starts_with("automation."));
                answer.as_array().map_or(0, |states| states.iter().filter(is_rule).count())
            }
        }
    }

    fn rule(self, sensor: usize, switch: usize, side: &str, on: bool) -> String {
        match self {
            Self::Hearth => format!(
                "[[rule]]\nname = \"Sensor {sensor} {side}\"\nmode = \"queued\"\n\
                 when = [ {{ property = {{ of = \"bench-{sensor}/temperature.measured\", {side} = 50 }} }} ]\n\
                 then = [ {{ set = {{ target = \"switch-{switch}\", \"on_off.on\" = {on} }} }} ]\n\n"
            ),
            Self::HomeAssistant => format!(
                "- alias: Sensor {sensor} {side}\n  mode: queued\n  trigger:\n    - platform: numeric_state\n      \
                 entity_id: sensor.bench_{sensor}\n      {side}: 50\n  action:\n    - service: switch.turn_{}\n      \
                 target: {{ entity_id: switch.switch_{switch} }}\n",
                if on { "on" } else { "off" }
            ),
        }
    }
}

fn is_ours(state: &Value) -> bool {
    let id = state["entity_id"].as_str().unwrap_or_default();
    ["sensor.bench_", "light.bench_", "switch.switch_"].iter().any(|ours| id.starts_with(ours))
}

/// Home Assistant's states are texts.
fn number(state: &Value) -> Value {
    let text = state.as_str().unwrap_or_default();
    text.parse::<f64>().map_or_else(|_| Value::Null, Value::from)
}
