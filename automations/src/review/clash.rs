//! Two rules that set one property to different values at the same moment: which of them wins is chance.

use std::collections::{BTreeMap, BTreeSet};

use hub_model::{Home, Path, RuleId, Value};
use jiff::{SignedDuration, Timestamp};

use super::{
    Budget, Desk, Example, Finding, FindingKind, Stimulus, Write,
    case::{Case, Course},
    domain::Domain,
    fair::in_turns,
    solve::Puzzle,
    stimulus::{may_meet, meets, moments, stimuli},
    subject::{Subject, held},
    words,
};
use crate::plan::{Check, Watch};

/// How many cases are tried of every pair, before those that have more are looked into further.
const CASES: [usize; 2] = [64, 1024];

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut pairs, mut tried) = (pairs(&desk.subjects), 0);
    for most in CASES {
        let mut further = BTreeSet::new();
        for (a, b) in pairs {
            if desk.budget.is_spent() {
                return findings;
            }
            let cases = cases(desk, a, b, most);
            let has_more = cases.len() == most;
            match of_pair(desk, (a, b), cases.into_iter().skip(tried)) {
                None if has_more => {
                    further.insert((a, b));
                }
                found => findings.extend(found),
            }
        }
        (pairs, tried) = (further, most);
    }
    findings
}

/// Rules that may write different values to one property, each pair once.
fn pairs(subjects: &[Subject]) -> BTreeSet<(usize, usize)> {
    let mut writers: BTreeMap<&Path, Vec<(usize, Option<&Value>)>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for (path, value) in &subject.writes {
            writers.entry(path).or_default().push((at, value.as_ref()));
        }
    }
    let mut pairs = BTreeSet::new();
    // The others are looked at when these are put right.
    let most = Budget::MOST.runs;
    for writers in writers.values() {
        for (nth, (a, one)) in writers.iter().enumerate() {
            for (b, other) in &writers[nth + 1..] {
                if a != b && (one != other || one.is_none()) && pairs.len() < most {
                    pairs.insert(((*a).min(*b), (*a).max(*b)));
                }
            }
        }
    }
    pairs
}

fn of_pair(desk: &mut Desk, (a, b): (usize, usize), cases: impl Iterator<Item = Case>) -> Option<Finding> {
    for case in cases {
        let course = desk.run(&case, &[a, b])?;
        if let Some((one, other)) = fight(&desk.home, &course) {
            let name = |rule: &RuleId| {
                desk.subjects[if desk.subjects[a].rule.id.value == *rule { a } else { b }].rule.name.clone()
            };
            let text = format!(
                "`{}` and `{}` set {} to different values at the same moment.",
                name(&one.rule),
                name(&other.rule),
                words::path(&desk.home, &one.path)
            );
            let example = case.example(vec![one, other]);
            return Some(desk.finding(FindingKind::Conflict, &[a, b], text, example));
        }
    }
    None
}

/// Two writes of one moment and property, by two rules, that are not the same.
pub(super) fn fight(home: &Home, course: &Course) -> Option<(Write, Write)> {
    for (nth, one) in course.writes.iter().enumerate() {
        let others = course.writes[nth + 1..].iter().take_while(|other| other.at == one.at);
        let other = others
            .filter(|other| other.path == one.path && other.rule != one.rule)
            .find(|other| !is_same(home, &one.path, &one.value, &other.value));
        if let Some(other) = other {
            return Some((one.clone(), other.clone()));
        }
    }
    None
}

/// Whether a device would not know the one value from the other.
pub(crate) fn is_same(home: &Home, path: &Path, one: &Value, other: &Value) -> bool {
    let endpoint = home.device(path.device).and_then(|known| known.device.endpoint(&path.endpoint));
    let offer = endpoint.and_then(|endpoint| endpoint.offer(&path.property));
    offer.map_or(one == other, |offer| offer.fulfils(one, other))
}

