//! What clusters mean: one file for each family of them, each a table of properties, actions and occurrences with the
//! few functions that the tables can't say. Nothing here knows of devices or sessions.

mod air;
mod appliance;
mod area;
mod color;
mod covering;
mod electricity;
mod eve;
mod fan;
mod identity;
mod level;
mod lock;
mod measure;
mod media;
mod mode;
mod names;
mod objection;
mod on_off;
mod raw;
mod row;
mod safety;
mod switch;
mod thermostat;
mod vacuum;
mod valve;
mod view;
mod wanted;

use std::time::Duration;

use hub_model::{Occurrence, Property, Value, capability::ActionSpec};

pub(crate) use covering::kind as covering_kind;
pub(crate) use objection::objection;
pub(crate) use raw::{properties as raw_properties, read as raw_value};
pub(crate) use row::Row;
pub(crate) use view::Cluster;
pub use wanted::Refusal;
pub(crate) use wanted::Wanted;

use crate::wire::EventReport;

/// What a device that moves something slowly has: a tall shutter takes about a minute from end to end.
const SLOW: Duration = Duration::from_secs(90);

/// A group of clusters that are read and driven alike.
pub(crate) struct Family {
    /// Their ids.
    pub(crate) clusters: &'static [u32],
    /// What they tell.
    pub(crate) rows: &'static [Row],
    /// What they can be told to do.
    pub(crate) deeds: &'static [Deed],
    /// What can happen.
    pub(crate) occurrences: fn(&Cluster<'_>) -> Vec<Occurrence>,
    /// What an event means.
    pub(crate) hear: fn(&Cluster<'_>, &EventReport) -> Option<Heard>,
    /// Takes out of a command what this cluster can do, and adds the requests for it.
    pub(crate) plan: fn(&Cluster<'_>, &mut Wanted) -> Result<(), Refusal>,
}

/// An action, and whether a cluster has it.
pub(crate) struct Deed {
    /// Which one.
    pub(crate) spec: &'static ActionSpec,
    /// Whether this device can do it.
    pub(crate) offered: fn(&Cluster<'_>) -> bool,
    /// How long it may take, if that isn't the usual time.
    pub(crate) within: Option<Duration>,
}

/// What an event means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    /// Something happened.
    Occurred(Occurrence),
    /// Properties have values that no attribute tells.
    Read(Vec<(Property, Value)>),
}

impl Family {
    /// A family that does nothing yet.
    const OF_NOTHING: Self = Self {
        clusters: &[],
        rows: &[],
        deeds: &[],
        occurrences: |_| Vec::new(),
        hear: |_, _| None,
        plan: |_, _| Ok(()),
    };
}

impl Deed {
    const fn of(spec: &'static ActionSpec, offered: fn(&Cluster<'_>) -> bool) -> Self {
        Self { spec, offered, within: None }
    }

    const fn within(self, time: Duration) -> Self {
        Self { within: Some(time), ..self }
    }
}

/// Every family, in the order in which they take their parts of a command: what a light looks like before how bright it
/// is, and both before whether it is on, so that it goes on as it shall look.
pub(crate) static FAMILIES: &[&Family] = &[
    &color::FAMILY,
    &level::FAMILY,
    &fan::FAMILY,
    &on_off::FAMILY,
    &covering::FAMILY,
    &lock::FAMILY,
    &thermostat::FAMILY,
    &valve::VALVE,
    &valve::PUMP,
    &vacuum::STATE,
    &vacuum::RUN,
    &vacuum::CLEAN,
    &area::FAMILY,
    &appliance::STATE,
    &appliance::SETPOINT,
    &appliance::ALARM,
    &mode::PROGRAMME,
    &mode::SELECT_ONE,
    &media::PLAYBACK,
    &media::INPUT,
    &media::KEYPAD,
    &measure::TEMPERATURE,
    &measure::HUMIDITY,
    &measure::PRESSURE,
    &measure::ILLUMINANCE,
    &measure::FLOW,
    &measure::SOIL,
    &safety::OCCUPANCY,
    &safety::STATE,
    &safety::ALARM,
    &air::QUALITY,
    &air::CONCENTRATION,
    &air::FILTER,
    &electricity::SOURCE,
    &electricity::POWER,
    &electricity::ENERGY,
    &eve::FAMILY,
    &switch::FAMILY,
    &identity::IDENTIFY,
    &identity::BASIC,
    &identity::UPDATE,
    &identity::DIAGNOSTICS,
    &identity::WIFI,
    &identity::THREAD,
];

/// The family of a cluster.
pub(crate) fn family(cluster: u32) -> Option<&'static Family> {
    FAMILIES.iter().copied().find(|family| family.clusters.contains(&cluster))
}
