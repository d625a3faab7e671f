//! What is wrong with a rule file, and where: the one form in which every mistake reaches its author.

use std::{fmt, path::Path, sync::Arc};

/// A place in a file, both numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The line.
    pub line: u32,
    /// The column, counted in characters.
    pub column: u32,
}

/// A mistake in a rule file. It shows as `file:line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: Arc<Path>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, counted in characters.
    pub column: u32,
    /// What was found, and what would be right.
    pub message: String,
}

impl Spot {
    /// The beginning of a file, for what concerns all of it.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl Fault {
    /// A mistake at a spot of a file.
    pub fn new(file: &Arc<Path>, spot: Spot, message: impl Into<String>) -> Self {
        Self { file: file.clone(), line: spot.line, column: spot.column, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.message)
    }
}

impl std::error::Error for Fault {}
