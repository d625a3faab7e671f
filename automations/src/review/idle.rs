//! Rules that can't run: whenever they are triggered, their condition does not hold.

use super::{Aside, Desk, Example, Finding, FindingKind, case::Case, clash::lasts, domain::Domain, solve::Puzzle};
use crate::{plan::Watch, rule::Change};

/// What can be said of a rule.
enum Verdict {
    /// It runs at times, or nobody can say.
    Runs,
    /// None of its triggers can be met.
    NoTrigger,
    /// It is triggered, and never runs; here is a case of it.
    Never(Box<Case>),
}

pub(super) fn find(desk: &mut Desk) -> Vec<Finding> {
    let mut findings = Vec::new();
    for at in 0..desk.subjects.len() {
        if desk.budget.findings == 0 {
            break;
        }
        // Who is asleep, is run by others, or has no triggers and is run by people, is set off by more than its triggers.
        if !desk.is_awake(at)
            || desk.subjects[at].rule.when.is_empty()
            || !desk.runners(&desk.subjects[at].rule.id.value).is_empty()
        {
            continue;
        }
        let verdict = verdict(desk, at);
        let name = desk.subjects[at].rule.name.clone();
        let (text, example) = match verdict {
            Verdict::Runs => continue,
            Verdict::NoTrigger => {
                let text = format!("`{name}` can never run: what it waits for is beyond what the device can be.");
                (
                    text,
                    Example {
                        at: desk.now,
                        given: Vec::new(),
                        aside: Aside::default(),
                        happens: None,
                        then: Vec::new(),
                    },
                )
            }
            Verdict::Never(case) => {
                let text = format!("`{name}` can never run: whenever it is triggered, its condition does not hold.");
                (text, case.example(Vec::new()))
            }
        };
        findings.push(desk.finding(FindingKind::NeverRuns, &[at], text, example));
    }
    findings
}

fn verdict(desk: &Desk, at: usize) -> Verdict {
    let (subject, ways) = (&desk.subjects[at], desk.ways(at));
    let cast: Vec<_> = desk.cast(&[at]).into_iter().filter_map(|at| desk.subjects.get(at)).collect();
    let domain = Domain::of(&cast, &desk.home);
    let waits_for_unknown = subject.plan.watches.iter().any(|watch| matches!(watch, Watch::Rule(_))) && ways.is_empty();
    let mut example = None;
    for way in &ways {
        let stimuli = way.stimuli(desk, &domain);
        // Only of values that are named is it known that a property can't become them: of the others, the domain has some.
        let none_is_sure = matches!(way.watch, Watch::Property { change: Change::Becomes(_), .. });
        if !way.at_once || !way.is_known() || (stimuli.is_empty() && !none_is_sure) {
            return Verdict::Runs;
        }
        for stimulus in stimuli {
            let mut puzzle = Puzzle::new(desk, &domain, &stimulus, lasts(way.watch));
            puzzle.must = vec![(&subject.plan.condition, true)];
            let met = puzzle.solve(1);
            if !met.found.is_empty() || !met.whole {
                return Verdict::Runs;
            }
            // Some state in which it is triggered.
            (puzzle.also, puzzle.must) = (vec![&subject.plan.condition], Vec::new());
            example = example.or_else(|| puzzle.solve(1).found.into_iter().next());
        }
    }
    if waits_for_unknown {
        return Verdict::Runs;
    }
    example.map_or(Verdict::NoTrigger, |case| Verdict::Never(Box::new(case)))
}
