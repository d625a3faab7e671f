//! Whether what a document asks of devices follows from each of them alone, so that answers can be kept device by device.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// What may be asked of a field's object.
#[derive(Clone, Copy)]
enum Below {
    /// Anything: it is a part of the device itself.
    Anything,
    /// These fields only.
    Only(&'static [(&'static str, Below)]),
}

use Below::{Anything, Only};

/// What follows from a device and from the rooms and floors of the home. A new field of devices that does so as well is
/// named here; until then, questions with it are answered the long way.
const DEVICE: &[(&str, Below)] = &[
    ("__typename", Anything),
    ("id", Anything),
    ("handle", Anything),
    ("name", Anything),
    ("aliases", Anything),
    ("room", Only(ROOM)),
    ("kind", Anything),
    ("showAs", Anything),
    ("product", Anything),
    ("adapters", Anything),
    ("reachable", Anything),
    ("lastSeen", Anything),
    ("controllable", Anything),
    ("endpoints", Anything),
];
const ROOM: &[(&str, Below)] =
    &[("__typename", Anything), ("id", Anything), ("name", Anything), ("floor", Only(FLOOR))];
const FLOOR: &[(&str, Below)] = &[("__typename", Anything), ("id", Anything), ("name", Anything), ("level", Anything)];

/// Whether lists of devices are asked for, and of each device only what follows from it alone.
pub(crate) fn has_cards(document: &ExecutableDocument) -> bool {
    let roots = document.operations.iter().flat_map(|(_, operation)| &operation.node.selection_set.node.items);
    let lists = roots.filter_map(|selection| match &selection.node {
        Selection::Field(field) if field.node.name.node == "devices" => Some(&field.node.selection_set.node),
        _ => None,
    });
    let lists: Vec<_> = lists.collect();
    !lists.is_empty() && lists.iter().all(|set| asks_only(document, set, DEVICE))
}

/// A document whose fragments contain themselves must not come this far.
fn asks_only(document: &ExecutableDocument, set: &SelectionSet, allowed: &[(&str, Below)]) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let below = allowed.iter().find(|(name, _)| field.node.name.node == *name);
            below.is_some_and(|(_, below)| match below {
                Anything => true,
                Only(fields) => asks_only(document, &field.node.selection_set.node, fields),
            })
        }
        Selection::InlineFragment(inline) => asks_only(document, &inline.node.selection_set.node, allowed),
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .is_some_and(|fragment| asks_only(document, &fragment.node.selection_set.node, allowed)),
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn cards_ask_of_a_device_nothing_that_another_decides() {
        let cards = |text: &str| has_cards(&parse_query(text).unwrap());
        assert!(cards("{ home { name } devices { id room { name floor { id } } endpoints { onOff { on } } } }"));
        assert!(cards("{ all: devices { ...card ... on Device { name } } } fragment card on Device { reachable }"));
        assert!(!cards("{ devices { room { devices { id } } } }"));
        assert!(!cards("{ devices { ...card } } fragment card on Device { room { floor { rooms { id } } } }"));
        assert!(!cards("{ devices { ...missing } }"));
        assert!(!cards("{ home { name } }"));
    }
}
