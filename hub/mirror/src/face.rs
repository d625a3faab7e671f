//! As which entities others see a part of a device: one face for each lamp, lock or cover that it is, and one for every
//! property and action that is left.
//!
//! Faces are data: a component of Home Assistant and its configuration, whose topics are those of [`Places`].

mod climate;
mod cover;
mod happening;
mod light;
mod machine;
mod plain;

use std::collections::BTreeSet;

use hub_model::{
    Endpoint, EndpointId, HomeDevice, PropertyOffer, Shape, Value,
    capability::{Access, PropertySpec},
};
use serde_json::{Map, Value as Json, json};

pub(crate) use light::{asked as asked_of_light, state as light_state};
pub(crate) use machine::vacuum_state;

use crate::places::Places;

/// The slot of a light's state and commands, which are JSON.
pub(crate) const LIGHT: &str = "light";
/// The slot of a vacuum's state, which is JSON.
pub(crate) const VACUUM: &str = "vacuum";
/// The slot of what happens at an endpoint.
pub(crate) const HAPPENED: &str = "happened";

/// An endpoint of a device in a home.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Where things are published.
    pub places: &'a Places,
    /// The device.
    pub known: &'a HomeDevice,
    /// Its part.
    pub endpoint: &'a Endpoint,
}

/// An entity as others see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Which component of Home Assistant it is.
    pub component: &'static str,
    /// What it is called within its endpoint: a property, an action or a capability.
    pub name: &'static str,
    /// Its configuration, without what all entities of a device share.
    pub config: Map<String, Json>,
}

/// The faces of an endpoint, the chief one first.
pub fn faces(part: &Part<'_>) -> Vec<Face> {
    let mut left = Left::of(part);
    let chief: [fn(&Part<'_>, &mut Left) -> Option<Face>; 10] = [
        light::face,
        cover::face,
        cover::lock,
        cover::valve,
        climate::thermostat,
        climate::humidifier,
        machine::fan,
        machine::vacuum,
        machine::siren,
        machine::update,
    ];
    let mut faces: Vec<Face> = chief.iter().filter_map(|face| face(part, &mut left)).collect();
    faces.extend(happening::person(part, &mut left));
    faces.extend(plain::faces(part, &left));
    faces.extend(happening::buttons(part, &left));
    faces.extend(happening::events(part));
    faces
}

/// The properties and actions that no face has yet.
#[derive(Debug)]
pub(crate) struct Left(BTreeSet<&'static str>);

impl Left {
    fn of(part: &Part<'_>) -> Self {
        let properties =
            part.endpoint.properties.iter().filter_map(|offer| offer.property.known()).map(|spec| spec.name);
        let actions = part.endpoint.actions.iter().filter_map(|offer| offer.action.known()).map(|spec| spec.name);
        Self(properties.chain(actions).collect())
    }

    /// Whether something is left.
    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Takes everything of a capability.
    fn take_all(&mut self, capability: &str) {
        self.0.retain(|name| name.split_once('.').is_none_or(|(own, _)| own != capability));
    }
}

impl<'a> Part<'a> {
    fn offer(&self, spec: &'static PropertySpec) -> Option<&'a PropertyOffer> {
        self.endpoint.offer(&spec.into())
    }

    fn has(&self, spec: &'static PropertySpec) -> bool {
        self.offer(spec).is_some()
    }

    fn can_set(&self, spec: &'static PropertySpec) -> bool {
        self.offer(spec).is_some_and(|offer| offer.access == Access::ReadWrite)
    }

    fn can_do(&self, action: &'static hub_model::capability::ActionSpec) -> bool {
        self.endpoint.action(&action.into()).is_some()
    }

    fn value(&self, spec: &'static PropertySpec) -> Option<&'a Value> {
        self.known.reading(self.id(), &spec.into()).map(|reading| &reading.value)
    }

    /// The words of a choice.
    fn words(&self, spec: &'static PropertySpec) -> Vec<&'a str> {
        match self.offer(spec).map(|offer| &offer.shape) {
            Some(Shape::Choice(words)) => words.iter().map(smol_str::SmolStr::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn id(&self) -> &'a EndpointId {
        &self.endpoint.id
    }

    fn state(&self, slot: &str) -> Json {
        self.places.state(&self.known.device.handle, self.id(), slot).into()
    }

    fn set(&self, slot: &str) -> Json {
        self.places.set(&self.known.device.handle, self.id(), slot).into()
    }

    fn act(&self) -> Json {
        self.places.act(&self.known.device.handle, self.id()).into()
    }
}

/// A configuration that is put together.
#[derive(Debug, Default)]
pub(crate) struct Config(Map<String, Json>);

impl Config {
    fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// The state of a property, under a key, where the part has it.
    fn told(self, part: &Part<'_>, key: &str, spec: &'static PropertySpec) -> Self {
        if part.has(spec) { self.with(key, part.state(spec.name)) } else { self }
    }

    /// The topic that sets a property, under a key, where it can be set.
    fn asked(self, part: &Part<'_>, key: &str, spec: &'static PropertySpec) -> Self {
        if part.can_set(spec) { self.with(key, part.set(spec.name)) } else { self }
    }

    /// The limits of a number, where it has any.
    fn limits(self, part: &Part<'_>, keys: [&str; 3], spec: &'static PropertySpec) -> Self {
        let Some(Shape::Number(limits)) = part.offer(spec).map(|offer| &offer.shape) else { return self };
        let config = self.with(keys[0], limits.min).with(keys[1], limits.max);
        match limits.step {
            Some(step) if !keys[2].is_empty() => config.with(keys[2], step),
            _ => config,
        }
    }

    fn face(self, component: &'static str, name: &'static str) -> Face {
        Face { component, name, config: self.0 }
    }
}

/// The words for true and false, under the keys that a component has for them.
fn yes_no(config: Config, yes: &[&str], no: &[&str]) -> Config {
    let config = yes.iter().fold(config, |config, key| config.with(key, json!("true")));
    no.iter().fold(config, |config, key| config.with(key, json!("false")))
}
