//! An endpoint of a device at one moment: all that the generated objects read.

use std::sync::Arc;

use async_graphql::SimpleObject;
use hub_model::{
    Endpoint, HomeDevice, Limits, PropertyOffer, Reading, Shape,
    capability::{Capability, PropertySpec, capability_of},
};

use crate::scalar::HueSaturation;

/// An endpoint with its readings. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The device that it is part of.
    pub(crate) device: HomeDevice,
    /// The endpoint.
    pub(crate) endpoint: Arc<Endpoint>,
    /// Where its readings begin among the device's.
    first: usize,
}

/// The span of a number, both ends included.
#[derive(Debug, SimpleObject)]
pub(crate) struct NumberLimits {
    /// The least value.
    min: f64,
    /// The greatest value.
    max: f64,
    /// The distance between two neighbouring values, where the device has one.
    step: Option<f64>,
}

impl Part {
    /// Every endpoint of a device.
    pub(crate) fn all(device: &HomeDevice) -> impl Iterator<Item = Self> + '_ {
        let mut next = 0;
        device.device.endpoints.iter().map(move |endpoint| {
            let first = next;
            next += endpoint.properties.len();
            Self { device: device.clone(), endpoint: Arc::clone(endpoint), first }
        })
    }

    /// Every property with its reading.
    pub(crate) fn readings(&self) -> impl Iterator<Item = (&PropertyOffer, &Reading)> {
        self.endpoint.properties.iter().zip(self.device.readings.iter().skip(self.first))
    }

    /// Whether the endpoint offers anything of a capability.
    pub(crate) fn has(&self, capability: &Capability) -> bool {
        let of = |name: &str| capability_of(name) == capability.name;
        self.endpoint.properties.iter().any(|offer| of(offer.property.as_str()))
            || self.endpoint.actions.iter().any(|offer| of(offer.action.as_str()))
            || self.endpoint.occurrences.iter().any(|occurrence| of(occurrence.as_str()))
    }

    /// A truth, where it is offered and known.
    pub(crate) fn bool(&self, spec: &'static PropertySpec) -> Option<bool> {
        self.find(spec)?.1.value.as_bool()
    }

    /// A number, where it is offered and known.
    pub(crate) fn number(&self, spec: &'static PropertySpec) -> Option<f64> {
        self.find(spec)?.1.value.as_number()
    }

    /// A word or text, where it is offered and known.
    pub(crate) fn text(&self, spec: &'static PropertySpec) -> Option<String> {
        self.find(spec)?.1.value.as_text().map(str::to_owned)
    }

    /// A colour, where it is offered and known.
    pub(crate) fn color(&self, spec: &'static PropertySpec) -> Option<HueSaturation> {
        self.find(spec)?.1.value.as_color().map(HueSaturation::from)
    }

    /// What a number takes here.
    pub(crate) fn limits(&self, spec: &'static PropertySpec) -> Option<NumberLimits> {
        NumberLimits::of(&self.find(spec)?.0.shape)
    }

    /// The words that a choice takes here.
    pub(crate) fn choices(&self, spec: &'static PropertySpec) -> Option<Vec<String>> {
        words(&self.find(spec)?.0.shape)
    }

    /// The short names of a capability's actions that the endpoint offers.
    pub(crate) fn actions(&self, capability: &Capability) -> Vec<String> {
        let offered = self.endpoint.actions.iter().filter_map(|offer| offer.action.known());
        offered
            .filter(|row| capability_of(row.name) == capability.name)
            .map(|row| row.short_name().to_owned())
            .collect()
    }

    /// The short names of a capability's occurrences that the endpoint may tell.
    pub(crate) fn occurrences(&self, capability: &Capability) -> Vec<String> {
        let offered = self.endpoint.occurrences.iter().filter_map(hub_model::Occurrence::known);
        offered
            .filter(|row| capability_of(row.name) == capability.name)
            .map(|row| row.short_name().to_owned())
            .collect()
    }

    fn find(&self, spec: &'static PropertySpec) -> Option<(&PropertyOffer, &Reading)> {
        self.readings().find(|(offer, _)| offer.property.known().is_some_and(|known| std::ptr::eq(known, spec)))
    }
}

impl NumberLimits {
    /// The limits of a shape that is a number.
    pub(crate) fn of(shape: &Shape) -> Option<Self> {
        if let Shape::Number(limits) = shape { Some((*limits).into()) } else { None }
    }
}

impl From<Limits> for NumberLimits {
    fn from(limits: Limits) -> Self {
        Self { min: limits.min, max: limits.max, step: limits.step }
    }
}

/// The longest text of a shape that is one, in bytes.
pub(crate) fn longest(shape: &Shape) -> Option<usize> {
    if let Shape::Text(longest) = shape { Some(*longest) } else { None }
}

/// The words of a shape that is a choice.
pub(crate) fn words(shape: &Shape) -> Option<Vec<String>> {
    if let Shape::Choice(words) = shape { Some(words.iter().map(ToString::to_string).collect()) } else { None }
}
