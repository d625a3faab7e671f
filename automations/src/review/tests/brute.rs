//! The review against brute force: in homes so small that every state, moment and event can be tried, it finds what there
//! is, and what it finds is there.

#[path = "brute/rules.rs"]
mod rules;
#[path = "brute/world.rs"]
mod world;

use std::{collections::BTreeSet, time::Duration};

use hub_model::{Path, RuleId, Value};
use jiff::Timestamp;
use proptest::prelude::*;

use self::world::{Thing, WORLDS, every_case, id};
use super::{
    super::{
        Desk, FindingKind, Review,
        case::{Case, Course, Given, State},
        clash::fight,
        review,
    },
    bench,
};
use crate::sample;

/// A circle shows within this.
const LONG: Duration = Duration::from_secs(600);

/// What brute force finds of some rules.
#[derive(Debug, Default)]
struct Truth {
    /// Pairs that fight, each with a case.
    fights: Vec<([usize; 2], String)>,
    /// Sets of rules that go on for ever by themselves, each with a case.
    circles: Vec<(BTreeSet<usize>, String)>,
    acted: Vec<bool>,
    /// By pair: the first did something at a time at which the other did not.
    alone: BTreeSet<(usize, usize)>,
}

fn truth(desk: &Desk, world: &[Thing]) -> Truth {
    let count = desk.subjects.len();
    let mut truth = Truth { acted: vec![false; count], ..Truth::default() };
    // Every set of rules, with those that they name.
    let sets = (1..1_usize << count).map(|bits| (0..count).filter(|at| bits >> at & 1 == 1).collect::<Vec<_>>());
    for about in sets {
        let cast: Vec<_> = desk.cast(&about).into_iter().map(|at| &desk.subjects[at]).collect();
        let span = cast.iter().map(|subject| subject.span).sum::<Duration>();
        for case in every_case(&desk.home, world, false) {
            let course = case.run_for(&desk.home, &cast, LONG);
            if !course.cut.is_empty() && !truth.circles.iter().any(|(circle, _)| circle.iter().eq(&about)) {
                truth.circles.push((about.iter().copied().collect(), format!("{case:?}")));
            }
            let end = case.at + jiff::SignedDuration::try_from(span).unwrap();
            match about.as_slice() {
                [one] => truth.acted[*one] |= course.acted.contains(&id(*one)),
                [a, b] => pair(&mut truth, desk, [*a, *b], (&case, course), end),
                _ => {}
            }
        }
    }
    truth
}

fn pair(truth: &mut Truth, desk: &Desk, [a, b]: [usize; 2], (case, mut course): (&Case, Course), end: Timestamp) {
    course.writes.retain(|write| write.at <= end && [id(a), id(b)].contains(&write.rule));
    if fight(&desk.home, &course).is_some() && !truth.fights.iter().any(|(pair, _)| *pair == [a, b]) {
        truth.fights.push(([a, b], format!("{case:?}")));
    }
    for (one, other) in [(a, b), (b, a)] {
        let theirs = writes(&course, &id(other));
        if writes(&course, &id(one)).iter().any(|write| !theirs.contains(write)) {
            truth.alone.insert((one, other));
        }
    }
}

/// Whether a rule acts in a state of which something is not known.
fn acts_in_doubt(desk: &Desk, world: &[Thing], nth: usize) -> bool {
    let cast: Vec<_> = desk.cast(&[nth]).into_iter().map(|at| &desk.subjects[at]).collect();
    let cases = every_case(&desk.home, world, true);
    cases.iter().any(|case| case.run(&desk.home, &cast).acted.contains(&id(nth)))
}

fn writes(course: &Course, id: &RuleId) -> Vec<(Timestamp, Path, Value)> {
    let by = course.writes.iter().filter(|write| write.rule == *id);
    by.map(|write| (write.at, write.path.clone(), write.value.clone())).collect()
}

