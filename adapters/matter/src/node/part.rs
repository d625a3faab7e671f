//! One endpoint of a device: what it offers, and where each offer is read.

use hub_model::{
    Action, ActionOffer, EndpointId, Occurrence, Property, PropertyOffer, Shape, Value,
    capability::{Access, PropertySpec, battery, identify, problem},
};

use super::{Mirror, descriptor, label};
use crate::{
    cluster::{Cluster, Row, family, raw_properties, raw_value},
    wire::AttributePath,
};

/// Clusters that say what an endpoint is, what it is called and whom it serves, which is told in other words; and how a
/// thermostat's own screen is set.
const TOLD_OTHERWISE: &[u32] =
    &[descriptor::CLUSTER, label::LABELS[0], label::LABELS[1], POWER_TOPOLOGY, THERMOSTAT_SCREEN];
/// Power Topology.
pub(super) const POWER_TOPOLOGY: u32 = 0x009C;
/// Thermostat User Interface Configuration.
const THERMOSTAT_SCREEN: u32 = 0x0204;

/// What an endpoint offers.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// The clusters that it is made of: endpoint and id.
    pub(super) clusters: Vec<(u16, u32)>,
    /// Its properties.
    pub(super) bound: Vec<Bound>,
    /// What it can be told to do.
    pub(super) actions: Vec<ActionOffer>,
    /// What can happen.
    pub(super) occurrences: Vec<Occurrence>,
}

/// An endpoint as it was described to the hub.
#[derive(Debug)]
pub(super) struct Part {
    /// Its id within the device.
    pub(super) id: EndpointId,
    /// The clusters that it is made of: endpoint and id.
    pub(super) clusters: Vec<(u16, u32)>,
    /// Its properties.
    pub(super) bound: Vec<Bound>,
}

/// A property, and where it is read.
#[derive(Debug)]
pub(super) struct Bound {
    /// What it takes.
    pub(super) offer: PropertyOffer,
    /// One, or several of which any may say yes.
    sources: Vec<Source>,
}

/// What is true as soon as one of several clusters says so.
const JOINED: [&PropertySpec; 2] = [&problem::DETECTED, &battery::LOW];

/// Where a property is read.
#[derive(Debug, Clone, Copy)]
struct Source {
    endpoint: u16,
    cluster: u32,
    reading: Reading,
}

#[derive(Clone, Copy)]
enum Reading {
    /// By a row of a family.
    Row(&'static Row),
    /// As it stands in an attribute that no family knows.
    Raw(u32),
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(row) => write!(f, "Row({:x?})", row.from),
            Self::Raw(attribute) => write!(f, "Raw({attribute:x})"),
        }
    }
}

impl Sketch {
    /// What an endpoint offers.
    pub(super) fn of(mirror: &Mirror, endpoint: u16) -> Self {
        let mut sketch = Self::default();
        for id in mirror.clusters_of(endpoint) {
            if !TOLD_OTHERWISE.contains(&id) {
                sketch.add(mirror, Cluster::new(mirror, endpoint, id));
            }
        }
        sketch
    }

    fn add(&mut self, mirror: &Mirror, cluster: Cluster<'_>) {
        let (endpoint, id) = (cluster.endpoint, cluster.id);
        let bound = |offer, reading| Bound { offer, sources: vec![Source { endpoint, cluster: id, reading }] };
        self.clusters.push((endpoint, id));
        let Some(family) = family(id) else {
            let heard = mirror.attributes_of(endpoint, id).map(|(attribute, _)| attribute);
            for (attribute, offer) in raw_properties(&cluster, heard) {
                self.bind(bound(offer, Reading::Raw(attribute)));
            }
            return;
        };
        for row in family.rows {
            if let Some(offer) = row.offer(&cluster) {
                self.bind(bound(offer, Reading::Row(row)));
            }
        }
        for deed in family.deeds.iter().filter(|deed| (deed.offered)(&cluster)) {
            let offer = ActionOffer { deadline: deed.within, ..ActionOffer::new(deed.spec) };
            self.can(offer);
        }
        for occurrence in (family.occurrences)(&cluster) {
            self.may(occurrence);
        }
    }

    /// Adds a property. Where it is there already, the first source counts, or all of what is joined.
    fn bind(&mut self, bound: Bound) {
        match self.bound.iter_mut().find(|known| known.offer.property == bound.offer.property) {
            Some(known) if is_joined(&known.offer.property) => known.sources.extend(bound.sources),
            Some(_) => {}
            None => self.bound.push(bound),
        }
    }

