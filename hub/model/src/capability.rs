//! The capability table: every property, action and occurrence that Hearth knows, one row each.
//!
//! Storage, the rule schema, voice, GraphQL, cards and documents all read this table, and it alone. A row names the
//! Matter cluster it stands for (Matter 1.4 application cluster specification). A vendor's property without a row
//! travels as `x.<vendor>.<name>` with its spec inside the device; when two adapters need it, it becomes a row.

mod access;
mod air;
mod climate;
mod electricity;
mod entertainment;
mod household;
mod input;
mod light;
mod people;
mod safety;
mod system;
mod water;

pub use access::{covering, lock};
pub use air::{
    air_quality, carbon_dioxide, fan, filter, formaldehyde, humidifier, nitrogen_dioxide, ozone, particulates, radon,
    sound, vibration, volatile_organics,
};
pub use climate::{humidity, illuminance, pressure, rain, temperature, thermostat, ultraviolet};
pub use electricity::{battery, current, energy, power, voltage};
pub use entertainment::{media, siren};
pub use household::{house, variable};
pub use input::{button, doorbell};
pub use light::{brightness, color, color_temperature, on_off};
pub use people::{contact, occupancy, presence};
pub use safety::{carbon_monoxide, freeze, gas, leak, problem, smoke, tamper};
pub use system::{appliance, diagnostics, firmware, identify, vacuum};
pub use water::{flow, moisture, pump, valve, weight};

use crate::{Limits, Unit};

/// A named ability of an endpoint: some properties, actions and occurrences that belong together.
#[derive(Debug)]
pub struct Capability {
    /// The name, in snake case (`color_temperature`).
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What can be read or set.
    pub properties: &'static [&'static PropertySpec],
    /// What can be done.
    pub actions: &'static [&'static ActionSpec],
    /// What can happen.
    pub occurrences: &'static [&'static OccurrenceSpec],
}

/// What kind of values a property or a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A finite number within limits, in a unit.
    Number(Limits),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Free text up to so many bytes.
    Text(usize),
    /// A [`Color`](crate::Color).
    Color,
}

/// Who may do what with a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// The device reports it.
    Read,
    /// The device reports it, and it can be set.
    ReadWrite,
}

/// How a property is kept in history, and what one point of a thinned chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// Not kept.
    None,
    /// The mean of the span, weighted by time, with least and greatest.
    Mean,
    /// The last value of the span.
    Last,
    /// The sum of what was reported in the span (an amount per report).
    Sum,
    /// The growth of a counter that only rises; a fall is a reset.
    Counter,
}

/// A Matter cluster and, for a property, its attribute; for an action, its command; for an occurrence, its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matter {
    /// The cluster's id.
    pub cluster: u32,
    /// The attribute's, command's or event's id.
    pub element: u32,
}

/// A row of the table: a property.
#[derive(Debug)]
pub struct PropertySpec {
    /// The whole name, `capability.property`.
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What values it takes; a device may narrow them.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Unit,
    /// Whether it can be set; a device may narrow this too.
    pub access: Access,
    /// How history keeps it.
    pub summary: Summary,
    /// The Matter attribute that it stands for.
    pub matter: Option<Matter>,
}

/// A row of the table: an action.
#[derive(Debug)]
pub struct ActionSpec {
    /// The whole name, `capability.action`.
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What it may be told.
    pub parameters: &'static [Parameter],
    /// The Matter command that it stands for.
    pub matter: Option<Matter>,
}

/// One parameter of an action.
#[derive(Debug)]
pub struct Parameter {
    /// The name, in snake case.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Unit,
    /// Whether the action makes no sense without it.
    pub required: bool,
    /// Whether it must never be shown, stored or logged (a PIN).
    pub secret: bool,
}

/// A row of the table: something that happens and is over, like a press.
#[derive(Debug)]
pub struct OccurrenceSpec {
    /// The whole name, `capability.occurrence`.
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// The Matter event that it stands for.
    pub matter: Option<Matter>,
}

/// The whole table, in the order in which screens show it.
pub static CAPABILITIES: &[&Capability] = &[
    &on_off::CAPABILITY,
    &brightness::CAPABILITY,
    &color_temperature::CAPABILITY,
    &color::CAPABILITY,
    &temperature::CAPABILITY,
    &humidity::CAPABILITY,
    &pressure::CAPABILITY,
    &illuminance::CAPABILITY,
    &ultraviolet::CAPABILITY,
    &rain::CAPABILITY,
    &occupancy::CAPABILITY,
    &presence::CAPABILITY,
    &contact::CAPABILITY,
    &moisture::CAPABILITY,
    &leak::CAPABILITY,
    &freeze::CAPABILITY,
    &smoke::CAPABILITY,
    &carbon_monoxide::CAPABILITY,
    &gas::CAPABILITY,
    &tamper::CAPABILITY,
    &problem::CAPABILITY,
    &sound::CAPABILITY,
    &vibration::CAPABILITY,
    &carbon_dioxide::CAPABILITY,
    &particulates::CAPABILITY,
    &volatile_organics::CAPABILITY,
    &air_quality::CAPABILITY,
    &formaldehyde::CAPABILITY,
    &nitrogen_dioxide::CAPABILITY,
    &ozone::CAPABILITY,
    &radon::CAPABILITY,
    &battery::CAPABILITY,
    &power::CAPABILITY,
    &energy::CAPABILITY,
    &voltage::CAPABILITY,
    &current::CAPABILITY,
    &flow::CAPABILITY,
    &weight::CAPABILITY,
    &covering::CAPABILITY,
    &lock::CAPABILITY,
    &thermostat::CAPABILITY,
    &fan::CAPABILITY,
    &humidifier::CAPABILITY,
    &filter::CAPABILITY,
    &button::CAPABILITY,
    &doorbell::CAPABILITY,
    &vacuum::CAPABILITY,
    &appliance::CAPABILITY,
    &valve::CAPABILITY,
    &pump::CAPABILITY,
    &media::CAPABILITY,
    &siren::CAPABILITY,
    &identify::CAPABILITY,
    &firmware::CAPABILITY,
    &diagnostics::CAPABILITY,
    &house::CAPABILITY,
    &variable::CAPABILITY,
];

