//! Blueprints: rules with inputs, shared as files, used by saying what they shall work with.
//!
//! A blueprint is a rule file with a `[blueprint]` table that names its inputs; the rule below refers to them as
//! `"{{ light }}"`. A rule file uses it with `use` and `with`. Filling the inputs in gives the text of a plain rule, which
//! is read like any other, except that its mistakes point to the file that uses it.

mod builtin;
mod fill;
mod input;
mod library;
mod read;
#[cfg(test)]
mod tests;
mod used;

use std::{path::Path, sync::Arc};

use smol_str::SmolStr;

pub(crate) use self::used::read_use;
pub use self::{
    input::{Answer, Input, InputKind},
    library::Library,
    used::{Use, UseError},
};
use crate::fault::Fault;

/// The folder of an owner's blueprints, within the folder of rules.
pub const FOLDER: &str = "blueprints";

/// A rule with inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// What rules use it by.
    pub id: SmolStr,
    /// For people.
    pub name: String,
    /// What it does, in a sentence or two.
    pub doc: String,
    /// What it wants to know, in the order of its file.
    pub inputs: Vec<Input>,
    /// The file that it stands in; of one that comes with the hub, its name.
    pub file: Arc<Path>,
    /// Whether it comes with the hub.
    pub builtin: bool,
    /// The rule, with the lines of the blueprint's own table left empty.
    body: String,
}

impl Blueprint {
    /// The input of that name.
    pub fn input(&self, id: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.id == id)
    }
}

/// A blueprint that can't be used, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokenBlueprint {
    /// Its file's name.
    pub name: String,
    /// What is wrong with it; at least one.
    pub faults: Vec<Fault>,
}
