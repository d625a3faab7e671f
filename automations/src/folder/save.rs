//! Changes of rules by the app: from a wish to what is written into which file. Pure; comments and layout stay.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use hub_model::{Home, RuleId, Value};
use toml_edit::{DocumentMut, Item, TableLike, value};

use super::{edit::put, name_of, source::Source};
use crate::{
    NoSuchRule,
    blueprint::Library,
    check::check_with,
    fault::{Fault, Spot},
    parse::parse_with,
};

/// What somebody wants of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// A new rule of this text, or this text for the one of that id.
    Save {
        /// Which one; `None` for a new one.
        id: Option<RuleId>,
        /// As it would stand in a file of its own, or as one `[[rule]]`.
        text: String,
    },
    /// A new rule of this text, whose names are not held against the home: what it is for may be there later.
    Add(String),
    /// Other values in a rule.
    Set {
        /// Which one.
        id: RuleId,
        /// Where, by keys and numbers from the rule on, and what.
        changes: Vec<(Vec<String>, Value)>,
    },
    /// What it was in an earlier version, whether it still is there or not. Its names are not held against the home.
    Restore {
        /// Which one.
        id: RuleId,
        /// Its text then.
        text: String,
        /// The name of its file then.
        file: String,
    },
    /// No such rule any more.
    Delete(RuleId),
}

impl Wish {
    /// The rule that is there already and changed.
    pub(crate) const fn id(&self) -> Option<&RuleId> {
        match self {
            Self::Save { id, .. } => id.as_ref(),
            Self::Set { id, .. } | Self::Restore { id, .. } | Self::Delete(id) => Some(id),
            Self::Add(_) => None,
        }
    }
}

/// Why a rule can't be changed.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The text has mistakes; nothing was written.
    #[error("nothing was written: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Fault>),
    /// No such rule.
    #[error(transparent)]
    NoSuchRule(#[from] NoSuchRule),
    /// There is no such value in the rule.
    #[error("the rule has no `{0}` that could be changed")]
    NoSuchPlace(String),
    /// Its file holds it in a form that can be changed by hand only.
    #[error("{0} has its rules in one list, which can be changed by hand only")]
    ByHand(PathBuf),
    /// A file can't be read or written.
    #[error("{file} can't be changed: {source}; look at its rights and at the room on the disk")]
    File {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The rules are being stopped.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

/// What is to be done with a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// It has this text.
    Text(PathBuf, String),
    /// It goes.
    Remove(PathBuf),
}

/// What a wish comes to, and the rule that it is about.
pub(crate) fn plan(
    wish: Wish,
    folder: &Path,
    sources: &[Source],
    library: &Library,
    home: &Home,
) -> Result<(RuleId, Vec<Write>), SaveError> {
    match wish {
        Wish::Save { id: None, text } => added(text, folder, sources, library, Some(home)),
        Wish::Add(text) => added(text, folder, sources, library, None),
        Wish::Save { id: Some(id), text } => {
            let source = existing(sources, &id)?;
            let text = with_id(text, &id, folder, library, Some(home))?;
            Ok((id, replaced(source, &text, folder, sources)?))
        }
        Wish::Set { id, changes } => {
            let source = existing(sources, &id)?;
            let text = with_id(changed(source, &changes)?, &id, folder, library, Some(home))?;
            Ok((id, replaced(source, &text, folder, sources)?))
        }
        Wish::Restore { id, text, file } => {
            let text = with_id(text, &id, folder, library, None)?;
            let writes = match find(sources, &id) {
                Some(source) => replaced(source, &text, folder, sources)?,
                None => vec![Write::Text(free_file(folder, &file, sources), text)],
            };
            Ok((id, writes))
        }
        Wish::Delete(id) => {
            let source = existing(sources, &id)?;
            if source.is_alone {
                return Ok((id, vec![Write::Remove(source.file.to_path_buf())]));
            }
            Ok((id, vec![Write::Text(source.file.to_path_buf(), spliced(source, "")?)]))
        }
    }
}

/// A new rule in a file of its own.
fn added(
    text: String,
    folder: &Path,
    sources: &[Source],
    library: &Library,
    home: Option<&Home>,
) -> Result<(RuleId, Vec<Write>), SaveError> {
    let id = checked(&text, folder, library, home)?;
    if let Some(taken) = find(sources, &id) {
        let message = format!(
            "the rule `{id}` stands in {} already: give this one another name or an `id`",
            name_of(&taken.file)
        );
        return Err(invalid(folder, message));
    }
    let file = free_file(folder, &format!("{id}.toml"), sources);
    Ok((id, vec![Write::Text(file, text)]))
}

fn find<'a>(sources: &'a [Source], id: &RuleId) -> Option<&'a Source> {
    sources.iter().find(|source| source.id == *id)
}

fn existing<'a>(sources: &'a [Source], id: &RuleId) -> Result<&'a Source, SaveError> {
    let missing = || NoSuchRule::among(id, sources.iter().map(|source| &source.id));
    find(sources, id).ok_or_else(|| missing().into())
}

/// The text in the place of a rule. A rule of several that is saved in the form of a file of its own gets one.
fn replaced(source: &Source, text: &str, folder: &Path, sources: &[Source]) -> Result<Vec<Write>, SaveError> {
    let file = source.file.to_path_buf();
    if source.is_alone {
        // What stands above it is the file's, as a licence or a hint to the reader.
        return Ok(vec![Write::Text(file, spliced(source, text)?)]);
    }
    let is_one_of_several = text.parse::<DocumentMut>().is_ok_and(|document| document.contains_key("rule"));
    if is_one_of_several {
        return Ok(vec![Write::Text(file, spliced(source, text)?)]);
    }
    let own = free_file(folder, &format!("{}.toml", source.id), sources);
    // The new one first: were the hub to end in between, a rule stands twice, and the first of the two runs.
    Ok(vec![Write::Text(own, text.to_owned()), Write::Text(file, spliced(source, "")?)])
}

