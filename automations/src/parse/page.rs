//! One file while it is read: it turns offsets into lines and columns, and collects what is wrong.

use std::{cell::RefCell, ops::Range, path::Path, sync::Arc};

use crate::fault::{Fault, Spot};

/// A file's text. Mistakes are collected behind a cell, so that tables that are read at once can all tell theirs.
pub(crate) struct Page<'a> {
    file: &'a Arc<Path>,
    lines: Lines<'a>,
    overlay: Option<Overlay<'a>>,
    faults: RefCell<Vec<Fault>>,
}

/// A text by its lines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// The offset at which each line begins.
    starts: Vec<usize>,
}

/// Where the parts of a text that nobody wrote come from: a mistake in it belongs to another text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overlay<'a> {
    /// Ranges of bytes that come from other places.
    pub(crate) places: Vec<(Range<usize>, Spot)>,
    /// Where all the rest belongs.
    pub(crate) rest: Rest<'a>,
}

/// Where what stands between the places of an overlay belongs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rest<'a> {
    /// All of it to one spot.
    Spot(Spot),
    /// Each piece to where it was taken from.
    Taken {
        /// The text that the pieces were taken from.
        from: Lines<'a>,
        /// Where each piece begins, here and there, in their order.
        pieces: Vec<(usize, usize)>,
    },
}

impl<'a> Page<'a> {
    pub(crate) fn new(file: &'a Arc<Path>, text: &'a str) -> Self {
        Self { file, lines: Lines::of(text), overlay: None, faults: RefCell::default() }
    }

    /// A text whose mistakes belong to another.
    pub(crate) fn overlaid(file: &'a Arc<Path>, text: &'a str, overlay: Overlay<'a>) -> Self {
        Self { overlay: Some(overlay), ..Self::new(file, text) }
    }

    pub(super) fn file(&self) -> &'a Arc<Path> {
        self.file
    }

    /// The line and column of an offset.
    pub(crate) fn spot(&self, offset: usize) -> Spot {
        self.overlay.as_ref().map_or_else(|| self.lines.spot(offset), |overlay| overlay.spot(offset))
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

impl Overlay<'_> {
    fn spot(&self, offset: usize) -> Spot {
        let place = self.places.iter().find(|(range, _)| range.contains(&offset)).map(|(_, spot)| *spot);
        place.unwrap_or_else(|| match &self.rest {
            Rest::Spot(spot) => *spot,
            Rest::Taken { from, pieces } => {
                let piece = pieces.iter().rev().find(|(here, _)| *here <= offset);
                piece.map_or(Spot::START, |(here, there)| from.spot(there + offset - here))
            }
        })
    }
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    fn spot(&self, offset: usize) -> Spot {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let before = &self.text.as_bytes()[self.starts[line - 1]..offset];
        // The bytes that begin a character; an offset within one counts as its beginning.
        let characters = before.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Spot { line: number(line), column: number(characters + 1) }
    }
}

/// The parser's words for what is no TOML, on one line.
pub(crate) fn syntax_message(message: &str) -> String {
    let lines: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("this is not TOML: {}", lines.join("; "))
}
