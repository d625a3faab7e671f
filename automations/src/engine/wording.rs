//! Texts with what they tell of the home, and of what set their run off.

use hub_model::{DeviceId, Notice, Value, What};

use super::{Turn, thread::Run};
use crate::{
    plan::{Piece, Telling},
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
            Piece::Reading(path) => shown(self.home.reading(path).map_or(&Value::Unknown, |reading| &reading.value)),
            Piece::Occasion(occasion) => self.of_occasion(run, occasion).unwrap_or_else(|| shown(&Value::Unknown)),
        });
        words.collect()
    }

    fn of_occasion(&self, run: &Run, occasion: &Occasion) -> Option<String> {
        let event = run.event.as_ref().map(|event| &event.what);
        let device = || self.home.device(device_of(event?)?).map(|known| &known.device);
        match (occasion, event) {
            (Occasion::Body(place), _) => run.body.as_ref()?.at(place).as_ref().map(shown),
            (Occasion::Name, _) if run.entry.is_some() => run.entry.as_ref().map(ToString::to_string),
            (Occasion::Name, _) => Some(device()?.name.clone()),
            (Occasion::Room, _) => Some(self.home.rooms.get(&device()?.room?)?.name.clone()),
            (Occasion::Value, Some(What::Changed { new, .. })) => Some(shown(new)),
            (Occasion::Value, Some(What::Occurred { occurrence, .. })) => Some(occurrence.to_string()),
            (Occasion::Value, Some(What::Reachable { reachable, .. })) => Some(reachable.to_string()),
            (Occasion::Old, Some(What::Changed { old, .. })) => Some(shown(old)),
            _ => None,
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
