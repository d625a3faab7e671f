//! Rules that set each other off, or one that sets off itself, until the engine stops them; and chains of rules that would
//! end by themselves, but are so long that it cuts them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hub_model::{Cause, Path, RuleId, Value};

use super::{
    Desk, Finding, FindingKind,
    case::{Case, Course, Trail},
    clash::{lasts, states},
    domain::Domain,
    fair::in_turns,
    link::Links,
    round::rounds,
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
    let edges = edges(&desk.subjects);
    for knot in knots(&edges) {
        // All of a knot together first, for some go on only because others undo what they did; then each circle in it.
        let whole = Some(knot.clone()).filter(|knot| knot.len() <= RULES);
        let mut found: Vec<BTreeSet<usize>> = Vec::new();
        let (rounds, are_all) = rounds(&knot, &edges);
        desk.left_out |= !are_all;
        for circle in whole.into_iter().chain(rounds) {
            if desk.budget.is_spent() {
                return findings;
            }
            // What goes on by itself does so in whatever company.
            let is_known = |known: &BTreeSet<usize>| known.iter().all(|at| circle.contains(at));
            if found.iter().any(is_known) {
                continue;
            }
            if let Some((about, finding)) = of_circle(desk, &circle) {
                found.push(about.into_iter().collect());
                findings.push(finding);
            }
        }
    }
    findings
}

/// For each rule, those that go on where it leaves off: those that what it does may trigger, and those that write the
/// same property otherwise to some effect, which they could not if it had stayed as it was.
fn edges(subjects: &[Subject]) -> Vec<BTreeSet<usize>> {
    let links = Links::of(subjects.iter());
    let mut effective: BTreeMap<&Path, Vec<(usize, &Option<Value>)>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for (path, value) in &subject.writes {
            if links.written(path, value.as_ref()).next().is_some() {
                effective.entry(path).or_default().push((at, value));
            }
        }
    }
    let mut edges = vec![BTreeSet::new(); subjects.len()];
    for (by, subject) in subjects.iter().enumerate() {
        for (path, value) in &subject.writes {
            let others = effective.get(path).into_iter().flatten().filter(|(at, _)| *at != by);
            let otherwise = others.filter(|(_, written)| *written != value || value.is_none());
            edges[by].extend(otherwise.map(|(at, _)| *at));
            edges[by].extend(links.written(path, value.as_ref()));
        }
        edges[by].extend(links.otherwise(subject));
    }
    edges
}

/// The sets of rules of which each leads to each other, and single ones that lead to themselves.
fn knots(edges: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
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
    let mut knots = Vec::new();
    for start in left.into_iter().rev() {
        let (mut knot, mut open) = (Vec::new(), vec![start]);
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut taken[at], true) {
                knot.push(at);
                open.extend(&back[at]);
            }
        }
        knot.sort_unstable();
        if knot.len() > 1 || knot.iter().any(|at| edges[*at].contains(at)) {
            knots.push(knot);
        }
    }
    knots.sort();
    knots
}

fn of_circle(desk: &mut Desk, circle: &[usize]) -> Option<(Vec<usize>, Finding)> {
    let cast = desk.cast(circle);
    let company = desk.company(&cast);
    let span: Duration = cast.iter().filter_map(|at| desk.subjects.get(*at)).map(|subject| subject.span).sum();
    let span = span.saturating_mul(10).min(LONGEST);
    let mut chain = None;
    for case in cases(desk, circle, &cast) {
        let Some(mut course) = play(desk, &case, &cast, span) else { break };
        if let (false, Some(company)) = (course.cut.is_empty(), &company) {
            // Others may put an end to it.
            let Some(in_company) = play(desk, &case, company, span) else { break };
            course = in_company;
        }
        let Some(trail) = course.trail() else { continue };
        if let Trail::Chain(rules) = trail {
            // There may be a case in which they go on for ever, which is worse.
            chain.get_or_insert((case, course, rules));
            continue;
        }
        let (about, course) = alone(desk, &case, course, span);
        let text = text(desk, &about);
        let then = first_round(&course, about.len());
        let finding = desk.finding(FindingKind::Cycle, &about, text, case.example(then));
        return Some((about, finding));
    }
    let (case, course, rules) = chain?;
    let about: Vec<_> = rules.iter().filter_map(|id| desk.by_id.get(id).copied()).collect();
    let text = chain_text(&names(desk, &about));
    let then = first_round(&course, about.len());
    let finding = desk.finding(FindingKind::Cut, &about, text, case.example(then));
    Some((about, finding))
}

