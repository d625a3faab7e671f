//! Two rules that set one property to different values at the same moment: which of them wins is chance.

use std::collections::{BTreeMap, BTreeSet};

use hub_model::{Home, Path, RuleId, Value};
use jiff::{SignedDuration, Timestamp};

use super::{
    Budget, Desk, Example, Finding, FindingKind, Stimulus, Write,
    case::{Case, Course},
    chain::{Between, chained, touched},
    domain::Domain,
    fair::in_turns,
    solve::Puzzle,
    stimulus::{meets, moments},
    subject::{Subject, held, scene_writes},
    way::Way,
    words,
};
use crate::{
    plan::{Check, Watch},
    rule::Timing,
};

/// How many cases are tried of every pair, before those that have more are looked into further.
const CASES: [usize; 3] = [8, 64, 1024];

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut pairs = pairs(&desk.subjects);
    for most in CASES {
        let mut further = BTreeSet::new();
        for (a, b) in pairs {
            if desk.budget.is_spent() {
                return findings;
            }
            let cases = cases(desk, a, b, most);
            let has_more = cases.len() == most;
            // Among more cases others come first, so that those that were tried are not known from the rest.
            match of_pair(desk, (a, b), cases) {
                None if has_more => {
                    further.insert((a, b));
                }
                found => findings.extend(found),
            }
        }
        pairs = further;
    }
    findings
}

/// Rules that may write different values to one property, each pair once.
fn pairs(subjects: &[Subject]) -> BTreeSet<(usize, usize)> {
    let mut writers: BTreeMap<&Path, Vec<(usize, Option<&Value>)>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate().filter(|(_, subject)| subject.rule.enabled) {
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

fn of_pair(desk: &mut Desk, (a, b): (usize, usize), cases: Vec<Case>) -> Option<Finding> {
    let (cast, ids) = (desk.cast(&[a, b]), [a, b].map(|at| desk.subjects[at].rule.id.value.clone()));
    let company = desk.company(&cast);
    for case in cases {
        let mut fought = fight_of(desk, &case, &cast, &ids)?;
        if let (Some(_), Some(company)) = (&fought, &company) {
            // Others may keep them apart.
            fought = fight_of(desk, &case, company, &ids)?;
        }
        if let Some((one, other)) = fought {
            let name = |rule: &RuleId| desk.subjects[if ids[0] == *rule { a } else { b }].rule.name.clone();
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

/// What two rules fight about in a case that some play; `None` where there is no time left to see.
fn fight_of(desk: &mut Desk, case: &Case, cast: &[usize], two: &[RuleId; 2]) -> Option<Option<(Write, Write)>> {
    let mut course = desk.run(case, cast)?;
    // How the others of the cast get on with them is looked at when it is their turn.
    course.writes.retain(|write| two.contains(&write.rule));
    Some(fight(&desk.home, &course))
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
    let members = desk.cast(&[a, b]);
    let cast: Vec<_> = members.iter().filter_map(|at| desk.subjects.get(*at)).collect();
    let domain = Domain::of(&cast, &desk.home);
    let (ones, others) = (desk.ways(a), desk.ways(b));
    let between = Between::of(&cast);
    let mut cases = Vec::new();
    for together in together(desk, (one, &ones), (other, &others), &domain) {
        let Together { stimulus, way, with, .. } = &together;
        let firsts = vec![&way.first.plan.condition, &with.first.plan.condition];
        let later = way.conditions().chain(with.conditions()).chain(way.branches()).chain(with.branches());
        let later: Vec<_> = later.chain(between.checks.iter().copied()).collect();
        let by_scene = scene_touches(desk, stimulus, [one, other]);
        let vary = touched(one, other).chain(touched(other, one)).chain(by_scene);
        let vary = vary.chain(between.paths.iter().copied()).collect();
        let (must, also) = if together.at_once { (firsts, later) } else { (Vec::new(), [firsts, later].concat()) };
        cases.push(states(desk, &domain, stimulus, together.lasts, (must, also, vary), most));
    }
    cases.extend(chained(desk, (&members, &cast), &domain, &between, most));
    in_turns(cases).into_iter().take(most).collect()
}

/// The properties by which a scene that somebody runs may trigger rules.
fn scene_touches<'a>(desk: &Desk, stimulus: &Stimulus, readers: [&'a Subject; 2]) -> Vec<&'a Path> {
    let Stimulus::Scene(scene) = stimulus else { return Vec::new() };
    let written = scene_writes(*scene, &desk.home);
    let watched = readers.into_iter().flat_map(Subject::watched);
    watched.filter(|path| written.iter().any(|(of, _)| of == *path)).collect()
}

/// Something that triggers two rules.
struct Together<'a> {
    stimulus: Stimulus,
    /// How it does with the one, and with the other.
    way: &'a Way<'a>,
    with: &'a Way<'a>,
    /// How long it has to last.
    lasts: SignedDuration,
    /// Both are triggered at once, and not one of them later.
    at_once: bool,
}

fn together<'a>(
    desk: &Desk,
    (one, ones): (&Subject, &'a [Way<'a>]),
    (other, others): (&Subject, &'a [Way<'a>]),
    domain: &Domain<'_>,
) -> Vec<Together<'a>> {
    let mut found = Vec::new();
    for (way, with) in ones.iter().flat_map(|way| others.iter().map(move |with| (way, with))) {
        if is_clock(way.watch) && is_clock(with.watch) {
            found.extend(clocks(desk, (one, way), (other, with)));
            continue;
        }
        let of_both = way.stimuli(desk, domain).into_iter();
        let of_both = of_both.filter(|stimulus| meets(with, stimulus, &desk.home));
        found.extend(of_both.map(|stimulus| {
            let at_once = held(way.watch) == held(with.watch) && !is_aside(with.watch, &stimulus);
            Together { stimulus, way, with, lasts: lasts(way.watch), at_once }
        }));
        // What sets off the other by what it brings about with it.
        let beside = with.stimuli(desk, domain).into_iter().filter(|stimulus| is_aside(way.watch, stimulus));
        let beside = beside.filter(|stimulus| meets(way, stimulus, &desk.home));
        found.extend(beside.map(|stimulus| Together { stimulus, way, with, lasts: lasts(with.watch), at_once: false }));
    }
    found
}

