//! Events, and reports that come one by one.

use hub_model::Said;

use super::dump::{self, event, report};
use crate::{node::Node, wire::Tlv};

const SWITCH: u32 = 0x003B;
const LOCK: u32 = 0x0101;

/// A cluster, its event, and the event's fields.
type Event<'a> = (u32, u32, &'a [(u8, u64)]);

fn told(node: &mut Node, events: &[Event<'_>]) -> String {
    let first = node.last_event().map_or(1, |last| last + 1);
    let numbered =
        (first..).zip(events).map(|(number, (cluster, kind, fields))| event(*cluster, *kind, number, fields));
    let events = numbered.collect();
    dump::written(&node.update(Vec::new(), events))
}

#[test]
fn a_press_is_told_once_by_the_event_that_says_most() {
    let mut node = dump::node("button");
    // Pressed twice: two presses, two releases, and their count.
    let twice: [Event<'_>; 6] = [
        (SWITCH, 1, &[(0, 1)]),
        (SWITCH, 3, &[(0, 1)]),
        (SWITCH, 1, &[(0, 1)]),
        (SWITCH, 5, &[(0, 1), (1, 2)]),
        (SWITCH, 3, &[(0, 1)]),
        (SWITCH, 6, &[(0, 1), (1, 2)]),
    ];
    assert_eq!(told(&mut node, &twice), "10: Occurred(1, button.double)");
    let long: [Event<'_>; 3] = [(SWITCH, 1, &[(0, 1)]), (SWITCH, 2, &[(0, 1)]), (SWITCH, 4, &[(0, 1)])];
    assert_eq!(told(&mut node, &long), "10: Occurred(1, button.long)\n10: Occurred(1, button.release)");
    // More than it can count is told as the most.
    assert_eq!(told(&mut node, &[(SWITCH, 6, &[(0, 1), (1, 200)])]), "10: Occurred(1, x.matter.switch.pressed_4)");
    assert_eq!(told(&mut node, &[(SWITCH, 6, &[(0, 1), (1, 0)])]), "");
}

#[test]
fn a_switch_that_tells_only_presses_tells_each() {
    let mut node = dump::node("button");
    node.update(vec![report("1/59/65532", Tlv::Uint(0b10))], Vec::new());
    assert_eq!(told(&mut node, &[(SWITCH, 1, &[(0, 1)])]), "10: Occurred(1, button.single)");
    node.update(vec![report("1/59/65532", Tlv::Uint(0b110))], Vec::new());
    assert_eq!(told(&mut node, &[(SWITCH, 1, &[(0, 1)]), (SWITCH, 3, &[(0, 1)])]), "10: Occurred(1, button.single)");
}

#[test]
fn events_of_before_the_node_was_ours_are_history_and_none_is_told_twice() {
    let press = |number| event(SWITCH, 6, number, &[(0, 1), (1, 1)]);
    let occurred = |said: Vec<_>| said.iter().filter(|(_, said)| matches!(said, Said::Occurred(..))).count();
    let mut node = Node::new(0x10, None);
    assert_eq!(occurred(node.update(dump::reports("button"), vec![press(3), press(4)])), 0);
    node.established();
    assert_eq!(occurred(node.update(Vec::new(), vec![press(4), press(5)])), 1);
    assert_eq!(node.last_event(), Some(5));
    // So are those of a long absence.
    node.was_away();
    assert_eq!(occurred(node.update(Vec::new(), vec![press(6)])), 0);
    node.established();
    assert_eq!(occurred(node.update(Vec::new(), vec![press(7)])), 1);
    // The next run knows where it was: what happened meanwhile is told.
    let mut node = Node::new(0x10, node.last_event());
    assert_eq!(occurred(node.update(dump::reports("button"), vec![press(7), press(8)])), 1);
}

#[test]
fn a_lock_that_jams_says_so_until_it_moves() {
    let mut node = dump::node("lock");
    assert_eq!(told(&mut node, &[(LOCK, 0, &[(0, 0)])]), "10: reads\n  1/lock.state = jammed");
    let said = node.update(vec![report("1/257/0", Tlv::Uint(2))], Vec::new());
    assert_eq!(dump::written(&said), "10: reads\n  1/lock.state = unlocked");
    assert_eq!(told(&mut node, &[(LOCK, 0, &[(0, 4)])]), "10: Occurred(1, lock.wrong_code)");
    assert_eq!(told(&mut node, &[(LOCK, 0, &[(0, 6)])]), "10: Occurred(1, lock.forced)");
    assert_eq!(told(&mut node, &[(LOCK, 3, &[(0, 1), (1, 3), (2, 1)])]), "10: Occurred(1, lock.wrong_code)");
}

#[test]
fn a_lock_says_who_operated_it() {
    let mut node = dump::node("lock");
    let by_code = "10: reads\n  1/lock.operated_by = keypad\n  1/lock.user = 3";
    assert_eq!(told(&mut node, &[(LOCK, 2, &[(0, 1), (1, 3), (2, 3)])]), by_code);
    let by_hand = "10: reads\n  1/lock.operated_by = hand\n  1/lock.user = unknown";
    assert_eq!(told(&mut node, &[(LOCK, 2, &[(0, 0), (1, 1)])]), by_hand);
    // Somebody who rang under duress locked nothing.
    assert_eq!(told(&mut node, &[(LOCK, 2, &[(0, 2), (1, 3), (2, 3)])]), "");
}

#[test]
fn a_programme_that_ends_well_is_finished() {
    let mut node = dump::node("washer");
    assert_eq!(told(&mut node, &[(0x60, 1, &[(0, 0)])]), "10: Occurred(1, appliance.cycle_finished)");
    assert_eq!(told(&mut node, &[(0x60, 1, &[(0, 2)])]), "");
}

#[test]
fn a_report_tells_what_is_whether_it_changed_or_not() {
    let mut node = dump::node("dimmable");
    let reports = vec![report("1/8/0", Tlv::Uint(128)), report("1/6/0", Tlv::Bool(false))];
    let said = node.update(reports, Vec::new());
    assert_eq!(dump::written(&said), "10: reads\n  1/on_off.on = false\n  1/brightness.level = 50.4");
}

#[test]
fn limits_that_change_describe_the_device_again() {
    let mut node = dump::node("thermostat");
    let said = node.update(vec![report("1/513/22", Tlv::Int(2500))], Vec::new());
    assert!(matches!(&said[0].1, Said::Found(found) if found.endpoints[0].properties[1].step() == 0.5), "{said:?}");
    assert!(dump::written(&said).contains("thermostat.heating_setpoint: 7 to 25 by 0.50 °C"));
    // The same again says nothing new.
    assert_eq!(node.update(vec![report("1/513/22", Tlv::Int(2500))], Vec::new()), []);
}

#[test]
fn null_is_unknown() {
    let mut node = dump::node("climate");
    let said = node.update(vec![report("1/1026/0", Tlv::Null)], Vec::new());
    assert_eq!(dump::written(&said), "10: reads\n  1/temperature.measured = unknown");
}
