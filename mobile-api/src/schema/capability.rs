//! The capability table as data, so that an app can draw controls for what it has never heard of.

use async_graphql::{ID, Object, SimpleObject};
use hub_model::{
    Shape,
    capability::{self, Access, ActionSpec, CAPABILITIES, OccurrenceSpec, PropertySpec},
};

use super::{
    property::kind,
    word::{Summary, ValueKind},
};
use crate::part::{NumberLimits, longest, words};

/// A named ability of an endpoint.
#[derive(Debug, SimpleObject)]
struct Capability {
    /// The name, in snake case.
    name: &'static str,
    /// One sentence for people.
    doc: &'static str,
    /// What can be read or set.
    properties: Vec<PropertyRow>,
    /// What can be done.
    actions: Vec<ActionRow>,
    /// What can happen.
    occurrences: Vec<OccurrenceRow>,
}

/// A property of the table.
#[derive(Debug, SimpleObject)]
struct PropertyRow {
    /// The whole name.
    id: ID,
    /// One sentence for people.
    doc: &'static str,
    /// What kind of values it takes.
    kind: ValueKind,
    /// The unit's symbol, where it has one.
    unit: Option<&'static str>,
    /// What its numbers are within; a device may narrow it.
    limits: Option<NumberLimits>,
    /// The words that it takes; a device may take fewer.
    choices: Option<Vec<String>>,
    /// The longest text that it takes, in bytes.
    longest: Option<usize>,
    /// Whether it can be set, on some devices at least.
    settable: bool,
    /// How history keeps it.
    summary: Summary,
}

/// An action of the table.
#[derive(Debug, SimpleObject)]
struct ActionRow {
    /// The whole name.
    id: ID,
    /// One sentence for people.
    doc: &'static str,
    /// What it may be told.
    parameters: Vec<ParameterRow>,
}

/// A parameter of an action.
#[derive(Debug, SimpleObject)]
struct ParameterRow {
    /// The name.
    name: &'static str,
    /// What kind of values it takes.
    kind: ValueKind,
    /// The unit's symbol, where it has one.
    unit: Option<&'static str>,
    /// What its numbers are within.
    limits: Option<NumberLimits>,
    /// The words that it takes.
    choices: Option<Vec<String>>,
    /// The longest text that it takes, in bytes.
    longest: Option<usize>,
    /// Whether the action makes no sense without it.
    required: bool,
    /// Whether it is to be hidden while it is typed, and never kept.
    secret: bool,
}

/// An occurrence of the table.
#[derive(Debug, SimpleObject)]
struct OccurrenceRow {
    /// The whole name.
    id: ID,
    /// One sentence for people.
    doc: &'static str,
}

/// The capability table.
#[derive(Debug, Default)]
pub(crate) struct CapabilityQuery;

#[Object]
impl CapabilityQuery {
    /// Everything that devices can be and do, in the order in which screens show it.
    #[graphql(complexity = "5 * child_complexity")]
    async fn capabilities(&self) -> Vec<Capability> {
        CAPABILITIES.iter().map(|row| Capability::from(*row)).collect()
    }
}

impl From<&capability::Capability> for Capability {
    fn from(row: &capability::Capability) -> Self {
        Self {
            name: row.name,
            doc: row.doc,
            properties: row.properties.iter().map(|spec| PropertyRow::from(*spec)).collect(),
            actions: row.actions.iter().map(|spec| ActionRow::from(*spec)).collect(),
            occurrences: row.occurrences.iter().map(|spec| OccurrenceRow::from(*spec)).collect(),
        }
    }
}

impl From<&PropertySpec> for PropertyRow {
    fn from(spec: &PropertySpec) -> Self {
        let shape = Shape::from(spec.kind);
        Self {
            id: spec.name.into(),
            doc: spec.doc,
            kind: kind(&shape),
            unit: symbol(spec.unit),
            limits: NumberLimits::of(&shape),
            choices: words(&shape),
            longest: longest(&shape),
            settable: spec.access == Access::ReadWrite,
            summary: spec.summary.into(),
        }
    }
}

impl From<&ActionSpec> for ActionRow {
    fn from(spec: &ActionSpec) -> Self {
        let parameters = spec.parameters.iter().map(ParameterRow::from).collect();
        Self { id: spec.name.into(), doc: spec.doc, parameters }
    }
}

impl From<&capability::Parameter> for ParameterRow {
    fn from(parameter: &capability::Parameter) -> Self {
        let shape = Shape::from(parameter.kind);
        Self {
            name: parameter.name,
            kind: kind(&shape),
            unit: symbol(parameter.unit),
            limits: NumberLimits::of(&shape),
            choices: words(&shape),
            longest: longest(&shape),
            required: parameter.required,
            secret: parameter.secret,
        }
    }
}

impl From<&OccurrenceSpec> for OccurrenceRow {
    fn from(spec: &OccurrenceSpec) -> Self {
        Self { id: spec.name.into(), doc: spec.doc }
    }
}

const fn symbol(unit: hub_model::Unit) -> Option<&'static str> {
    let symbol = unit.symbol();
    if symbol.is_empty() { None } else { Some(symbol) }
}