fn play(desk: &mut Desk, case: &Case, cast: &[usize], span: Duration) -> Option<Course> {
    desk.budget.runs = desk.budget.runs.checked_sub(1)?;
    let subjects: Vec<_> = cast.iter().filter_map(|at| desk.subjects.get(*at)).collect();
    Some(case.run_for(&desk.home, &subjects, span))
}

/// The rules that go on in a circle, in the order in which each sets off the next, and what comes of these alone; all that
/// act, where these alone would come to rest.
fn alone(desk: &mut Desk, case: &Case, course: Course, span: Duration) -> (Vec<usize>, Course) {
    let at = |id: &RuleId| desk.by_id.get(id).copied();
    let rules = if let Some(Trail::Round(rules)) = course.trail() { rules } else { Vec::new() };
    let mut round: Vec<usize> = rules.iter().filter_map(at).collect();
    if let Some(first) = (0..round.len()).min_by_key(|nth| round[*nth]) {
        round.rotate_left(first);
        if let Some(alone) = play(desk, case, &round, span).filter(|course| !course.cut.is_empty()) {
            return (round, alone);
        }
    }
    let ran: BTreeSet<&RuleId> = course.runs.values().map(|(rule, _)| rule).collect();
    (
        ran.into_iter().filter_map(|id| desk.by_id.get(id).copied()).collect::<BTreeSet<_>>().into_iter().collect(),
        course,
    )
}

fn text(desk: &Desk, about: &[usize]) -> String {
    let names = names(desk, about);
    match names.as_slice() {
        [one] => format!("{one} sets itself off for ever."),
        [one, other] => format!("{one} and {other} set each other off for ever."),
        [first, others @ .., last] => {
            let around = names.join(" -> ");
            format!("{first}, {} and {last} set each other off for ever: {around} -> {first}.", others.join(", "))
        }
        [] => String::new(),
    }
}

/// The rules of a chain, of which the last did not run.
fn chain_text(names: &[String]) -> String {
    let last = names.last().map_or("", String::as_str);
    let most = Cause::DEEPEST;
    format!(
        "{} is a chain of more than {most} rules and scenes: the hub cuts it, and {last} does not run.",
        names.join(" -> ")
    )
}

fn names(desk: &Desk, about: &[usize]) -> Vec<String> {
    about.iter().map(|at| format!("`{}`", desk.subjects[*at].rule.name)).collect()
}

/// What is written until the first rule acts again, and a little of what follows.
fn first_round(course: &Course, rules: usize) -> Vec<super::Write> {
    course.writes.iter().take(2 * rules.max(1)).cloned().collect()
}

fn cases(desk: &Desk, circle: &[usize], cast: &[usize]) -> Vec<Case> {
    let of = |some: &[usize]| some.iter().filter_map(|at| desk.subjects.get(*at)).collect::<Vec<_>>();
    let (subjects, cast) = (of(circle), of(cast));
    let domain = Domain::of(&cast, &desk.home);
    let written: BTreeSet<&Path> = subjects.iter().flat_map(|subject| &subject.writes).map(|(path, _)| path).collect();
    let mut vary: Vec<&Path> = subjects.iter().flat_map(|subject| subject.watched()).collect();
    vary.retain(|path| written.contains(path));
    let mut cases = Vec::new();
    for at in circle {
        let others = subjects
            .iter()
            .filter(|other| !std::ptr::eq(**other, &raw const desk.subjects[*at]))
            .map(|other| &other.plan.condition);
        let also: Vec<_> = others.chain(subjects.iter().flat_map(|subject| subject.branches())).collect();
        for way in desk.ways(*at) {
            let also = way.conditions().chain(also.iter().copied()).collect::<Vec<_>>();
            for stimulus in way.stimuli(desk, &domain) {
                let sought = (vec![&way.first.plan.condition], also.clone(), vary.clone());
                cases.push(states(desk, &domain, &stimulus, lasts(way.watch), sought, CASES));
            }
        }
    }
    in_turns(cases).into_iter().take(CASES).collect()
}
