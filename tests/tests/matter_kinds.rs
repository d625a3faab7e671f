//! What the hub orders reaches Matter devices: every kind that matter.js plays and that takes orders, checked from the
//! device's own side; and what they do by themselves reaches the hub.

#[path = "matter_kinds/machines.rs"]
mod machines;

use home_tests::{MatterDevice, Network, TestHome, eventually, in_own_network, with_matter};
use serde_json::{Value, json};

/// Orders to a device: the property whose endpoint is meant, what is set, and the attribute that has to be so then.
type Order = (&'static str, &'static str, (u16, &'static str, &'static str), Value);

async fn obeys(home: &TestHome, device: &mut MatterDevice, id: &str, orders: Vec<Order>) {
    for (property, set, (endpoint, cluster, attribute), wanted) in orders {
        home.sets(id, property, set).await;
        assert_eq!(device.get(endpoint, cluster, attribute).await, wanted, "{set}");
    }
}

#[test]
fn lights_take_brightness_colour_and_temperature() {
    with_matter("color", async |home, mut lamp, id| {
        let orders = vec![
            ("on_off.on", "onOff: { on: false }", (1, "onOff", "onOff"), json!(false)),
            ("brightness.level", "onOff: { on: true }, brightness: { level: 40 }", (1, "onOff", "onOff"), json!(true)),
            (
                "color_temperature.kelvin",
                "colorTemperature: { kelvin: 4000 }",
                (1, "colorControl", "colorTemperatureMireds"),
                json!(250),
            ),
            (
                "color.value",
                "color: { value: { h: 240, s: 100 } }",
                (1, "colorControl", "currentSaturation"),
                json!(254),
            ),
        ];
        obeys(&home, &mut lamp, &id, orders).await;
        let level = lamp.get(1, "levelControl", "currentLevel").await.as_f64().unwrap_or_default();
        assert!((level / 254.0 * 100.0 - 40.0).abs() < 0.5, "{level}");
        lamp.set(1, "levelControl", "currentLevel", json!(254)).await;
        home.reads(&id, "brightness.level", json!(100)).await;
    });
}

#[test]
fn a_lamp_takes_its_time_to_a_brightness_when_it_is_told_so() {
    with_matter("dimmable", async |home, mut lamp, id| {
        // Else matter.js is at the level at once, whatever time it is given.
        lamp.set(1, "levelControl", "managedTransitionTimeHandling", json!(true)).await;
        let mark = lamp.mark();
        let said = home
            .mutate(&format!(
                "mutation {{ control(device: \"{id}\", set: {{ brightness: {{ level: 100 }} }}, transition: 2) {{ outcome }} }}"
            ))
            .await;
        assert_eq!(said["control"]["outcome"], "DONE");
        assert_eq!(lamp.get(1, "levelControl", "currentLevel").await, 254);
        let told =
            |attribute: &str| lamp.told(mark, |told| (told["attribute"] == attribute).then(|| told["value"].clone()));
        assert_eq!(told("remainingTime").first(), Some(&json!(20)));
        assert!(told("currentLevel").len() > 1, "{:?}", told("currentLevel"));
    });
}

#[test]
fn a_lamp_that_knows_only_xy_takes_a_colour_all_the_same() {
    with_matter("xy", async |home, mut lamp, id| {
        home.sets(&id, "color.value", "onOff: { on: true }, color: { value: { h: 120, s: 100 } }").await;
        let x = lamp.get(1, "colorControl", "currentX").await.as_f64().unwrap_or_default() / 65536.0;
        let y = lamp.get(1, "colorControl", "currentY").await.as_f64().unwrap_or_default() / 65536.0;
        assert!(y > 0.55 && x < 0.35, "{x} {y} is no green");
    });
}

#[test]
fn a_white_lamp_takes_its_temperature_and_tells_it() {
    with_matter("warm", async |home, mut lamp, id| {
        let set = "onOff: { on: true }, colorTemperature: { kelvin: 4000 }";
        let temperature = (1, "colorControl", "colorTemperatureMireds");
        obeys(&home, &mut lamp, &id, vec![("color_temperature.kelvin", set, temperature, json!(250))]).await;
        lamp.set(1, "colorControl", "colorTemperatureMireds", json!(400)).await;
        home.reads(&id, "color_temperature.kelvin", json!(2500)).await;
    });
}

