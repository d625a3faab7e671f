//! One span of time, and what it comes to.

use hub_model::{Value, capability::Summary};
use jiff::Timestamp;

use crate::Point;

/// What happened within one span.
#[derive(Debug)]
pub(crate) struct Span {
    start: i64,
    /// Up to where everything below is counted, and what holds from there on.
    at: i64,
    holds: Option<Value>,
    /// The last known number; a counter goes on from it.
    counter: Option<f64>,
    last: Option<(i64, Value)>,
    min: Option<f64>,
    max: Option<f64>,
    /// Value times microseconds, and the microseconds of a known number.
    area: f64,
    known: i64,
    sum: f64,
    growth: f64,
}

/// How much a counter grew; it begins with its first value, and after a fall at 0.
pub(crate) fn growth(before: Option<f64>, now: f64) -> f64 {
    match before {
        None => 0.0,
        Some(before) if now < before => now,
        Some(before) => now - before,
    }
}

/// To six digits, which is more than a chart can show, and takes half as many bytes as all that there are.
fn six_digits(number: f64) -> f64 {
    let exponent = number.abs().log10().floor() as i32;
    // Parts beyond a millionth are left, as are whole numbers.
    let scale = 10_f64.powi(5_i32.saturating_sub(exponent).clamp(0, 6));
    (number * scale).round() / scale
}

/// A truth value as a number, so that its mean is the part of the time that it was true.
fn number(value: &Value) -> Option<f64> {
    value.as_number().or_else(|| value.as_bool().map(|bool| f64::from(u8::from(bool))))
}

impl Span {
    /// A span that begins with a value that came before it.
    pub(crate) fn new(start: i64, holds: Option<Value>) -> Self {
        let counter = holds.as_ref().and_then(number);
        let (last, min, max) = (None, None, None);
        Self { start, at: start, holds, counter, last, min, max, area: 0.0, known: 0, sum: 0.0, growth: 0.0 }
    }

    /// Takes a value that comes at `at`.
    pub(crate) fn push(&mut self, at: i64, value: Value) {
        self.pass(at);
        if let Some(now) = number(&value) {
            self.sum += now;
            self.growth += growth(self.counter.replace(now), now);
            self.widen(now);
        }
        self.holds = Some(value.clone());
        self.last = Some((at, value));
    }

    /// Ends here; gives the span that follows.
    pub(crate) fn end(&mut self, at: i64) -> Self {
        self.pass(at);
        let mut next = Self::new(at, self.holds.clone());
        next.counter = self.counter;
        next
    }

    /// What this span comes to; `None` where there is nothing to show.
    pub(crate) fn point(&self, summary: Summary) -> Option<Point> {
        let (at, value) = match summary {
            Summary::Mean => (self.start, self.mean(self.holds.as_ref()?)),
            Summary::Sum | Summary::Counter => {
                self.last.as_ref()?;
                (self.start, Value::Number(if summary == Summary::Sum { self.sum } else { self.growth }))
            }
            Summary::Last | Summary::None => self.last.clone()?,
        };
        Some(Point { at: Timestamp::from_microsecond(at).ok()?, value, min: self.min, max: self.max })
    }

    /// Words and colours have no mean; the last one stands for them.
    fn mean(&self, holds: &Value) -> Value {
        if self.known == 0 {
            return holds.clone();
        }
        let mean = six_digits(self.area / self.known as f64);
        Value::Number(mean.clamp(self.min.unwrap_or(mean), self.max.unwrap_or(mean)))
    }

    /// Time goes by, and what holds counts for it.
    fn pass(&mut self, to: i64) {
        let time = to.saturating_sub(self.at);
        if time <= 0 {
            return;
        }
        self.at = to;
        if let Some(held) = self.holds.as_ref().and_then(number) {
            self.area += held * time as f64;
            self.known += time;
            self.widen(held);
        }
    }

    fn widen(&mut self, number: f64) {
        self.min = Some(self.min.map_or(number, |min| min.min(number)));
        self.max = Some(self.max.map_or(number, |max| max.max(number)));
    }
}
