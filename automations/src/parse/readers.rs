//! What stands behind keys that take something special: offsets, moments, dates, lists of words, lists of lists.

use std::{fmt::Display, str::FromStr};

use hub_model::suggest::did_you_mean;
use jiff::{SignedDuration, civil::Time};
use smol_str::SmolStr;
use toml_edit::{TableLike, Value};

use super::{fields::Fields, node::Node, words};
use crate::{
    keys::Takes,
    rule::{Said, Several, YearDay},
};

impl<'a> Fields<'a> {
    /// A text or a list of texts, each read as something else; what is wrong with one is noted where that one stands.
    pub(super) fn several<T: FromStr<Err: Display>>(&self, name: &'static str) -> Option<Several<T>> {
        let texts = self.texts(name)?;
        if texts.is_empty() {
            self.fault_at(name, format!("`{name}` is empty: name at least one device, or take it out"));
            return None;
        }
        let parse = |Said { value, spot }: Said<SmolStr>| {
            let parsed = value.parse().map_err(|error: T::Err| self.fault(spot, error.to_string()));
            parsed.ok().map(|value| Said { value, spot })
        };
        // All are read before the first that fails ends it, so that all mistakes are told.
        texts.into_iter().map(parse).collect::<Vec<_>>().into_iter().collect()
    }

    /// A whole number within the key's limits.
    pub(super) fn whole(&self, name: &'static str) -> Option<u32> {
        let Takes::Whole(least, most) = self.takes(name)? else { return None };
        let number = self.read(name, |node| {
            let Node::Value(value) = node else { return None };
            u32::try_from(value.as_integer()?).ok().filter(|number| (least..=most).contains(number))
        });
        number.map(|said| said.value)
    }

    /// A span that may be negative; nothing where the key is not there.
    pub(super) fn offset(&self, name: &'static str) -> Option<SignedDuration> {
        if !self.has(name) {
            return Some(SignedDuration::ZERO);
        }
        self.read(name, |node| node.text().and_then(words::offset)).map(|said| said.value)
    }

    /// A date, or a day of every year, with a time.
    pub(super) fn moment(&self, name: &'static str) -> Option<(YearDay, Time)> {
        let moment = self.read(name, |node| match node {
            Node::Value(Value::String(text)) => words::moment(text.value()),
            Node::Value(Value::Datetime(datetime)) if datetime.value().offset.is_none() => {
                words::moment(&datetime.value().to_string())
            }
            _ => None,
        });
        moment.map(|said| said.value)
    }

    /// Two dates, or two days of every year.
    pub(super) fn dates(&self, name: &'static str) -> Option<(YearDay, YearDay)> {
        let dates = self.read(name, |node| {
            let Node::Value(Value::Array(list)) = node else { return None };
            let days: Option<Vec<_>> = list.iter().map(|value| words::year_day(&day_text(value)?)).collect();
            // A year stands in both or in neither.
            if let [from, to] = days?[..] {
                (from.year.is_some() == to.year.is_some()).then_some((from, to))
            } else {
                None
            }
        })?;
        let (from, to) = dates.value;
        if from.year.is_some() && (from.year, from.month, from.day) > (to.year, to.month, to.day) {
            self.fault_at(name, "the second date is before the first, so that no day is within");
        }
        Some((from, to))
    }

    /// The word behind a key that takes a list as well.
    pub(super) fn one_of(&self, name: &'static str) -> Option<&'a str> {
        let Takes::WordOrTables(words, _) = self.takes(name)? else { return None };
        self.read(name, |node| node.text().filter(|text| words.contains(text))).map(|said| said.value)
    }

    /// One or several of the key's words.
    pub(super) fn word_list(&self, name: &'static str) -> Option<Vec<Said<SmolStr>>> {
        let Takes::Words(words) = self.takes(name)? else { return None };
        let list = self.texts(name)?;
        let mut all = !list.is_empty();
        if list.is_empty() {
            self.wrong_value(name);
        }
        for said in &list {
            if !words.contains(&said.value.as_str()) {
                let hint = did_you_mean(&said.value, words.iter().copied());
                let wanted = words.join(", ");
                let shown: String = said.value.chars().take(60).collect();
                self.fault(said.spot, format!("`{name}` takes one of {wanted}, not {shown:?}{hint}"));
                all = false;
            }
        }
        all.then_some(list)
    }

    /// The languages of a table of texts by language.
    pub(super) fn languages(&self) -> Vec<&'a str> {
        self.rest().map(|(language, ..)| language).collect()
    }

    /// The texts of a language.
    pub(super) fn texts_of(&self, language: &str) -> Option<Vec<Said<SmolStr>>> {
        let (_, spot, node) = self.rest().find(|(name, ..)| *name == language)?;
        let text = |value: &Value| {
            let spot = self.page().spot_of(value.span()).unwrap_or(spot);
            value.as_str().map(|text| Said { value: SmolStr::from(text), spot })
        };
        let texts = match node {
            Node::Value(Value::Array(list)) => list.iter().map(text).collect(),
            Node::Value(value) => text(value).map(|text| vec![text]),
            _ => None,
        };
        if texts.is_none() {
            self.fault(spot, format!("`{language}` takes a text or a list of texts, not {}", node.found()));
        }
        texts
    }

    /// Whether a table stands behind a key that takes a text as well.
    pub(super) fn is_table(&self, name: &'static str) -> bool {
        self.peek(name, |node| node.table().is_some())
    }

    /// Whether a list stands behind a key that takes a word as well.
    pub(super) fn is_list(&self, name: &'static str) -> bool {
        self.peek(name, |node| matches!(node, Node::Tables(_) | Node::Value(Value::Array(_))))
    }

    fn peek(&self, name: &'static str, is: impl FnOnce(Node<'a>) -> bool) -> bool {
        self.read(name, |node| Some(is(node))).is_some_and(|said| said.value)
    }

    /// The lists of a list of lists, each of tables that are held against the key's form.
    pub(super) fn lists(&self, name: &'static str) -> Option<Vec<Vec<Self>>> {
        let Takes::Lists(form) = self.takes(name)? else { return None };
        let lists = self.read(name, |node| {
            let Node::Value(Value::Array(lists)) = node else { return None };
            lists.iter().map(tables_of).collect::<Option<Vec<_>>>()
        })?;
        let spot = |value: &Value| self.page().spot_of(value.span()).unwrap_or(lists.spot);
        let opened = lists
            .value
            .iter()
            .map(|list| list.iter().map(|(table, value)| self.within(*table, form, spot(value))).collect::<Vec<_>>());
        Some(opened.collect())
    }
}

fn tables_of(list: &Value) -> Option<Vec<(&dyn TableLike, &Value)>> {
    let with_table = |value| Some((table_of(value)?, value));
    list.as_array()?.iter().map(with_table).collect()
}

fn table_of(value: &Value) -> Option<&dyn TableLike> {
    value.as_inline_table().map(|table| table as &dyn TableLike)
}

/// The text of a date, which TOML has without quotes too.
fn day_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().to_owned()),
        Value::Datetime(datetime) => Some(datetime.value().to_string()),
        _ => None,
    }
}
