//! A table of a file, held against its form: it tells every key that may not be there, misses or takes something else.

mod free;

use std::{str::FromStr, time::Duration};

use hub_model::{
    Value as ModelValue,
    suggest::{did_you_mean, nearest},
};
use jiff::civil::Time;
use smol_str::SmolStr;
use toml_edit::{TableLike, Value};

use super::{
    node::{Node, clock_of, day_meant, payload_of, value_of},
    page::Page,
    words,
};
use crate::{
    days::Days,
    fault::Spot,
    keys::{Chiefs, Form, Key, Need, Rest, Takes},
    rule::Said,
};

/// A table whose keys were checked.
pub(crate) struct Fields<'a> {
    page: &'a Page<'a>,
    table: &'a dyn TableLike,
    form: &'static Form,
    /// Where it stands.
    pub(crate) spot: Spot,
}

/// What stands behind a key, and where.
#[derive(Clone, Copy)]
struct Field<'a> {
    key: &'static Key,
    node: Node<'a>,
    spot: Spot,
}

impl<'a> Fields<'a> {
    /// Holds a table against its form and notes every key that is unknown, not supported yet, or missing.
    pub(crate) fn open(page: &'a Page<'a>, table: &'a dyn TableLike, form: &'static Form, spot: Spot) -> Self {
        let fields = Self { page, table, form, spot };
        let mut refused = false;
        for (name, _) in table.iter() {
            refused |= fields.check_key(name);
        }
        for key in form.here().filter(|key| key.need == Need::Required && !table.contains_key(key.name)) {
            page.fault(spot, format!("{} needs `{}`: {}", form.name, key.name, key.doc));
        }
        // A table whose only key is refused would be told twice.
        if !refused {
            fields.check_chiefs();
        }
        fields
    }

    /// Notes a key that may not be there, and returns whether it was one.
    fn check_key(&self, name: &str) -> bool {
        let spot = self.key_spot(name);
        match self.form.key(name) {
            Some(Key { need: Need::Later(comes), .. }) => {
                let what = format!("`{name}` in {}", self.form.name);
                self.page.fault(spot, format!("{what} is not supported yet: it comes with {comes}"));
                true
            }
            Some(Key { need: Need::Beside(chiefs), .. }) => {
                if !chiefs.iter().any(|chief| self.table.contains_key(chief)) {
                    self.page.fault(spot, self.stray_key(name, chiefs));
                }
                false
            }
            Some(Key { need: Need::Instead(right), .. }) => {
                self.page.fault(spot, format!("{} has no `{name}`: write `{right}`", self.form.name));
                true
            }
            Some(_) => false,
            None if self.form.rest == Rest::Mistake => {
                self.page.fault(spot, self.unknown_key(name));
                true
            }
            None => false,
        }
    }

