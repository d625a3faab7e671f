//! Closed lists of words, as GraphQL enums over the model's.

use async_graphql::Enum;

/// What an endpoint is to people; it picks the icon and the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::EndpointKind")]
pub(crate) enum Kind {
    Light,
    Plug,
    Switch,
    Sensor,
    Blind,
    Curtain,
    Garage,
    Door,
    Window,
    Lock,
    Thermostat,
    Fan,
    Purifier,
    Humidifier,
    Valve,
    Vacuum,
    Media,
    Camera,
    Button,
    Alarm,
    Appliance,
    Person,
    Group,
    Other,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::Outcome")]
pub(crate) enum Outcome {
    /// The device itself reports what was asked.
    Done,
    /// It was sent, and this device can't report.
    Assumed,
    /// It waits for a sleeper, which will take it when it wakes.
    Queued,
    /// The device can't be reached.
    Unreachable,
    /// The device didn't confirm it in time.
    TimedOut,
    /// A newer command for the same took its place.
    Superseded,
    /// The device, or the hub's rights, said no.
    Refused,
    /// A value is beyond what the device takes.
    OutOfRange,
    /// The device has no such property or action.
    Unsupported,
}

/// A role in the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::Role")]
pub(crate) enum Role {
    /// Sees and does what the grants say, and nothing else.
    Guest,
    /// Sees and controls all devices.
    Member,
    /// Also changes the home: devices, rooms, scenes, rules.
    Admin,
    /// Also decides who has access, and holds the secrets and backups.
    Owner,
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::Severity")]
pub(crate) enum Severity {
    /// Good to know.
    Info,
    /// Something wants attention.
    Warning,
    /// Something is wrong now.
    Alarm,
}

/// How numbers are shown; values are metric everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::place::UnitSystem")]
pub(crate) enum Units {
    /// °C, m, l.
    Metric,
    /// °F, ft, gal.
    Imperial,
}

/// What kind of values a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ValueKind {
    /// True or false.
    Bool,
    /// A number within `limits`.
    Number,
    /// One of `choices`.
    Choice,
    /// Free text up to `longest` bytes.
    Text,
    /// `{h, s}`.
    Color,
}

/// How history thins a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Summary {
    /// It is not kept.
    None,
    /// The mean over time, with least and greatest.
    Mean,
    /// The last value of the span.
    Last,
    /// The sum of the span.
    Sum,
    /// The growth of a counter in the span.
    Counter,
}

impl From<hub_model::capability::Summary> for Summary {
    fn from(summary: hub_model::capability::Summary) -> Self {
        match summary {
            hub_model::capability::Summary::None => Self::None,
            hub_model::capability::Summary::Mean => Self::Mean,
            hub_model::capability::Summary::Last => Self::Last,
            hub_model::capability::Summary::Sum => Self::Sum,
            hub_model::capability::Summary::Counter => Self::Counter,
        }
    }
}
