//! Bridges: their children come, go, and are reached or not by their own word.

use hub_model::{DeviceKey, Said};

use super::dump::{self, report};
use crate::{
    Refusal,
    node::{Node, label_of},
    wire::{AttributePath, AttributeReport, Request, Tlv},
};

fn parts(endpoint: u16, parts: &[u64]) -> AttributeReport {
    report(&format!("{endpoint}/29/3"), Tlv::Array(parts.iter().copied().map(Tlv::Uint).collect()))
}

#[test]
fn a_child_that_leaves_is_gone_and_the_others_stay() {
    let mut node = dump::node("bridge");
    assert_eq!(node.keys().count(), 4);
    let said = node.update(vec![parts(0, &[1, 3, 4, 5, 6]), parts(1, &[3, 4, 5, 6])], Vec::new());
    assert_eq!(said, [(DeviceKey::new("10/u-1"), Said::Gone)]);
    assert_eq!(node.keys().count(), 3);
}

#[test]
fn a_child_that_comes_is_found_when_it_has_told_what_it_is() {
    let mut node = dump::node("bridge");
    let said = node.update(vec![parts(0, &[1, 2, 3, 4, 5, 6, 9]), parts(1, &[2, 3, 4, 9])], Vec::new());
    assert_eq!(said, []);
    assert_eq!(node.newly_missing(), [9]);
    assert_eq!(node.newly_missing(), Vec::<u16>::new(), "it was asked for");
    assert!(node.misses(9) && !node.misses(2));
    node.reachability(true);
    assert!(!node.misses(9), "it is asked for anew");
    assert_eq!(node.newly_missing(), [9]);
    // It is the same device as the dimmable one, but for its number and id.
    let others = dump::reports("bridge").into_iter().filter(|report| report.path.endpoint == 2);
    let mut reports: Vec<AttributeReport> = others.collect();
    reports.iter_mut().for_each(|report| report.path.endpoint = 9);
    reports.push(report("9/57/18", Tlv::text("u-9")));
    let said = node.update(reports, Vec::new());
    assert!(
        matches!(&said[0], (key, Said::Found(found)) if key.0 == "10/u-9" && found.name == "Desk lamp"),
        "{said:?}"
    );
    assert!(!node.misses(9));
    assert_eq!(node.newly_missing(), Vec::<u16>::new());
}

#[test]
fn a_child_that_comes_back_on_another_endpoint_keeps_its_key() {
    let mut node = dump::node("bridge");
    let mut reports = vec![parts(0, &[1, 3, 4, 5, 6, 9]), parts(1, &[3, 4, 5, 6, 9])];
    let moved = dump::reports("bridge").into_iter().filter(|report| report.path.endpoint == 2);
    reports.extend(moved.map(|mut report| {
        report.path.endpoint = 9;
        report
    }));
    let said = node.update(reports, Vec::new());
    assert!(said.iter().all(|(key, said)| key.0 == "10/u-1" && *said != Said::Gone), "{said:?}");
    assert_eq!(node.endpoints(&DeviceKey::new("10/u-1")), [9]);
}

#[test]
fn two_children_of_one_id_are_told_apart_by_their_endpoints() {
    let mut node = Node::new(0x10, None);
    let mut reports = dump::reports("bridge");
    reports.push(report("3/57/18", Tlv::text("u-1")));
    node.update(reports, Vec::new());
    let keys: Vec<String> = node.keys().map(ToString::to_string).collect();
    assert_eq!(keys, ["10", "10/#2", "10/#3", "10/u-3"]);
}

#[test]
fn a_childs_own_word_counts_while_its_bridge_is_there() {
    let mut node = dump::node("bridge");
    let said = node.update(vec![report("3/57/17", Tlv::Bool(true))], Vec::new());
    assert_eq!(said, [(DeviceKey::new("10/u-2"), Said::Reachable(true))]);
    node.update(vec![report("2/57/17", Tlv::Bool(false))], Vec::new());
    let reached =
        |said: Vec<(DeviceKey, Said)>| said.into_iter().filter(|(_, said)| *said == Said::Reachable(true)).count();
    assert_eq!(reached(node.reachability(true)), 3);
    assert_eq!(reached(node.reachability(false)), 0);
}

#[test]
fn a_renamed_child_is_described_again() {
    let mut node = dump::node("bridge");
    let said = node.update(vec![report("2/57/5", Tlv::text("Reading lamp"))], Vec::new());
    assert!(matches!(&said[0].1, Said::Found(found) if found.name == "Reading lamp"), "{said:?}");
}

#[test]
fn parts_that_name_each_other_in_a_circle_come_to_an_end() {
    let mut node = dump::node("bridge");
    let said = node.update(vec![parts(4, &[5, 4, 2, 0]), parts(5, &[4, 5, 6])], Vec::new());
    assert!(said.len() < 20);
    assert_eq!(node.endpoints(&DeviceKey::new("10/u-3")), [4, 5, 6]);
}

#[test]
fn a_name_goes_where_the_device_itself_has_its_label() {
    let mut reports = dump::reports("bridge");
    // A child without a place for a name: it lists its attributes, and the label is none of them.
    reports.retain(|report| report.path != AttributePath::new(3, 57, 5));
    reports.push(report("3/57/65531", Tlv::Array(vec![Tlv::Uint(17), Tlv::Uint(18)])));
    let mut node = Node::new(0x10, None);
    node.update(reports, Vec::new());
    let place = |key: &str, label: &str| match node.relabel(&DeviceKey::new(key), label)? {
        Some(Request::Write { path, value, timed: None }) if value == Tlv::text(label) => Ok(Some(path)),
        None => Ok(None),
        other => panic!("{other:?}"),
    };
    assert_eq!(place("10", "Hub"), Ok(Some(AttributePath::new(0, 40, 5))));
    assert_eq!(place("10/u-1", "Reading lamp"), Ok(Some(AttributePath::new(2, 57, 5))));
    assert_eq!(place("10/u-1", "Desk lamp"), Ok(None), "it has that name already");
    assert_eq!(place("10/u-2", "Cellar"), Err(Refusal::Unsupported("a name".into())));
    assert_eq!(place("10/u-9", "Attic"), Err(Refusal::Gone));
}

#[test]
fn a_long_name_is_cut_between_two_characters() {
    assert_eq!(label_of("Lamp"), "Lamp");
    assert_eq!(label_of(" Lamp "), "Lamp");
    assert_eq!(label_of(&"x".repeat(33)), "x".repeat(32));
    // The 32nd octet is the first half of an umlaut.
    assert_eq!(label_of(&format!("{}ü", "x".repeat(31))), "x".repeat(31));
    assert_eq!(label_of("厨房的灯在大炉子上面"), "厨房的灯在大炉子上面");
    assert_eq!(label_of("厨房的灯在大炉子上面一"), "厨房的灯在大炉子上面");
    assert_eq!(label_of(&format!("{} lamp", "x".repeat(31))), "x".repeat(31));
}