/// The capability of that name.
pub fn capability(name: &str) -> Option<&'static Capability> {
    CAPABILITIES.iter().copied().find(|capability| capability.name == name)
}

/// Every property of the table.
pub fn properties() -> impl Iterator<Item = &'static PropertySpec> {
    CAPABILITIES.iter().flat_map(|capability| capability.properties.iter().copied())
}

/// Every action of the table.
pub fn actions() -> impl Iterator<Item = &'static ActionSpec> {
    CAPABILITIES.iter().flat_map(|capability| capability.actions.iter().copied())
}

/// Every occurrence of the table.
pub fn occurrences() -> impl Iterator<Item = &'static OccurrenceSpec> {
    CAPABILITIES.iter().flat_map(|capability| capability.occurrences.iter().copied())
}

impl Capability {
    /// A capability that has properties and nothing else.
    pub const fn of_properties(
        name: &'static str,
        doc: &'static str,
        properties: &'static [&'static PropertySpec],
    ) -> Self {
        Self { name, doc, properties, actions: &[], occurrences: &[] }
    }
}

impl PropertySpec {
    /// A property that is true or false.
    pub const fn bool(name: &'static str, doc: &'static str) -> Self {
        Self::of(name, doc, Kind::Bool, Unit::None)
    }

    /// A property that is a number from `min` to `max`.
    pub const fn number(name: &'static str, doc: &'static str, unit: Unit, min: f64, max: f64) -> Self {
        Self::of(name, doc, Kind::Number(Limits::new(min, max)), unit).summarised(Summary::Mean)
    }

    /// A property that is one of a few words.
    pub const fn choice(name: &'static str, doc: &'static str, words: &'static [&'static str]) -> Self {
        Self::of(name, doc, Kind::Choice(words), Unit::None)
    }

    /// A property that is free text.
    pub const fn text(name: &'static str, doc: &'static str, longest: usize) -> Self {
        Self::of(name, doc, Kind::Text(longest), Unit::None)
    }

    /// A property of any kind; read only, kept in history by its last value.
    pub const fn of(name: &'static str, doc: &'static str, kind: Kind, unit: Unit) -> Self {
        Self { name, doc, kind, unit, access: Access::Read, summary: Summary::Last, matter: None }
    }

    /// The same, and it can be set.
    pub const fn settable(self) -> Self {
        Self { access: Access::ReadWrite, ..self }
    }

    /// The same, kept in history in this way.
    pub const fn summarised(self, summary: Summary) -> Self {
        Self { summary, ..self }
    }

    /// The same, standing for this Matter attribute.
    pub const fn matter(self, cluster: u32, attribute: u32) -> Self {
        Self { matter: Some(Matter { cluster, element: attribute }), ..self }
    }

    /// The name without its capability: `level` of `brightness.level`.
    pub fn short_name(&self) -> &'static str {
        short(self.name)
    }
}

impl ActionSpec {
    /// An action that may be told `parameters`.
    pub const fn new(name: &'static str, doc: &'static str, parameters: &'static [Parameter]) -> Self {
        Self { name, doc, parameters, matter: None }
    }

    /// The same, standing for this Matter command.
    pub const fn matter(self, cluster: u32, command: u32) -> Self {
        Self { matter: Some(Matter { cluster, element: command }), ..self }
    }

    /// The name without its capability: `unlock` of `lock.unlock`.
    pub fn short_name(&self) -> &'static str {
        short(self.name)
    }
}

impl Parameter {
    /// A parameter that may be left out.
    pub const fn optional(name: &'static str, kind: Kind, unit: Unit) -> Self {
        Self { name, kind, unit, required: false, secret: false }
    }

    /// A parameter that must be given.
    pub const fn required(name: &'static str, kind: Kind, unit: Unit) -> Self {
        Self { name, kind, unit, required: true, secret: false }
    }

    /// The same, and it is a secret.
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

impl OccurrenceSpec {
    /// An occurrence.
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, matter: None }
    }

    /// The same, standing for this Matter event.
    pub const fn matter(self, cluster: u32, event: u32) -> Self {
        Self { matter: Some(Matter { cluster, element: event }), ..self }
    }

    /// The name without its capability: `single` of `button.single`.
    pub fn short_name(&self) -> &'static str {
        short(self.name)
    }
}

fn short(name: &'static str) -> &'static str {
    name.split_once('.').map_or(name, |(_, short)| short)
}

/// The capability's part of a whole name: `lock` of `lock.unlock`.
pub fn capability_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(capability, _)| capability)
}

#[cfg(test)]
mod tests;
