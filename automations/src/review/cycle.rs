//! Rules that set each other off, or one that sets off itself, until the engine stops them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hub_model::{Path, Value};

use super::{
    Desk, Finding, FindingKind,
    case::{Case, Course},
    clash::{lasts, states},
    domain::Domain,
    fair::in_turns,
    stimulus::{may_meet, stimuli},
    subject::Subject,
};

/// How many cases are tried for each circle.
const CASES: usize = 256;
/// How many rules of a circle are looked at together.
const RULES: usize = 16;
/// A chain is followed for no longer than this.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mut circle in circles(&edges(&desk.subjects)) {
        if desk.budget.is_spent() {
            break;
        }
        circle.truncate(RULES);
        findings.extend(of_circle(desk, &circle));
    }
    findings
}

/// For each rule, those that go on where it leaves off: those that what it writes may trigger, and those that write the
/// same property otherwise to some effect, which they could not if it had stayed as it was.
fn edges(subjects: &[Subject]) -> Vec<BTreeSet<usize>> {
    let mut watchers: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        subject.watched().into_iter().for_each(|path| watchers.entry(path).or_default().push(at));
    }
    let triggered = |(path, value): &(Path, Option<Value>)| {
        let watchers = watchers.get(path).into_iter().flatten().copied();
        let meets = |at: &usize| subjects[*at].plan.watches.iter().any(|watch| may_meet(watch, path, value.as_ref()));
        watchers.filter(meets).collect::<Vec<_>>()
    };
    let mut effective: BTreeMap<&Path, Vec<(usize, &Option<Value>)>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for write in subject.writes.iter().filter(|write| !triggered(write).is_empty()) {
            effective.entry(&write.0).or_default().push((at, &write.1));
        }
    }
    let mut edges = vec![BTreeSet::new(); subjects.len()];
    for (by, subject) in subjects.iter().enumerate() {
        for write in &subject.writes {
            let others = effective.get(&write.0).into_iter().flatten().filter(|(at, _)| *at != by);
            let otherwise = others.filter(|(_, value)| **value != write.1 || value.is_none());
            edges[by].extend(otherwise.map(|(at, _)| *at));
            edges[by].extend(triggered(write));
        }
    }
    edges
}

/// The sets of rules of which each leads to each other, and single ones that lead to themselves.
fn circles(edges: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate() {
        to.iter().for_each(|to| back[*to].push(from));
    }
    // Kosaraju: in the reverse of the order in which rules are left behind, what leads back to each is its circle.
    let mut left = Vec::new();
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, edges[start].iter())];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((at, next)) = path.last_mut() {
            match next.next() {
                Some(to) if !std::mem::replace(&mut seen[*to], true) => path.push((*to, edges[*to].iter())),
                Some(_) => {}
                None => {
                    left.push(*at);
                    path.pop();
                }
            }
        }
    }
    let mut taken = vec![false; edges.len()];
    let mut circles = Vec::new();
    for start in left.into_iter().rev() {
        let (mut circle, mut open) = (Vec::new(), vec![start]);
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut taken[at], true) {
                circle.push(at);
                open.extend(&back[at]);
            }
        }
        circle.sort_unstable();
        if circle.len() > 1 || circle.iter().any(|at| edges[*at].contains(at)) {
            circles.push(circle);
        }
    }
    circles.sort();
    circles
}

fn of_circle(desk: &mut Desk, circle: &[usize]) -> Option<Finding> {
    let span: Duration = circle.iter().filter_map(|at| desk.subjects.get(*at)).map(|subject| subject.span).sum();
    let span = span.saturating_mul(10).min(LONGEST);
    for case in cases(desk, circle) {
        desk.budget.runs = desk.budget.runs.checked_sub(1)?;
        let subjects: Vec<_> = circle.iter().filter_map(|at| desk.subjects.get(*at)).collect();
        let course = case.run_for(&desk.home, &subjects, span);
        if course.cut.is_empty() {
            continue;
        }
        let about: Vec<_> =
            circle.iter().copied().filter(|at| course.acted.contains(&desk.subjects[*at].rule.id.value)).collect();
        let text = text(desk, &about);
        let then = first_round(&course, about.len());
        return Some(desk.finding(FindingKind::Cycle, &about, text, case.example(then)));
    }
    None
}

fn text(desk: &Desk, about: &[usize]) -> String {
    let names: Vec<_> = about.iter().map(|at| format!("`{}`", desk.subjects[*at].rule.name)).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("{} and {last} set each other off for ever.", others.join(", "))
        }
        _ => format!("{} sets itself off for ever.", names.concat()),
    }
}

/// What is written until the first rule acts again, and a little of what follows.
fn first_round(course: &Course, rules: usize) -> Vec<super::Write> {
    course.writes.iter().take(2 * rules.max(1)).cloned().collect()
}

fn cases(desk: &Desk, circle: &[usize]) -> Vec<Case> {
    let subjects: Vec<_> = circle.iter().filter_map(|at| desk.subjects.get(*at)).collect();
    let domain = Domain::of(&subjects, &desk.home);
    let written: BTreeSet<&Path> = subjects.iter().flat_map(|subject| &subject.writes).map(|(path, _)| path).collect();
    let mut vary: Vec<&Path> = subjects.iter().flat_map(|subject| subject.watched()).collect();
    vary.retain(|path| written.contains(path));
    let mut cases = Vec::new();
    for first in &subjects {
        let others = subjects.iter().filter(|other| !std::ptr::eq(**other, *first)).map(|other| &other.plan.condition);
        let also: Vec<_> = others.chain(subjects.iter().flat_map(|subject| subject.branches())).collect();
        for watch in &first.plan.watches {
            for stimulus in stimuli(watch, &domain, &desk.home, desk.now) {
                let sought = (vec![&first.plan.condition], also.clone(), vary.clone());
                cases.push(states(desk, &domain, &stimulus, lasts(watch), sought, CASES));
            }
        }
    }
    in_turns(cases).into_iter().take(CASES).collect()
}
