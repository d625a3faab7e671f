//! Of many moments, one of each kind: two are of a kind when no condition tells them apart, neither then nor after a wait.

use std::{collections::BTreeSet, time::Duration};

use hub_model::Home;
use jiff::Timestamp;

use crate::{engine::holds_at, plan::Check};

pub(super) fn one_of_each_kind(
    moments: Vec<Timestamp>,
    checks: &[&Check],
    offsets: &BTreeSet<Duration>,
    home: &Home,
) -> Vec<Timestamp> {
    let mut of_time = Vec::new();
    checks.iter().for_each(|check| leaves(check, &mut of_time));
    let mut seen = BTreeSet::new();
    let kind = |moment: &Timestamp| {
        let later = offsets.iter().filter_map(|offset| moment.checked_add(*offset).ok());
        later.flat_map(|at| of_time.iter().map(move |check| holds_at(check, home, at))).collect::<Vec<_>>()
    };
    moments.into_iter().filter(|moment| seen.insert(kind(moment))).collect()
}

/// The parts of a condition that time alone decides.
fn leaves<'a>(check: &'a Check, found: &mut Vec<&'a Check>) {
    match check {
        Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| leaves(part, found)),
        Check::Not(inner) => leaves(inner, found),
        Check::Between(..) | Check::Days(_) | Check::Sun { .. } | Check::Dates(..) => found.push(check),
        _ => {}
    }
}
