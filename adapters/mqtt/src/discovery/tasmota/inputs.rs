//! What people press at a Tasmota device: buttons, and switches that are not wired to its relays.

use serde_json::{Value as Json, json};
use smol_str::{SmolStr, format_smolstr};

use super::{Member, Tasmota};

/// What a button does: its word, and the type of trigger. With SetOption13 only the first.
const PRESSES: &[(&str, &str)] = &[
    ("SINGLE", "button_short_press"),
    ("DOUBLE", "button_double_press"),
    ("TRIPLE", "button_triple_press"),
    ("QUAD", "quadruple"),
    ("PENTA", "quintuple"),
    ("HOLD", "button_long_press"),
];

/// What a switch that acts as a button does.
const TOGGLES: &[(&str, &str)] = &[("TOGGLE", "button_short_press"), ("HOLD", "button_long_press")];

pub(super) fn members(device: &Tasmota) -> Vec<Member> {
    let mut members = Vec::new();
    // Without SetOption73, buttons only work the relays, and nobody is told.
    let presses = if device.option("13") { &PRESSES[..1] } else { PRESSES };
    for (place, _) in
        device.numbers("btn").into_iter().enumerate().filter(|(_, kind)| *kind == 1 && device.option("73"))
    {
        members.extend(triggers(device, "Button", place + 1, presses));
    }
    for (place, mode) in device.numbers("swc").into_iter().enumerate() {
        match mode {
            // Those that follow their wire are on or off, whether they work a relay or not.
            1 | 2 | 13 | 14 => members.push(contact(device, place)),
            // Without SetOption114, switches only work the relays.
            0 | 3 | 4 | 7 if device.option("114") => {
                members.extend(triggers(device, "Switch", place + 1, &TOGGLES[..1]))
            }
            5 | 6 if device.option("114") => members.extend(triggers(device, "Switch", place + 1, TOGGLES)),
            _ => {}
        }
    }
    members
}

fn triggers(device: &Tasmota, what: &str, number: usize, words: &[(&str, &str)]) -> Vec<Member> {
    let lower = what.to_lowercase();
    let trigger = |(word, kind): &(&str, &str)| {
        let config = json!({
            "automation_type": "trigger", "topic": device.stat_topic("RESULT"), "type": kind,
            "subtype": format!("{lower}_{number}"), "payload": word,
            "value_template": format!("{{{{ value_json.{what}{number}.Action }}}}"),
        });
        let key = format_smolstr!("{lower}_{number}_{}", word.to_lowercase());
        device.member(key, "device_automation", config, Vec::new())
    };
    words.iter().map(trigger).collect()
}

/// In `tele/SENSOR` a switch is a word, in the answer to a change it is an object.
fn contact(device: &Tasmota, place: usize) -> Member {
    let number = place + 1;
    let name = device.config.get("swn").and_then(|names| names.get(place)).and_then(Json::as_str);
    let switch = format!("value_json.Switch{number}");
    let config = json!({
        "name": name.map_or_else(|| format_smolstr!("Switch {number}"), SmolStr::from),
        "state_topic": device.tele_topic("SENSOR"),
        "value_template": format!("{{{{ {switch}.Action if {switch} is mapping else {switch} }}}}"),
        "payload_off": device.states[0], "payload_on": device.states[1],
    });
    device.sensor_member(format_smolstr!("switch_{number}"), "binary_sensor", config)
}
