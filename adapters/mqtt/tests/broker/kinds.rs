//! Whole ways over a real broker: a bundle, a device that speaks Tasmota's discovery, and a value that expires.

use hub_model::capability::{contact, temperature, thermostat};

use super::*;

const THERMOSTAT: &str = r#"{
    "dev": {"ids": "trv", "name": "Radiator"}, "o": {"name": "test"}, "~": "trv", "avty_t": "~/there", "cmps": {
        "climate": {"p": "climate", "modes": ["off", "heat"], "temp_unit": "F", "min_temp": 41, "max_temp": 86,
            "mode_cmd_t": "~/mode/set", "mode_stat_t": "~", "mode_stat_tpl": "{{ value_json.mode }}",
            "temp_cmd_t": "~/temp/set", "temp_stat_t": "~", "temp_stat_tpl": "{{ value_json.target }}"},
        "window": {"p": "binary_sensor", "dev_cla": "window", "exp_aft": 1, "stat_t": "~/window"}
    }
}"#;

fn for_key(key: &DeviceKey, property: &Property, report: &Report) -> Option<Value> {
    (report.key == *key).then(|| reading(report, property)).flatten()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_read_set_and_forgets_what_is_not_told_again() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    client.publish("homeassistant/device/trv/config", THERMOSTAT, true);
    client.publish("trv/there", "online", true);
    let mut hub = start(&broker.settings(), MemoryVault::default());
    wait_until_reachable(&mut hub, true).await;
    let key = DeviceKey::new("trv");

    client.publish("trv", r#"{"mode": "heat", "target": 68}"#, false);
    let setpoint = Property::from(&thermostat::HEATING);
    assert_eq!(hub.wait_for_report(SOON, |report| for_key(&key, &setpoint, report)).await, Value::Number(20.0));

    let listening = client.listen("trv/temp/set");
    hub.order(&key, command(vec![(setpoint, 25.0.into())])).await;
    assert_eq!(listening.next(), "77");

    client.publish("trv/window", "ON", false);
    let open = Property::from(&contact::OPEN);
    assert_eq!(hub.wait_for_report(SOON, |report| for_key(&key, &open, report)).await, Value::Bool(true));
    assert_eq!(hub.wait_for_report(SOON, |report| for_key(&key, &open, report)).await, Value::Unknown);
    hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tasmota_device_is_asked_for_its_state_when_its_answer_can_be_heard() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    let asked = client.listen("cmnd/cv-ruimte/STATUS");
    for line in include_str!("../data/tasmota.jsonl").lines().take(2) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        client.publish(line["topic"].as_str().unwrap(), &line["payload"].to_string(), true);
    }
    client.publish("tele/cv-ruimte/LWT", "Online", true);
    let mut hub = start(&broker.settings(), MemoryVault::default());
    let key = DeviceKey::new("mac:dc:4f:22:07:56:c6");
    wait_until_reachable(&mut hub, true).await;
    assert_eq!(asked.next(), "10");
    client.publish(
        "stat/cv-ruimte/STATUS10",
        r#"{"StatusSNS": {"DS18B20-1": {"Temperature": 18.4}, "TempUnit": "C"}}"#,
        false,
    );
    let measured = Property::from(&temperature::MEASURED);
    assert_eq!(hub.wait_for_report(SOON, |report| for_key(&key, &measured, report)).await, Value::Number(18.4));

    let listening = client.listen("cmnd/cv-ruimte/POWER1");
    hub.order(&key, command(vec![(Property::from(&on_off::ON), true.into())])).await;
    assert_eq!(listening.next(), "ON");
    client.publish("stat/cv-ruimte/RESULT", r#"{"POWER1": "ON"}"#, false);
    let on = Property::from(&on_off::ON);
    assert_eq!(hub.wait_for_report(SOON, |report| for_key(&key, &on, report)).await, Value::Bool(true));
    hub.stop().await.unwrap();
}
