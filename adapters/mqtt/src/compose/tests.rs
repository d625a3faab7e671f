//! Where entities stand.

use serde_json::json;

use super::*;
use crate::{discovery::read_config, template::Templates, topic::DiscoveryTopic};

/// The endpoints that entities of these kinds and names get, in the order of the arguments.
fn homes(entities: &[(&str, &str, Option<&str>)]) -> Vec<String> {
    let mut templates = Templates::default();
    let mut read = |component: &str, object: &str, class: Option<&str>| {
        let topic = DiscoveryTopic { component, node: Some("n"), object };
        let config = json!({"stat_t": "s", "cmd_t": "c", "dev_cla": class, "dev": {"ids": "d", "mf": "Acme"}});
        read_config(topic, config.to_string().as_bytes(), &mut templates).unwrap()
    };
    let entities: Vec<Entity> =
        entities.iter().map(|(component, object, class)| read(component, object, *class)).collect();
    let composed = compose(&entities.iter().collect::<Vec<_>>());
    let home = |placement: Placement| {
        placement.properties[0].clone().map(|(endpoint, property)| format!("{endpoint}/{property}"))
    };
    composed.placements.into_iter().map(|placement| home(placement).unwrap_or_default()).collect()
}

#[test]
fn a_metered_plug_is_one_endpoint() {
    let plug =
        homes(&[("sensor", "energy", Some("energy")), ("sensor", "power", Some("power")), ("switch", "switch", None)]);
    assert_eq!(plug, ["1/energy.consumed", "1/power.watts", "1/on_off.on"]);
}

#[test]
fn parts_of_a_device_are_named_by_what_tells_them_apart() {
    assert_eq!(
        homes(&[("switch", "switch_left", None), ("switch", "switch_right", None)]),
        ["left/on_off.on", "right/on_off.on"]
    );
    assert_eq!(homes(&[("switch", "relay_1", None), ("switch", "relay_2", None)]), ["1/on_off.on", "2/on_off.on"]);
    assert_eq!(homes(&[("switch", "relay", None), ("switch", "relay2", None)]), ["1/on_off.on", "2/on_off.on"]);
    let probes = [
        ("sensor", "probe_indoor_temperature", Some("temperature")),
        ("sensor", "probe_outdoor_temperature", Some("temperature")),
    ];
    assert_eq!(homes(&probes), ["indoor/temperature.measured", "outdoor/temperature.measured"]);
}

#[test]
fn a_thermostat_that_announces_its_room_as_a_sensor_too_has_one_endpoint() {
    let mut templates = Templates::default();
    let mut read = |component: &str, object: &str, config: serde_json::Value| {
        read_config(
            DiscoveryTopic { component, node: Some("n"), object },
            config.to_string().as_bytes(),
            &mut templates,
        )
        .unwrap()
    };
    let room = "{{ value_json.local_temperature }}";
    let sensor = |template: &str| json!({"stat_t": "trv", "val_tpl": template, "dev_cla": "temperature", "name": "Local", "dev": {"ids": "d"}});
    let climate = json!({
        "curr_temp_t": "trv", "curr_temp_tpl": room, "temp_cmd_t": "trv/set", "mode_cmd_t": "trv/mode",
        "modes": ["off", "heat"], "dev": {"ids": "d"},
    });
    let entities = [
        read("climate", "climate", climate),
        read("sensor", "local_temperature", sensor(room)),
        read("sensor", "floor", sensor("{{ value_json.floor }}")),
    ];
    let composed = compose(&entities.iter().collect::<Vec<_>>());
    let ids: Vec<_> = composed.found.endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
    assert_eq!(ids, ["climate", "floor"]);
    assert_eq!(composed.found.endpoints[0].name, None, "the sensor's name is not the thermostat's");
    assert_eq!(composed.placements[1].properties, [None]);
}

#[test]
fn what_belongs_to_a_part_stands_with_it() {
    let double = homes(&[
        ("select", "operation_mode_left", None),
        ("sensor", "power_left", Some("power")),
        ("sensor", "power_right", Some("power")),
        ("sensor", "temperature", Some("temperature")),
        ("switch", "switch_left", None),
        ("switch", "switch_right", None),
    ]);
    assert_eq!(
        double,
        [
            "left/x.acme.operation_mode",
            "left/power.watts",
            "right/power.watts",
            "1/temperature.measured",
            "left/on_off.on",
            "right/on_off.on",
        ]
    );
}

#[test]
fn a_property_stands_once_at_an_endpoint() {
    let twins = homes(&[("switch", "a", None), ("switch", "a", None), ("switch", "a", None)]);
    assert_eq!(twins, ["1/on_off.on", "2/on_off.on", "3/on_off.on"]);
    let sides = homes(&[("switch", "desk_left", None), ("switch", "porch_left", None)]);
    assert_eq!(sides, ["desk/on_off.on", "porch/on_off.on"]);
    assert_eq!(homes(&[("select", "mode", None), ("sensor", "mode", None)]), ["1/x.acme.mode", ""]);
}

proptest::proptest! {
    #[test]
    fn any_labels_make_a_device(labels in proptest::collection::vec("((switch|a|b|1|left|right|l1|top)_?){1,3}", 1..8)) {
        let entities: Vec<_> = labels.iter().map(|label| ("switch", label.as_str(), None)).collect();
        let homes = homes(&entities);
        let distinct: std::collections::BTreeSet<_> = homes.iter().collect();
        // Each switch is on_off.on somewhere, and nowhere twice.
        proptest::prop_assert_eq!(distinct.len(), homes.len());
    }
}
