//! Rules that can't run: whenever they are triggered, their condition does not hold.

use super::{
    Desk, Example, Finding, FindingKind, case::Case, clash::lasts, domain::Domain, solve::Puzzle, stimulus::stimuli,
    subject::Subject,
};
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
        let verdict = verdict(desk, &desk.subjects[at]);
        let name = desk.subjects[at].rule.name.clone();
        let (text, example) = match verdict {
            Verdict::Runs => continue,
            Verdict::NoTrigger => {
                let text = format!("`{name}` can never run: what it waits for is beyond what the device can be.");
                (text, Example { at: desk.now, given: Vec::new(), happens: None, then: Vec::new() })
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

fn verdict(desk: &Desk, subject: &Subject) -> Verdict {
    let domain = Domain::of(&[subject], &desk.home);
    let mut example = None;
    for watch in &subject.plan.watches {
        let stimuli = stimuli(watch, &domain, &desk.home, desk.now);
        // Only of values that are named is it known that a property can't become them: of the others, the domain has some.
        if stimuli.is_empty() && !matches!(watch, Watch::Property { change: Change::Becomes(_), .. }) {
            return Verdict::Runs;
        }
        for stimulus in stimuli {
            let mut puzzle = Puzzle::new(desk, &domain, &stimulus, lasts(watch));
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
    example.map_or(Verdict::NoTrigger, |case| Verdict::Never(Box::new(case)))
}