fn check(world: &[Thing], text: &str) -> Result<(), TestCaseError> {
    let rules = bench::rules(text);
    let (home, now) = (sample::home("Europe/Berlin"), "2026-11-23T11:00:00Z".parse().unwrap());
    let review = review(&rules, &home, now);
    let desk = Desk::new(&rules, &home, now);
    let truth = truth(&desk, world);
    let nth = |rule: &RuleId| (0..rules.len()).find(|nth| id(*nth) == *rule).unwrap();
    let of = |kind| {
        let meant = review.findings.iter().filter(move |finding| finding.kind == kind);
        meant.map(|finding| finding.rules.iter().map(nth).collect()).collect::<Vec<BTreeSet<usize>>>()
    };
    let fights: BTreeSet<BTreeSet<usize>> =
        truth.fights.iter().map(|(pair, _)| pair.iter().copied().collect()).collect();
    let found: BTreeSet<_> = of(FindingKind::Conflict).into_iter().collect();
    prop_assert_eq!(found, fights, "{}\n{:?}", text, truth.fights);
    let circles: Vec<_> = truth.circles.iter().map(|(circle, _)| circle).collect();
    let found = of(FindingKind::Cycle);
    for circle in &found {
        prop_assert!(circles.contains(&circle), "{}\n{:?}\n{:?}", text, truth.circles, review);
    }
    for circle in circles {
        let is_told = found.iter().any(|told| told.is_subset(&with_named(&desk, circle)));
        prop_assert!(is_told, "{}\n{:?}\n{:?}", text, truth.circles, review);
    }
    for at in 0..rules.len() {
        let never = of(FindingKind::NeverRuns).iter().any(|finding| finding.contains(&at));
        let acts = truth.acted[at] || acts_in_doubt(&desk, world, at);
        prop_assert!(!never || !acts, "{}\n{:?}", text, id(at));
        // Of those that others run, or that wait for others, nothing is said.
        let is_named = desk.subjects.iter().any(|subject| subject.named().any(|named| *named == id(at)));
        let names = desk.subjects[at].named().next().is_some();
        prop_assert!(never || acts || is_named || names, "{}\n{:?}", text, id(at));
    }
    for finding in review.findings.iter().filter(|finding| finding.kind == FindingKind::Shadowed) {
        let [light, shadow] = [0, 1].map(|at| nth(&finding.rules[at]));
        prop_assert!(!truth.alone.contains(&(shadow, light)), "{}\n{:?}", text, finding);
    }
    examples_hold(&desk, &review, text)
}

fn with_named(desk: &Desk, circle: &BTreeSet<usize>) -> BTreeSet<usize> {
    desk.cast(&circle.iter().copied().collect::<Vec<_>>()).into_iter().collect()
}

/// Each example of a fight, rebuilt from what people are told, really ends so.
fn examples_hold(desk: &Desk, review: &Review, text: &str) -> Result<(), TestCaseError> {
    for finding in review.findings.iter().filter(|finding| finding.kind == FindingKind::Conflict) {
        let given = finding.example.given.iter();
        let given = given.map(|(path, value)| (path.clone(), Given { value: value.clone(), lasted: true }));
        let state = State { given: given.collect(), aside: finding.example.aside.clone() };
        let case = Case { at: finding.example.at, state, happens: finding.example.happens.clone().unwrap() };
        let about: Vec<_> = finding.rules.iter().map(|rule| desk.by_id[rule]).collect();
        let cast: Vec<_> = desk.cast(&about).into_iter().map(|at| &desk.subjects[at]).collect();
        let mut course = case.run(&desk.home, &cast);
        course.writes.retain(|write| finding.rules.contains(&write.rule));
        prop_assert!(fight(&desk.home, &course).is_some(), "{}\n{:?}", text, finding);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_review_finds_what_brute_force_finds_of_two_rules(
        (world, text) in (0..WORLDS.len()).prop_flat_map(|at| (Just(at), rules::rules(WORLDS[at], 2)))
    ) {
        check(WORLDS[world], &text)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn the_review_finds_what_brute_force_finds_of_three_rules(
        (world, text) in (0..WORLDS.len()).prop_flat_map(|at| (Just(at), rules::rules(WORLDS[at], 3)))
    ) {
        check(WORLDS[world], &text)?;
    }
}

#[test]
fn a_rule_that_takes_back_another_one_only_on_one_evening_of_the_week_is_found() {
    check(
        WORLDS[0],
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
