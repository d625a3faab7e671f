//! Reads rule files: text to typed rules, and every mistake with its place and a remedy.
//!
//! It knows the form of rules and the capability table, but no home: whether a device is there is `resolve`'s to say.
//! Each rule of a file stands by itself, so that a mistake in one leaves the others whole; a text that is no TOML has
//! no rules at all.

mod action;
mod condition;
mod fields;
mod flow;
mod look;
mod message;
mod node;
mod orders;
mod page;
mod presence;
mod readers;
mod rule;
mod telling;
mod timing;
mod trigger;
mod words;

use std::{path::Path, sync::Arc};

use hub_model::{RuleId, handle::slug};
use toml_edit::{Document, Item, TableLike};

pub(crate) use self::{
    fields::Fields,
    page::{Lines, Overlay, Page, Rest, syntax_message},
    words::clock,
};
use crate::{
    blueprint::{Library, read_use},
    fault::{Fault, Spot},
    keys::{FILE, RULE, USE},
    rule::Rule,
};

/// The largest rule file, in bytes; a larger one is refused as a whole.
pub const LARGEST: usize = 1 << 20;

/// What a file says.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The rules that are whole.
    pub rules: Vec<Rule>,
    /// The rules that are not.
    pub broken: Vec<Broken>,
}

/// A rule that could not be read, or a whole file where it is not even TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its id, as far as it can be told; else its file's name.
    pub id: RuleId,
    /// Its name, as far as it can be told; else its file's name.
    pub name: String,
    /// What is wrong with it; at least one.
    pub faults: Vec<Fault>,
}

impl Parsed {
    /// Every mistake of the file, in the order of the rules.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.broken.iter().flat_map(|broken| &broken.faults)
    }
}

/// Reads the text of a rule file that uses no blueprints but those of the hub; `file` is its name for messages.
pub fn parse(file: &Arc<Path>, text: &str) -> Parsed {
    parse_with(file, text, Library::builtin())
}

/// Reads the text of a rule file, which may use these blueprints.
pub fn parse_with(file: &Arc<Path>, text: &str, library: &Library) -> Parsed {
    if text.len() > LARGEST {
        let message = format!("a rule file has at most {LARGEST} bytes, not {}: split it", text.len());
        return Parsed::unreadable(Fault::new(file, Spot::START, message));
    }
    let page = Page::new(file, text);
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let spot = page.spot(error.span().map_or(0, |span| span.start));
            return Parsed::unreadable(Fault::new(file, spot, syntax_message(error.message())));
        }
    };
    let table = document.as_table();
    let mut parsed = Parsed::default();
    if table.is_empty() {
        // Nothing but comments is no mistake: somebody took the rule out for a while.
        return parsed;
    }
    if table.get("blueprint").is_some_and(Item::is_table_like) {
        let spot = page.spot_of(table.get("blueprint").and_then(Item::span)).unwrap_or(Spot::START);
        let message =
            "this is a blueprint: move it into the folder `blueprints` beside the rules, and use it with `use`";
        return Parsed::unreadable(Fault::new(file, spot, message));
    }
    if !table.contains_key("rule") {
        parsed.read(&page, table, Spot::START, id_of(table, file, 0), library);
        return parsed;
    }
    let several = Fields::open(&page, table, &FILE, Spot::START);
    let tables = several.tables("rule");
    let around = page.take_faults();
    if !around.is_empty() {
        parsed.broken.push(Broken { id: RuleId(stem(file).into()), name: file_name(file), faults: around });
    }
    for (number, (table, spot)) in tables.into_iter().enumerate() {
        parsed.read(&page, table, spot, id_of(table, file, number), library);
    }
    parsed
}

impl Parsed {
    /// A file of which nothing can be read.
    pub(crate) fn unreadable(fault: Fault) -> Self {
        let (id, name) = (RuleId(stem(&fault.file).into()), file_name(&fault.file));
        Self { rules: Vec::new(), broken: vec![Broken { id, name, faults: vec![fault] }] }
    }

    /// Reads a rule, or the use of a blueprint.
    fn read(&mut self, page: &Page<'_>, table: &dyn TableLike, spot: Spot, id: RuleId, library: &Library) {
        if !table.contains_key("use") {
            let fields = Fields::open(page, table, &RULE, spot);
            return self.add(page, rule::read(page, &fields), id);
        }
        let fields = Fields::open(page, table, &USE, spot);
        let (enabled, name) = (fields.flag("enabled").unwrap_or(true), fields.text("name"));
        let name = name.map_or_else(|| file_name(page.file()), |said| said.value.to_owned());
        let filled = read_use(&fields, library);
        let mut faults = page.take_faults();
        match filled {
            Some((filled, overlay)) if faults.is_empty() => match read_overlaid(page.file(), &filled.text, overlay) {
                Ok(rule) => {
                    let id = crate::rule::Said { value: id, spot: rule.id.spot };
                    return self.rules.push(Rule { id, enabled, ..rule });
                }
                Err(found) => faults = found,
            },
            _ => faults.sort_by_key(|fault| (fault.line, fault.column)),
        }
        self.broken.push(Broken { id, name, faults });
    }

    /// Adds a rule that was read.
    fn add(&mut self, page: &Page<'_>, draft: rule::Draft, id: RuleId) {
        let mut faults = page.take_faults();
        match draft.parts {
            Some(parts) if faults.is_empty() => self.rules.push(parts.into_rule(id, page.file().clone())),
            _ => {
                let name = draft.name.unwrap_or_else(|| file_name(page.file()));
                faults.sort_by_key(|fault| (fault.line, fault.column));
                self.broken.push(Broken { id, name, faults });
            }
        }
    }
}

/// Reads one rule out of a text that nobody wrote, whose mistakes belong to another.
pub(crate) fn read_overlaid(file: &Arc<Path>, text: &str, overlay: Overlay<'_>) -> Result<Rule, Vec<Fault>> {
    let page = Page::overlaid(file, text, overlay);
    let document = Document::parse(text).map_err(|error| {
        let spot = page.spot(error.span().map_or(0, |span| span.start));
        vec![Fault::new(file, spot, syntax_message(error.message()))]
    })?;
    let mut parsed = Parsed::default();
    let draft = rule::read(&page, &Fields::open(&page, document.as_table(), &RULE, page.spot(0)));
    parsed.add(&page, draft, RuleId("blueprint".into()));
    parsed.rules.pop().ok_or_else(|| parsed.broken.into_iter().flat_map(|broken| broken.faults).collect())
}

/// Whether a text is a span of time.
pub(crate) fn is_span(text: &str) -> bool {
    words::span(text).is_some()
}

/// The id of a rule: what it says, else its name as a slug, else, where the name has no ASCII letter or digit, its file's
/// name and its place within.
pub(crate) fn id_of(table: &dyn TableLike, file: &Path, number: usize) -> RuleId {
    let said = |key| table.get(key).and_then(Item::as_str);
    let id = said("id").map(str::to_owned).or_else(|| said("name").map(slug)).filter(|id| !id.is_empty());
    let fallback = || if number == 0 { stem(file) } else { format!("{}-{}", stem(file), number + 1) };
    RuleId(id.unwrap_or_else(fallback).into())
}

fn stem(file: &Path) -> String {
    let stem = slug(&file.file_stem().unwrap_or_default().to_string_lossy());
    if stem.is_empty() { "rule".to_owned() } else { stem }
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