const fn is_clock(watch: &Watch) -> bool {
    matches!(watch, Watch::Timed { timing, .. } if !matches!(timing, Timing::Calendar { .. }))
}

/// Whether something triggers by what comes with it, and not by itself.
const fn is_aside(watch: &Watch, stimulus: &Stimulus) -> bool {
    matches!((watch, stimulus), (Watch::Property { .. }, Stimulus::Scene(_)))
        || matches!(
            (watch, stimulus),
            (Watch::Holds { .. }, Stimulus::Clock(_) | Stimulus::Reach { .. } | Stimulus::Entry { .. })
        )
}

/// Times of day from which two rules act at the same moment, with their waits.
fn clocks<'a>(
    desk: &Desk,
    (one, way): (&Subject, &'a Way<'a>),
    (other, with): (&Subject, &'a Way<'a>),
) -> Vec<Together<'a>> {
    let mut acts: BTreeMap<Timestamp, Timestamp> = BTreeMap::new();
    for at in moments(way.watch, &desk.home, desk.now) {
        acts.extend(way.offsets(one).filter_map(|offset| Some((at.checked_add(offset).ok()?, at))));
    }
    let mut found: BTreeMap<Timestamp, bool> = BTreeMap::new();
    for at in moments(with.watch, &desk.home, desk.now) {
        let meet = with.offsets(other).filter_map(|offset| acts.get(&at.checked_add(offset).ok()?).copied());
        found.extend(meet.map(|with| (with.min(at), with == at)));
    }
    let lasts = SignedDuration::ZERO;
    let together = |(at, at_once)| Together { stimulus: Stimulus::Clock(at), way, with, lasts, at_once };
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
        let given = self.state.given.into_iter().map(|(path, given)| (path, given.value)).collect();
        Example { at: self.at, given, aside: self.state.aside, happens: Some(self.happens), then }
    }
}
