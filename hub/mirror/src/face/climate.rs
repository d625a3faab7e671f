//! Thermostats and humidifiers.

use hub_model::capability::{
    PropertySpec, fan, humidifier as humidifiers, humidity, on_off, temperature, thermostat as thermostats,
};

use super::{Config, Face, Left, Part, yes_no};

/// The thermostat that an endpoint is. Its modes and what it does are called the same on both sides.
pub(super) fn thermostat(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    let (heats, cools) = (part.can_set(&thermostats::HEATING), part.can_set(&thermostats::COOLING));
    if !heats && !cools {
        return None;
    }
    left.take_all("thermostat");
    let mut config = Config::default()
        .told(part, "mode_state_topic", &thermostats::MODE)
        .asked(part, "mode_command_topic", &thermostats::MODE)
        .told(part, "action_topic", &thermostats::RUNNING)
        .told(part, "current_temperature_topic", &temperature::MEASURED)
        .told(part, "current_humidity_topic", &humidity::MEASURED)
        .with("temperature_unit", "C");
    let modes = part.words(&thermostats::MODE);
    // Without modes it always heats or cools, and has to be told so.
    config = config.with("modes", if modes.is_empty() { vec![if heats { "heat" } else { "cool" }] } else { modes });
    config = match (heats, cools) {
        (true, true) => setpoint(
            setpoint(config, part, "temperature_low", &thermostats::HEATING),
            part,
            "temperature_high",
            &thermostats::COOLING,
        ),
        (true, false) => setpoint(config, part, "temperature", &thermostats::HEATING),
        _ => setpoint(config, part, "temperature", &thermostats::COOLING),
    };
    let limits = if heats { &thermostats::HEATING } else { &thermostats::COOLING };
    config = config.limits(part, ["min_temp", "max_temp", "temp_step"], limits);
    if part.can_set(&fan::MODE) {
        left.take_all("fan");
        config = config
            .told(part, "fan_mode_state_topic", &fan::MODE)
            .asked(part, "fan_mode_command_topic", &fan::MODE)
            .with("fan_modes", part.words(&fan::MODE));
    }
    Some(config.face("climate", "thermostat"))
}

fn setpoint(config: Config, part: &Part<'_>, key: &str, spec: &'static PropertySpec) -> Config {
    config.told(part, &format!("{key}_state_topic"), spec).asked(part, &format!("{key}_command_topic"), spec)
}

/// The humidifier that an endpoint is.
pub(super) fn humidifier(part: &Part<'_>, left: &mut Left) -> Option<Face> {
    if !part.can_set(&humidifiers::TARGET) || !part.can_set(&on_off::ON) || !left.has(on_off::ON.name) {
        return None;
    }
    left.take_all("humidifier");
    left.take_all("on_off");
    let mut config = yes_no(Config::default(), &["payload_on"], &["payload_off"])
        .told(part, "state_topic", &on_off::ON)
        .asked(part, "command_topic", &on_off::ON)
        .told(part, "target_humidity_state_topic", &humidifiers::TARGET)
        .asked(part, "target_humidity_command_topic", &humidifiers::TARGET)
        .told(part, "current_humidity_topic", &humidity::MEASURED)
        .told(part, "action_topic", &humidifiers::RUNNING)
        .limits(part, ["min_humidity", "max_humidity", ""], &humidifiers::TARGET);
    let modes = part.words(&humidifiers::MODE);
    if !modes.is_empty() {
        config = config
            .told(part, "mode_state_topic", &humidifiers::MODE)
            .asked(part, "mode_command_topic", &humidifiers::MODE)
            .with("modes", modes);
    }
    Some(config.face("humidifier", "humidifier"))
}
