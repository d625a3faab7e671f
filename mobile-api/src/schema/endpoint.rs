//! Endpoints: what they are, by hand; what they offer, generated from the capability table.

use async_graphql::{ID, MergedObject, Object};

use super::{property::Property, word::Kind};
use crate::{generated::Capabilities, part::Part};

/// A part of a device that is used by itself: one gang of a switch, one probe, one phase.
#[derive(MergedObject)]
pub(crate) struct Endpoint(EndpointItself, Capabilities);

impl Endpoint {
    /// An endpoint at one moment.
    pub(crate) fn new(part: Part) -> Self {
        Self(EndpointItself(part.clone()), Capabilities(part))
    }
}

/// What every endpoint has.
pub(crate) struct EndpointItself(Part);

#[Object]
impl EndpointItself {
    /// Its name within the device.
    async fn id(&self) -> ID {
        ID(self.0.endpoint.id.to_string())
    }
    /// What it is.
    async fn kind(&self) -> Kind {
        self.0.endpoint.kind.into()
    }
    /// A name for people, where the device has several.
    async fn name(&self) -> Option<String> {
        self.0.endpoint.name.as_ref().map(ToString::to_string)
    }
    /// Everything that can be read and set, so that a screen can draw itself.
    async fn properties(&self) -> Vec<Property> {
        Property::all(&self.0)
    }
    /// The whole names of what can be done (`lock.unlock`); `capabilities` tells their parameters.
    async fn actions(&self) -> Vec<String> {
        self.0.endpoint.actions.iter().map(|offer| offer.action.to_string()).collect()
    }
    /// The whole names of what can happen (`button.single`).
    async fn occurrences(&self) -> Vec<String> {
        self.0.endpoint.occurrences.iter().map(ToString::to_string).collect()
    }
}
