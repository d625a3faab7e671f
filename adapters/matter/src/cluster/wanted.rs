//! A command on its way to becoming requests: each family takes its part out, and what is left nobody can do.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{
    Command, Invoke, Outcome, Property, Value,
    capability::{ActionSpec, PropertySpec},
};
use smol_str::SmolStr;

use super::Cluster;
use crate::wire::{AttributePath, Request, Tlv};

/// How long a command that must be timed may take from its Timed Request on.
const TIMED: Duration = Duration::from_secs(10);

/// What is still wanted, and what is to be sent for what was taken.
#[derive(Debug)]
pub(crate) struct Wanted {
    set: Vec<(Property, Value)>,
    invoke: Option<Invoke>,
    transition: Option<Duration>,
    planned: Planned,
}

/// What is to be done for a command.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// The requests, in their order.
    pub(crate) requests: Vec<Request>,
    /// The levels to remember, by endpoint.
    pub(crate) levels: Vec<(u16, u64)>,
}

/// Why a command can't be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such device, or it has left its bridge.
    #[error("the device is no longer there")]
    Gone,
    /// The device has no such property or action.
    #[error("the device can't take {0}")]
    Unsupported(String),
    /// A value, or an argument, is none that the device takes.
    #[error("{0}")]
    OutOfRange(String),
    /// The lock does nothing without a PIN.
    #[error("this lock needs a PIN: give it as `pin`")]
    PinNeeded,
}

impl Refusal {
    /// The outcome that a command has for this reason.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Gone => Outcome::Unreachable,
            Self::Unsupported(_) => Outcome::Unsupported,
            Self::OutOfRange(_) => Outcome::OutOfRange,
            Self::PinNeeded => Outcome::Refused,
        }
    }
}

impl Wanted {
    /// All of a command.
    pub(crate) fn new(command: &Command) -> Self {
        let Command { set, invoke, transition, .. } = command;
        Self { set: set.clone(), invoke: invoke.clone(), transition: *transition, planned: Planned::default() }
    }

    /// What was planned; an error if something is left.
    pub(crate) fn finish(self) -> Result<Planned, Refusal> {
        let left = self.set.first().map(|(property, _)| property.to_string());
        match left.or_else(|| self.invoke.map(|invoke| invoke.action.to_string())) {
            Some(left) => Err(Refusal::Unsupported(left)),
            None => Ok(self.planned),
        }
    }

    /// Whether a property is still to be set.
    pub(crate) fn wants(&self, spec: &'static PropertySpec) -> bool {
        self.peek(spec).is_some()
    }

    /// What a property is to be.
    pub(crate) fn peek(&self, spec: &'static PropertySpec) -> Option<&Value> {
        let wanted = Property::from(spec);
        self.set.iter().find(|(property, _)| *property == wanted).map(|(_, value)| value)
    }

    /// Also wants a property, unless the command says something of it.
    pub(crate) fn also(&mut self, spec: &'static PropertySpec, value: impl Into<Value>) {
        if !self.wants(spec) {
            self.set.push((spec.into(), value.into()));
        }
    }

    /// Takes what a property is to be.
    pub(crate) fn take(&mut self, spec: &'static PropertySpec) -> Option<Value> {
        self.take_named(&spec.into())
    }

    /// Takes what a property without a row is to be.
    pub(crate) fn take_named(&mut self, wanted: &Property) -> Option<Value> {
        let at = self.set.iter().position(|(property, _)| property == wanted)?;
        Some(self.set.remove(at).1)
    }

    /// Takes the truth that a property is to be.
    pub(crate) fn take_bool(&mut self, spec: &'static PropertySpec) -> Option<bool> {
        self.take(spec)?.as_bool()
    }

    /// Takes the number that a property is to be.
    pub(crate) fn take_number(&mut self, spec: &'static PropertySpec) -> Option<f64> {
        self.take(spec)?.as_number()
    }

    /// Takes the word that a property is to be.
    pub(crate) fn take_text(&mut self, spec: &'static PropertySpec) -> Option<SmolStr> {
        if let Value::Text(text) = self.take(spec)? { Some(text) } else { None }
    }

    /// Takes the action, if it is this one, and gives its arguments.
    pub(crate) fn take_deed(&mut self, spec: &'static ActionSpec) -> Option<BTreeMap<SmolStr, Value>> {
        self.invoke.take_if(|invoke| invoke.action == spec.into()).map(|invoke| invoke.arguments)
    }

    /// Takes those of these actions that are wanted, and sends the command of each. None of them has arguments.
    pub(crate) fn act(&mut self, cluster: &Cluster<'_>, deeds: &[(&'static ActionSpec, u32)]) {
        for (spec, command) in deeds {
            if self.take_deed(spec).is_some() {
                self.invoke(cluster, *command, Vec::new());
            }
        }
    }

    /// Takes the word that a property is to be, as the number that stands for it.
    pub(crate) fn take_word(
        &mut self,
        spec: &'static PropertySpec,
        words: &[(u64, &str)],
    ) -> Result<Option<u64>, Refusal> {
        self.take_text(spec).map(|word| number_of(words, &word)).transpose()
    }

    /// How long the change shall take, in tenths of a second, as Matter counts it; 0 for at once.
    pub(crate) fn tenths(&self) -> u64 {
        // The greatest value of the 16 bits is reserved.
        self.transition.map_or(0, |time| (time.as_millis() / 100).min(65_534) as u64)
    }

    /// How long the change shall take, if anything was said of it.
    pub(crate) const fn transition(&self) -> Option<Duration> {
        self.transition
    }

    /// The level that a lamp had before it is faded out, to be brought back when it is switched on.
    pub(crate) fn remember_level(&mut self, endpoint: u16, level: u64) {
        self.planned.levels.push((endpoint, level));
    }

    /// Sends a command.
    pub(crate) fn invoke(&mut self, cluster: &Cluster<'_>, command: u32, fields: Vec<(u8, Tlv)>) {
        self.push(cluster, command, fields, None);
    }

    /// Sends a command that must be timed.
    pub(crate) fn invoke_timed(&mut self, cluster: &Cluster<'_>, command: u32, fields: Vec<(u8, Tlv)>) {
        self.push(cluster, command, fields, Some(TIMED));
    }

    fn push(&mut self, cluster: &Cluster<'_>, command: u32, fields: Vec<(u8, Tlv)>, timed: Option<Duration>) {
        let (endpoint, cluster, fields) = (cluster.endpoint, cluster.id, Tlv::Struct(fields));
        self.planned.requests.push(Request::Invoke { endpoint, cluster, command, fields, timed });
    }

    /// Writes an attribute.
    pub(crate) fn write(&mut self, path: AttributePath, value: Tlv) {
        self.planned.requests.push(Request::Write { path, value, timed: None });
    }
}

/// The first number that stands for a word.
pub(crate) fn number_of(words: &[(u64, &str)], word: &str) -> Result<u64, Refusal> {
    let found = words.iter().find(|(_, known)| *known == word);
    found.map(|(number, _)| *number).ok_or_else(|| Refusal::OutOfRange(format!("there is no `{word}` here")))
}