/// Cases in which both may act: because both are triggered at once, or because one of them triggers the other.
fn cases(desk: &Desk, a: usize, b: usize, most: usize) -> Vec<Case> {
    let (Some(one), Some(other)) = (desk.subjects.get(a), desk.subjects.get(b)) else { return Vec::new() };
    let domain = Domain::of(&[one, other], &desk.home);
    let mut cases = Vec::new();
    for together in together(desk, one, other, &domain) {
        let branches: Vec<_> = one.branches().chain(other.branches()).collect();
        let conditions = vec![&one.plan.condition, &other.plan.condition];
        let vary = touched(one, other).chain(touched(other, one)).collect();
        let (must, also) =
            if together.at_once { (conditions, branches) } else { (Vec::new(), [conditions, branches].concat()) };
        cases.push(states(desk, &domain, &together.stimulus, together.lasts, (must, also, vary), most));
    }
    for (first, second) in [(one, other), (other, one)] {
        let also: Vec<_> =
            std::iter::once(&second.plan.condition).chain(first.branches()).chain(second.branches()).collect();
        let vary: Vec<_> = touched(second, first).collect();
        if vary.is_empty() {
            continue;
        }
        for watch in &first.plan.watches {
            for stimulus in stimuli(watch, &domain, &desk.home, desk.now) {
                let sought = (vec![&first.plan.condition], also.clone(), vary.clone());
                cases.push(states(desk, &domain, &stimulus, lasts(watch), sought, most));
            }
        }
    }
    in_turns(cases).into_iter().take(most).collect()
}

/// The properties by which `writer` may trigger `reader`.
fn touched<'a>(reader: &'a Subject, writer: &'a Subject) -> impl Iterator<Item = &'a Path> {
    let may = |path: &Path, value: Option<&Value>| reader.plan.watches.iter().any(|watch| may_meet(watch, path, value));
    writer.writes.iter().filter(move |(path, value)| may(path, value.as_ref())).map(|(path, _)| path)
}

/// Something that triggers two rules.
struct Together {
    stimulus: Stimulus,
    /// How long it has to last.
    lasts: SignedDuration,
    /// Both are triggered at once, and not one of them later.
    at_once: bool,
}

fn together(desk: &Desk, one: &Subject, other: &Subject, domain: &Domain<'_>) -> Vec<Together> {
    let mut found = Vec::new();
    for watch in &one.plan.watches {
        for with in &other.plan.watches {
            if matches!((watch, with), (Watch::Timed { .. }, Watch::Timed { .. })) {
                found.extend(clocks(desk, (one, watch), (other, with)));
                continue;
            }
            let of_both = stimuli(watch, domain, &desk.home, desk.now);
            let of_both = of_both.into_iter().filter(|stimulus| meets(with, stimulus, &desk.home));
            found.extend(of_both.map(|stimulus| Together {
                stimulus,
                lasts: lasts(watch),
                at_once: held(watch) == held(with),
            }));
        }
    }
    found
}

/// Times of day from which two rules act at the same moment, with their waits.
fn clocks(desk: &Desk, (one, watch): (&Subject, &Watch), (other, with): (&Subject, &Watch)) -> Vec<Together> {
    let mut acts: BTreeMap<Timestamp, Timestamp> = BTreeMap::new();
    for at in moments(watch, &desk.home, desk.now) {
        acts.extend(one.offsets.iter().filter_map(|offset| Some((at.checked_add(*offset).ok()?, at))));
    }
    let mut found: BTreeMap<Timestamp, bool> = BTreeMap::new();
    for at in moments(with, &desk.home, desk.now) {
        let meet = other.offsets.iter().filter_map(|offset| acts.get(&at.checked_add(*offset).ok()?));
        found.extend(meet.map(|with| ((*with).min(at), *with == at)));
    }
    let together = |(at, at_once)| Together { stimulus: Stimulus::Clock(at), lasts: SignedDuration::ZERO, at_once };
    found.into_iter().map(together).collect()
}

pub(super) fn lasts(watch: &Watch) -> SignedDuration {
    held(watch).and_then(|held| SignedDuration::try_from(held).ok()).unwrap_or_default()
}

/// What has to hold, what is of interest, and which properties are.
type Sought<'a> = (Vec<&'a Check>, Vec<&'a Check>, Vec<&'a Path>);

/// Cases of a stimulus in states such as are sought, of which all is known; at most so many.
pub(super) fn states(
    desk: &Desk,
    domain: &Domain<'_>,
    stimulus: &Stimulus,
    lasts: SignedDuration,
    (must, also, vary): Sought<'_>,
    most: usize,
) -> Vec<Case> {
    if matches!(stimulus, Stimulus::Change { old: Value::Unknown, .. } | Stimulus::Change { new: Value::Unknown, .. }) {
        return Vec::new();
    }
    let mut puzzle = Puzzle::new(desk, domain, stimulus, lasts);
    puzzle.known = true;
    puzzle.must = must.into_iter().map(|check| (check, true)).collect();
    (puzzle.also, puzzle.vary) = (also, vary);
    puzzle.solve(most).found
}

impl Case {
    /// The case as an example, with some of what came of it.
    pub(super) fn example(self, then: Vec<Write>) -> Example {
        let given = self.given.into_iter().map(|(path, given)| (path, given.value)).collect();
        Example { at: self.at, given, happens: Some(self.happens), then }
    }
}
