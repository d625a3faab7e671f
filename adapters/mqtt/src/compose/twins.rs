//! Entities that only say again what another one says: a thermostat's room temperature that is announced as a sensor, too.

use hub_model::capability::Access;

use crate::{
    discovery::Entity,
    entity::{Part, Source},
};

/// For each entity the place of the one that it repeats: one of several properties that reads the same one out of the
/// very same messages.
pub(super) fn find(entities: &[&Entity]) -> Vec<Option<usize>> {
    let original = |entity: &&Entity| entities.iter().position(|other| repeats(&*entity.part, &*other.part));
    entities.iter().map(original).collect()
}

fn repeats(one: &dyn Part, other: &dyn Part) -> bool {
    let ([offer], [source]) = (one.offers(), one.sources()) else { return false };
    let known = offer.property.known().is_some() && offer.access == Access::Read;
    known
        && other.offers().len() > 1
        && other.offers().iter().any(|theirs| theirs.property == offer.property)
        && other.sources().iter().any(|theirs| is_same(theirs, source))
}

fn is_same(one: &Source, other: &Source) -> bool {
    one.topic == other.topic
        && match (&one.template, &other.template) {
            (Some(one), Some(other)) => one.is_same(other),
            (None, None) => true,
            _ => false,
        }
}