#[test]
fn a_lamp_shows_which_it_is() {
    in_own_network(Network::Loopback, async {
        let mut lamp = MatterDevice::start("light", 5540, &[]).await;
        // Only a device that has a way to show itself offers it, and this one blinks.
        lamp.set(1, "identify", "identifyType", json!(1)).await;
        let home = TestHome::plan().matter().start().await;
        let device = home.add(&lamp.manual).await;
        let mark = lamp.mark();
        assert_eq!(home.invoke(&device, "1", "identify: { identify: { duration: 30 } }").await, "ASSUMED");
        let begins = |told: &Value| (told["attribute"] == "identifyTime").then(|| told["value"].as_u64()).flatten();
        assert_eq!(lamp.tells(mark, "sign of the lamp", begins).await, 30);
    });
}

#[test]
fn a_lock_with_a_code_is_locked_and_unlocked_and_says_so() {
    with_matter("lock", async |home, mut lock, id| {
        // It wants a code, and knows none of this number.
        for unlock in ["lock: { unlock: {} }", "lock: { unlock: { pin: \"1234\" } }"] {
            assert_eq!(home.invoke(&id, "1", unlock).await, "REFUSED");
            assert_eq!(lock.get(1, "doorLock", "lockState").await, 1);
        }
        lock.order(json!({ "do": "pin", "endpoint": 1, "pin": "1234" })).await;
        assert_eq!(home.invoke(&id, "1", "lock: { unlock: { pin: \"4321\" } }").await, "REFUSED");
        home.does(&id, "lock.state", "lock: { unlock: { pin: \"1234\" } }").await;
        home.does(&id, "lock.state", "lock: { lock: { pin: \"1234\" } }").await;

        lock.set(1, "doorLock", "requirePinForRemoteOperation", json!(false)).await;
        // Nothing else shows when the hub has heard of that.
        eventually("lock that wants no code", async || {
            (home.invoke(&id, "1", "lock: { unlock: {} }").await == "DONE").then_some(())
        })
        .await;
        // A lock with a bolt of its own: matter.js says that its latch is pulled, where the specification says unlocked.
        assert_eq!(lock.get(1, "doorLock", "lockState").await, 3);
        home.does(&id, "lock.state", "lock: { lock: {} }").await;
        assert_eq!(lock.get(1, "doorLock", "lockState").await, 1);
        lock.set(1, "doorLock", "lockState", json!(2)).await;
        home.reads(&id, "lock.state", json!("unlocked")).await;
        lock.set(1, "doorLock", "doorState", json!(0)).await;
        home.reads(&id, "contact.open", json!(true)).await;
        // What the device does at its keypad.
        let fields = json!({ "lockOperationType": 1, "operationSource": 3, "userIndex": 3, "fabricIndex": null, "sourceNode": null });
        lock.order(
            json!({ "do": "emit", "endpoint": 1, "cluster": "doorLock", "event": "lockOperation", "fields": fields }),
        )
        .await;
        home.reads(&id, "lock.operated_by", json!("keypad")).await;
        home.reads(&id, "lock.user", json!(3.0)).await;
    });
}

#[test]
fn thermostats_take_their_setpoints_and_mode() {
    with_matter("thermostat", async |home, mut device, id| {
        let orders = vec![
            (
                "thermostat.heating_setpoint",
                "thermostat: { heatingSetpoint: 22.5 }",
                (1, "thermostat", "occupiedHeatingSetpoint"),
                json!(2250),
            ),
            (
                "thermostat.cooling_setpoint",
                "thermostat: { coolingSetpoint: 27 }",
                (1, "thermostat", "occupiedCoolingSetpoint"),
                json!(2700),
            ),
            ("thermostat.mode", "thermostat: { mode: \"cool\" }", (1, "thermostat", "systemMode"), json!(3)),
        ];
        obeys(&home, &mut device, &id, orders).await;
        device.set(1, "thermostat", "localTemperature", json!(1850)).await;
        home.reads(&id, "temperature.measured", json!(18.5)).await;
    });
}

