//! Tasmota's own discovery: `tasmota/discovery/<MAC>/config` says what a device has, `/sensors` what it measures
//! (Tasmota documentation, "MQTT Discovery"; field by field in `xdrv_12_discovery.ino`).
//!
//! Pure. What both say is turned into members of a bundle, so that everything behind it is the same as for devices
//! announced in Home Assistant's way.

mod inputs;
mod lights;
mod sensors;
mod shutters;

use serde_json::{Map, Value as Json, json};
use smol_str::{SmolStr, format_smolstr};

use super::{ConfigError, Echo, Member};
use crate::topic::is_topic;

/// How many relays, switches and buttons of a device are looked at; the firmware has 32 of each at most.
const MOST: usize = 32;

/// What a device says of itself.
#[derive(Debug)]
pub struct Tasmota {
    device: Json,
    /// The beginnings of its topics, with the slash at their end.
    command: SmolStr,
    stat: SmolStr,
    tele: SmolStr,
    /// What its last will says.
    words: [SmolStr; 2],
    /// Its words for off and on.
    states: [SmolStr; 2],
    config: Map<String, Json>,
}

impl Tasmota {
    /// Reads a device's `config`.
    ///
    /// # Errors
    /// If it does not say which its topics are.
    pub fn parse(config: Map<String, Json>) -> Result<Self, ConfigError> {
        let text = |field: &str| config.get(field).and_then(Json::as_str).filter(|text| !text.is_empty());
        let mac = text("mac").filter(|mac| mac.len() == 12 && mac.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let mac = mac.ok_or(ConfigError::Missing("mac"))?;
        let (topic, full) =
            (text("t").ok_or(ConfigError::Missing("t"))?, text("ft").ok_or(ConfigError::Missing("ft"))?);
        let begin = |place: usize, usual: &'static str| {
            let prefix = config.get("tp").and_then(|tp| tp.get(place)).and_then(Json::as_str).unwrap_or(usual);
            let begin = full.replace("%prefix%", prefix).replace("%topic%", topic);
            let begin = begin.replace("%hostname%", text("hn").unwrap_or_default()).replace("%id%", &mac[6..]);
            let begin: SmolStr = if begin.ends_with('/') { begin.into() } else { format_smolstr!("{begin}/") };
            if is_topic(&begin) { Ok(begin) } else { Err(ConfigError::NotATopic { field: "ft", topic: begin.into() }) }
        };
        let (command, stat, tele) = (begin(0, "cmnd")?, begin(1, "stat")?, begin(2, "tele")?);
        let pairs: Vec<String> =
            mac.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect();
        let word = |field: &str, usual: &'static str| SmolStr::from(text(field).unwrap_or(usual));
        let state = |place: usize, usual: &'static str| {
            SmolStr::from(
                config.get("state").and_then(|words| words.get(place)).and_then(Json::as_str).unwrap_or(usual),
            )
        };
        Ok(Self {
            device: json!({
                "connections": [["mac", pairs.join(":")]], "name": text("dn").unwrap_or(topic), "model": text("md"),
                "manufacturer": "Tasmota", "sw_version": text("sw"),
            }),
            command,
            stat,
            tele,
            words: [word("ofln", "Offline"), word("onln", "Online")],
            states: [state(0, "OFF"), state(1, "ON")],
            config,
        })
    }

    /// The entities of the device, given what its `sensors` say.
    pub fn members(&self, sensors: Option<&Map<String, Json>>) -> Vec<Member> {
        let mut members = self.relays();
        members.extend(lights::members(self));
        members.extend(shutters::members(self));
        members.extend(inputs::members(self));
        members.extend(self.fan());
        members.push(self.signal());
        if let Some(Json::Object(values)) = sensors.and_then(|sensors| sensors.get("sn")) {
            members.extend(sensors::members(self, values));
        }
        members
    }

    /// The topics and payloads that make the device tell its state at once.
    pub fn questions(&self) -> [(SmolStr, &'static str); 2] {
        [(self.command_topic("STATE"), ""), (self.command_topic("STATUS"), "10")]
    }

    fn relays(&self) -> Vec<Member> {
        let relay = |(place, kind): (usize, i64)| {
            // With SetOption30, relays are lamps.
            let lamp = self.option("30");
            (kind == 1).then(|| {
                let config = json!({
                    "name": self.name_of(place), "state_topic": self.tele_topic("STATE"),
                    "command_topic": self.command_topic(&format!("POWER{}", place + 1)),
                    "value_template": self.power_template(place),
                    "state_off": self.states[0], "state_on": self.states[1],
                });
                self.state_member(format_smolstr!("relay_{}", place + 1), if lamp { "light" } else { "switch" }, config)
            })
        };
        self.numbers("rl").into_iter().enumerate().filter_map(relay).collect()
    }

    fn fan(&self) -> Option<Member> {
        (self.number("if") == 1).then(|| {
            let config = json!({
                "percentage_command_topic": self.command_topic("FanSpeed"), "speed_range_max": 3,
                "percentage_state_topic": self.tele_topic("STATE"), "percentage_value_template": "{{ value_json.FanSpeed }}",
            });
            self.state_member("fan".into(), "fan", config)
        })
    }

    fn signal(&self) -> Member {
        let config = json!({
            "name": "Signal", "unit_of_measurement": "dBm", "state_class": "measurement", "entity_category": "diagnostic",
            "state_topic": self.tele_topic("STATE"), "value_template": "{{ value_json.Wifi.Signal }}",
        });
        self.state_member("signal".into(), "sensor", config)
    }

    /// An entity whose state stands in `tele/STATE`, and in part in each answer to a command.
    fn state_member(&self, key: SmolStr, component: &str, config: Json) -> Member {
        let state = self.tele_topic("STATE");
        let also = vec![Echo { of: state, topic: self.stat_topic("RESULT"), inside: None }];
        self.member(key, component, config, also)
    }

    /// An entity whose state stands in `tele/SENSOR`, in answers to commands, and in the answer to `STATUS 10`.
    fn sensor_member(&self, key: SmolStr, component: &str, config: Json) -> Member {
        let of = self.tele_topic("SENSOR");
        let answer = Echo { of: of.clone(), topic: self.stat_topic("RESULT"), inside: None };
        let status = Echo { of, topic: self.stat_topic("STATUS10"), inside: Some("StatusSNS") };
        self.member(key, component, config, vec![answer, status])
    }

    fn member(&self, key: SmolStr, component: &str, config: Json, echoes: Vec<Echo>) -> Member {
        let mut config = if let Json::Object(config) = config { config } else { Map::new() };
        config.insert("device".into(), self.device.clone());
        // One that sleeps most of the time is there although it is away.
        if self.number("dslp") != 1 {
            config.insert("availability_topic".into(), self.tele_topic("LWT").as_str().into());
            config.insert("payload_not_available".into(), self.words[0].as_str().into());
            config.insert("payload_available".into(), self.words[1].as_str().into());
        }
        Member { key, component: component.into(), config, echoes }
    }

    /// A lone relay is called `POWER`, or with SetOption26 `POWER1`; several are numbered.
    fn power_template(&self, place: usize) -> SmolStr {
        let several = self.numbers("rl").iter().filter(|kind| **kind != 0).count() > 1;
        if several {
            return format_smolstr!("{{{{ value_json.POWER{} }}}}", place + 1);
        }
        SmolStr::new_static("{{ value_json.POWER if value_json.POWER is defined else value_json.POWER1 }}")
    }

    /// The name for people of a relay; the device's own name is none.
    fn name_of(&self, place: usize) -> Option<&str> {
        let name = self.config.get("fn")?.get(place)?.as_str()?;
        (Some(name) != self.config.get("dn").and_then(Json::as_str)).then_some(name)
    }

    fn command_topic(&self, command: &str) -> SmolStr {
        format_smolstr!("{}{command}", self.command)
    }

    fn stat_topic(&self, what: &str) -> SmolStr {
        format_smolstr!("{}{what}", self.stat)
    }

    fn tele_topic(&self, what: &str) -> SmolStr {
        format_smolstr!("{}{what}", self.tele)
    }

    fn number(&self, field: &str) -> i64 {
        self.config.get(field).and_then(Json::as_i64).unwrap_or(0)
    }

    fn numbers(&self, field: &str) -> Vec<i64> {
        let list = self.config.get(field).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().take(MOST).map(|item| item.as_i64().unwrap_or(0)).collect()
    }

    /// Whether a `SetOption` is on.
    fn option(&self, number: &str) -> bool {
        self.config.get("so").and_then(|options| options.get(number)).and_then(Json::as_i64) == Some(1)
    }
}
