//! Findings in words.

use std::fmt::Write as _;

use hub_model::{Home, Path};
use jiff::Timestamp;

use super::{Example, Stimulus};

/// `hall-lamp/on_off.on`.
pub(super) fn path(home: &Home, path: &Path) -> String {
    let handle =
        home.device(path.device).map_or_else(|| path.device.to_string(), |known| known.device.handle.to_string());
    if path.endpoint == hub_model::EndpointId::first() {
        format!("{handle}/{}", path.property)
    } else {
        format!("{handle}/{}/{}", path.endpoint, path.property)
    }
}

/// An example, as the end of a text; nothing where nothing can happen.
pub(super) fn example(home: &Home, example: &Example) -> String {
    let Some(happens) = &example.happens else { return String::new() };
    let mut text = format!(" For example, on {}", moment(home, example.at));
    // Writing to a string can't fail.
    let _ = match happens {
        Stimulus::Change { path: of, old, new } => {
            write!(text, ", when {} becomes {new} and was {old}", path(home, of))
        }
        Stimulus::Occurs { device, occurrence, .. } => {
            let handle = home.device(*device).map(|known| known.device.handle.as_str());
            write!(text, ", at `{occurrence}` of {}", handle.unwrap_or_default())
        }
        Stimulus::Clock(_) => Ok(()),
    };
    let given: Vec<_> = example.given.iter().map(|(of, value)| format!("{} is {value}", path(home, of))).collect();
    if !given.is_empty() {
        let _ = write!(text, ", while {}", given.join(" and "));
    }
    for (nth, written) in example.then.iter().enumerate() {
        let begin = if nth == 0 { ":" } else { "," };
        let after = if written.at > example.at {
            format!(" after {:#}", written.at.duration_since(example.at))
        } else {
            String::new()
        };
        let _ =
            write!(text, "{begin} `{}` sets {} to {}{after}", written.rule, path(home, &written.path), written.value);
    }
    text.push('.');
    text
}

fn moment(home: &Home, at: Timestamp) -> String {
    at.to_zoned_datetime(home.zone.clone()).strftime("%A %F %H:%M").to_string()
}
