//! Rules that add nothing: another is triggered whenever they are, and does the same and more at the same moment.

use std::collections::{BTreeSet, HashMap};

use hub_model::{DeviceId, Path, RuleId, SceneId};
use jiff::civil::Time;

use super::{
    Desk, Finding, FindingKind, case::Case, cast::by_rule, clash::lasts, domain::Domain, solve::Puzzle,
    subject::Subject,
};
use crate::{
    message::Wording,
    plan::{Order, Step, Watch},
    rule::{Mode, Timing},
};

/// By what rules with the same trigger find each other.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Path(&'a Path),
    Place(DeviceId),
    Reach(DeviceId),
    Clock(Time),
    Calendar(&'a str),
    Message(&'a str),
    Scene(SceneId),
    Rule(&'a RuleId),
    Words(&'a str),
    Answer(&'a str),
    Started,
}

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named: BTreeSet<RuleId> = desk.subjects.iter().flat_map(Subject::named).cloned().collect();
    let pairs = candidates(&desk.subjects).into_iter();
    // Who is named by others does something by running, and may be set off or asleep by them.
    let is_free = |at: &usize| desk.is_awake(*at) && !named.contains(&desk.subjects[*at].rule.id.value);
    let asleep = by_rule(&desk.subjects, |step| if let Step::Enable(id, false) = step { Some(id) } else { None });
    let stays = |at: &usize| desk.is_awake(*at) && !asleep.contains_key(&desk.subjects[*at].rule.id.value);
    let pairs: Vec<_> = pairs.filter(|(shadow, light)| is_free(shadow) && stays(light)).collect();
    for (shadow, light) in pairs {
        if desk.budget.is_spent() {
            break;
        }
        let done =
            findings.iter().any(|finding: &Finding| finding.rules.last() == Some(&desk.subjects[shadow].rule.id.value));
        if done {
            continue;
        }
        let Some(case) = adds_nothing(desk, shadow, light) else { continue };
        let Some(course) = desk.run(&case, &desk.cast(&[light, shadow])) else { break };
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
        Watch::Timed { timing: Timing::Calendar { calendar, .. }, .. } => vec![Key::Calendar(calendar)],
        Watch::Reachable { devices, .. } => devices.iter().copied().map(Key::Reach).collect(),
        Watch::Message { topic, .. } => vec![Key::Message(topic.as_str())],
        Watch::Scene(scene) => vec![Key::Scene(*scene)],
        Watch::Rule(rule) => vec![Key::Rule(rule)],
        Watch::Phrase(phrases) => phrases.iter().map(|phrase| Key::Words(&phrase.words)).collect(),
        Watch::Answer(answer) => vec![Key::Answer(answer)],
        Watch::Started => vec![Key::Started],
        // Nobody else has the address of a rule.
        Watch::Timed { .. } | Watch::Holds { .. } | Watch::Webhook(_) => Vec::new(),
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
            Watch::Property { paths, from, change, by, held, hysteresis },
            Watch::Property { paths: of, from: was, change: as_of, by: whom, held: for_so_long, hysteresis: back },
        ) => {
            let from_alike = from.is_none() || from == was;
            let alike = change == as_of && held == for_so_long && hysteresis == back;
            let by_alike = by.is_empty() || (!whom.is_empty() && whom.iter().all(|whom| by.contains(whom)));
            from_alike && alike && by_alike && of.iter().all(|path| paths.contains(path))
        }
        (Watch::Occurs { places, what }, Watch::Occurs { places: of, what: happens }) => {
            what == happens && of.iter().all(|place| places.contains(place))
        }
        (
            Watch::Timed { timing: Timing::Daily { at, days }, .. },
            Watch::Timed { timing: Timing::Daily { at: time, days: of }, .. },
        ) => at == time && days.includes(*of),
        (Watch::Reachable { devices, is, held }, Watch::Reachable { devices: of, is: as_of, held: for_so_long }) => {
            is == as_of && held == for_so_long && of.iter().all(|device| devices.contains(device))
        }
        (Watch::Message { topic, wording }, Watch::Message { topic: of, wording: says }) => {
            topic == of && (*wording == Wording::Any || wording == says)
        }
        (Watch::Phrase(phrases), Watch::Phrase(of)) => of.iter().all(|phrase| phrases.contains(phrase)),
        (Watch::Webhook(_), _) => false,
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
fn adds_nothing(desk: &Desk, shadow: usize, light: usize) -> Option<Case> {
    let cast: Vec<_> = desk.cast(&[shadow, light]).into_iter().filter_map(|at| desk.subjects.get(at)).collect();
    let (domain, ways) = (Domain::of(&cast, &desk.home), desk.ways(shadow));
    let (shadow, light) = (&desk.subjects[shadow], &desk.subjects[light]);
    let mut case = None;
    for way in &ways {
        if !way.at_once || !way.is_known() {
            return None;
        }
        for stimulus in way.stimuli(desk, &domain) {
            let mut puzzle = Puzzle::new(desk, &domain, &stimulus, lasts(way.watch));
            puzzle.must = vec![(&shadow.plan.condition, true), (&light.plan.condition, false)];
            let alone = puzzle.solve(1);
            if !alone.found.is_empty() || !alone.whole {
                return None;
            }
            puzzle.must = vec![(&shadow.plan.condition, true), (&light.plan.condition, true)];
            puzzle.also = way.is_direct().then(Vec::new).unwrap_or_else(|| vec![&way.first.plan.condition]);
            case = case.or_else(|| puzzle.solve(1).found.into_iter().next());
        }
    }
    case
}