    fn can(&mut self, offer: ActionOffer) {
        if !self.actions.iter().any(|known| known.action == offer.action) {
            self.actions.push(offer);
        }
    }

    fn may(&mut self, occurrence: Occurrence) {
        if !self.occurrences.contains(&occurrence) {
            self.occurrences.push(occurrence);
        }
    }

    fn has(&self, property: &Property) -> bool {
        self.bound.iter().any(|bound| bound.offer.property == *property)
    }

    /// Whether it offers nothing but to show which one it is.
    pub(super) fn is_empty(&self) -> bool {
        let identify = Action::from(&identify::IDENTIFY);
        self.bound.is_empty()
            && self.occurrences.is_empty()
            && self.actions.iter().all(|known| known.action == identify)
    }

    /// Whether another has a property that this has, too.
    pub(super) fn meets(&self, other: &Self) -> bool {
        other.bound.iter().map(|bound| &bound.offer.property).any(|property| !is_joined(property) && self.has(property))
    }

    /// Takes in what another offers. What both have stays this one's.
    pub(super) fn merge(&mut self, other: Self) {
        self.clusters.extend(other.clusters);
        other.bound.into_iter().for_each(|bound| self.bind(bound));
        other.actions.into_iter().for_each(|offer| self.can(offer));
        other.occurrences.into_iter().for_each(|occurrence| self.may(occurrence));
    }
}

impl Bound {
    /// Whether an attribute that `touched` knows of is one that this is read from.
    pub(super) fn is_touched(&self, touched: impl Fn(AttributePath) -> bool + Copy) -> bool {
        self.sources.iter().any(|source| source.is_touched(touched))
    }

    /// What the property is now.
    pub(super) fn read(&self, mirror: &Mirror) -> Value {
        let mut values = self.sources.iter().map(|source| source.read(mirror));
        let first = values.next().unwrap_or(Value::Unknown);
        let value = values.fold(first, |joined, value| match (&joined, &value) {
            (_, Value::Bool(true)) | (Value::Unknown, _) => value,
            _ => joined,
        });
        fit(&self.offer, value)
    }

    /// Whether it is read, first of all, from this attribute: then a change of it is a reading and nothing more.
    pub(super) fn is_read_from(&self, path: &AttributePath) -> bool {
        self.sources.iter().any(|source| source.first() == Some(*path))
    }
}

impl Source {
    fn is_touched(&self, touched: impl Fn(AttributePath) -> bool) -> bool {
        match self.reading {
            Reading::Raw(attribute) => touched(self.path(attribute)),
            Reading::Row(row) => {
                let also = |(cluster, attribute): &(u32, u32)| AttributePath::new(self.endpoint, *cluster, *attribute);
                row.from.iter().any(|own| touched(self.path(*own))) || row.also.iter().map(also).any(touched)
            }
        }
    }

    const fn path(&self, attribute: u32) -> AttributePath {
        AttributePath::new(self.endpoint, self.cluster, attribute)
    }

    fn first(&self) -> Option<AttributePath> {
        let first = match self.reading {
            Reading::Raw(attribute) => attribute,
            Reading::Row(row) => *row.from.first()?,
        };
        Some(self.path(first))
    }

    fn read(&self, mirror: &Mirror) -> Value {
        let cluster = Cluster::new(mirror, self.endpoint, self.cluster);
        match self.reading {
            Reading::Row(row) => row.read(&cluster),
            Reading::Raw(attribute) => cluster.get(attribute).map_or(Value::Unknown, raw_value),
        }
    }
}

fn is_joined(property: &Property) -> bool {
    property.known().is_some_and(|spec| JOINED.iter().any(|joined| std::ptr::eq(*joined, spec)))
}

/// A value that its offer takes. What can be set is brought to the nearest end of its span, as devices round; what is
/// measured beyond what there can be is unknown; a text that is too long is cut.
fn fit(offer: &PropertyOffer, value: Value) -> Value {
    let value = match (&offer.shape, value) {
        (Shape::Number(limits), Value::Number(number)) if offer.access == Access::ReadWrite => {
            Value::Number(number.clamp(limits.min, limits.max))
        }
        (Shape::Text(longest), Value::Text(text)) if text.len() > *longest => {
            Value::text(&text[..text.floor_char_boundary(*longest)])
        }
        (_, value) => value,
    };
    if offer.check(&value).is_ok() { value } else { Value::Unknown }
}
