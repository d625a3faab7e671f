//! Puts answers into the places of a blueprint's inputs.

use std::ops::Range;

use smol_str::SmolStr;
use toml_edit::{Document, Item, Value};

use super::Answer;
use crate::keys::DEVICE_KEYS;

/// A text in which a blueprint names inputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hole {
    /// Where its value stands in the text, quotes and all.
    pub(super) span: Range<usize>,
    /// What stands there, between and in place of inputs.
    pub(super) parts: Vec<Part>,
    /// What the text is for.
    pub(super) names: Names,
}

/// What a text with inputs names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Devices; an answer of several becomes a list.
    Devices,
    /// Devices, in a list that there is already.
    SomeDevices,
    /// Anything else; an answer of several is told in words.
    Other,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    Input(SmolStr),
}

/// The text of a plain rule, made of a blueprint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    /// Where answers stand in it, each with the input that it is of; the first where a text has several.
    pub(crate) answers: Vec<(Range<usize>, SmolStr)>,
    /// Where each piece of the blueprint begins, in this text and in the blueprint's.
    pub(crate) pieces: Vec<(usize, usize)>,
}

impl Hole {
    /// The inputs that it names.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &SmolStr> {
        self.parts.iter().filter_map(|part| if let Part::Input(input) = part { Some(input) } else { None })
    }

    /// A text that is an input and nothing else takes its answer as it is; others take it in words, but those that name
    /// devices, which become several.
    fn filled<'a>(&self, answer: impl Fn(&str) -> Option<&'a Answer>) -> String {
        let has_several = self.inputs().any(|input| matches!(answer(input), Some(Answer::Words(_))));
        if has_several && self.names != Names::Other {
            return self.several(answer);
        }
        if let [Part::Input(input)] = &self.parts[..]
            && let Some(answer) = answer(input)
        {
            return answer.value().to_string();
        }
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Input(input) => answer(input).map(ToString::to_string).unwrap_or_default(),
        };
        Value::from(self.parts.iter().map(part).collect::<String>()).to_string()
    }

    /// The text once for each of the devices that its inputs are told, as a list or as a part of one.
    fn several<'a>(&self, answer: impl Fn(&str) -> Option<&'a Answer>) -> String {
        let mut texts = vec![String::new()];
        for part in &self.parts {
            let ways: Vec<String> = match part {
                Part::Text(text) => vec![text.clone()],
                Part::Input(input) => match answer(input) {
                    Some(Answer::Words(words)) => words.iter().map(ToString::to_string).collect(),
                    other => vec![other.map(ToString::to_string).unwrap_or_default()],
                },
            };
            texts = texts.iter().flat_map(|text| ways.iter().map(move |way| format!("{text}{way}"))).collect();
        }
        let texts: Vec<_> = texts.into_iter().map(|text| Value::from(text).to_string()).collect();
        let texts = texts.join(", ");
        if self.names == Names::SomeDevices { texts } else { format!("[{texts}]") }
    }
}

/// Every text of a document that names inputs, in the order of the document.
pub(super) fn holes(document: &Document<&str>) -> Vec<Hole> {
    let mut holes = Vec::new();
    look_at(document.as_item(), Names::Other, &mut holes);
    holes.sort_by_key(|hole| hole.span.start);
    holes
}

/// What the text behind a key names.
fn named_by(key: &str) -> Names {
    if DEVICE_KEYS.contains(&key) { Names::Devices } else { Names::Other }
}

fn look_at(item: &Item, names: Names, holes: &mut Vec<Hole>) {
    match item {
        Item::None => {}
        Item::Value(value) => look_into(value, names, holes),
        Item::Table(table) => table.iter().for_each(|(key, item)| look_at(item, named_by(key), holes)),
        Item::ArrayOfTables(tables) => {
            tables.iter().flat_map(|table| table.iter()).for_each(|(key, item)| look_at(item, named_by(key), holes));
        }
    }
}

fn look_into(value: &Value, names: Names, holes: &mut Vec<Hole>) {
    match value {
        Value::String(text) => {
            let parts = parts(text.value());
            if let (Some(span), true) = (text.span(), parts.iter().any(|part| matches!(part, Part::Input(_)))) {
                holes.push(Hole { span, parts, names });
            }
        }
        Value::Array(list) => {
            let names = if names == Names::Other { Names::Other } else { Names::SomeDevices };
            list.iter().for_each(|value| look_into(value, names, holes));
        }
        Value::InlineTable(table) => table.iter().for_each(|(key, value)| look_into(value, named_by(key), holes)),
        _ => {}
    }
}

/// A text cut at its `{{ inputs }}`.
fn parts(text: &str) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, from)) = rest.split_once("{{") {
        let Some((input, after)) = from.split_once("}}") else { break };
        if !before.is_empty() {
            parts.push(Part::Text(before.into()));
        }
        parts.push(Part::Input(input.trim().into()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.into()));
    }
    parts
}

/// Fills the holes of a text; `head` stands before it.
pub(super) fn fill<'a>(head: &str, body: &str, holes: &[Hole], answer: impl Fn(&str) -> Option<&'a Answer>) -> Filled {
    let (mut text, mut answers, mut pieces, mut from) = (head.to_owned(), Vec::new(), Vec::new(), 0);
    for hole in holes {
        pieces.push((text.len(), from));
        text.push_str(&body[from..hole.span.start]);
        let start = text.len();
        text.push_str(hole.filled(&answer).trim());
        answers.extend(hole.inputs().next().map(|input| (start..text.len(), input.clone())));
        from = hole.span.end;
    }
    pieces.push((text.len(), from));
    text.push_str(&body[from..]);
    Filled { text, answers, pieces }
}
