//! The review against brute force: in a home so small that every state, moment and event can be tried, it finds what
//! there is, and what it finds is there.

use std::{collections::BTreeMap, sync::Arc};

use hub_model::{Home, Path, RuleId, Value};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{
    super::{
        Desk, FindingKind, Stimulus,
        case::{Case, Course, Given, State},
        clash::{self, fight},
        review,
    },
    bench,
};
use crate::{rule::Rule, sample};

const BITS: [&str; 4] =
    ["hall-motion/occupancy.occupied", "front-door/contact.open", "hall-lamp/on_off.on", "kitchen-lamp/on_off.on"];
const KNOWN: [Value; 2] = [Value::Bool(true), Value::Bool(false)];
/// One moment in each span in which the conditions below are the same: Tuesday to Monday.
const MOMENTS: [&str; 8] = [
    "2026-11-24T12:00:00+01:00",
    "2026-11-24T18:00:00+01:00",
    "2026-11-24T20:00:00+01:00",
    "2026-11-24T22:00:00+01:00",
    "2026-11-30T12:00:00+01:00",
    "2026-11-30T18:00:00+01:00",
    "2026-11-30T20:00:00+01:00",
    "2026-11-30T22:00:00+01:00",
];

fn trigger() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..4_usize, any::<bool>()).prop_map(|(bit, becomes)| format!("{{ property = {{ of = \"{}\", becomes = {becomes} }} }}", BITS[bit])),
        1 => (0..4_usize).prop_map(|bit| format!("{{ property = {{ of = \"{}\", changes = true }} }}", BITS[bit])),
        1 => Just("{ occurs = { of = \"bedside-button\", what = \"single\" } }".to_owned()),
        1 => Just("{ at = \"18:00\" }".to_owned()),
        1 => Just("{ at = \"22:00\", days = [\"mon\"] }".to_owned()),
        1 => Just("{ at = \"22:00\" }".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => (0..4_usize, any::<bool>()).prop_map(|(bit, is)| format!("property = {{ of = \"{}\", is = {is} }}", BITS[bit])),
        1 => Just("between = [\"18:00\", \"22:00\"]".to_owned()),
        1 => Just("between = [\"22:00\", \"18:00\"]".to_owned()),
        1 => Just("days = [\"mon\"]".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not = {{ {inner} }}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("all = [ {{ {a} }}, {{ {b} }} ]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("any = [ {{ {a} }}, {{ {b} }} ]")),
        ]
    })
}

fn set() -> impl Strategy<Value = String> {
    (2..4_usize, any::<bool>()).prop_map(|(lamp, on)| {
        let handle = BITS[lamp].split('/').next().unwrap();
        format!("{{ set = {{ target = \"{handle}\", \"on_off.on\" = {on} }} }}")
    })
}

fn action() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => set(),
        1 => (condition(), set(), set()).prop_map(|(condition, a, b)| format!("{{ if = {{ {condition} }}, then = [ {a} ], else = [ {b} ] }}")),
        1 => set().prop_map(|set| format!("{{ wait = \"10s\" }}, {set}")),
    ]
}

fn rule() -> impl Strategy<Value = String> {
    let condition = prop_oneof![1 => Just(String::new()), 2 => condition().prop_map(|condition| format!("if = {{ {condition} }}\n"))];
    (prop::collection::vec(trigger(), 1..3), condition, set(), prop::collection::vec(action(), 0..2)).prop_map(
        |(when, condition, first, then)| {
            let then: Vec<_> = std::iter::once(first).chain(then).collect();
            format!("when = [ {} ]\n{condition}then = [ {} ]\n", when.join(", "), then.join(", "))
        },
    )
}

fn paths(home: &Home) -> Vec<Path> {
    BITS.iter().map(|name| sample::path(home, name)).collect()
}

/// Every state of properties that can have these values, at every moment, with everything that can happen.
fn every_case(home: &Home, values: &[Value]) -> Vec<Case> {
    let paths = paths(home);
    let button = home.by_handle("bedside-button").unwrap().device.clone();
    let press = Stimulus::Occurs {
        device: button.id,
        endpoint: button.endpoints[0].id.clone(),
        occurrence: "button.single".parse().unwrap(),
    };
    let mut cases = Vec::new();
    let states = values.len().pow(BITS.len() as u32);
    for (moment, state) in (0..MOMENTS.len()).flat_map(|moment| (0..states).map(move |state| (moment, state))) {
        let at: Timestamp = MOMENTS[moment].parse().unwrap();
        let value = |bit: usize| values[state / values.len().pow(bit as u32) % values.len()].clone();
        let given = |(bit, path): (usize, &Path)| (path.clone(), Given { value: value(bit), lasted: true });
        let given: BTreeMap<_, _> = paths.iter().enumerate().map(given).collect();
        let mut happens = vec![press.clone()];
        if moment % 2 == 1 {
            happens.push(Stimulus::Clock(at));
        }
        for (bit, path) in paths.iter().enumerate() {
            let others = [false, true].map(Value::Bool).into_iter().filter(|new| *new != value(bit));
            happens.extend(others.map(|new| Stimulus::Change { path: path.clone(), old: value(bit), new }));
        }
        for happens in happens {
            let mut given = given.clone();
            if let Stimulus::Change { path, .. } = &happens {
                given.remove(path);
            }
            cases.push(Case { at, state: State { given, ..State::default() }, happens });
        }
    }
    cases
}

