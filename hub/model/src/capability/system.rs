//! Machines that work by themselves, and the device as a machine.

use super::{ActionSpec, Capability, Kind, OccurrenceSpec, Parameter, PropertySpec, Summary};
use crate::{Limits, Unit};

/// Vacuum robots (Matter RVC Operational State, Run Mode and Clean Mode, and Service Area clusters). Several areas are one
/// text, see [`crate::list`].
pub mod vacuum {
    use super::*;
    /// What it does just now.
    pub static STATE: PropertySpec = PropertySpec::choice(
        "vacuum.state",
        "What it does just now.",
        &["docked", "cleaning", "paused", "returning", "idle", "error"],
    )
    .matter(0x0061, 0x0004);
    /// How hard it sucks.
    pub static SUCTION: PropertySpec =
        PropertySpec::text("vacuum.suction", "How hard it sucks, in the device's own words.", 64)
            .settable()
            .matter(0x0055, 0x0001);
    /// The areas that it knows.
    pub static AREAS: PropertySpec =
        PropertySpec::text("vacuum.areas", "The areas that it knows, by name, separated by commas.", LONGEST_LIST)
            .matter(0x0150, 0x0000);
    /// The areas that it is to clean.
    pub static SELECTED_AREAS: PropertySpec = PropertySpec::text(
        "vacuum.selected_areas",
        "The areas that it is to clean, by name, separated by commas; empty where it cleans all.",
        LONGEST_LIST,
    )
    .matter(0x0150, 0x0002);
    /// The area that it cleans just now.
    pub static CURRENT_AREA: PropertySpec =
        PropertySpec::text("vacuum.current_area", "The area that it cleans just now.", 256).matter(0x0150, 0x0003);
    /// The longest text that names areas, in bytes.
    const LONGEST_LIST: usize = 4096;
    /// Cleans.
    pub static START: ActionSpec = ActionSpec::new("vacuum.start", "Cleans.", &[]).matter(0x0054, 0x00);
    /// Pauses.
    pub static PAUSE: ActionSpec = ActionSpec::new("vacuum.pause", "Pauses.", &[]).matter(0x0061, 0x00);
    /// Stops where it is.
    pub static STOP: ActionSpec = ActionSpec::new("vacuum.stop", "Stops where it is.", &[]).matter(0x0061, 0x01);
    /// Goes back to its dock.
    pub static RETURN_HOME: ActionSpec =
        ActionSpec::new("vacuum.return_home", "Goes back to its dock.", &[]).matter(0x0061, 0x80);
    /// Chooses what to clean.
    pub static SELECT_AREAS: ActionSpec = ActionSpec::new(
        "vacuum.select_areas",
        "Chooses the areas that it cleans from now on; none stands for all.",
        &[Parameter::required("areas", Kind::Text(LONGEST_LIST), Unit::None)],
    )
    .matter(0x0150, 0x00);
    /// Makes itself heard.
    pub static LOCATE: ActionSpec = ActionSpec::new("vacuum.locate", "Makes itself heard.", &[]).matter(0x0003, 0x00);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "vacuum",
        doc: "Cleans floors by itself.",
        properties: &[&STATE, &SUCTION, &AREAS, &SELECTED_AREAS, &CURRENT_AREA],
        actions: &[&START, &PAUSE, &STOP, &RETURN_HOME, &SELECT_AREAS, &LOCATE],
        occurrences: &[],
    };
}

/// Washers, dryers, dishwashers (Matter Operational State cluster).
pub mod appliance {
    use super::*;
    /// What it does just now.
    pub static STATE: PropertySpec = PropertySpec::choice(
        "appliance.state",
        "What it does just now.",
        &["off", "idle", "running", "paused", "error"],
    )
    .matter(0x0060, 0x0004);
    /// How long it still takes, in s.
    pub static REMAINING: PropertySpec =
        PropertySpec::number("appliance.remaining", "How long it still takes.", Unit::Second, 0.0, 604_800.0)
            .summarised(Summary::None)
            .matter(0x0060, 0x0002);
    /// Which programme is chosen.
    pub static PROGRAMME: PropertySpec =
        PropertySpec::text("appliance.programme", "Which programme is chosen, in the device's own words.", 64)
            .settable()
            .matter(0x0051, 0x0001);
    /// Which part of the programme runs.
    pub static PHASE: PropertySpec =
        PropertySpec::text("appliance.phase", "Which part of the programme runs, in the device's own words.", 64)
            .matter(0x0060, 0x0001);
    /// The temperature that it works with, in °C.
    pub static SETPOINT: PropertySpec = PropertySpec::number(
        "appliance.setpoint",
        "The temperature that it works with.",
        Unit::Celsius,
        -100.0,
        1000.0,
    )
    .settable()
    .summarised(Summary::Last)
    .matter(0x0056, 0x0000);
    /// The temperature that it works with, where it has words for it.
    pub static TEMPERATURE_LEVEL: PropertySpec = PropertySpec::text(
        "appliance.temperature_level",
        "The temperature that it works with, in the device's own words.",
        64,
    )
    .settable()
    .matter(0x0056, 0x0004);
    /// Starts the programme.
    pub static START: ActionSpec =
        ActionSpec::new("appliance.start", "Starts the programme.", &[]).matter(0x0060, 0x02);
    /// Pauses.
    pub static PAUSE: ActionSpec = ActionSpec::new("appliance.pause", "Pauses.", &[]).matter(0x0060, 0x00);
    /// Goes on.
    pub static RESUME: ActionSpec = ActionSpec::new("appliance.resume", "Goes on.", &[]).matter(0x0060, 0x03);
    /// Ends the programme.
    pub static STOP: ActionSpec = ActionSpec::new("appliance.stop", "Ends the programme.", &[]).matter(0x0060, 0x01);
    /// A programme has run to its end.
    pub static CYCLE_FINISHED: OccurrenceSpec =
        OccurrenceSpec::new("appliance.cycle_finished", "A programme has run to its end.").matter(0x0060, 0x01);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "appliance",
        doc: "Runs programmes.",
        properties: &[&STATE, &REMAINING, &PROGRAMME, &PHASE, &SETPOINT, &TEMPERATURE_LEVEL],
        actions: &[&START, &PAUSE, &RESUME, &STOP],
        occurrences: &[&CYCLE_FINISHED],
    };
}