#[test]
fn an_air_conditioner_takes_its_mode_and_is_switched() {
    with_matter("aircon", async |home, mut device, id| {
        let orders = vec![
            ("thermostat.mode", "thermostat: { mode: \"off\" }", (1, "thermostat", "systemMode"), json!(0)),
            ("on_off.on", "onOff: { on: false }", (1, "onOff", "onOff"), json!(false)),
        ];
        obeys(&home, &mut device, &id, orders).await;
    });
}

#[test]
fn coverings_go_where_they_are_told() {
    with_matter("covering", async |home, mut device, id| {
        let orders = vec![
            (
                "covering.position",
                "covering: { position: 30 }",
                (1, "windowCovering", "currentPositionLiftPercent100ths"),
                json!(7000),
            ),
            (
                "covering.tilt",
                "covering: { tilt: 50 }",
                (1, "windowCovering", "currentPositionTiltPercent100ths"),
                json!(5000),
            ),
        ];
        obeys(&home, &mut device, &id, orders).await;
        home.does(&id, "covering.position", "covering: { open: true }").await;
        assert_eq!(device.get(1, "windowCovering", "currentPositionLiftPercent100ths").await, 0);
    });
}

#[test]
fn a_curtain_that_knows_no_position_says_how_it_moves_and_is_stopped() {
    with_matter("curtain", async |home, mut curtain, id| {
        curtain.set(1, "windowCovering", "operationalStatus", json!({ "lift": 2 })).await;
        home.reads(&id, "covering.state", json!("closing")).await;
        assert_eq!(home.invoke(&id, "1", "covering: { open: true }").await, "DONE");
        home.reads(&id, "covering.state", json!("opening")).await;
        assert_eq!(home.invoke(&id, "1", "covering: { stop: true }").await, "ASSUMED");
        assert_eq!(curtain.get(1, "windowCovering", "operationalStatus").await["lift"], 0);
        home.reads(&id, "covering.state", json!("stopped")).await;
    });
}

#[test]
fn fans_take_speed_mode_and_swing() {
    with_matter("fan", async |home, mut device, id| {
        let orders = vec![
            ("fan.speed", "fan: { speed: 60 }", (1, "fanControl", "percentSetting"), json!(60)),
            ("fan.mode", "fan: { mode: \"high\" }", (1, "fanControl", "fanMode"), json!(3)),
            ("fan.direction", "fan: { direction: \"forward\" }", (1, "fanControl", "airflowDirection"), json!(0)),
        ];
        obeys(&home, &mut device, &id, orders).await;
        home.sets(&id, "fan.oscillation", "fan: { oscillation: true }").await;
        assert_eq!(device.get(1, "fanControl", "rockSetting").await["rockLeftRight"], true);
    });
}

#[test]
fn a_purifier_says_how_its_filters_are() {
    with_matter("purifier", async |home, mut device, id| {
        home.reads(&id, "filter.dust", json!(80)).await;
        device.set(1, "hepaFilterMonitoring", "condition", json!(12)).await;
        home.reads(&id, "filter.dust", json!(12)).await;
        device.set(1, "hepaFilterMonitoring", "changeIndication", json!(2)).await;
        home.reads(&id, "filter.change_dust", json!(true)).await;
    });
}

#[test]
fn a_plug_is_switched_and_meters() {
    with_matter("plug", async |home, mut plug, id| {
        home.sets(&id, "on_off.on", "onOff: { on: true }").await;
        assert_eq!(plug.get(1, "onOff", "onOff").await, true);
        home.reads(&id, "power.watts", json!(42.5)).await;
        home.reads(&id, "voltage.volts", json!(230.1)).await;
        home.reads(&id, "energy.consumed", json!(1.234567)).await;
        plug.set(2, "electricalPowerMeasurement", "activePower", json!(60000)).await;
        home.reads(&id, "power.watts", json!(60)).await;
    });
}

