//! Who has to be there when a case is played: the rules that it is about, and those that these name. What came of it counts
//! only if it comes about in company too: with those that switch any of them on or off.

use std::collections::BTreeMap;

use hub_model::RuleId;

use super::{Desk, subject::Subject};
use crate::plan::{Check, Step, Watch};

/// No more rules than this are there for the sake of others.
const MOST: usize = 12;

impl Desk {
    /// Some rules and those that set them off, are set off by them or asked about, each once. The some come first.
    pub(super) fn cast(&self, about: &[usize]) -> Vec<usize> {
        // Who is asleep acts only where somebody wakes it.
        self.gather(about, |subject| self.wakers.get(&subject.rule.id.value).filter(|_| !subject.rule.enabled))
    }

    /// A cast, those that switch any of it, and those that these hang on; none where nobody does.
    pub(super) fn company(&self, cast: &[usize]) -> Option<Vec<usize>> {
        let company = self.gather(cast, |subject| self.switchers.get(&subject.rule.id.value));
        (company.len() > cast.len()).then_some(company)
    }

    fn gather<'a>(&'a self, about: &[usize], others: impl Fn(&'a Subject) -> Option<&'a Vec<usize>>) -> Vec<usize> {
        let mut cast = about.to_vec();
        let most = about.len() + MOST;
        let mut next = 0;
        while let Some(subject) = cast.get(next).and_then(|at| self.subjects.get(*at)) {
            let named = subject.named().filter_map(|id| self.by_id.get(id));
            let runners = self.runners(&subject.rule.id.value).iter();
            for at in named.chain(runners).chain(others(subject).into_iter().flatten()) {
                if !cast.contains(at) && cast.len() < most {
                    cast.push(*at);
                }
            }
            next += 1;
        }
        cast
    }

    /// The rules that run a rule.
    pub(super) fn runners(&self, id: &RuleId) -> &[usize] {
        self.runners.get(id).map_or(&[], Vec::as_slice)
    }
}

impl Subject {
    /// The rules that it names.
    pub(super) fn named(&self) -> impl Iterator<Item = &RuleId> {
        let mut named = Vec::new();
        for watch in &self.plan.watches {
            named.extend(if let Watch::Rule(id) = watch { Some(id) } else { None });
        }
        for step in &self.plan.program {
            named.extend(if let Step::Run(id) | Step::Enable(id, _) = step { Some(id) } else { None });
        }
        self.plan.checks().for_each(|check| asked(check, &mut named));
        named.into_iter()
    }
}

/// By a number each rule, and by its id those that do something with it.
pub(super) fn by_rule(subjects: &[Subject], pick: impl Fn(&Step) -> Option<&RuleId>) -> BTreeMap<RuleId, Vec<usize>> {
    let mut found: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        for id in subject.plan.program.iter().filter_map(&pick) {
            let by = found.entry(id.clone()).or_default();
            if by.last() != Some(&at) {
                by.push(at);
            }
        }
    }
    found
}

fn asked<'a>(check: &'a Check, named: &mut Vec<&'a RuleId>) {
    match check {
        Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| asked(part, named)),
        Check::Not(inner) => asked(inner, named),
        Check::NotRunWithin { rule: Some(id), .. } => named.push(id),
        _ => {}
    }
}
