//! Every kind of entity: what it offers, what its messages tell, and what is sent to it.

use std::fmt::Write as _;

use hub_model::Color;

use super::*;

/// What an entity is, hears and says, in words.
struct Told(Entity, String);

impl Told {
    fn of(component: &str, config: &Json) -> Self {
        let entity = read(component, config).unwrap();
        let mut words = format!("{component}: {}\n", entity.part.kind().word());
        for (slot, offer) in entity.part.offers().iter().enumerate() {
            let settable = if offer.access == hub_model::capability::Access::ReadWrite { ", settable" } else { "" };
            let silent = if offer.reports { "" } else { ", silent" };
            let shape = match &offer.shape {
                hub_model::Shape::Number(limits) => format!("{limits} by {:?} {}", limits.step, offer.unit),
                hub_model::Shape::Choice(choice) => choice.join("|"),
                other => format!("{other:?}"),
            };
            let _ = writeln!(words, "  {slot} {} {shape}{settable}{silent}", offer.property);
        }
        for (slot, offer) in entity.part.actions().iter().enumerate() {
            let _ = writeln!(words, "  {slot} {}()", offer.action);
        }
        Self(entity, words)
    }

    fn hears(mut self, topic: &str, payload: &str) -> Self {
        let mut heard = Vec::new();
        for (at, _) in self.0.part.sources().iter().enumerate().filter(|(_, source)| source.topic == topic) {
            self.0.part.read(at, &Payload::new(payload.as_bytes()), &mut heard);
        }
        let words = heard.iter().map(|heard| match heard {
            Heard::Reading(slot, value) => format!("{} = {value}", self.0.part.offers()[*slot].property),
            other => format!("{other:?}"),
        });
        let words = words.collect::<Vec<_>>().join(", ");
        let _ = writeln!(self.1, "{topic} {payload} -> {words}");
        self
    }

    fn set(mut self, property: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let offers = self.0.part.offers();
        let slot = offers.iter().position(|offer| offer.property.as_str() == property).unwrap();
        assert_eq!(offers[slot].check(&value), Ok(()), "{property} cannot be set so");
        let told = self.0.part.set(&Wanted { values: vec![(slot, value.clone())], transition: None });
        self.sent(&format!("{property} := {value}"), told)
    }

    fn act(mut self, action: &str, arguments: &[(&str, Value)]) -> Self {
        let slot = self.0.part.actions().iter().position(|offer| offer.action.as_str() == action).unwrap();
        let arguments = arguments.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        let told = self.0.part.invoke(slot, &arguments);
        self.sent(&format!("{action}()"), told)
    }

    fn sent(&mut self, what: &str, told: Result<Vec<crate::entity::Message>, crate::entity::CommandError>) -> Self {
        let words = match told {
            Ok(messages) => {
                messages.iter().map(|sent| format!("{} {}", sent.topic, sent.payload)).collect::<Vec<_>>().join(", ")
            }
            Err(error) => error.to_string(),
        };
        let _ = writeln!(self.1, "{what} -> {words}");
        Self(self.0.clone(), std::mem::take(&mut self.1))
    }
}

fn word(text: &str) -> Value {
    Value::text(text)
}

