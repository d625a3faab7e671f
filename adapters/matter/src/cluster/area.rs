//! The rooms of robots: Service Area (Application Cluster Specification §1.17). A robot numbers its areas; people and rules
//! call them by name.

use std::collections::BTreeMap;

use hub_model::{Value, capability::vacuum, list, suggest::did_you_mean};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted};
use crate::{node::namespace, wire::Tlv};

const SUPPORTED: u32 = 0x0000;
const MAPS: u32 = 0x0001;
const SELECTED: u32 = 0x0002;
const CURRENT: u32 = 0x0003;

const SELECT: u32 = 0x00;

/// Service Area.
pub(super) static FAMILY: Family = Family {
    clusters: &[0x0150],
    rows: &[
        Row::whole(&[SUPPORTED, MAPS], &vacuum::AREAS, |cluster| listed(names(cluster).values())),
        Row::whole(&[SELECTED, SUPPORTED, MAPS], &vacuum::SELECTED_AREAS, selected),
        Row::whole(&[CURRENT, SUPPORTED, MAPS], &vacuum::CURRENT_AREA, current),
    ],
    deeds: &[Deed::of(&vacuum::SELECT_AREAS, |cluster| cluster.takes(SELECT))],
    plan,
    ..Family::OF_NOTHING
};

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> Value {
    Value::text(list::text(names.map(String::as_str)))
}

fn selected(cluster: &Cluster<'_>) -> Value {
    let Some(selected) = cluster.get(SELECTED) else { return Value::Unknown };
    let names = names(cluster);
    listed(selected.items().iter().filter_map(|area| names.get(&area.as_uint()?)))
}

fn current(cluster: &Cluster<'_>) -> Value {
    let name = cluster.uint(CURRENT).and_then(|area| names(cluster).remove(&area));
    name.map_or(Value::Unknown, Value::text)
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let Some(arguments) = wanted.take_deed(&vacuum::SELECT_AREAS) else { return Ok(()) };
    let names = names(cluster);
    let number = |wanted: &str| {
        let known = names.iter().find(|(_, name)| *name == wanted).map(|(area, _)| Tlv::Uint(*area));
        known.ok_or_else(|| {
            let hint = did_you_mean(wanted, names.values().map(String::as_str));
            let all = list::text(names.values().map(String::as_str));
            Refusal::OutOfRange(format!("there is no area `{wanted}`{hint}; the robot knows {all}"))
        })
    };
    let areas = list::text(list::names(arguments.get("areas").and_then(Value::as_text).unwrap_or_default()));
    let areas = list::names(&areas).map(number).collect::<Result<_, _>>()?;
    wanted.invoke(cluster, SELECT, vec![(0, Tlv::Array(areas))]);
    Ok(())
}

/// A name for each area that the robot knows, by its number. Where two share one, their maps tell them apart, and where that
/// does not, their numbers.
fn names(cluster: &Cluster<'_>) -> BTreeMap<u64, String> {
    let areas = cluster.get(SUPPORTED).map_or(&[][..], Tlv::items);
    let mut names: BTreeMap<u64, String> =
        areas.iter().filter_map(|area| Some((area.field(0)?.as_uint()?, name(area)))).collect();
    let maps: BTreeMap<u64, &str> =
        areas.iter().filter_map(|area| Some((area.field(0)?.as_uint()?, map(cluster, area)?))).collect();
    tell_apart(&mut names, |area, name| maps.get(&area).map(|map| format!("{name} ({map})")));
    tell_apart(&mut names, |area, name| Some(format!("{name} #{area}")));
    names
}

/// Gives a longer name to each area whose name is another's, too.
fn tell_apart(names: &mut BTreeMap<u64, String>, longer: impl Fn(u64, &str) -> Option<String>) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    names.values().for_each(|name| *uses.entry(name.clone()).or_default() += 1);
    for (area, name) in names.iter_mut().filter(|(_, name)| uses.get(*name).is_some_and(|uses| *uses > 1)) {
        if let Some(longer) = longer(*area, name) {
            *name = plain(&longer);
        }
    }
}

/// What an area is called, or what it is, or what stands there (§1.17.5.3).
fn name(area: &Tlv) -> String {
    let place = area.field(2).and_then(|told| told.field(0));
    let landmark = area.field(2).and_then(|told| told.field(1)).and_then(|landmark| landmark.field(0));
    let called = place.and_then(|place| place.field(0)).and_then(Tlv::as_text).map(plain);
    let word = |space, tag: Option<&Tlv>| namespace::word(space, tag?.as_uint()?);
    let kind = || word(namespace::AREAS, place.and_then(|place| place.field(2)));
    match (called.filter(|name| !name.is_empty()).or_else(kind), word(namespace::LANDMARKS, landmark)) {
        (Some(place), Some(landmark)) => format!("{place} ({landmark})"),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => "area".into(),
    }
}

/// The name of an area's map.
fn map<'a>(cluster: &Cluster<'a>, area: &Tlv) -> Option<&'a str> {
    let wanted = area.field(1)?.as_uint()?;
    let maps = cluster.get(MAPS).map_or(&[][..], Tlv::items).iter();
    maps.filter(|map| map.field(0).and_then(Tlv::as_uint) == Some(wanted)).find_map(|map| map.field(1)?.as_text())
}

/// A name that can stand in a list, whose names are separated by commas.
fn plain(name: &str) -> String {
    name.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
