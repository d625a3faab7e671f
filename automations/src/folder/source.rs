//! The text of each rule, as its file has it.

use std::{ops::Range, path::Path, sync::Arc};

use hub_model::RuleId;
use toml_edit::{Document, Item};

use crate::parse::id_of;

/// A rule's part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Its id.
    pub(crate) id: RuleId,
    /// Its name, where it has one.
    pub(crate) name: String,
    /// Its file.
    pub(crate) file: Arc<Path>,
    /// The text of the whole file.
    pub(crate) text: Arc<str>,
    /// Where in it the rule stands; nothing where it can't be cut out of a list of several within one line.
    pub(crate) place: Option<Range<usize>>,
    /// Whether it is the only one of its file.
    pub(crate) is_alone: bool,
}

impl Source {
    /// The rule's own text.
    pub(crate) fn own_text(&self) -> &str {
        self.place.clone().and_then(|place| self.text.get(place)).unwrap_or(&self.text)
    }
}

/// The rules of a file, whole or not; nothing where it is no TOML, as then nobody knows what stands in it.
pub(crate) fn sources(file: &Arc<Path>, text: &Arc<str>) -> Option<Vec<Source>> {
    let document = Document::parse(text).ok()?;
    let table = document.as_table();
    let source = |id, name: Option<&str>, place, is_alone| {
        let name = name.unwrap_or_default().to_owned();
        Source { id, name, file: file.clone(), text: text.clone(), place, is_alone }
    };
    match table.get("rule") {
        None if table.is_empty() => Some(Vec::new()),
        None => {
            let name = table.get("name").and_then(Item::as_str);
            Some(vec![source(id_of(table, file, 0), name, Some(0..text.len()), true)])
        }
        Some(Item::ArrayOfTables(tables)) => {
            let starts: Vec<_> =
                tables.iter().map(|table| table.span().map_or(0, |span| beginning(text, span.start))).collect();
            let ends = starts.iter().skip(1).copied().chain([text.len()]);
            let places = starts.iter().zip(ends).map(|(start, end)| (*start <= end).then_some(*start..end));
            let rules = tables.iter().enumerate().zip(places);
            let rule = |((number, table), place): ((usize, &toml_edit::Table), _)| {
                source(id_of(table, file, number), table.get("name").and_then(Item::as_str), place, tables.len() == 1)
            };
            Some(rules.map(rule).collect())
        }
        Some(item) => {
            let tables = item.as_array().into_iter().flatten().filter_map(toml_edit::Value::as_inline_table);
            let rule = |(number, table): (usize, &toml_edit::InlineTable)| {
                let name = table.get("name").and_then(toml_edit::Value::as_str);
                source(id_of(table, file, number), name, None, false)
            };
            Some(tables.enumerate().map(rule).collect())
        }
    }
}

/// Where the header of a rule begins, with the comments right above it; those at the top of a file are the file's.
fn beginning(text: &str, header: usize) -> usize {
    let line_of = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let mut start = line_of(header);
    while start > 0 {
        let above = line_of(start - 1);
        if above == 0 || !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, String)> {
        let sources = sources(&Path::new("some.toml").into(), &text.into()).unwrap();
        sources.iter().map(|source| (source.id.0.to_string(), source.own_text().to_owned())).collect()
    }

    #[test]
    fn a_rule_alone_is_its_whole_file_and_one_of_several_its_part_with_its_comments() {
        let alone = "# Mine.\nname = \"A\"\n";
        assert_eq!(texts(alone), [("a".to_owned(), alone.to_owned())]);
        let first = "[[rule]]\nname = \"A\"\n[[rule.when]]\nat = \"07:00\"\n\n";
        let second = "# The other one.\n[[rule]]\nname = \"B\"\n";
        let wanted = [("a".to_owned(), first.to_owned()), ("b".to_owned(), second.to_owned())];
        assert_eq!(texts(&format!("# All of them.\n{first}{second}")), wanted);
    }

    #[test]
    fn of_what_is_no_toml_nothing_is_known_and_of_comments_alone_that_there_is_none() {
        assert_eq!(sources(&Path::new("a.toml").into(), &"name = ".into()), None);
        assert_eq!(texts("# nothing\n"), []);
    }
}