#[test]
fn a_radiator_valve_is_a_thermostat() {
    // As Zigbee2MQTT announces one.
    let told = Told::of("climate", &json!({
        "action_template": "{% set values = {None:None,'idle':'idle','heat':'heating','cool':'cooling','fan_only':'fan'} %}{{ values[value_json.running_state] }}",
        "action_topic": "z/trv", "current_temperature_template": "{{ value_json.local_temperature }}",
        "current_temperature_topic": "z/trv", "max_temp": "35", "min_temp": "5", "temp_step": 0.5,
        "mode_command_topic": "z/trv/set/system_mode", "mode_state_template": "{{ value_json.system_mode }}",
        "mode_state_topic": "z/trv", "modes": ["auto", "heat", "off"],
        "preset_mode_command_topic": "z/trv/set/preset", "preset_mode_state_topic": "z/trv",
        "preset_mode_value_template": "{{ value_json.preset }}", "preset_modes": ["schedule", "boost"],
        "temperature_command_topic": "z/trv/set/occupied_heating_setpoint",
        "temperature_state_template": "{{ value_json.occupied_heating_setpoint }}", "temperature_state_topic": "z/trv",
        "temperature_unit": "C"
    }))
    .hears("z/trv", r#"{"system_mode":"heat","local_temperature":19.5,"occupied_heating_setpoint":21,"running_state":"heat","preset":"none"}"#)
    .hears("z/trv", r#"{"system_mode":null,"local_temperature":null,"running_state":null}"#)
    .set("thermostat.mode", word("off"))
    .set("thermostat.heating_setpoint", 21.5)
    .set("x.mqtt.preset_mode", word("boost"));
    insta::assert_snapshot!(told.1);
}

#[test]
fn an_air_conditioner_counts_in_fahrenheit_and_has_a_span() {
    let told = Told::of("climate", &json!({
        "modes": ["off", "heat_cool", "cool", "heat"], "mode_cmd_t": "a/mode", "mode_stat_t": "a/m", "temp_unit": "F",
        "min_temp": 50, "max_temp": 86, "temp_lo_cmd_t": "a/low", "temp_lo_stat_t": "a/l", "temp_hi_cmd_t": "a/high",
        "temp_hi_stat_t": "a/h", "curr_temp_t": "a/t", "curr_hum_t": "a/rh", "fan_mode_cmd_t": "a/fan",
        "fan_mode_stat_t": "a/f", "swing_mode_cmd_t": "a/swing", "swing_mode_stat_t": "a/s", "hum_cmd_t": "a/hum",
        "swing_h_mode_cmd_t": "a/wide", "swing_h_modes": ["left", "right"], "act_t": "a/a"
    }))
    .hears("a/m", "heat_cool").hears("a/l", "68").hears("a/h", "77").hears("a/t", "71.6").hears("a/rh", "45")
    .hears("a/f", "auto").hears("a/s", "on").hears("a/a", "off").hears("a/a", "preheating").hears("a/m", "party")
    .set("thermostat.heating_setpoint", 20.0).set("thermostat.cooling_setpoint", 25.5)
    .set("thermostat.mode", word("auto")).set("fan.oscillation", false).set("humidifier.target", 50.0)
    .set("x.mqtt.swing_horizontal_mode", word("left"));
    insta::assert_snapshot!(told.1);
}

#[test]
fn a_device_that_only_cools_cools_to_its_temperature() {
    let told = Told::of(
        "climate",
        &json!({"modes": ["cool", "fan_only"], "mode_cmd_t": "m", "temp_cmd_t": "t", "pow_cmd_t": "p"}),
    )
    .set("thermostat.cooling_setpoint", 21.0)
    .set("on_off.on", false);
    insta::assert_snapshot!(told.1);
}

#[test]
fn a_fan_counts_its_speeds_and_is_off_at_none() {
    let told = Told::of(
        "fan",
        &json!({
            "cmd_t": "f/on", "stat_t": "f/state", "pct_cmd_t": "f/speed", "pct_stat_t": "f/s", "spd_rng_max": 3,
            "pr_mode_cmd_t": "f/preset", "pr_mode_stat_t": "f/p", "pr_modes": ["auto", "Smart", "sleep"],
            "osc_cmd_t": "f/osc", "osc_stat_t": "f/o", "dir_cmd_t": "f/dir", "dir_stat_t": "f/d"
        }),
    )
    .hears("f/state", "ON")
    .hears("f/s", "2")
    .hears("f/s", "0")
    .hears("f/s", "None")
    .hears("f/p", "Smart")
    .hears("f/o", "oscillate_on")
    .hears("f/d", "reverse")
    .set("fan.speed", 66.7)
    .set("fan.speed", 100.0)
    .set("fan.speed", 1.0)
    .set("fan.speed", 0.0)
    .set("fan.mode", word("smart"))
    .set("fan.oscillation", true)
    .set("fan.direction", word("forward"));
    insta::assert_snapshot!(told.1);
    let own = Told::of("fan", &json!({"cmd_t": "c", "pr_mode_cmd_t": "p", "pr_modes": ["breeze", "auto"]}));
    assert!(own.1.contains("x.mqtt.preset_mode breeze|auto, settable, silent"), "{}", own.1);
}

#[test]
fn humidifiers_and_water_heaters_keep_what_they_are_set_to() {
    let humidifier = Told::of("humidifier", &json!({
        "cmd_t": "h/on", "stat_t": "h/state", "hum_cmd_t": "h/target", "hum_stat_t": "h/t", "min_hum": 30, "max_hum": 80,
        "mode_cmd_t": "h/mode", "mode_stat_t": "h/m", "modes": ["normal", "eco"], "act_t": "h/a", "curr_hum_t": "h/c",
        "dev_cla": "dehumidifier"
    }))
    .hears("h/state", "ON").hears("h/t", "45").hears("h/m", "eco").hears("h/a", "drying").hears("h/c", "51.5")
    .set("humidifier.target", 40.0).set("humidifier.mode", word("normal")).set("on_off.on", false);
    let heater = Told::of("water_heater", &json!({
        "modes": ["off", "eco", "performance"], "mode_cmd_t": "w/mode", "mode_stat_t": "w/m", "temp_cmd_t": "w/temp",
        "temp_stat_t": "w/t", "curr_temp_t": "w/c", "pow_cmd_t": "w/p", "max_temp": 70
    }))
    .hears("w/m", "eco").hears("w/t", "55").hears("w/c", "48.5").set("x.mqtt.operation_mode", word("off"));
    insta::assert_snapshot!(humidifier.1 + &heater.1);
}

#[test]
fn a_siren_sounds_with_a_tone_and_for_a_time() {
    let told = Told::of("siren", &json!({"cmd_t": "s/set", "stat_t": "s"}))
        .hears("s", "ON")
        .hears("s", r#"{"state": "OFF", "tone": "x"}"#)
        .hears("s", "loud")
        .set("siren.sounding", true)
        .act("siren.sound", &[("tone", word("fire")), ("volume", 50.0.into()), ("duration", 10.0.into())]);
    let templated = json!({"cmd_t": "s", "cmd_tpl": "{{ value }} {{ tone }}", "cmd_off_tpl": "quiet"});
    let templated =
        Told::of("siren", &templated).act("siren.sound", &[("tone", word("fire"))]).set("siren.sounding", false);
    insta::assert_snapshot!(told.1 + &templated.1);
}

#[test]
fn a_valve_is_open_or_open_so_far() {
    let plain = Told::of("valve", &json!({"cmd_t": "v/set", "stat_t": "v", "pl_stop": "STOP"}))
        .hears("v", "open")
        .hears("v", "closing")
        .hears("v", r#"{"state": "closed"}"#)
        .hears("v", "?")
        .set("valve.open", true)
        .act("valve.stop", &[]);
    let positions = json!({"cmd_t": "v/set", "stat_t": "v", "pos": true, "pos_clsd": 10, "pos_open": 60});
    let positions = Told::of("valve", &positions)
        .hears("v", "35")
        .hears("v", r#"{"state": "opening", "position": 60}"#)
        .hears("v", "10")
        .set("valve.position", 50.0)
        .set("valve.open", false);
    insta::assert_snapshot!(plain.1 + &positions.1);
}

#[test]
fn robots_clean_and_mow() {
    // As Valetudo announces one.
    let vacuum = Told::of(
        "vacuum",
        &json!({
            "schema": "state", "supported_features": ["start", "stop", "pause", "return_home", "locate", "fan_speed"],
            "stat_t": "v/hass/state", "cmd_t": "v/command", "pl_strt": "START", "pl_ret": "HOME",
            "fanspd_lst": ["low", "max"], "set_fan_spd_t": "v/fan/set"
        }),
    )
    .hears("v/hass/state", r#"{"state": "cleaning", "fan_speed": "max", "battery_level": 87}"#)
    .act("vacuum.start", &[])
    .act("vacuum.return_home", &[])
    .act("vacuum.locate", &[])
    .set("vacuum.suction", word("low"));
    let mower = Told::of("lawn_mower", &json!({
        "act_stat_t": "m", "act_val_tpl": "{{ value_json.activity }}", "dock_cmd_t": "m/dock", "pause_cmd_t": "m/pause",
        "pause_mw_cmd_tpl": "{\"do\": \"{{ value }}\"}", "strt_mw_cmd_t": "m/start"
    }))
    .hears("m", r#"{"activity": "mowing"}"#).hears("m", r#"{"activity": "docked"}"#)
    .act("x.mqtt.start_mowing", &[]).act("x.mqtt.pause", &[]);
    insta::assert_snapshot!(vacuum.1 + &mower.1);
}

#[test]
fn an_update_tells_what_is_installed_and_what_could_be() {
    // As Zigbee2MQTT announces one.
    let told = Told::of("update", &json!({
        "command_topic": "z/bridge/request/device/ota_update/update", "payload_install": "{\"id\": \"0x1\"}",
        "state_topic": "z/plug", "device_class": "firmware",
        "value_template": "{\"latest_version\":\"{{ value_json['update']['latest_version'] }}\",\"installed_version\":\"{{ value_json['update']['installed_version'] }}\",\"update_percentage\":{{ value_json['update'].get('progress', 'null') }},\"in_progress\":{{ (value_json['update']['state'] == 'updating')|lower }}}"
    }))
    .hears("z/plug", r#"{"update": {"installed_version": -1, "latest_version": -1, "state": null}}"#)
    .hears("z/plug", r#"{"update": {"installed_version": 16, "latest_version": 17, "state": "updating", "progress": 12.5}}"#)
    .hears("z/plug", r#"{"update": {"installed_version": 17, "latest_version": 17, "state": "idle"}}"#)
    .hears("z/plug", r#"{"state": "ON"}"#)
    .act("firmware.update", &[]);
    let plain = Told::of("update", &json!({"stat_t": "u", "l_ver_t": "l"})).hears("u", "1.0.2").hears("l", "1.1.0");
    insta::assert_snapshot!(told.1 + &plain.1);
}

#[test]
fn an_alarm_asks_for_the_code_that_its_configuration_names() {
    let config =
        json!({"stat_t": "a", "cmd_t": "a/set", "code": "1234", "cod_arm_req": false, "sup_feat": ["arm_away"]});
    let here = Told::of("alarm_control_panel", &config)
        .hears("a", "armed_away")
        .hears("a", "triggered")
        .hears("a", "party")
        .act("x.mqtt.arm_away", &[])
        .act("x.mqtt.disarm", &[])
        .act("x.mqtt.disarm", &[("code", word("1234"))]);
    let config = json!({"stat_t": "a", "cmd_t": "a/set", "code": "REMOTE_CODE", "cmd_tpl": "{{ action }} {{ code }}"});
    let there = Told::of("alarm_control_panel", &config).act("x.mqtt.disarm", &[("code", word("9"))]);
    insta::assert_snapshot!(here.1 + &there.1);
}

#[test]
fn texts_scenes_and_people() {
    let text = Told::of("text", &json!({"cmd_t": "t/set", "stat_t": "t", "max": 20}))
        .hears("t", "hello")
        .set("x.mqtt.thing", word("bye"));
    assert!(matches!(read("text", &json!({"cmd_t": "t", "mode": "password"})), Err(ConfigError::Secret)));
    let scene = Told::of("scene", &json!({"cmd_t": "s", "pl_on": "evening"})).act("x.mqtt.thing", &[]);
    let person = Told::of("device_tracker", &json!({"stat_t": "p"}))
        .hears("p", "home")
        .hears("p", "not_home")
        .hears("p", "office")
        .hears("p", "None");
    insta::assert_snapshot!(text.1 + &scene.1 + &person.1);
}

#[test]
fn every_kind_is_decided_and_errors_name_what_is_missing() {
    for (component, words) in [
        ("camera", "pictures"),
        ("notify", "rules"),
        ("toaster", "does not know"),
        ("climate", "`mode_command_topic` is missing"),
        ("valve", "`command_topic` is missing"),
        ("fan", "`command_topic` is missing"),
        ("update", "`state_topic` is missing"),
        ("vacuum", "`command_topic` is missing"),
    ] {
        let error = read(component, &json!({})).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

proptest::proptest! {
    /// Whatever an offer allows can be sent, and what comes back as the device's own number is the same again.
    #[test]
    fn a_setpoint_comes_back_as_it_was_sent(tenths in 100_i32..300, fahrenheit: bool) {
        let unit = if fahrenheit { "F" } else { "C" };
        let (min, max) = if fahrenheit { (41, 95) } else { (5, 35) };
        let config = json!({"modes": ["heat"], "temp_cmd_t": "c", "temp_stat_t": "s", "temp_unit": unit, "min_temp": min, "max_temp": max});
        let entity = read("climate", &config).unwrap();
        let wanted = Value::Number(f64::from(tenths) / 10.0);
        let payload = told(&entity, wanted.clone());
        let back = heard(&entity, &payload);
        let Some(Heard::Reading(0, is)) = back.first() else { panic!("{back:?}") };
        proptest::prop_assert!(entity.part.offers()[0].fulfils(&wanted, is), "{wanted} became {is}");
    }

    #[test]
    fn a_speed_comes_back_within_a_step(percent in 0_u8..=100, least in 1_u8..5, more in 0_u8..100) {
        let config = json!({"pct_cmd_t": "c", "pct_stat_t": "s", "spd_rng_min": least, "spd_rng_max": least + more});
        let entity = read("fan", &config).unwrap();
        let wanted = Value::Number(f64::from(percent));
        let back = heard(&entity, &told(&entity, wanted.clone()));
        let Some(Heard::Reading(0, Value::Number(is))) = back.first() else { panic!("{back:?}") };
        proptest::prop_assert!((is - f64::from(percent)).abs() <= entity.part.offers()[0].step() + 0.1);
        proptest::prop_assert!(percent == 0 || *is > 0.0, "a little is never nothing");
    }
}

#[test]
fn colours_are_no_affair_of_facets() {
    let entity = read("fan", &json!({"cmd_t": "c"})).unwrap();
    let wanted = Wanted { values: vec![(0, Color::new(1.0, 1.0).into())], transition: None };
    assert!(entity.part.set(&wanted).is_err(), "the hub checks values before, and a wrong one does no harm");
}