#[test]
fn each_socket_of_a_strip_is_switched_alone() {
    with_matter("strip", async |home, mut strip, id| {
        assert_eq!(home.set(&id, "2", "onOff: { on: true }").await, "DONE");
        assert_eq!(strip.get(2, "onOff", "onOff").await, true);
        assert_eq!(strip.get(1, "onOff", "onOff").await, false);
    });
}

#[test]
fn valves_are_opened_as_far_as_is_wanted() {
    with_matter("valve", async |home, mut valve, id| {
        let orders = vec![
            (
                "valve.position",
                "valve: { position: 35 }",
                (1, "valveConfigurationAndControl", "currentLevel"),
                json!(35),
            ),
            ("valve.open", "valve: { open: false }", (1, "valveConfigurationAndControl", "currentState"), json!(0)),
        ];
        obeys(&home, &mut valve, &id, orders).await;
    });
}

#[test]
fn a_valve_is_opened_for_a_time_and_closes_by_itself() {
    with_matter("valve", async |home, mut valve, id| {
        let cluster = "valveConfigurationAndControl";
        home.does(&id, "valve.open", "valve: { openFor: { duration: 600 } }").await;
        home.reads(&id, "valve.remaining", json!(600)).await;
        assert_eq!(valve.get(1, cluster, "openDuration").await, 600);
        home.sets(&id, "valve.open", "valve: { open: false }").await;

        home.reads(&id, "valve.default_duration", json!(0)).await;
        home.sets(&id, "valve.default_duration", "valve: { defaultDuration: 300 }").await;
        home.sets(&id, "valve.open", "valve: { open: true }").await;
        assert_eq!(valve.get(1, cluster, "openDuration").await, 300);
        home.sets(&id, "valve.default_duration", "valve: { defaultDuration: 0 }").await;
        assert_eq!(valve.get(1, cluster, "defaultOpenDuration").await, Value::Null);

        home.does(&id, "valve.open", "valve: { openFor: { duration: 2 } }").await;
        home.reads(&id, "valve.open", json!(false)).await;
    });
}

#[test]
fn pumps_are_set_and_say_how_they_run() {
    with_matter("pump", async |home, mut pump, id| {
        let orders = vec![
            ("on_off.on", "onOff: { on: false }", (1, "onOff", "onOff"), json!(false)),
            ("pump.mode", "pump: { mode: \"maximum\" }", (1, "pumpConfigurationAndControl", "operationMode"), json!(2)),
        ];
        obeys(&home, &mut pump, &id, orders).await;
        pump.set(1, "pumpConfigurationAndControl", "speed", json!(900)).await;
        home.reads(&id, "pump.speed", json!(900)).await;
    });
}

#[test]
fn a_speaker_takes_its_volume() {
    with_matter("speaker", async |home, mut speaker, id| {
        home.sets(&id, "media.volume", "media: { volume: 20 }").await;
        assert_eq!(speaker.get(1, "levelControl", "currentLevel").await, 51);
        home.sets(&id, "media.muted", "media: { muted: true }").await;
        assert_eq!(speaker.get(1, "onOff", "onOff").await, false);
    });
}

#[test]
fn a_screen_plays_pauses_and_changes_its_source() {
    with_matter("tv", async |home, mut screen, id| {
        home.does(&id, "media.state", "media: { play: {} }").await;
        assert_eq!(screen.get(1, "mediaPlayback", "currentState").await, 0);
        home.does(&id, "media.state", "media: { pause: true }").await;
        home.sets(&id, "media.source", "media: { source: \"HDMI 1\" }").await;
        assert_eq!(screen.get(1, "mediaInput", "currentInput").await, 1);
    });
}

#[test]
fn a_choice_that_no_table_knows_is_set_all_the_same() {
    with_matter("modeselect", async |home, mut device, id| {
        let property = "x.matter.mode_select.mode";
        home.sets(&id, property, &format!("vendor: [{{ property: \"{property}\", value: \"Pine\" }}]")).await;
        assert_eq!(device.get(1, "modeSelect", "currentMode").await, 0);
    });
}
