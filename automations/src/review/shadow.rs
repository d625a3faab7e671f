//! Rules that add nothing: another is triggered whenever they are, and does the same and more at the same moment.

use std::collections::HashMap;

use hub_model::{DeviceId, Path};
use jiff::civil::Time;

use super::{
    Desk, Finding, FindingKind, case::Case, clash::lasts, domain::Domain, solve::Puzzle, stimulus::stimuli,
    subject::Subject,
};
use crate::{
    plan::{Order, Step, Watch},
    rule::{Mode, Timing},
};

/// By what rules with the same trigger find each other.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Path(&'a Path),
    Place(DeviceId),
    Clock(Time),
}

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (shadow, light) in candidates(&desk.subjects) {
        if desk.budget.is_spent() {
            break;
        }
        let done =
            findings.iter().any(|finding: &Finding| finding.rules.last() == Some(&desk.subjects[shadow].rule.id.value));
        if done {
            continue;
        }
        let Some(case) = adds_nothing(desk, &desk.subjects[shadow], &desk.subjects[light]) else { continue };
        let Some(course) = desk.run(&case, &[light, shadow]) else { break };
        let by = |at: usize| {
            let id = &desk.subjects[at].rule.id.value;
            let writes = course.writes.iter().filter(|write| write.rule == *id);
            writes.map(|write| (write.at, &write.path, &write.value)).collect::<Vec<_>>()
        };
        let (ours, theirs) = (by(shadow), by(light));
        let acted = course.acted.contains(&desk.subjects[shadow].rule.id.value);
        if acted && ours.iter().all(|write| theirs.contains(write)) {
            let names = [shadow, light].map(|at| desk.subjects[at].rule.name.clone());
            let text = format!("`{}` adds nothing: `{}` does the same whenever it runs.", names[0], names[1]);
            findings.push(desk.finding(FindingKind::Shadowed, &[light, shadow], text, case.example(course.writes)));
        }
    }
    findings
}

/// Pairs of a rule and one that may do all that it does. Of two that are alike, the later one adds nothing.
fn candidates(subjects: &[Subject]) -> Vec<(usize, usize)> {
    let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for key in subject.plan.watches.iter().flat_map(keys) {
            by_key.entry(key).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (at, subject) in subjects.iter().enumerate() {
        let key = subject.plan.watches.first().and_then(|watch| keys(watch).into_iter().next());
        let others = key.and_then(|key| by_key.get(&key)).into_iter().flatten();
        let others = others.filter(|other| **other != at && covers(&subjects[**other], subject));
        let wider = others.filter(|other| **other < at || !covers(subject, &subjects[**other]));
        found.extend(wider.map(|other| (at, *other)).take(8));
    }
    found
}

fn keys(watch: &Watch) -> Vec<Key<'_>> {
    match watch {
        Watch::Property { paths, .. } => paths.iter().map(Key::Path).collect(),
        Watch::Occurs { places, .. } => places.iter().map(|(device, _)| Key::Place(*device)).collect(),
        Watch::Timed { timing: Timing::Daily { at, .. }, .. } => vec![Key::Clock(*at)],
        _ => Vec::new(),
    }
}

/// Whether, leaving conditions aside, one rule is triggered whenever another is and does all that it does.
fn covers(light: &Subject, shadow: &Subject) -> bool {
    // A rule that takes time may miss a trigger while it runs.
    let ready = light.is_plain() || matches!(light.rule.mode, Mode::Restart | Mode::Parallel);
    let triggered = |watch: &Watch| light.plan.watches.iter().any(|other| includes(other, watch));
    let done = |step: &Step| light.plan.program.iter().take_while(|step| is_plain(step)).any(|other| does(other, step));
    ready && shadow.is_plain() && shadow.plan.watches.iter().all(triggered) && shadow.plan.program.iter().all(done)
}

const fn is_plain(step: &Step) -> bool {
    matches!(step, Step::Control(_) | Step::Scene(_) | Step::Notify(_))
}

fn includes(wide: &Watch, narrow: &Watch) -> bool {
    match (wide, narrow) {
        (
            Watch::Property { paths, from, change, held, hysteresis },
            Watch::Property { paths: of, from: was, change: as_of, held: for_so_long, hysteresis: back },
        ) => {
            let from_alike = from.is_none() || from == was;
            let alike = change == as_of && held == for_so_long && hysteresis == back;
            from_alike && alike && of.iter().all(|path| paths.contains(path))
        }
        (Watch::Occurs { places, what }, Watch::Occurs { places: of, what: happens }) => {
            what == happens && of.iter().all(|place| places.contains(place))
        }
        (
            Watch::Timed { timing: Timing::Daily { at, days }, .. },
            Watch::Timed { timing: Timing::Daily { at: time, days: of }, .. },
        ) => at == time && days.includes(*of),
        (one, other) => one == other,
    }
}

fn does(wide: &Step, narrow: &Step) -> bool {
    match (wide, narrow) {
        (Step::Control(orders), Step::Control(wanted)) => {
            wanted.iter().all(|order| orders.iter().any(|other| orders_alike(other, order)))
        }
        (one, other) => one == other,
    }
}

fn orders_alike(wide: &Order, narrow: &Order) -> bool {
    wide.target == narrow.target
        && wide.invoke == narrow.invoke
        && wide.transition == narrow.transition
        && narrow.set.iter().all(|set| wide.set.contains(set))
}

/// A case in which both run, if there is none in which only `shadow` does.
fn adds_nothing(desk: &Desk, shadow: &Subject, light: &Subject) -> Option<Case> {
    let domain = Domain::of(&[shadow, light], &desk.home);
    let mut case = None;
    for watch in &shadow.plan.watches {
        for stimulus in stimuli(watch, &domain, &desk.home, desk.now) {
            let mut puzzle = Puzzle::new(desk, &domain, &stimulus, lasts(watch));
            puzzle.must = vec![(&shadow.plan.condition, true), (&light.plan.condition, false)];
            let alone = puzzle.solve(1);
            if !alone.found.is_empty() || !alone.whole {
                return None;
            }
            puzzle.must = vec![(&shadow.plan.condition, true), (&light.plan.condition, true)];
            case = case.or_else(|| puzzle.solve(1).found.into_iter().next());
        }
    }
    case
}
