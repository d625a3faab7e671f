//! Makes few points out of many rows of history. Pure: rows in, points out.
//!
//! A value holds until the next one. With no more rows than points, the rows themselves are the points. Otherwise the
//! time is cut into equal spans, one point each:
//!
//! - *mean*: the mean weighted by time, with the least and greatest value that held; at the beginning of the span. Time
//!   of an unknown value counts for nothing; a span of nothing else is an unknown point.
//! - *last*: the last value; at its own time. Of numbers with least and greatest. A span without rows has no point.
//! - *sum*: the sum of the span; at its beginning. A span without rows has no point.
//! - *counter*: how much the counter grew; at the beginning of the span; least and greatest are the counter itself. A
//!   fall is a reset: it began at 0 again. Also where the rows are few, a point shows the growth and not the counter.
//!
//! What held at the beginning of the query is the first point of *mean* and *last*, at that time.

use hub_model::{Value, capability::Summary};
use jiff::Timestamp;

use crate::{HistoryQuery, Point};

mod span;
#[cfg(test)]
mod tests;

use self::span::Span;

/// A row of history: microseconds since 1970, and the value.
pub(crate) type Sample = (i64, Value);

/// Takes rows in their order and gives points.
#[derive(Debug)]
pub(crate) struct Thinning {
    from: i64,
    to: i64,
    points: usize,
    summary: Summary,
    /// What held before the first row.
    before: Option<Value>,
    /// The rows, while they are few.
    few: Vec<Sample>,
    /// The spans, once they are many. The last one is being filled.
    spans: Vec<Span>,
}

impl Thinning {
    /// For a query, and the value that held at its beginning.
    pub(crate) fn new(query: &HistoryQuery, before: Option<Value>) -> Self {
        let (from, to) = (query.from.as_microsecond(), query.to.as_microsecond());
        let few = match (&before, query.summary) {
            (Some(value), Summary::Mean | Summary::Last | Summary::None) => vec![(from, value.clone())],
            _ => Vec::new(),
        };
        Self { from, to, points: query.points, summary: query.summary, before, few, spans: Vec::new() }
    }

    /// Takes the next row; rows come in the order of time and lie within the query.
    pub(crate) fn push(&mut self, at: i64, value: Value) {
        if self.spans.is_empty() {
            // A row of the very moment of the beginning takes the place of what held until then: that held for no time.
            self.few.pop_if(|(last, _)| *last == at);
            self.few.push((at, value));
            if self.few.len() > self.points {
                self.cut();
            }
        } else {
            self.fill(at, value);
        }
    }

    /// The points, in the order of time, at most as many as were asked for.
    pub(crate) fn finish(mut self) -> Vec<Point> {
        if self.spans.is_empty() {
            return self.few_points();
        }
        self.go_on_to(self.points - 1);
        if let Some(last) = self.spans.last_mut() {
            last.end(self.to);
        }
        let summary = self.summary;
        self.spans.iter().filter_map(|span| span.point(summary)).collect()
    }

    /// The rows became too many to be points.
    fn cut(&mut self) {
        self.spans.reserve(self.points);
        self.spans.push(Span::new(self.from, self.before.take()));
        for (at, value) in std::mem::take(&mut self.few) {
            self.fill(at, value);
        }
    }

    fn fill(&mut self, at: i64, value: Value) {
        self.go_on_to(self.index(at));
        if let Some(span) = self.spans.last_mut() {
            span.push(at, value);
        }
    }

    /// Ends spans and begins the next ones until that of this index is open.
    fn go_on_to(&mut self, index: usize) {
        while self.spans.len() <= index {
            let start = self.start(self.spans.len());
            let Some(last) = self.spans.last_mut() else { return };
            let next = last.end(start);
            self.spans.push(next);
        }
    }

    /// The span that a time is in. Wide arithmetic, as a span of years times many points leaves 64 bits.
    fn index(&self, at: i64) -> usize {
        let (width, past) = (i128::from(self.to) - i128::from(self.from), i128::from(at) - i128::from(self.from));
        let index = past * self.points as i128 / width.max(1);
        usize::try_from(index).unwrap_or(0).min(self.points - 1)
    }

    /// The first microsecond of a span: the least time whose index it is.
    fn start(&self, index: usize) -> i64 {
        let width = i128::from(self.to) - i128::from(self.from);
        let past = (width * index as i128 + self.points as i128 - 1) / self.points as i128;
        (i128::from(self.from) + past) as i64
    }

    fn few_points(self) -> Vec<Point> {
        let mut counter = self.before.as_ref().and_then(Value::as_number);
        let point = |(at, value): Sample| {
            let at = Timestamp::from_microsecond(at).ok()?;
            let Some(number) = value.as_number().filter(|_| self.summary == Summary::Counter) else {
                return Some(Point { at, value, min: None, max: None });
            };
            let growth = span::growth(counter.replace(number), number);
            Some(Point { at, value: Value::Number(growth), min: Some(number), max: Some(number) })
        };
        self.few.into_iter().filter_map(point).collect()
    }
}
