//! What the hub says to people.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A message of the hub or of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// A few words.
    pub title: String,
    /// What happened, and what one can do.
    pub text: String,
    /// Names of the people it is for; empty for everyone.
    #[serde(default)]
    pub to: Vec<String>,
    /// What they can answer; rules wait for answers by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// A button beneath a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its name in rules.
    pub id: SmolStr,
    /// What the button says.
    pub title: String,
}

impl Notice {
    /// A message for everyone, that nobody is asked to answer.
    pub fn to_all(severity: Severity, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { severity, title: title.into(), text: text.into(), to: Vec::new(), answers: Vec::new() }
    }
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something wants attention.
    Warning,
    /// Something is wrong now.
    Alarm,
}
