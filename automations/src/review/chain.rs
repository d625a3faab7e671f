//! Cases in which one of two rules, or another one that they name, sets off the rest.

use std::collections::BTreeSet;

use hub_model::{Path, Value};

use super::{
    Desk,
    case::Case,
    clash::{lasts, states},
    domain::Domain,
    link::leads,
    stimulus::may_meet,
    subject::Subject,
};
use crate::plan::Check;

/// What of the others in a cast may come between the two that a case is about.
pub(super) struct Between<'a> {
    /// By what they may set off each other and the two.
    pub(super) paths: Vec<&'a Path>,
    /// Their conditions.
    pub(super) checks: Vec<&'a Check>,
}

impl<'a> Between<'a> {
    /// The two come first.
    pub(super) fn of(cast: &[&'a Subject]) -> Self {
        let others = cast.get(2..).unwrap_or_default();
        let with_another = |nth: usize, other: usize| nth != other && nth.max(other) > 1;
        let pairs = (0..cast.len()).flat_map(|nth| (0..cast.len()).map(move |other| (nth, other)));
        let paths = pairs.filter(|(nth, other)| with_another(*nth, *other));
        let paths = paths.flat_map(|(reader, writer)| touched(cast[reader], cast[writer])).collect();
        let checks = others.iter().flat_map(|subject| subject.plan.checks()).collect();
        Self { paths, checks }
    }
}

/// The cases, by what begins them; at most so many of each.
pub(super) fn chained(
    desk: &Desk,
    (members, cast): (&[usize], &[&Subject]),
    domain: &Domain<'_>,
    between: &Between<'_>,
    most: usize,
) -> Vec<Vec<Case>> {
    let mut cases = Vec::new();
    for (start, member) in members.iter().enumerate() {
        let reached = reached(cast, start);
        if !reached.contains(&0) || !reached.contains(&1) {
            continue;
        }
        let two = cast.iter().take(2);
        let checks = two.clone().flat_map(|subject| subject.plan.checks()).chain(between.checks.iter().copied());
        let checks: Vec<_> = checks.collect();
        let touched = two.filter(|_| start < 2).flat_map(|subject| touched(subject, cast[start]));
        let vary: Vec<_> = touched.chain(between.paths.iter().copied()).collect();
        for way in desk.ways(*member) {
            let first = &way.first.plan.condition;
            let later = way.conditions().chain(way.branches()).chain(checks.iter().copied());
            // What has to hold anyway need not be tried otherwise.
            let later: Vec<_> = later.filter(|check| !std::ptr::eq(*check, first)).collect();
            for stimulus in way.stimuli(desk, domain) {
                let sought = (vec![first], later.clone(), vary.clone());
                cases.push(states(desk, domain, &stimulus, lasts(way.watch), sought, most));
            }
        }
    }
    cases
}

/// Those that one of a cast may set off, if need be by way of others, and itself.
fn reached(cast: &[&Subject], from: usize) -> BTreeSet<usize> {
    let (mut open, mut seen) = (vec![from], BTreeSet::from([from]));
    while let Some(at) = open.pop() {
        for next in 0..cast.len() {
            let sets_off = || touched(cast[next], cast[at]).next().is_some() || leads(cast[at], cast[next]);
            if !seen.contains(&next) && sets_off() {
                seen.insert(next);
                open.push(next);
            }
        }
    }
    seen
}

/// The properties by which `writer` may trigger `reader`.
pub(super) fn touched<'a>(reader: &'a Subject, writer: &'a Subject) -> impl Iterator<Item = &'a Path> {
    let may = |path: &Path, value: Option<&Value>| reader.plan.watches.iter().any(|watch| may_meet(watch, path, value));
    writer.writes.iter().filter(move |(path, value)| may(path, value.as_ref())).map(|(path, _)| path)
}
