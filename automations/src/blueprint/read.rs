//! Reads blueprints.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use hub_model::{Action, Occurrence, Property, handle::slug, suggest::did_you_mean};
use smol_str::SmolStr;
use toml_edit::Document;

use super::{
    Answer, Blueprint, BrokenBlueprint, Input, InputKind,
    fill::{Hole, fill, holes},
};
use crate::{
    fault::{Fault, Spot},
    keys::BLUEPRINT_FILE,
    parse::{Fields, Lines, Overlay, Page, Rest, read_overlaid, syntax_message},
};

/// Reads the text of a blueprint's file, and tries whether a rule comes of it.
///
/// # Errors
/// Every mistake, each with its place.
pub(super) fn read(file: &Arc<Path>, text: &str, builtin: bool) -> Result<Blueprint, BrokenBlueprint> {
    let broken = |faults| BrokenBlueprint { name: stem(file), faults };
    let page = Page::new(file, text);
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let spot = page.spot(error.span().map_or(0, |span| span.start));
            return Err(broken(vec![Fault::new(file, spot, syntax_message(error.message()))]));
        }
    };
    let root = Fields::open(&page, document.as_table(), &BLUEPRINT_FILE, Spot::START);
    let head = root.table("blueprint");
    let name = head.as_ref().and_then(|head| head.text("name")).map(|said| said.value.to_owned());
    let doc = head.as_ref().and_then(|head| head.text("doc")).map(|said| said.value.to_owned());
    let id = head.as_ref().and_then(|head| head.text("id")).map(|said| SmolStr::from(said.value));
    let inputs: Option<Vec<_>> = head
        .as_ref()
        .map_or(Some(Vec::new()), |head| head.named("inputs").iter().map(|(id, fields)| input(id, fields)).collect());
    let faults = page.take_faults();
    let (Some(name), Some(doc), Some(inputs), true) = (name, doc, inputs, faults.is_empty()) else {
        return Err(broken(faults));
    };
    let id = id.unwrap_or_else(|| slug(&name).into());
    let body = without_head(text);
    let blueprint = Blueprint { id, name, doc, inputs, file: file.clone(), builtin, body };
    let faults = try_out(&blueprint);
    if faults.is_empty() { Ok(blueprint) } else { Err(broken(faults)) }
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn input(id: &str, fields: &Fields<'_>) -> Option<Input> {
    let word = fields.word("takes")?;
    let takes = InputKind::ALL.into_iter().find(|kind| kind.word() == word)?;
    let name = fields.text("name").map_or_else(|| id.replace('_', " "), |said| said.value.to_owned());
    let doc = fields.text("doc").map(|said| said.value.to_owned()).unwrap_or_default();
    let needs = fields.texts("needs").unwrap_or_default();
    for said in &needs {
        let known = said.value.parse::<Property>().is_ok()
            || said.value.parse::<Action>().is_ok()
            || said.value.parse::<Occurrence>().is_ok();
        if !known {
            let names = hub_model::capability::properties().map(|spec| spec.name);
            let names = names.chain(hub_model::capability::occurrences().map(|spec| spec.name));
            let hint = did_you_mean(&said.value, names);
            fields.fault(said.spot, format!("there is no property, action or occurrence `{}`{hint}", said.value));
        }
    }
    let default = match fields.plain("default") {
        Some(said) => {
            let answer = Answer::of(said.value);
            let wrong = match &answer {
                Some(answer) => takes.check("default", answer).err(),
                None => Some("`default` takes a text, a number, or true or false".into()),
            };
            wrong.into_iter().for_each(|wrong| fields.fault(said.spot, wrong));
            answer
        }
        None => None,
    };
    let needs = needs.into_iter().map(|said| said.value).collect();
    Some(Input { id: id.into(), name, doc, takes, needs, default })
}

/// The text with the lines of the blueprint's own tables left empty, so that all others stay where they are.
fn without_head(text: &str) -> String {
    let mut within = false;
    let line = |line: &str| {
        let header = line.trim_start();
        if header.starts_with('[') {
            let name = header.trim_start_matches('[').trim_start();
            within = name.strip_prefix("blueprint").is_some_and(|rest| rest.trim_start().starts_with([']', '.']));
        }
        if within { "" } else { line }.to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What is wrong with the rule that comes of it, whatever it is told.
fn try_out(blueprint: &Blueprint) -> Vec<Fault> {
    let holes = blueprint.holes();
    let page = Page::new(&blueprint.file, &blueprint.body);
    let known: BTreeSet<_> = blueprint.inputs.iter().map(|input| &input.id).collect();
    let mut used = BTreeSet::new();
    for hole in &holes {
        for input in hole.inputs() {
            used.insert(input);
            if !known.contains(input) {
                let hint = did_you_mean(input, known.iter().map(|id| id.as_str()));
                page.fault(page.spot(hole.span.start), format!("there is no input `{input}`{hint}"));
            }
        }
    }
    for unused in known.difference(&used) {
        page.fault(Spot::START, format!("the input `{unused}` is named nowhere in the rule: take it out"));
    }
    let mut faults = page.take_faults();
    if faults.is_empty() {
        let examples: Vec<_> =
            blueprint.inputs.iter().map(|input| (input.id.as_str(), input.takes.example())).collect();
        let example = |id: &str| examples.iter().find(|(known, _)| *known == id).map(|(_, answer)| answer);
        let filled = fill("name = \"Blueprint\"\n", &blueprint.body, &holes, example);
        let spot = |input: &SmolStr| {
            let hole = holes.iter().find(|hole| hole.inputs().any(|other| other == input));
            hole.map_or(Spot::START, |hole| page.spot(hole.span.start))
        };
        let places = filled.answers.iter().map(|(range, input)| (range.clone(), spot(input))).collect();
        let overlay = Overlay { places, rest: Rest::Taken { from: Lines::of(&blueprint.body), pieces: filled.pieces } };
        faults = read_overlaid(&blueprint.file, &filled.text, overlay).err().unwrap_or_default();
    }
    faults
}

impl Blueprint {
    /// Where the rule names inputs.
    pub(super) fn holes(&self) -> Vec<Hole> {
        Document::parse(self.body.as_str()).map(|document| holes(&document)).unwrap_or_default()
    }
}