/// What brute force finds of two rules.
#[derive(Debug, Default)]
struct Truth {
    conflict: Option<String>,
    cycle: Option<String>,
    acted: [bool; 2],
    /// Each did something at a time that the other did not.
    alone: [bool; 2],
}

fn truth(desk: &Desk) -> Truth {
    let mut truth = Truth::default();
    let both: Vec<_> = desk.subjects.iter().collect();
    let ids: Vec<_> = both.iter().map(|subject| subject.rule.id.value.clone()).collect();
    for case in every_case(&desk.home, &KNOWN) {
        let course = case.run(&desk.home, &both);
        if fight(&desk.home, &course).is_some() {
            truth.conflict = truth.conflict.or_else(|| Some(format!("{case:?}")));
        }
        if case
            .run_for(&desk.home, &both, std::time::Duration::from_secs(600))
            .cut
            .iter()
            .any(|(id, _)| ids.contains(id))
        {
            truth.cycle = truth.cycle.or_else(|| Some(format!("{case:?}")));
        }
        for (nth, subject) in both.iter().enumerate() {
            truth.acted[nth] |= !case.run(&desk.home, &[subject]).acted.is_empty();
            let writes = |id: &RuleId| writes(&course, id);
            let other = writes(&ids[1 - nth]);
            truth.alone[nth] |= writes(&ids[nth]).iter().any(|write| !other.contains(write));
        }
    }
    truth
}

/// Whether a rule acts in a state of which something is not known.
fn acts_in_doubt(desk: &Desk, nth: usize) -> bool {
    let [yes, no] = KNOWN;
    let cases = every_case(&desk.home, &[yes, no, Value::Unknown]);
    cases.iter().any(|case| !case.run(&desk.home, &[&desk.subjects[nth]]).acted.is_empty())
}

fn writes(course: &Course, id: &RuleId) -> Vec<(Timestamp, Path, Value)> {
    let by = course.writes.iter().filter(|write| write.rule == *id);
    by.map(|write| (write.at, write.path.clone(), write.value.clone())).collect()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let rules: Vec<Arc<Rule>> = bench::rules(text);
    let (home, now) = (sample::home("Europe/Berlin"), "2026-11-23T11:00:00Z".parse().unwrap());
    let review = review(&rules, &home, now);
    let mut desk = Desk::new(&rules, &home, now);
    let truth = truth(&desk);
    let found = |kind| review.findings.iter().filter(|finding| finding.kind == kind).collect::<Vec<_>>();
    prop_assert_eq!(found(FindingKind::Conflict).is_empty(), truth.conflict.is_none(), "{}\n{:?}", text, truth);
    prop_assert_eq!(found(FindingKind::Cycle).is_empty(), truth.cycle.is_none(), "{}\n{:?}\n{:?}", text, truth, review);
    for (nth, rule) in rules.iter().enumerate() {
        let never = found(FindingKind::NeverRuns).iter().any(|finding| finding.rules[0] == rule.id.value);
        let acts = truth.acted[nth] || acts_in_doubt(&desk, nth);
        prop_assert_eq!(never, !acts, "{}\n{:?}", text, rule.name);
        let shadowed = found(FindingKind::Shadowed).iter().any(|finding| finding.rules[1] == rule.id.value);
        prop_assert!(!(shadowed && truth.alone[nth]), "{}\n{:?}", text, rule.name);
    }
    for finding in found(FindingKind::Conflict) {
        // The example, rebuilt from what people are told, really ends so.
        let given = finding
            .example
            .given
            .iter()
            .map(|(path, value)| (path.clone(), Given { value: value.clone(), lasted: true }));
        let happens = finding.example.happens.clone().unwrap();
        let state = State { given: given.collect(), aside: finding.example.aside.clone() };
        let case = Case { at: finding.example.at, state, happens };
        let course = desk.run(&case, &[0, 1]).unwrap();
        prop_assert!(clash::fight(&desk.home, &course).is_some(), "{}\n{:?}", text, finding);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_review_finds_what_brute_force_finds(first in rule(), second in rule()) {
        check(&format!("[[rule]]\nname = \"First\"\n{first}[[rule]]\nname = \"Second\"\n{second}"))?;
    }
}

#[test]
fn a_rule_that_takes_back_another_one_only_on_one_evening_of_the_week_is_found() {
    check(
        r#"
[[rule]]
name = "First"
when = [ { property = { of = "hall-motion/occupancy.occupied", changes = true } } ]
then = [ { set = { target = "kitchen-lamp", "on_off.on" = false } }, { if = { property = { of = "hall-motion/occupancy.occupied", is = false } }, then = [ { set = { target = "hall-lamp", "on_off.on" = false } } ], else = [ { set = { target = "hall-lamp", "on_off.on" = false } } ] } ]
[[rule]]
name = "Second"
when = [ { property = { of = "hall-lamp/on_off.on", becomes = false } } ]
if = { any = [ { property = { of = "hall-lamp/on_off.on", is = true } }, { all = [ { days = ["mon"] }, { between = ["18:00", "22:00"] } ] } ] }
then = [ { set = { target = "hall-lamp", "on_off.on" = true } } ]
"#,
    )
    .unwrap();
}
