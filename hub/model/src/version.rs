//! What rules and scenes were: each change with who made it and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use crate::{AccountId, Actor, RuleId, RunOf};

/// One state of a rule or a scene, from when it was made until the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Grows with every version; 0 before it is kept.
    pub number: i64,
    /// Of what.
    pub of: RunOf,
    /// Its name then.
    pub name: String,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: Author,
    /// With whose rights a rule acts since then: its last editor. Who only switches it on or off, or writes a device's new
    /// handle into it, is the author of that change and no editor.
    pub editor: Author,
    /// The rule's text as in its file, or the scene as JSON; `None` where it was removed.
    pub body: Option<String>,
    /// The name of the rule's file; empty for a scene.
    pub file: String,
}

/// Who changed a rule or a scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// Somebody, by the app or the command line.
    Person {
        /// Their account.
        account: AccountId,
        /// Their name then.
        name: SmolStr,
    },
    /// Whoever edits the file on the hub's own disk.
    File,
    /// Somebody at the hub itself, or the hub.
    Hub,
    /// A rule that switched another one on or off.
    Rule(RuleId),
}

impl Author {
    /// Their name, for people.
    pub fn name(&self) -> SmolStr {
        match self {
            Self::Person { name, .. } => name.clone(),
            Self::File => "file".into(),
            Self::Hub => "hub".into(),
            Self::Rule(id) => format_smolstr!("the rule `{id}`"),
        }
    }
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Person { account, name } => Self::Person { account: *account, name: name.clone() },
            Actor::Rule(id) => Self::Rule(id.clone()),
            _ => Self::Hub,
        }
    }
}
