//! Findings in words.

use std::fmt::Write as _;

use hub_model::{Home, Path, Signal};
use jiff::{SignedDuration, Timestamp};

use super::{Aside, Example, Stimulus};
use crate::rule::Edge;

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
        Stimulus::Reach { device, reachable } => {
            let handle = home.device(*device).map(|known| known.device.handle.as_str()).unwrap_or_default();
            write!(text, ", when {handle} can {} be reached", if *reachable { "again" } else { "no longer" })
        }
        Stimulus::Scene(scene) => {
            let handle = home.scenes.get(scene).map(|scene| scene.handle.as_str());
            write!(text, ", when somebody runs the scene `{}`", handle.unwrap_or_default())
        }
        Stimulus::Message { topic, payload } if payload.is_empty() => {
            write!(text, ", when a message comes on `{topic}`")
        }
        Stimulus::Message { topic, payload } => {
            write!(text, ", when `{}` comes on `{topic}`", String::from_utf8_lossy(payload))
        }
        Stimulus::Told(signal) => write!(text, ", when {}", said(signal)),
        Stimulus::Entry { calendar, title, edge, offset } => {
            let edge = if *edge == Edge::Start { "begins" } else { "ends" };
            let after = match offset {
                at if at.is_zero() => String::new(),
                before if before.is_negative() => format!("{:#} before ", before.abs()),
                after => format!("{after:#} after "),
            };
            write!(text, ", {}{} {edge}", if after.is_empty() { "when " } else { &after }, entry(calendar, title))
        }
    };
    let mut given: Vec<_> = example.given.iter().map(|(of, value)| format!("{} is {value}", path(home, of))).collect();
    let Aside { going_on, ran } = &example.aside;
    given.extend(going_on.iter().map(|(calendar, title)| format!("{} is going on", entry(calendar, title))));
    given.extend(ran.iter().map(|(rule, ago)| {
        let ago = SignedDuration::try_from(*ago).unwrap_or_default();
        format!("`{rule}` ran {ago:#} before")
    }));
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

fn said(signal: &Signal) -> String {
    match signal {
        Signal::Phrase { words, .. } => format!("somebody says \"{words}\""),
        Signal::Webhook { rule, body: None, .. } => format!("somebody calls the address of `{rule}`"),
        Signal::Webhook { rule, body: Some(body), .. } => {
            format!("somebody calls the address of `{rule}` with `{body}`")
        }
        Signal::Answer(answer) => format!("somebody answers `{answer}`"),
        Signal::Message { filter, .. } => format!("a message comes for `{filter}`"),
        Signal::Started => "the hub has started".to_owned(),
        Signal::ByHand(rule) => format!("somebody runs `{rule}` by hand"),
    }
}

fn entry(calendar: &str, title: &str) -> String {
    if title.is_empty() {
        format!("something in the calendar `{calendar}`")
    } else {
        format!("\"{title}\" in the calendar `{calendar}`")
    }
}

fn moment(home: &Home, at: Timestamp) -> String {
    at.to_zoned_datetime(home.zone.clone()).strftime("%A %F %H:%M").to_string()
}
