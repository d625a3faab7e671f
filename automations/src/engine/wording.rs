//! Texts with what they tell of the home, and of what set their run off.

use hub_model::{DeviceId, Notice, Value, What};

use super::{Turn, thread::Run};
use crate::{
    plan::{Call, Piece, Telling},
    rule::Occasion,
};

impl Turn<'_> {
    pub(super) fn notice(&self, run: &Run, telling: &Telling) -> Notice {
        Notice {
            severity: telling.severity,
            title: self.worded(run, &telling.title),
            text: self.worded(run, &telling.text),
            to: telling.to.clone(),
            answers: telling.answers.clone(),
        }
    }

    /// A text with its readings of now; what is not known is a question mark.
    pub(super) fn worded(&self, run: &Run, pieces: &[Piece]) -> String {
        let words = pieces.iter().map(|piece| match piece {
            Piece::Plain(plain) => plain.clone(),
            told => shown(&self.told_by(run, told)),
        });
        words.collect()
    }

    /// The body of a call. JSON stays JSON whatever it tells of: within quotes a text is escaped, and what stands by itself is
    /// a value of its kind, `null` where nobody knows it.
    pub(super) fn body(&self, run: &Run, call: &Call) -> Option<String> {
        let pieces = call.body.as_ref()?;
        if !is_json(call, pieces) {
            return Some(self.worded(run, pieces));
        }
        let (mut body, mut quotes) = (String::new(), Quotes::default());
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => {
                    quotes.pass(plain);
                    body.push_str(plain);
                }
                told if quotes.within => {
                    let quoted = quoted(&shown(&self.told_by(run, told)));
                    body.push_str(&quoted[1..quoted.len() - 1]);
                }
                told => match self.told_by(run, told) {
                    Value::Unknown => body.push_str("null"),
                    value @ (Value::Bool(_) | Value::Number(_)) => body.push_str(&shown(&value)),
                    other => body.push_str(&quoted(&shown(&other))),
                },
            }
        }
        Some(body)
    }

    /// What stands in the place of a piece.
    fn told_by(&self, run: &Run, piece: &Piece) -> Value {
        match piece {
            Piece::Plain(plain) => Value::text(plain.as_str()),
            Piece::Reading(path) => self.home.reading(path).map_or(Value::Unknown, |reading| reading.value.clone()),
            Piece::Occasion(occasion) => self.of_occasion(run, occasion).unwrap_or(Value::Unknown),
        }
    }

    fn of_occasion(&self, run: &Run, occasion: &Occasion) -> Option<Value> {
        let event = run.event.as_ref().map(|event| &event.what);
        let device = || self.home.device(device_of(event?)?).map(|known| &known.device);
        match (occasion, event) {
            (Occasion::Body(place), _) => run.body.as_ref()?.at(place),
            (Occasion::Name, _) if run.entry.is_some() => run.entry.as_ref().map(|entry| Value::text(entry.as_str())),
            (Occasion::Name, _) => Some(Value::text(device()?.name.as_str())),
            (Occasion::Room, _) => Some(Value::text(self.home.rooms.get(&device()?.room?)?.name.as_str())),
            (Occasion::Value, Some(What::Changed { new, .. })) => Some(new.clone()),
            (Occasion::Value, Some(What::Occurred { occurrence, .. })) => Some(Value::text(occurrence.to_string())),
            (Occasion::Value, Some(What::Reachable { reachable, .. })) => Some(Value::Bool(*reachable)),
            (Occasion::Old, Some(What::Changed { old, .. })) => Some(old.clone()),
            _ => None,
        }
    }
}

/// Whether a body is JSON. Its kind says so of itself, so that a plain text without a kind is known by how it begins.
fn is_json(call: &Call, pieces: &[Piece]) -> bool {
    let begins = matches!(pieces.first(), Some(Piece::Plain(plain)) if plain.trim_start().starts_with(['{', '[', '"']));
    begins && call.content_type.contains("json")
}

/// A text as JSON has it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a place in JSON is within a text.
#[derive(Debug, Default)]
struct Quotes {
    within: bool,
    /// The last character before it was a backslash that means something.
    escapes: bool,
}

impl Quotes {
    fn pass(&mut self, plain: &str) {
        for character in plain.chars() {
            match character {
                _ if self.escapes => self.escapes = false,
                '\\' if self.within => self.escapes = true,
                '"' => self.within = !self.within,
                _ => {}
            }
        }
    }
}

const fn device_of(what: &What) -> Option<DeviceId> {
    match what {
        What::Changed { path, .. } => Some(path.device),
        What::Occurred { device, .. } | What::Reachable { device, .. } => Some(*device),
        _ => None,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Unknown => "?".into(),
        // Hundredths are what people read.
        Value::Number(number) => ((number * 100.0).round() / 100.0).to_string(),
        other => other.to_string(),
    }
}
