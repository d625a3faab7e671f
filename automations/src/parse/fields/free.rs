//! Values of any kind, and tables whose keys the file's author chooses.

use toml_edit::Value;

use super::Fields;
use crate::{
    keys::{Key, Takes},
    parse::node::Node,
    rule::Said,
};

impl<'a> Fields<'a> {
    /// Any value that is no table of its own.
    pub(crate) fn plain(&self, name: &'static str) -> Option<Said<&'a Value>> {
        self.read(name, |node| if let Node::Value(value) = node { Some(value) } else { None })
    }

    /// The values of a table whose keys are free.
    pub(crate) fn entries(&self, name: &'static str) -> Option<Vec<(&'a str, Said<&'a Value>)>> {
        let table = self.read(name, Node::table)?.value;
        let mut entries = Vec::new();
        for (key, item) in table.iter() {
            let spot = self.page.spot_of(item.span()).or_else(|| self.page.spot_of(table.key(key)?.span()));
            let spot = spot.unwrap_or(self.spot);
            match item.as_value() {
                Some(value) => entries.push((key, Said { value, spot })),
                None => self.page.fault(spot, format!("`{key}` takes a text, a number, or true or false")),
            }
        }
        Some(entries)
    }

    /// The tables of a table whose keys are free, each held against the form that the key takes.
    pub(crate) fn named(&self, name: &'static str) -> Vec<(&'a str, Fields<'a>)> {
        let Some(Key { takes: Takes::Named(form), .. }) = self.form.key(name) else { return Vec::new() };
        let Some(Said { value: table, .. }) = self.read(name, Node::table) else { return Vec::new() };
        let mut named = Vec::new();
        for (key, item) in table.iter() {
            let spot = self.page.spot_of(table.key(key).and_then(toml_edit::Key::span)).unwrap_or(self.spot);
            match Node::of(item).and_then(Node::table) {
                Some(inner) => named.push((key, Fields::open(self.page, inner, form, spot))),
                None => self.page.fault(spot, format!("`{key}` takes a table: {}", form.name)),
            }
        }
        named
    }
}
