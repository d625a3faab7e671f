//! Tasmota's lights: relays of kind 2, with what the light driver can do (`lt_st`: 1 dimmer, 2 white of two colours,
//! 3 RGB, 4 RGB and white, 5 RGB and both whites).

use serde_json::{Value as Json, json};
use smol_str::{SmolStr, format_smolstr};

use super::{Member, Tasmota};

/// Hue and saturation in one message; each would reset the other's fade otherwise.
const COLOR: &str = "HsbColor1 {{ hue }};NoDelay;HsbColor2 {{ sat }}";
const HUE: &str = "{{ value_json.HSBColor.split(',')[0:2] | join(',') }}";
/// A light that shows its white shows a temperature.
const MODE: &str =
    "{% if value_json.White is defined %}{{ 'color_temp' if value_json.White > 0 else 'hs' }}{% endif %}";

/// What one light can do.
struct Can {
    /// The command for its brightness, which its state is called by too.
    dimmer: Option<SmolStr>,
    color: bool,
    temperature: bool,
}

pub(super) fn members(device: &Tasmota) -> Vec<Member> {
    let relays = device.numbers("rl").into_iter().enumerate().filter(|(_, kind)| *kind == 2);
    relays.enumerate().map(|(which, (place, _))| member(device, which, place)).collect()
}

fn member(device: &Tasmota, which: usize, place: usize) -> Member {
    let can = can(device, which);
    let state = device.tele_topic("STATE");
    let mut config = json!({
        "name": device.name_of(place), "command_topic": device.command_topic(&format!("POWER{}", place + 1)),
        "state_topic": state, "state_value_template": device.power_template(place),
        "payload_off": device.states[0], "payload_on": device.states[1],
    });
    let mut set = |rows: Json| {
        if let (Json::Object(config), Json::Object(rows)) = (&mut config, rows) {
            config.extend(rows);
        }
    };
    if let Some(dimmer) = &can.dimmer {
        set(brightness(device, dimmer, which));
    }
    if can.temperature {
        // With SetOption82, as few mireds as Alexa knows.
        let (min, max) = if device.option("82") { (200, 380) } else { (153, 500) };
        set(json!({
            "color_temp_command_topic": device.command_topic("CT"), "color_temp_state_topic": state,
            "color_temp_value_template": "{{ value_json.CT }}", "min_mireds": min, "max_mireds": max,
        }));
    }
    if can.color {
        set(json!({
            "hs_command_topic": device.command_topic("Backlog"), "hs_command_template": COLOR,
            "hs_state_topic": state, "hs_value_template": HUE,
        }));
    }
    if can.color && can.temperature {
        set(json!({"color_mode_state_topic": state, "color_mode_value_template": MODE}));
    }
    device.state_member(format_smolstr!("light_{}", place + 1), "light", config)
}

fn brightness(device: &Tasmota, dimmer: &str, which: usize) -> Json {
    // With SetOption20, a brightness alone leaves the light off.
    let on = if device.option("20") { "last" } else { "brightness" };
    let template = match dimmer.strip_prefix("Channel") {
        Some(_) => format_smolstr!("{{{{ value_json.Channel[{which}] }}}}"),
        None => format_smolstr!("{{{{ value_json.{dimmer} }}}}"),
    };
    json!({
        "brightness_command_topic": device.command_topic(dimmer), "brightness_scale": 100,
        "brightness_state_topic": device.tele_topic("STATE"), "brightness_value_template": template,
        "on_command_type": on,
    })
}

/// Linked, all channels are one light. Otherwise colour and white are two; with SetOption68, each channel is one.
fn can(device: &Tasmota, which: usize) -> Can {
    let kind = device.number("lt_st");
    let dimmer = |name: &str| Some(SmolStr::from(name));
    if device.option("68") {
        return Can { dimmer: Some(format_smolstr!("Channel{}", which + 1)), color: false, temperature: false };
    }
    let split = device.number("lk") == 0 && kind >= 4;
    match (kind, split, which) {
        (4 | 5, true, 0) => Can { dimmer: dimmer("Dimmer1"), color: true, temperature: false },
        (4 | 5, true, _) => Can { dimmer: dimmer("Dimmer2"), color: false, temperature: kind == 5 },
        (_, _, 0) => Can {
            dimmer: (kind >= 1).then(|| SmolStr::new_static("Dimmer")),
            color: (3..=5).contains(&kind),
            temperature: kind == 2 || kind == 5,
        },
        _ => Can { dimmer: None, color: false, temperature: false },
    }
}
