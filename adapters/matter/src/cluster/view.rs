//! One cluster of one endpoint, as the node last told it.

use hub_model::{Occurrence, Property, PropertyOffer, Shape, Unit, Value};
use smol_str::SmolStr;

use super::names;
use crate::{
    node::{Mirror, descriptor, global},
    wire::{AttributePath, Tlv},
};

/// A cluster, for reading.
#[derive(Clone, Copy)]
pub(crate) struct Cluster<'a> {
    /// The endpoint that has it.
    pub(crate) endpoint: u16,
    /// Its id.
    pub(crate) id: u32,
    mirror: &'a Mirror,
}

impl<'a> Cluster<'a> {
    /// The cluster of that id on that endpoint.
    pub(crate) const fn new(mirror: &'a Mirror, endpoint: u16, id: u32) -> Self {
        Self { endpoint, id, mirror }
    }

    /// Another cluster of the same endpoint, if it is there.
    pub(crate) fn sibling(&self, id: u32) -> Option<Self> {
        self.mirror.has_cluster(self.endpoint, id).then_some(Self { id, ..*self })
    }

    /// The same cluster's path to an attribute.
    pub(crate) const fn path(&self, attribute: u32) -> AttributePath {
        AttributePath::new(self.endpoint, self.id, attribute)
    }

    /// An attribute as it was last told.
    pub(crate) fn get(&self, attribute: u32) -> Option<&'a Tlv> {
        self.mirror.get(self.path(attribute))
    }

    /// Whether it has an attribute.
    pub(crate) fn has(&self, attribute: u32) -> bool {
        self.get(attribute).is_some() || self.lists(global::ATTRIBUTES, attribute)
    }

    /// Whether it takes a command. A node that doesn't list them is taken at its feature map's word.
    pub(crate) fn takes(&self, command: u32) -> bool {
        self.get(global::COMMANDS).is_none() || self.lists(global::COMMANDS, command)
    }

    fn lists(&self, list: u32, id: u32) -> bool {
        self.get(list).is_some_and(|list| list.items().iter().any(|item| item.as_uint() == Some(id.into())))
    }

    /// Whether a bit of its feature map is set.
    pub(crate) fn feature(&self, bit: u32) -> bool {
        self.uint(global::FEATURES).is_some_and(|map| map >> bit & 1 == 1)
    }

    /// The level that the endpoint had before it was faded out, if it was.
    pub(crate) fn level_before(&self) -> Option<u64> {
        self.mirror.level_before(self.endpoint)
    }

    /// Whether the endpoint is of a device type.
    pub(crate) fn is(&self, device_type: u32) -> bool {
        descriptor::types(self.mirror, self.endpoint).contains(&device_type)
    }

    /// An attribute that is an integer and not negative.
    pub(crate) fn uint(&self, attribute: u32) -> Option<u64> {
        self.get(attribute)?.as_uint()
    }

    /// Whether an attribute that is a bitmap has one of these bits.
    pub(crate) fn bits(&self, attribute: u32, mask: u64) -> Option<bool> {
        Some(self.uint(attribute)? & mask != 0)
    }

    /// An attribute that is a truth.
    pub(crate) fn bool(&self, attribute: u32) -> Option<bool> {
        self.get(attribute)?.as_bool()
    }

    /// An attribute that is a number, times `factor`.
    pub(crate) fn number(&self, attribute: u32, factor: f64) -> Option<f64> {
        self.get(attribute)?.as_number().map(|number| tidy(number * factor))
    }

    /// An attribute that is a text and not empty.
    pub(crate) fn text(&self, attribute: u32) -> Option<&'a str> {
        self.get(attribute)?.as_text().filter(|text| !text.trim().is_empty())
    }

    /// An attribute's number as a property's value.
    pub(crate) fn read_number(&self, attribute: u32, factor: f64) -> Value {
        or_unknown(self.number(attribute, factor))
    }

    /// An attribute's truth as a property's value.
    pub(crate) fn read_bool(&self, attribute: u32) -> Value {
        or_unknown(self.bool(attribute))
    }

    /// The word that stands for an enumeration's value.
    pub(crate) fn read_word(&self, attribute: u32, words: &[(u64, &'static str)]) -> Value {
        let number = self.uint(attribute);
        let word = words.iter().find(|(known, _)| Some(*known) == number);
        word.map_or(Value::Unknown, |(_, word)| Value::Text(SmolStr::new_static(word)))
    }

    /// A property that has no row: `x.matter.<cluster>.<name>`.
    pub(crate) fn own(&self, name: &str) -> Property {
        Property::vendor_of("matter", &names::cluster(self.id), name)
    }

    /// An occurrence that has no row: `x.matter.<cluster>.<name>`.
    pub(crate) fn own_occurrence(&self, name: &str) -> Occurrence {
        Occurrence::vendor_of("matter", &names::cluster(self.id), name)
    }

    /// An offer of a property that has no row, read only.
    pub(crate) fn own_offer(&self, name: &str, shape: Shape, unit: Unit) -> PropertyOffer {
        PropertyOffer { property: self.own(name), ..PropertyOffer::vendor("matter", name, shape, unit) }
    }
}

/// A property's value, unknown where there is none.
pub(crate) fn or_unknown<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Unknown, Into::into)
}

/// A number without the dust that conversions leave: to nine digits behind the point.
pub(crate) fn tidy(number: f64) -> f64 {
    let rounded = (number * 1e9).round() / 1e9;
    if rounded.is_finite() { rounded } else { number }
}
