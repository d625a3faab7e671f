//! One file while it is read: it turns offsets into lines and columns, and collects what is wrong.

use std::{cell::RefCell, ops::Range, path::Path, sync::Arc};

use crate::fault::{Fault, Spot};

/// A file's text. Mistakes are collected behind a cell, so that tables that are read at once can all tell theirs.
pub(crate) struct Page<'a> {
    file: &'a Arc<Path>,
    text: &'a str,
    overlay: Option<Overlay>,
    /// The offset at which each line begins.
    lines: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

/// Where the parts of a text that nobody wrote come from: a mistake in it belongs to another text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Overlay {
    /// How many lines were put before the others.
    pub(crate) lines: u32,
    /// Ranges of bytes that come from other places.
    pub(crate) places: Vec<(Range<usize>, Spot)>,
    /// Where all the rest belongs; where it stands, if nothing is said here.
    pub(crate) elsewhere: Option<Spot>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(file: &'a Arc<Path>, text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Self { file, text, overlay: None, lines, faults: RefCell::default() }
    }

    /// A text whose mistakes belong to another.
    pub(crate) fn overlaid(file: &'a Arc<Path>, text: &'a str, overlay: Overlay) -> Self {
        Self { overlay: Some(overlay), ..Self::new(file, text) }
    }

    pub(super) fn file(&self) -> &'a Arc<Path> {
        self.file
    }

    /// The line and column of an offset.
    pub(crate) fn spot(&self, offset: usize) -> Spot {
        let Some(overlay) = &self.overlay else { return self.spot_here(offset) };
        let place = overlay.places.iter().find(|(range, _)| range.contains(&offset)).map(|(_, spot)| *spot);
        place.or(overlay.elsewhere).unwrap_or_else(|| {
            let Spot { line, column } = self.spot_here(offset);
            Spot { line: line.saturating_sub(overlay.lines).max(1), column }
        })
    }

    fn spot_here(&self, offset: usize) -> Spot {
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
    pub(crate) fn fault(&self, spot: Spot, message: impl Into<String>) {
        self.faults.borrow_mut().push(Fault::new(self.file, spot, message));
    }

    /// What is wrong so far; it is told once.
    pub(crate) fn take_faults(&self) -> Vec<Fault> {
        self.faults.take()
    }
}

/// The parser's words for what is no TOML, on one line.
pub(crate) fn syntax_message(message: &str) -> String {
    let lines: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("this is not TOML: {}", lines.join("; "))
}