fn spliced(source: &Source, text: &str) -> Result<String, SaveError> {
    let place = source.place.clone().ok_or_else(|| SaveError::ByHand(source.file.to_path_buf()))?;
    let mut whole = source.text.to_string();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    whole.replace_range(place, &format!("{text}{end}"));
    Ok(whole)
}

/// The id of the one rule that a text holds, if it has no mistake.
fn checked(text: &str, folder: &Path, library: &Library, home: Option<&Home>) -> Result<RuleId, SaveError> {
    let file = folder.join("text");
    let faults = check_with(&file, text, library, home);
    if !faults.is_empty() {
        return Err(SaveError::Invalid(faults));
    }
    let mut rules = parse_with(&file.as_path().into(), text, library).rules;
    match (rules.pop(), rules.len()) {
        (Some(rule), 0) => Ok(rule.id.value),
        (Some(_), more) => Err(invalid(folder, format!("the text has {} rules: save them one by one", more + 1))),
        (None, _) => Err(invalid(folder, "the text has no rule".into())),
    }
}

/// A text whose rule has that id: a rule that gets another name keeps its id, by which others know it.
fn with_id(
    text: String,
    id: &RuleId,
    folder: &Path,
    library: &Library,
    home: Option<&Home>,
) -> Result<String, SaveError> {
    if checked(&text, folder, library, home)? == *id {
        return Ok(text);
    }
    let mut document: DocumentMut = text.parse().map_err(|_| invalid(folder, "this is not TOML".into()))?;
    let table: Option<&mut dyn TableLike> = match document.get_mut("rule") {
        Some(Item::ArrayOfTables(tables)) => tables.get_mut(0).map(|table| table as &mut dyn TableLike),
        Some(_) => None,
        None => Some(document.as_table_mut()),
    };
    let table = table.ok_or_else(|| invalid(folder, "write the rule with [[rule]], or as a file of its own".into()))?;
    if table.contains_key("id") {
        return Err(invalid(folder, format!("the rule is `{id}`: leave `id` as it is, or save another rule")));
    }
    table.insert("id", value(id.0.as_str()));
    Ok(document.to_string())
}

/// A rule's text with other values in it.
fn changed(source: &Source, changes: &[(Vec<String>, Value)]) -> Result<String, SaveError> {
    if source.place.is_none() {
        return Err(SaveError::ByHand(source.file.to_path_buf()));
    }
    let broken = || SaveError::NoSuchPlace(source.id.to_string());
    let mut document: DocumentMut = source.own_text().parse().map_err(|_| broken())?;
    for (at, wanted) in changes {
        let nowhere = || SaveError::NoSuchPlace(at.join("."));
        let scalar = scalar(wanted).ok_or_else(nowhere)?;
        let done = match document.get_mut("rule") {
            Some(Item::ArrayOfTables(tables)) => in_table(tables.get_mut(0).ok_or_else(broken)?, at, scalar),
            _ => in_table(document.as_table_mut(), at, scalar),
        };
        done.ok_or_else(nowhere)?;
    }
    Ok(document.to_string())
}

fn scalar(wanted: &Value) -> Option<toml_edit::Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match wanted {
        Value::Bool(truth) => Some((*truth).into()),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => Some((*number as i64).into()),
        Value::Number(number) => Some((*number).into()),
        Value::Text(text) => Some(text.as_str().into()),
        Value::Unknown | Value::Color(_) => None,
    }
}

fn in_table(table: &mut dyn TableLike, at: &[String], wanted: toml_edit::Value) -> Option<()> {
    match at {
        [] => None,
        [key] => put(table, key, wanted),
        [key, rest @ ..] => match table.get_mut(key)? {
            Item::Table(table) => in_table(table, rest, wanted),
            Item::Value(value) => in_value(value, rest, wanted),
            Item::ArrayOfTables(tables) => {
                let (number, rest) = rest.split_first()?;
                in_table(tables.get_mut(number.parse().ok()?)?, rest, wanted)
            }
            Item::None => None,
        },
    }
}

fn in_value(value: &mut toml_edit::Value, at: &[String], wanted: toml_edit::Value) -> Option<()> {
    match value {
        toml_edit::Value::InlineTable(table) => in_table(table, at, wanted),
        toml_edit::Value::Array(list) => {
            let (number, rest) = at.split_first()?;
            let member = list.get_mut(number.parse().ok()?)?;
            if !rest.is_empty() {
                return in_value(member, rest, wanted);
            }
            let decor = member.decor().clone();
            *member = wanted;
            *member.decor_mut() = decor;
            Some(())
        }
        _ => None,
    }
}

/// A name in the folder that no file has; `wanted` where that is free.
fn free_file(folder: &Path, wanted: &str, sources: &[Source]) -> PathBuf {
    let safe = Path::new(wanted).file_name().filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    let stem = safe.and_then(|name| Path::new(name).file_stem()).map_or("rule".into(), |stem| stem.to_string_lossy());
    let is_free = |path: &PathBuf| !sources.iter().any(|source| *source.file == **path) && !path.exists();
    let first = folder.join(format!("{stem}.toml"));
    let mut more = (2..).map(|number| folder.join(format!("{stem}-{number}.toml")));
    if is_free(&first) { first } else { more.find(is_free).unwrap_or(first) }
}

fn invalid(folder: &Path, message: String) -> SaveError {
    let file: Arc<Path> = folder.join("text").into();
    SaveError::Invalid(vec![Fault::new(&file, Spot::START, message)])
}

#[cfg(test)]
mod tests;
