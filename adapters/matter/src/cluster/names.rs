//! Names of clusters and attributes that have no row in the capability table, by their ids in the specification. What
//! isn't here is written by its id.

use std::borrow::Cow;

/// A cluster, its name, and the names of its attributes.
type Names = (u32, &'static str, &'static [(u32, &'static str)]);

/// The word for a cluster.
pub(super) fn cluster(id: u32) -> Cow<'static, str> {
    named(id).map_or_else(|| format!("0x{id:04x}").into(), |(_, name, _)| (*name).into())
}

/// The word for a cluster's attribute.
pub(super) fn attribute(cluster: u32, id: u32) -> Cow<'static, str> {
    let known = named(cluster).and_then(|(_, _, attributes)| attributes.iter().find(|(known, _)| *known == id));
    known.map_or_else(|| format!("0x{id:04x}").into(), |(_, name)| (*name).into())
}

fn named(cluster: u32) -> Option<&'static Names> {
    NAMES.iter().find(|(id, _, _)| *id == cluster)
}

static NAMES: &[Names] = &[
    (0x003B, "switch", &[]),
    (0x0045, "boolean_state", &[]),
    (0x004A, "laundry_dryer_controls", &[(0x0000, "supported_dryness_levels"), (0x0001, "selected_dryness_level")]),
    (0x0050, "mode_select", &[]),
    (
        0x0053,
        "laundry_washer_controls",
        &[
            (0x0000, "spin_speeds"),
            (0x0001, "spin_speed_current"),
            (0x0002, "number_of_rinses"),
            (0x0003, "supported_rinses"),
        ],
    ),
    (0x0057, "refrigerator_alarm", &[]),
    (0x005D, "dishwasher_alarm", &[]),
    (
        0x005F,
        "microwave_oven_control",
        &[
            (0x0000, "cook_time"),
            (0x0001, "max_cook_time"),
            (0x0002, "power_setting"),
            (0x0003, "min_power"),
            (0x0004, "max_power"),
            (0x0005, "power_step"),
            (0x0006, "supported_watts"),
            (0x0007, "selected_watt_index"),
            (0x0008, "watt_rating"),
        ],
    ),
    (
        0x0064,
        "temperature_alarm",
        &[
            (0x0000, "mask"),
            (0x0001, "latch"),
            (0x0002, "state"),
            (0x0003, "supported"),
            (0x0080, "critical_over_temperature_threshold"),
            (0x0081, "major_over_temperature_threshold"),
            (0x0082, "minor_over_temperature_threshold"),
            (0x0083, "minor_under_temperature_threshold"),
            (0x0084, "major_under_temperature_threshold"),
            (0x0085, "critical_under_temperature_threshold"),
        ],
    ),
    (
        0x0079,
        "water_tank_level_monitoring",
        &[
            (0x0000, "condition"),
            (0x0001, "degradation_direction"),
            (0x0002, "change_indication"),
            (0x0003, "in_place_indicator"),
            (0x0004, "last_changed_time"),
            (0x0005, "replacement_product_list"),
        ],
    ),
    (
        0x0080,
        "boolean_state_configuration",
        &[
            (0x0000, "current_sensitivity_level"),
            (0x0001, "supported_sensitivity_levels"),
            (0x0002, "default_sensitivity_level"),
            (0x0003, "alarms_active"),
            (0x0004, "alarms_suppressed"),
            (0x0005, "alarms_enabled"),
            (0x0006, "alarms_supported"),
            (0x0007, "sensor_fault"),
        ],
    ),
    (0x0091, "electrical_energy_measurement", &[]),
    (
        0x0094,
        "water_heater_management",
        &[
            (0x0000, "heater_types"),
            (0x0001, "heat_demand"),
            (0x0002, "tank_volume"),
            (0x0003, "estimated_heat_required"),
            (0x0004, "tank_percentage"),
            (0x0005, "boost_state"),
        ],
    ),
    (0x0097, "messages", &[]),
    (
        0x0098,
        "device_energy_management",
        &[
            (0x0000, "esa_type"),
            (0x0001, "esa_can_generate"),
            (0x0002, "esa_state"),
            (0x0003, "abs_min_power"),
            (0x0004, "abs_max_power"),
            (0x0005, "power_adjustment_capability"),
            (0x0006, "forecast"),
            (0x0007, "opt_out_state"),
        ],
    ),
    (
        0x0099,
        "energy_evse",
        &[
            (0x0000, "state"),
            (0x0001, "supply_state"),
            (0x0002, "fault_state"),
            (0x0003, "charging_enabled_until"),
            (0x0004, "discharging_enabled_until"),
            (0x0005, "circuit_capacity"),
            (0x0006, "minimum_charge_current"),
            (0x0007, "maximum_charge_current"),
            (0x0008, "maximum_discharge_current"),
            (0x0009, "user_maximum_charge_current"),
            (0x000A, "randomization_delay_window"),
            (0x0023, "next_charge_start_time"),
            (0x0024, "next_charge_target_time"),
            (0x0025, "next_charge_required_energy"),
            (0x0026, "next_charge_target_so_c"),
            (0x0027, "approximate_ev_efficiency"),
            (0x0030, "state_of_charge"),
            (0x0031, "battery_capacity"),
            (0x0032, "vehicle_id"),
            (0x0040, "session_id"),
            (0x0041, "session_duration"),
            (0x0042, "session_energy_charged"),
            (0x0043, "session_energy_discharged"),
        ],
    ),
    (
        0x009B,
        "energy_preference",
        &[
            (0x0000, "energy_balances"),
            (0x0001, "current_energy_balance"),
            (0x0002, "energy_priorities"),
            (0x0003, "low_power_mode_sensitivities"),
            (0x0004, "current_low_power_mode_sensitivity"),
        ],
    ),
    (0x009D, "energy_evse_mode", &[]),
    (0x009E, "water_heater_mode", &[]),
    (0x009F, "device_energy_management_mode", &[]),
    (
        0x0104,
        "closure_control",
        &[
            (0x0000, "countdown_time"),
            (0x0001, "main_state"),
            (0x0002, "current_error_list"),
            (0x0003, "overall_current_state"),
            (0x0004, "overall_target_state"),
            (0x0005, "latch_control_modes"),
        ],
    ),
    (
        0x0105,
        "closure_dimension",
        &[
            (0x0000, "current_state"),
            (0x0001, "target_state"),
            (0x0002, "resolution"),
            (0x0003, "step_value"),
            (0x0004, "unit"),
            (0x0005, "unit_range"),
            (0x0006, "limit_range"),
            (0x0007, "translation_direction"),
            (0x0008, "rotation_axis"),
            (0x0009, "overflow"),
            (0x000A, "modulation_type"),
            (0x000B, "latch_control_modes"),
        ],
    ),
    (
        0x0204,
        "thermostat_user_interface_configuration",
        &[
            (0x0000, "temperature_display_mode"),
            (0x0001, "keypad_lockout"),
            (0x0002, "schedule_programming_visibility"),
        ],
    ),
    (0x040C, "carbon_monoxide_concentration", &[]),
    (0x040D, "carbon_dioxide_concentration", &[]),
    (0x0413, "nitrogen_dioxide_concentration", &[]),
    (0x0415, "ozone_concentration", &[]),
    (0x042A, "pm25_concentration", &[]),
    (0x042B, "formaldehyde_concentration", &[]),
    (0x042C, "pm1_concentration", &[]),
    (0x042D, "pm10_concentration", &[]),
    (0x042E, "volatile_organics_concentration", &[]),
    (0x042F, "radon_concentration", &[]),
    (0x0451, "wi_fi_network_management", &[(0x0000, "ssid"), (0x0001, "passphrase_surrogate")]),
    (
        0x0452,
        "thread_border_router_management",
        &[
            (0x0000, "border_router_name"),
            (0x0001, "border_agent_id"),
            (0x0002, "thread_version"),
            (0x0003, "interface_enabled"),
            (0x0004, "active_dataset_timestamp"),
            (0x0005, "pending_dataset_timestamp"),
        ],
    ),
    (
        0x0453,
        "thread_network_directory",
        &[(0x0000, "preferred_extended_pan_id"), (0x0001, "thread_networks"), (0x0002, "thread_network_table_size")],
    ),
    (0x0503, "wake_on_lan", &[]),
    (0x0504, "channel", &[(0x0000, "channel_list"), (0x0001, "lineup"), (0x0002, "current_channel")]),
    (0x0505, "target_navigator", &[]),
    (0x050A, "content_launcher", &[]),
    (0x050B, "audio_output", &[(0x0000, "output_list"), (0x0001, "current_output")]),
    (0x050C, "application_launcher", &[]),
    (
        0x050D,
        "application_basic",
        &[
            (0x0000, "vendor_name"),
            (0x0001, "vendor_id"),
            (0x0002, "application_name"),
            (0x0003, "product_id"),
            (0x0004, "application"),
            (0x0005, "status"),
            (0x0006, "application_version"),
            (0x0007, "allowed_vendor_list"),
        ],
    ),
    (0x050E, "account_login", &[]),
    (0x050F, "content_control", &[]),
    (0x0510, "content_app_observer", &[]),
];
