//! What Matter devices sense reaches the hub: every kind of sensor that matter.js plays, changed from the device's own side.

use home_tests::{MatterDevice, TestHome, occurred, with_matter};
use serde_json::{Value, json};

/// An attribute of an endpoint that is changed, and what a property has to be then.
type Change = (u16, &'static str, &'static str, Value, &'static str, Value);

/// Changes one attribute after the other, and waits for what the hub reads.
async fn follows(home: &TestHome, device: &mut MatterDevice, id: &str, changes: Vec<Change>) {
    for (endpoint, cluster, attribute, to, property, wanted) in changes {
        device.set(endpoint, cluster, attribute, to).await;
        home.reads(id, property, wanted).await;
    }
}

#[test]
fn climate_is_read_and_so_is_what_is_not_known() {
    with_matter("climate", async |home, mut device, id| {
        for (property, wanted) in [
            ("temperature.measured", json!(21.5)),
            ("humidity.measured", json!(45.6)),
            ("pressure.measured", json!(1013.4)),
            ("flow.rate", json!(1.3)),
            ("illuminance.measured", json!(99.98)),
            ("moisture.measured", json!(41)),
        ] {
            home.reads(&id, property, wanted).await;
        }
        let changes = vec![
            (1, "temperatureMeasurement", "measuredValue", json!(-550), "temperature.measured", json!(-5.5)),
            (1, "temperatureMeasurement", "measuredValue", Value::Null, "temperature.measured", Value::Null),
            (2, "relativeHumidityMeasurement", "measuredValue", json!(10000), "humidity.measured", json!(100)),
            (3, "pressureMeasurement", "scaledValue", json!(9876), "pressure.measured", json!(987.6)),
            (4, "flowMeasurement", "measuredValue", json!(0), "flow.rate", json!(0)),
            (5, "illuminanceMeasurement", "measuredValue", json!(1), "illuminance.measured", json!(1)),
            (6, "soilMeasurement", "soilMoistureMeasuredValue", json!(12), "moisture.measured", json!(12)),
        ];
        follows(&home, &mut device, &id, changes).await;
    });
}

#[test]
fn what_is_not_known_yet_is_read_when_it_is() {
    with_matter("unknowns", async |home, mut device, id| {
        for property in ["temperature.measured", "illuminance.measured"] {
            home.reads(&id, property, Value::Null).await;
        }
        let changes = vec![
            (1, "temperatureMeasurement", "measuredValue", json!(2150), "temperature.measured", json!(21.5)),
            (2, "illuminanceMeasurement", "measuredValue", json!(20000), "illuminance.measured", json!(99.98)),
        ];
        follows(&home, &mut device, &id, changes).await;
    });
}

#[test]
fn contacts_leaks_frost_rain_and_presence_are_told() {
    with_matter("contact+leak+freeze+rain+occupancy", async |home, mut device, id| {
        home.reads(&id, "contact.open", json!(false)).await;
        home.reads(&id, "battery.level", json!(75.5)).await;
        let changes = vec![
            (1, "booleanState", "stateValue", json!(false), "contact.open", json!(true)),
            (2, "powerSource", "batPercentRemaining", json!(20), "battery.level", json!(10)),
            (2, "powerSource", "batChargeLevel", json!(2), "battery.low", json!(true)),
            (3, "booleanState", "stateValue", json!(false), "leak.detected", json!(false)),
            (4, "booleanState", "stateValue", json!(true), "freeze.detected", json!(true)),
            (5, "booleanState", "stateValue", json!(false), "rain.raining", json!(false)),
            (6, "occupancySensing", "occupancy", json!({ "occupied": false }), "occupancy.occupied", json!(false)),
        ];
        follows(&home, &mut device, &id, changes).await;
    });
}

#[test]
fn air_is_measured_in_the_units_that_people_use() {
    with_matter("airquality", async |home, mut device, id| {
        for (property, wanted) in [
            ("air_quality.level", json!("moderate")),
            ("carbon_dioxide.measured", json!(678)),
            ("nitrogen_dioxide.measured", json!(39.518)),
            ("particulates.pm2_5", json!(12.3)),
            ("radon.measured", json!(100)),
        ] {
            home.reads(&id, property, wanted).await;
        }
        let changes = vec![
            (1, "airQuality", "airQuality", json!(6), "air_quality.level", json!("extremely_poor")),
            (
                1,
                "carbonDioxideConcentrationMeasurement",
                "measuredValue",
                json!(1500),
                "carbon_dioxide.measured",
                json!(1500),
            ),
            (1, "pm25ConcentrationMeasurement", "measuredValue", Value::Null, "particulates.pm2_5", Value::Null),
        ];
        follows(&home, &mut device, &id, changes).await;
    });
}

#[test]
fn alarms_are_told_and_tested() {
    with_matter("smoke", async |home, mut device, id| {
        home.reads(&id, "smoke.detected", json!(true)).await;
        let changes = vec![
            (1, "smokeCoAlarm", "coState", json!(2), "carbon_monoxide.detected", json!(true)),
            (1, "smokeCoAlarm", "smokeState", json!(0), "smoke.detected", json!(false)),
            (1, "smokeCoAlarm", "hardwareFaultAlert", json!(true), "problem.detected", json!(true)),
        ];
        follows(&home, &mut device, &id, changes).await;
        assert_eq!(home.invoke(&id, "1", "smoke: { selfTest: true }").await, "ASSUMED");
        assert_eq!(device.get(1, "smokeCoAlarm", "testInProgress").await, true);
    });
}

#[test]
fn what_no_table_knows_is_shown_all_the_same() {
    with_matter("evse", async |home, mut device, id| {
        home.reads(&id, "x.matter.energy_evse.circuit_capacity", json!(32000)).await;
        let changes = vec![(
            1,
            "energyEvse",
            "circuitCapacity",
            json!(16000),
            "x.matter.energy_evse.circuit_capacity",
            json!(16000),
        )];
        follows(&home, &mut device, &id, changes).await;
    });
}

#[test]
fn a_button_tells_its_presses_once_and_none_of_before() {
    with_matter("button", async |home, mut button, _| {
        let mut events = home.events().await;
        for _ in 0..2 {
            for position in [1, 0] {
                button.set(2, "switch", "currentPosition", json!(position)).await;
            }
            let pressed = |told: &Value| {
                let told = &told["occurrence"];
                Some((told["endpoint"].as_str()?.to_owned(), told["occurrence"].as_str()?.to_owned()))
            };
            assert_eq!(events.wait_for_new("press", pressed).await, ("2".into(), "button.single".into()));
        }
    });
}

#[test]
fn a_button_tells_double_and_long_presses() {
    with_matter("button", async |home, mut button, id| {
        let (mut events, id) = (home.events().await, json!(id));
        for (event, fields, wanted) in [
            ("multiPressComplete", json!({ "previousPosition": 1, "totalNumberOfPressesCounted": 2 }), "button.double"),
            ("longPress", json!({ "newPosition": 1 }), "button.long"),
            ("longRelease", json!({ "previousPosition": 1 }), "button.release"),
        ] {
            button
                .order(json!({ "do": "emit", "endpoint": 1, "cluster": "switch", "event": event, "fields": fields }))
                .await;
            assert_eq!(events.wait_for_new("press", |told| occurred(told, &id)).await, wanted);
        }
    });
}

#[test]
fn a_dial_tells_its_position() {
    with_matter("latching", async |home, mut dial, id| {
        home.reads(&id, "x.matter.switch.position", json!(2)).await;
        dial.set(1, "switch", "currentPosition", json!(0)).await;
        home.reads(&id, "x.matter.switch.position", json!(0)).await;
    });
}
