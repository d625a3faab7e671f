//! How far something is open, as the wire counts it.

use crate::discovery::{ConfigError, Fields};

/// A wire's numbers for closed and open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) closed: f64,
    pub(super) open: f64,
}

impl Span {
    /// Reads both numbers, which are 0 and 100 unless they are named.
    pub(super) fn parse(fields: &Fields<'_>, closed: &'static str, open: &'static str) -> Result<Self, ConfigError> {
        let span = Self { closed: fields.number(closed)?.unwrap_or(0.0), open: fields.number(open)?.unwrap_or(100.0) };
        if span.closed == span.open {
            return Err(ConfigError::WrongKind { field: closed.into(), wanted: "another number than for open" });
        }
        Ok(span)
    }

    /// How far it is open, in tenths of %.
    pub(super) fn percent(self, raw: f64) -> f64 {
        let percent = (raw - self.closed) / (self.open - self.closed) * 100.0;
        // The zero that is added makes a 0 of the -0 that counting backwards gives.
        (percent.clamp(0.0, 100.0) * 10.0).round() / 10.0 + 0.0
    }

    /// The wire's number, which is a whole one.
    pub(super) fn wire(self, percent: f64) -> f64 {
        (self.closed + (self.open - self.closed) * percent / 100.0).round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_may_count_backwards() {
        let span = Span { closed: 255.0, open: 0.0 };
        assert_eq!([255.0, 128.0, 0.0, 300.0].map(|raw| span.percent(raw)), [0.0, 49.8, 100.0, 0.0]);
        assert!(span.percent(255.0).is_sign_positive());
        assert_eq!([0.0, 50.0, 100.0].map(|percent| span.wire(percent)), [255.0, 128.0, 0.0]);
    }
}