/// Making a device show which one it is (Matter Identify cluster).
pub mod identify {
    use super::*;
    /// Blinks, beeps or moves.
    pub static IDENTIFY: ActionSpec = ActionSpec::new(
        "identify.identify",
        "Blinks, beeps or moves, so that it can be found.",
        &[Parameter::optional("duration", Kind::Number(Limits::new(1.0, 600.0)), Unit::Second)],
    )
    .matter(0x0003, 0x00);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "identify",
        doc: "Can show which device it is.",
        properties: &[],
        actions: &[&IDENTIFY],
        occurrences: &[],
    };
}

/// The device's own program (Matter Basic Information and OTA Software Update Requestor clusters).
pub mod firmware {
    use super::*;
    /// The installed version.
    pub static INSTALLED: PropertySpec =
        PropertySpec::text("firmware.installed", "The installed version.", 128).matter(0x0028, 0x000A);
    /// The newest version that it could have.
    pub static LATEST: PropertySpec = PropertySpec::text("firmware.latest", "The newest version there is.", 128);
    /// Whether a newer version can be installed.
    pub static AVAILABLE: PropertySpec =
        PropertySpec::bool("firmware.available", "Whether a newer version can be installed.");
    /// How far an update has come, in %.
    pub static PROGRESS: PropertySpec =
        PropertySpec::number("firmware.progress", "How far an update has come.", Unit::Percent, 0.0, 100.0)
            .summarised(Summary::None)
            .matter(0x002A, 0x0003);
    /// Installs the newest version.
    pub static UPDATE: ActionSpec =
        ActionSpec::new("firmware.update", "Installs the newest version.", &[]).matter(0x002A, 0x00);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability {
        name: "firmware",
        doc: "Has a program that can be updated.",
        properties: &[&INSTALLED, &LATEST, &AVAILABLE, &PROGRESS],
        actions: &[&UPDATE],
        occurrences: &[],
    };
}

/// How the device fares as a machine (Matter General, Wi-Fi and Thread Network Diagnostics clusters).
pub mod diagnostics {
    use super::*;
    /// The strength of its radio signal, in dBm.
    pub static SIGNAL: PropertySpec = PropertySpec::number(
        "diagnostics.signal",
        "How strong its radio signal is.",
        Unit::DecibelMilliwatt,
        -200.0,
        50.0,
    )
    .matter(0x0036, 0x0004);
    /// For how long it had been running when it was last asked, in s.
    pub static UPTIME: PropertySpec = PropertySpec::number(
        "diagnostics.uptime",
        "For how long it had been running when last asked.",
        Unit::Second,
        0.0,
        1e10,
    )
    .summarised(Summary::None)
    .matter(0x0033, 0x0002);
    /// How often it has started.
    pub static RESTARTS: PropertySpec =
        PropertySpec::number("diagnostics.restarts", "How often it has started.", Unit::None, 0.0, 1e6)
            .summarised(Summary::Last)
            .matter(0x0033, 0x0001);
    /// Why it started last.
    pub static RESTART_REASON: PropertySpec = PropertySpec::choice(
        "diagnostics.restart_reason",
        "Why it started last.",
        &["power", "brownout", "watchdog", "update", "software"],
    )
    .matter(0x0033, 0x0004);
    /// The row of the table.
    pub static CAPABILITY: Capability = Capability::of_properties(
        "diagnostics",
        "Tells how it fares.",
        &[&SIGNAL, &UPTIME, &RESTARTS, &RESTART_REASON],
    );
}