    /// A key that goes with others, none of which is there.
    fn stray_key(&self, name: &str, chiefs: &[&str]) -> String {
        let beside: Vec<_> = chiefs.iter().map(|chief| format!("`{chief}`")).collect();
        let beside = beside.join(" or ");
        let is_within = |key: &&'static Key| {
            self.table.contains_key(key.name) && inner_form(key).is_some_and(|form| form.key(name).is_some())
        };
        match self.form.rows().find(is_within) {
            Some(inner) => format!("`{name}` stands inside `{} = {{ ... }}`, or beside {beside}", inner.name),
            None if name == "days" => {
                format!("`days` goes with {beside}; to limit other triggers, put `days` under [if]")
            }
            None => format!("`{name}` goes with {beside}"),
        }
    }

    fn unknown_key(&self, name: &str) -> String {
        let shown: String = name.chars().take(60).collect();
        let inner =
            self.form.here().find(|key| inner_form(key).is_some_and(|form| form.key(name).is_some_and(Key::is_here)));
        let names = self.form.rows().map(|key| key.name);
        match (nearest(name, names), inner) {
            (None, Some(inner)) => {
                format!("`{shown}` stands inside `{} = {{ ... }}`, not beside it", inner.name)
            }
            (None, None) => {
                let known: Vec<_> = self.form.here().map(|key| key.name).collect();
                format!("{} has no `{shown}`; it has {}", self.form.name, known.join(", "))
            }
            (Some(word), _) => format!("{} has no `{shown}`, did you mean `{word}`?", self.form.name),
        }
    }

    fn check_chiefs(&self) {
        let mut chiefs = self.form.rows().filter(|key| key.need == Need::Chief && self.table.contains_key(key.name));
        let (first, second) = (chiefs.next(), chiefs.next());
        match (self.form.chiefs, first, second) {
            (Chiefs::None, ..) => {}
            (_, None, _) => self.page.fault(self.spot, format!("{} needs {}", self.form.name, self.form.chief_names())),
            (Chiefs::One, Some(first), Some(second)) => {
                let message =
                    format!("{} has either `{}` or `{}`; make two of it", self.form.name, first.name, second.name);
                self.page.fault(self.key_spot(second.name), message);
            }
            _ => {}
        }
    }

    /// Where a key stands.
    pub(crate) fn key_spot(&self, name: &str) -> Spot {
        self.page.spot_of(self.table.key(name).and_then(toml_edit::Key::span)).unwrap_or(self.spot)
    }

    /// Where a value stands.
    pub(super) fn node_spot(&self, node: Node<'_>) -> Option<Spot> {
        self.page.spot_of(node.span())
    }

    /// Whether a key's value is a list with nothing in it.
    pub(super) fn is_empty_list(&self, name: &str) -> bool {
        self.table.get(name).and_then(toml_edit::Item::as_array).is_some_and(toml_edit::Array::is_empty)
    }

    /// Whether a key is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// Notes a mistake at a key.
    pub(super) fn fault_at(&self, name: &str, message: impl Into<String>) {
        self.page.fault(self.key_spot(name), message);
    }

    /// The chief key that is there, where there is to be one.
    pub(super) fn chief(&self) -> Option<&'static str> {
        self.form.here().find(|key| key.need == Need::Chief && self.has(key.name)).map(|key| key.name)
    }

    /// The chief keys that are there.
    pub(super) fn chiefs(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.form.here().filter(|key| key.need == Need::Chief && self.has(key.name)).map(|key| key.name)
    }

    /// The keys that have no row, with where they stand.
    pub(super) fn rest(&self) -> impl Iterator<Item = (&'a str, Spot, Node<'a>)> + '_ {
        self.table
            .iter()
            .filter(|(name, _)| self.form.key(name).is_none())
            .filter_map(|(name, item)| Some((name, self.key_spot(name), Node::of(item)?)))
    }

    /// Which page this is.
    pub(super) const fn page(&self) -> &'a Page<'a> {
        self.page
    }

    /// A table that is to be of a form, at a spot.
    pub(super) fn within(&self, table: &'a dyn TableLike, form: &'static Form, spot: Spot) -> Self {
        Self::open(self.page, table, form, spot)
    }

    /// What a key takes.
    pub(super) fn takes(&self, name: &str) -> Option<Takes> {
        self.form.key(name).map(|key| key.takes)
    }

    /// Notes that a key's value is something else than it takes.
    pub(super) fn wrong_value(&self, name: &'static str) {
        if let Some(field) = self.get(name) {
            self.wrong(field);
        }
    }

    fn get(&self, name: &'static str) -> Option<Field<'a>> {
        let key = self.form.key(name)?;
        let node = Node::of(self.table.get(name)?)?;
        let spot = self.page.spot_of(node.span()).unwrap_or_else(|| self.key_spot(name));
        Some(Field { key, node, spot })
    }

    /// What `read` makes of a key's value; where it makes nothing of it, that is noted.
    pub(super) fn read<T>(&self, name: &'static str, read: impl FnOnce(Node<'a>) -> Option<T>) -> Option<Said<T>> {
        let field = self.get(name)?;
        let value = read(field.node);
        if value.is_none() {
            self.wrong(field);
        }
        Some(Said { value: value?, spot: field.spot })
    }

    fn wrong(&self, mut field: Field<'a>) {
        if let (Takes::Texts | Takes::WordsOrPeople(_) | Takes::Of | Takes::Devices, Node::Value(Value::Array(list))) =
            (field.key.takes, field.node)
            && let Some(odd) = list.iter().find(|value| !value.is_str())
        {
            (field.node, field.spot) = (Node::Value(odd), self.page.spot_of(odd.span()).unwrap_or(field.spot));
        }
        let wanted = field.key.takes.wanted();
        let hint = match (field.key.takes, field.node.text()) {
            (Takes::Word(words) | Takes::Words(words) | Takes::WordOrTables(words, _), Some(text)) => {
                did_you_mean(text, words.iter().copied())
            }
            _ => String::new(),
        };
        self.page.fault(field.spot, format!("`{}` takes {wanted}, not {}{hint}", field.key.name, field.node.found()));
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, name: &'static str) -> Option<Said<&'a str>> {
        self.read(name, |node| node.text().filter(|text| !text.trim().is_empty()))
    }

    /// A text or a list of texts.
    pub(crate) fn texts(&self, name: &'static str) -> Option<Vec<Said<SmolStr>>> {
        let text = |value: &Value, spot| value.as_str().map(|text| Said { value: text.into(), spot });
        let said = self.read(name, |node| match node {
            Node::Value(Value::Array(list)) => {
                list.iter().map(|value| text(value, self.page.spot_of(value.span()).unwrap_or(self.spot))).collect()
            }
            Node::Value(value) => {
                text(value, self.page.spot_of(value.span()).unwrap_or(self.spot)).map(|text| vec![text])
            }
            _ => None,
        });
        said.map(|said| said.value)
    }

    /// A text that is read as something else; what is wrong with it is noted in its own words.
    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, name: &'static str) -> Option<Said<T>> {
        let Said { value: text, spot } = self.text(name)?;
        let parsed = text.parse().map_err(|error: T::Err| self.page.fault(spot, error.to_string()));
        parsed.ok().map(|value| Said { value, spot })
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &'static str) -> Option<bool> {
        let flag = self.read(name, |node| if let Node::Value(value) = node { value.as_bool() } else { None });
        flag.map(|said| said.value)
    }

    /// A finite number.
    pub(super) fn number(&self, name: &'static str) -> Option<f64> {
        self.read(name, |node| value_of(node)?.as_number()).map(|said| said.value)
    }

    /// Whatever a property can be.
    pub(super) fn value(&self, name: &'static str) -> Option<Said<ModelValue>> {
        self.read(name, value_of)
    }

    /// What a message says, as it is published.
    pub(super) fn payload(&self, name: &'static str) -> Option<Said<String>> {
        self.read(name, payload_of)
    }

    /// A span of time.
    pub(super) fn span(&self, name: &'static str) -> Option<Duration> {
        self.read(name, |node| node.text().and_then(words::span)).map(|said| said.value)
    }

    /// A time of day.
    pub(super) fn clock(&self, name: &'static str) -> Option<Time> {
        let clock = self.read(name, |node| if let Node::Value(value) = node { clock_of(value) } else { None });
        clock.map(|said| said.value)
    }

    /// Two times of day.
    pub(super) fn clocks(&self, name: &'static str) -> Option<(Time, Time)> {
        let clocks = self.read(name, |node| {
            let Node::Value(Value::Array(list)) = node else { return None };
            let times: Option<Vec<_>> = list.iter().map(clock_of).collect();
            if let [from, to] = times?[..] { Some((from, to)) } else { None }
        });
        clocks.map(|said| said.value)
    }

    /// Days of the week.
    pub(super) fn days(&self, name: &'static str) -> Option<Days> {
        let words = self.read(name, |node| {
            let Node::Value(Value::Array(list)) = node else { return None };
            list.iter().map(Value::as_str).collect::<Option<Vec<_>>>()
        })?;
        match Days::from_words(words.value) {
            Ok(days) => Some(days),
            Err(wrong) => {
                let found = wrong.map_or_else(|| "an empty list".into(), |word| format!("{word:?}"));
                let hint = wrong.map_or_else(String::new, day_meant);
                self.page.fault(words.spot, format!("`{name}` takes days such as \"mon\", not {found}{hint}"));
                None
            }
        }
    }

    /// One of a form's words.
    pub(crate) fn word(&self, name: &'static str) -> Option<&'a str> {
        let Takes::Word(words) = self.form.key(name)?.takes else { return None };
        self.read(name, |node| node.text().filter(|text| words.contains(text))).map(|said| said.value)
    }

    /// A table, held against the form that the key takes.
    pub(crate) fn table(&self, name: &'static str) -> Option<Fields<'a>> {
        let form = match self.form.key(name)?.takes {
            Takes::Table(form) => form,
            Takes::PropertyOrName => &crate::keys::PROPERTY,
            Takes::TextOr(form) | Takes::TextsOr(form) => form,
            _ => return None,
        };
        let Said { value: table, spot } = self.read(name, Node::table)?;
        // A table of its own has its header's place; one within a line is better pointed to by its key.
        Some(Fields::open(self.page, table, form, spot))
    }

    /// The tables of a list, not held against any form yet.
    pub(super) fn tables(&self, name: &'static str) -> Vec<(&'a dyn TableLike, Spot)> {
        let Some(field) = self.get(name) else { return Vec::new() };
        let spot = |span| self.page.spot_of(span).unwrap_or(field.spot);
        match field.node {
            Node::Tables(tables) => tables.iter().map(|table| (table as &dyn TableLike, spot(table.span()))).collect(),
            Node::Value(Value::Array(list)) => list
                .iter()
                .filter_map(|value| {
                    let table = value.as_inline_table();
                    if table.is_none() {
                        self.wrong(Field { node: Node::Value(value), spot: spot(value.span()), ..field });
                    }
                    table.map(|table| (table as &dyn TableLike, spot(table.span())))
                })
                .collect(),
            _ => {
                self.wrong(field);
                Vec::new()
            }
        }
    }

    /// The tables of a list, each held against the form that the key takes.
    pub(super) fn list(&self, name: &'static str) -> Vec<Fields<'a>> {
        let Some(Takes::Tables(form) | Takes::WordOrTables(_, form)) = self.takes(name) else { return Vec::new() };
        self.tables(name).into_iter().map(|(table, spot)| Fields::open(self.page, table, form, spot)).collect()
    }

    /// Notes a mistake at a spot.
    pub(crate) fn fault(&self, spot: Spot, message: impl Into<String>) {
        self.page.fault(spot, message);
    }
}

/// The form of the table that stands behind a key.
const fn inner_form(key: &Key) -> Option<&'static Form> {
    match key.takes {
        Takes::Table(form) | Takes::TextOr(form) => Some(form),
        Takes::PropertyOrName => Some(&crate::keys::PROPERTY),
        _ => None,
    }
}
