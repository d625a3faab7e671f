//! One announced device: how its messages are read and its commands are written. Immutable once made, so that commands
//! are carried out beside the flow of messages without a lock.

use std::{sync::Arc, time::Duration};

use hub_model::{Command, DeviceKey, EndpointId, Found, Occurrence, Outcome, Property, Shape, Value};
use smol_str::SmolStr;

use crate::{
    compose::{Placement, compose},
    discovery::Entity,
    entity::{CommandError, Fade, Heard, Message, Wanted},
    payload::Payload,
};

/// An entity at its place in a device.
#[derive(Debug)]
pub(super) struct Placed {
    /// Its discovery topic.
    pub(super) id: SmolStr,
    pub(super) entity: Arc<Entity>,
    pub(super) placement: Placement,
}

/// One announced device.
#[derive(Debug)]
pub struct Plan {
    /// Its key.
    pub key: DeviceKey,
    /// What the hub was told of it.
    pub found: Found,
    pub(super) entities: Vec<Placed>,
}

/// What one message told of a device.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) readings: Vec<(EndpointId, Property, Value)>,
    pub(super) occurrences: Vec<(EndpointId, Occurrence)>,
    /// Entities with the values that they cannot have.
    pub(super) strange: Vec<(SmolStr, SmolStr)>,
    /// Entities whose value fades from now on, or no longer does.
    pub(super) fading: Vec<(SmolStr, Option<(Duration, Value)>)>,
    /// Entities with attributes that were not known before.
    pub(super) grown: Vec<(SmolStr, Vec<(SmolStr, Shape)>)>,
}

/// Why a command gives no messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The device has no such property or action any more.
    #[error("the device no longer offers {0}")]
    NotOffered(SmolStr),
    /// The entity cannot do it.
    #[error("{property}: {source}")]
    Entity {
        /// What was asked.
        property: SmolStr,
        /// Why not.
        source: CommandError,
    },
}

impl PlanError {
    /// The outcome that the command ends with.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::NotOffered(_) | Self::Entity { source: CommandError::NotSettable, .. } => Outcome::Unsupported,
            Self::Entity { source: CommandError::Template | CommandError::WrongCode, .. } => Outcome::Refused,
        }
    }
}

impl Plan {
    /// A plan for a device out of its entities, sorted by their ids.
    pub(super) fn new(key: DeviceKey, entities: Vec<(SmolStr, Arc<Entity>)>) -> Self {
        let composed = compose(&entities.iter().map(|(_, entity)| &**entity).collect::<Vec<_>>());
        let placed = entities.into_iter().zip(composed.placements);
        let entities = placed.map(|((id, entity), placement)| Placed { id, entity, placement }).collect();
        Self { key, found: composed.found, entities }
    }

    /// Reads a message as one source of one entity. `heard` is scratch space.
    pub(super) fn read(
        &self,
        entity: usize,
        source: usize,
        payload: &Payload<'_>,
        repeated: bool,
        heard: &mut Vec<Heard>,
        read: &mut Read,
    ) {
        let placed = &self.entities[entity];
        placed.entity.part.read(source, payload, heard);
        for told in heard.drain(..) {
            match told {
                Heard::Reading(slot, value) => {
                    if slot == 0 {
                        match placed.entity.part.fades(&value) {
                            Fade::Never => {}
                            Fade::Stays => read.fading.push((placed.id.clone(), None)),
                            Fade::After(time, value) => read.fading.push((placed.id.clone(), Some((time, value)))),
                        }
                    }
                    let place = placed.placement.properties.get(slot).and_then(Option::as_ref);
                    read.readings.extend(place.map(|(endpoint, property)| (endpoint.clone(), property.clone(), value)));
                }
                Heard::Happened(gesture) if !repeated => {
                    read.occurrences.extend(placed.placement.gestures.get(gesture).cloned().flatten());
                }
                Heard::Happened(_) => {}
                Heard::Attributes(new) => read.grown.push((placed.id.clone(), new)),
                Heard::Strange(value) => read.strange.push((placed.id.clone(), value)),
            }
        }
    }

    /// The endpoint and name of an entity's first property.
    pub(super) fn first_property(&self, entity: &SmolStr) -> Option<(EndpointId, Property)> {
        let placed = self.entities.iter().find(|placed| placed.id == *entity)?;
        placed.placement.properties.first().cloned().flatten()
    }

    /// The messages that carry out a command: as few as the device allows.
    ///
    /// # Errors
    /// If the device no longer offers what is asked, or cannot be asked.
    pub fn messages(&self, command: &Command) -> Result<Vec<Message>, PlanError> {
        let endpoint = &command.target.endpoint;
        let mut wanted: Vec<(usize, Wanted)> = Vec::new();
        for (property, value) in &command.set {
            let (entity, slot) =
                self.property(endpoint, property).ok_or_else(|| PlanError::NotOffered(property.as_str().into()))?;
            match wanted.iter_mut().find(|(known, _)| *known == entity) {
                Some((_, of_entity)) => of_entity.values.push((slot, value.clone())),
                None => wanted
                    .push((entity, Wanted { values: vec![(slot, value.clone())], transition: command.transition })),
            }
        }
        let mut messages = Vec::new();
        for (entity, wanted) in wanted {
            let set = self.entities[entity].entity.part.set(&wanted);
            messages.extend(set.map_err(|source| self.entity_error(command, source))?);
        }
        if let Some(invoke) = &command.invoke {
            let action = invoke.action.as_str();
            let (entity, slot) =
                self.action(endpoint, &invoke.action).ok_or_else(|| PlanError::NotOffered(action.into()))?;
            let invoked = self.entities[entity].entity.part.invoke(slot, &invoke.arguments);
            messages.extend(invoked.map_err(|source| PlanError::Entity { property: action.into(), source })?);
        }
        Ok(messages)
    }

    fn entity_error(&self, command: &Command, source: CommandError) -> PlanError {
        let names: Vec<&str> = command.set.iter().map(|(property, _)| property.as_str()).collect();
        PlanError::Entity { property: names.join(", ").into(), source }
    }

    fn property(&self, endpoint: &EndpointId, property: &Property) -> Option<(usize, usize)> {
        self.entities.iter().enumerate().find_map(|(at, placed)| {
            let is_it = |place: &Option<(EndpointId, Property)>| {
                place.as_ref().is_some_and(|(known, name)| known == endpoint && name == property)
            };
            Some((at, placed.placement.properties.iter().position(is_it)?))
        })
    }

    fn action(&self, endpoint: &EndpointId, action: &hub_model::Action) -> Option<(usize, usize)> {
        self.entities.iter().enumerate().find_map(|(at, placed)| {
            let is_it = |place: &Option<(EndpointId, hub_model::Action)>| {
                place.as_ref().is_some_and(|(known, name)| known == endpoint && name == action)
            };
            Some((at, placed.placement.actions.iter().position(is_it)?))
        })
    }
}
