//! What the hub says to people.

use serde::{Deserialize, Serialize};

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
