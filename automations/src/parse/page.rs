//! One file while it is read: it turns offsets into lines and columns, and collects what is wrong.

use std::{cell::RefCell, ops::Range, path::Path, sync::Arc};

use crate::fault::{Fault, Spot};

/// A file's text. Mistakes are collected behind a cell, so that tables that are read at once can all tell theirs.
pub(super) struct Page<'a> {
    file: &'a Arc<Path>,
    text: &'a str,
    /// The offset at which each line begins.
    lines: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Page<'a> {
    pub(super) fn new(file: &'a Arc<Path>, text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file, text, lines: std::iter::once(0).chain(ends).collect(), faults: RefCell::default() }
    }

    pub(super) fn file(&self) -> &'a Arc<Path> {
        self.file
    }

    /// The line and column of an offset.
    pub(super) fn spot(&self, offset: usize) -> Spot {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let before = &self.text.as_bytes()[self.lines[line - 1]..offset];
        // The bytes that begin a character; an offset within one counts as its beginning.
        let characters = before.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Spot { line: number(line), column: number(characters + 1) }
    }

    /// The spot at which a span begins.
    pub(super) fn spot_of(&self, span: Option<Range<usize>>) -> Option<Spot> {
        span.map(|span| self.spot(span.start))
    }

    /// Notes a mistake.
    pub(super) fn fault(&self, spot: Spot, message: impl Into<String>) {
        self.faults.borrow_mut().push(Fault::new(self.file, spot, message));
    }

    /// What is wrong so far; it is told once.
    pub(super) fn take_faults(&self) -> Vec<Fault> {
        self.faults.take()
    }
}

/// The parser's words for what is no TOML, on one line.
pub(super) fn syntax_message(message: &str) -> String {
    let lines: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("this is not TOML: {}", lines.join("; "))
}
