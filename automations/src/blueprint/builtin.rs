//! The blueprints that come with the hub.

/// Each with the name of its file.
pub(super) const BUILTIN: &[(&str, &str)] = &[
    ("away.toml", include_str!("../../blueprints/away.toml")),
    ("button-light.toml", include_str!("../../blueprints/button-light.toml")),
    ("clear-air.toml", include_str!("../../blueprints/clear-air.toml")),
    ("doorbell.toml", include_str!("../../blueprints/doorbell.toml")),
    ("good-night.toml", include_str!("../../blueprints/good-night.toml")),
    ("laundry-done.toml", include_str!("../../blueprints/laundry-done.toml")),
    ("leak-valve.toml", include_str!("../../blueprints/leak-valve.toml")),
    ("left-open.toml", include_str!("../../blueprints/left-open.toml")),
    ("low-battery.toml", include_str!("../../blueprints/low-battery.toml")),
    ("motion-light.toml", include_str!("../../blueprints/motion-light.toml")),
    ("night-light.toml", include_str!("../../blueprints/night-light.toml")),
    ("open-window-heating.toml", include_str!("../../blueprints/open-window-heating.toml")),
    ("presence-simulation.toml", include_str!("../../blueprints/presence-simulation.toml")),
    ("thermostat-schedule.toml", include_str!("../../blueprints/thermostat-schedule.toml")),
    ("wake-up-light.toml", include_str!("../../blueprints/wake-up-light.toml")),
];
