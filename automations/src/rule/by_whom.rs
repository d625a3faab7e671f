//! Who changed something.

use hub_model::{Actor, Cause};
use smol_str::SmolStr;

/// By whom a change has to be for a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByWhom {
    /// Somebody: by the app, the command line or a voice.
    Person,
    /// Somebody of this name.
    Named(SmolStr),
    /// The device itself: a hand on its button, an app of its maker, its surroundings.
    Device,
    /// A rule.
    Rule,
    /// A scene, whoever ran it.
    Scene,
    /// Another program.
    Program,
    /// The hub itself.
    Hub,
}

impl ByWhom {
    /// The words for all that have one; a person has a name instead.
    pub const WORDS: [&str; 6] = ["person", "device", "rule", "scene", "program", "hub"];

    /// What a text means: one of the words, or else somebody's name.
    pub fn of(text: &str) -> Self {
        match text {
            "person" => Self::Person,
            "device" => Self::Device,
            "rule" => Self::Rule,
            "scene" => Self::Scene,
            "program" => Self::Program,
            "hub" => Self::Hub,
            name => Self::Named(name.into()),
        }
    }

    /// Whether something of this cause is by them.
    pub fn is(&self, cause: &Cause) -> bool {
        match (self, &cause.actor) {
            (Self::Person, Actor::Person { .. } | Actor::Voice(_))
            | (Self::Device, Actor::Device(_))
            | (Self::Rule, Actor::Rule(_))
            | (Self::Scene, Actor::Scene(_))
            | (Self::Program, Actor::Program(_))
            | (Self::Hub, Actor::Hub) => true,
            (Self::Named(wanted), Actor::Person { name, .. } | Actor::Voice(Some(name))) => {
                wanted.to_lowercase() == name.to_lowercase()
            }
            _ => false,
        }
    }
}
