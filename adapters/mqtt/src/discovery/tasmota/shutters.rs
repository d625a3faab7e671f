//! Tasmota's shutters: two relays of kind 3 each.

use serde_json::{Value as Json, json};
use smol_str::format_smolstr;

use super::{Member, Tasmota};

/// In `sho`: position 100 means closed.
const INVERTED: i64 = 1;

pub(super) fn members(device: &Tasmota) -> Vec<Member> {
    let relays = device.numbers("rl").into_iter().filter(|kind| *kind == 3).count();
    (0..relays / 2).map(|place| member(device, place)).collect()
}

fn member(device: &Tasmota, place: usize) -> Member {
    let number = place + 1;
    let inverted = device.numbers("sho").get(place).is_some_and(|options| options & INVERTED != 0);
    let (closed, open, rises, falls) =
        if inverted { (100, 0, "closing", "opening") } else { (0, 100, "opening", "closing") };
    let shutter = format!("value_json.Shutter{number}");
    // Without a shutter in the message, its direction is no number, and the template says nothing.
    let state = format!(
        "{{% if {shutter} is defined %}}{{{{ '{rises}' if {shutter}.Direction > 0 else '{falls}' if {shutter}.Direction < 0 \
         else 'closed' if {shutter}.Position == {closed} else 'open' }}}}{{% endif %}}"
    );
    // Each command has a topic of its own; a backlog takes them all on one.
    let mut config = json!({
        "name": format!("Shutter {number}"), "command_topic": device.command_topic("Backlog"),
        "payload_open": format!("ShutterOpen{number}"), "payload_close": format!("ShutterClose{number}"),
        "payload_stop": format!("ShutterStop{number}"), "position_closed": closed, "position_open": open,
        "set_position_topic": device.command_topic(&format!("ShutterPosition{number}")),
        "position_topic": device.tele_topic("SENSOR"), "position_template": format!("{{{{ {shutter}.Position }}}}"),
        "state_topic": device.tele_topic("SENSOR"), "value_template": state,
    });
    if let (Some((least, most)), Json::Object(config)) = (tilt(device, place), &mut config) {
        config
            .insert("tilt_command_topic".into(), device.command_topic(&format!("ShutterTilt{number}")).as_str().into());
        config.insert("tilt_status_topic".into(), device.tele_topic("SENSOR").as_str().into());
        config.insert("tilt_status_template".into(), format!("{{{{ {shutter}.Tilt }}}}").into());
        config.insert("tilt_closed_value".into(), least.into());
        config.insert("tilt_opened_value".into(), most.into());
    }
    device.sensor_member(format_smolstr!("shutter_{number}"), "cover", config)
}

/// The least and greatest tilt in degrees, where the shutter's slats turn at all.
fn tilt(device: &Tasmota, place: usize) -> Option<(i64, i64)> {
    let row = device.config.get("sht")?.get(place)?;
    let (least, most, takes) = (row.get(0)?.as_i64()?, row.get(1)?.as_i64()?, row.get(2)?.as_i64()?);
    (takes > 0 && least != most).then_some((least, most))
}
