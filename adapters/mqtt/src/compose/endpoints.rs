//! Which endpoint each entity stands at: by the words in its label, and by what else the device offers.

use std::collections::{BTreeMap, BTreeSet};

use hub_model::EndpointId;

use crate::discovery::{Category, Entity};

/// Words at the end of a label that always name a part of a device.
const PARTS: &[&str] = &[
    "left", "right", "center", "centre", "middle", "top", "bottom", "upper", "lower", "front", "rear", "up", "down",
    "inner", "outer", "wall", "usb", "main",
];

/// The endpoint of each entity; one that repeats another stands with it.
pub(super) fn assign(entities: &[&Entity], twins: &[Option<usize>]) -> Vec<EndpointId> {
    let (places, alone): (Vec<_>, Vec<_>) =
        entities.iter().copied().enumerate().filter(|(place, _)| twins[*place].is_none()).unzip();
    let homes: BTreeMap<usize, EndpointId> = places.into_iter().zip(assign_alone(&alone)).collect();
    // What is repeated repeats nothing itself.
    let home = |place: usize| homes.get(&twins[place].unwrap_or(place)).cloned().unwrap_or_else(EndpointId::first);
    (0..entities.len()).map(home).collect()
}

fn assign_alone(entities: &[&Entity]) -> Vec<EndpointId> {
    let names: Vec<Option<EndpointId>> =
        entities.iter().map(|entity| if is_main(entity) { named(&entity.label) } else { None }).collect();
    // Two that would be the same at the same part are told apart by more of their words.
    let unclear = |place: usize| {
        (0..entities.len())
            .any(|other| other != place && names[other] == names[place] && compete(entities[place], entities[other]))
    };
    let mut homes: Vec<Option<EndpointId>> =
        names.iter().enumerate().map(|(place, name)| name.clone().filter(|_| !unclear(place))).collect();
    for group in rivals(entities, &homes) {
        for (place, name) in distinguish(&group, entities) {
            homes[place] = Some(name);
        }
    }
    let gestures = entities.iter().flat_map(|entity| entity.part.gestures());
    let buttons = gestures.filter_map(|gesture| id_of(gesture.button.as_deref()?));
    let known: BTreeSet<EndpointId> = homes.iter().flatten().cloned().chain(buttons).collect();
    let found = |entity: &Entity| known.iter().find(|id| ends_or_begins_with(&entity.label, id.as_str())).cloned();
    let homes = homes.into_iter().zip(entities);
    homes.map(|(home, entity)| home.or_else(|| found(entity)).unwrap_or_else(EndpointId::first)).collect()
}

/// Whether an entity can make an endpoint: a setting called `limit_upper` does not make an upper part.
fn is_main(entity: &Entity) -> bool {
    entity.category == Category::Primary && entity.part.offers().iter().any(|offer| offer.property.known().is_some())
}

/// Whether two entities offer the same property of the table.
fn compete(one: &Entity, other: &Entity) -> bool {
    let offers = one.part.offers().iter().filter(|offer| offer.property.known().is_some());
    offers.into_iter().any(|offer| other.part.offers().iter().any(|theirs| theirs.property == offer.property))
}

/// An endpoint's id of a word.
pub(super) fn id_of(word: &str) -> Option<EndpointId> {
    hub_model::handle::slug(word).parse().ok()
}

/// A label without its endpoint's name: `operation_mode` of `operation_mode_left`.
pub(super) fn without<'a>(label: &'a str, endpoint: &EndpointId) -> &'a str {
    let name = endpoint.as_str();
    let shorter = label
        .strip_suffix(name)
        .and_then(|rest| rest.strip_suffix('_'))
        .or_else(|| label.strip_prefix(name).and_then(|rest| rest.strip_prefix('_')));
    shorter.filter(|rest| !rest.is_empty()).unwrap_or(label)
}

fn ends_or_begins_with(label: &str, name: &str) -> bool {
    label.strip_suffix(name).is_some_and(|rest| rest.ends_with('_'))
        || label.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'))
}

/// The part that a label's own last words name: `left`, `top_left`, `l2`.
fn named(label: &str) -> Option<EndpointId> {
    let mut words = label.rsplit('_');
    let last = words.next()?;
    let numbered = ["l", "ch", "channel"].iter().any(|stem| {
        last.strip_prefix(stem).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if !numbered && !PARTS.contains(&last) {
        return None;
    }
    match words.next() {
        Some(before) if !numbered && PARTS.contains(&before) => id_of(&format!("{before}_{last}")),
        _ => id_of(last),
    }
}

/// Entities that offer the same property of the table and whose words name no part: a group for each such property,
/// joined where they share an entity.
fn rivals(entities: &[&Entity], homes: &[Option<EndpointId>]) -> Vec<BTreeSet<usize>> {
    let mut by_property: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (place, entity) in entities.iter().enumerate() {
        if homes[place].is_none() {
            for offer in entity.part.offers().iter().filter(|offer| offer.property.known().is_some()) {
                by_property.entry(offer.property.as_str()).or_default().insert(place);
            }
        }
    }
    let mut groups: Vec<BTreeSet<usize>> = Vec::new();
    for set in by_property.into_values().filter(|set| set.len() > 1) {
        let (touching, mut apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| !group.is_disjoint(&set));
        apart.push(touching.into_iter().flatten().chain(set).collect());
        groups = apart;
    }
    groups
}

/// Names for rivals: what their labels do not have in common. The one with nothing left is the device's first.
fn distinguish(group: &BTreeSet<usize>, entities: &[&Entity]) -> Vec<(usize, EndpointId)> {
    let words: Vec<Vec<&str>> = group.iter().map(|place| split(&entities[*place].label)).collect();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(0);
    let same = |at: fn(&[&str], usize) -> usize, n: usize| {
        words.iter().all(|these| these[at(these, n)] == words[0][at(&words[0], n)])
    };
    let head = (0..shortest).take_while(|n| same(|_, n| n, *n)).count();
    let tail = (0..shortest - head).take_while(|n| same(|these, n| these.len() - 1 - n, *n)).count();
    let mut taken: BTreeSet<EndpointId> = BTreeSet::new();
    let mut names = Vec::new();
    // Main entities choose first.
    let mut places: Vec<(usize, &Vec<&str>)> = group.iter().copied().zip(&words).collect();
    places.sort_by_key(|(place, _)| (entities[*place].category != Category::Primary, *place));
    for (place, words) in places {
        let rest = words[head..words.len() - tail].join("_");
        let mut id = id_of(&rest).unwrap_or_else(EndpointId::first);
        let mut number = 2_u16;
        while !taken.insert(id.clone()) {
            id = EndpointId::from(number);
            number = number.saturating_add(1);
        }
        names.push((place, id));
    }
    names
}

/// The words of a label; a number behind a word is a word of its own (`relay2`).
fn split(label: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in label.split('_').filter(|word| !word.is_empty()) {
        let digits = word.len() - word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (stem, number) = word.split_at(word.len() - digits);
        words.extend([stem, number].into_iter().filter(|part| !part.is_empty()));
    }
    words
}
