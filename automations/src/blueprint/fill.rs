//! Puts answers into the places of a blueprint's inputs.

use std::ops::Range;

use smol_str::SmolStr;
use toml_edit::{Document, Item, Value};

use super::Answer;

/// A text in which a blueprint names inputs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hole {
    /// Where its value stands in the text, quotes and all.
    pub(super) span: Range<usize>,
    /// What stands there, between and in place of inputs.
    pub(super) parts: Vec<Part>,
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

    /// A text that is an input and nothing else takes its answer as it is; others take it in words.
    fn filled<'a>(&self, answer: impl Fn(&str) -> Option<&'a Answer>) -> Value {
        if let [Part::Input(input)] = &self.parts[..]
            && let Some(answer) = answer(input)
        {
            return answer.value();
        }
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Input(input) => answer(input).map(ToString::to_string).unwrap_or_default(),
        };
        Value::from(self.parts.iter().map(part).collect::<String>())
    }
}

/// Every text of a document that names inputs, in the order of the document.
pub(super) fn holes(document: &Document<&str>) -> Vec<Hole> {
    let mut holes = Vec::new();
    look_at(document.as_item(), &mut holes);
    holes.sort_by_key(|hole| hole.span.start);
    holes
}

fn look_at(item: &Item, holes: &mut Vec<Hole>) {
    match item {
        Item::None => {}
        Item::Value(value) => look_into(value, holes),
        Item::Table(table) => table.iter().for_each(|(_, item)| look_at(item, holes)),
        Item::ArrayOfTables(tables) => {
            tables.iter().flat_map(|table| table.iter()).for_each(|(_, item)| look_at(item, holes));
        }
    }
}

fn look_into(value: &Value, holes: &mut Vec<Hole>) {
    match value {
        Value::String(text) => {
            let parts = parts(text.value());
            if let (Some(span), true) = (text.span(), parts.iter().any(|part| matches!(part, Part::Input(_)))) {
                holes.push(Hole { span, parts });
            }
        }
        Value::Array(list) => list.iter().for_each(|value| look_into(value, holes)),
        Value::InlineTable(table) => table.iter().for_each(|(_, value)| look_into(value, holes)),
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
        text.push_str(hole.filled(&answer).to_string().trim());
        answers.extend(hole.inputs().next().map(|input| (start..text.len(), input.clone())));
        from = hole.span.end;
    }
    pieces.push((text.len(), from));
    text.push_str(&body[from..]);
    Filled { text, answers, pieces }
}
