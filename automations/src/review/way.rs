//! The ways in which something from outside sets a rule off: by a trigger of its own, or by one of a rule that runs it or
//! for which it waits.

use std::time::Duration;

use super::{
    Desk, Stimulus,
    domain::Domain,
    stimulus::{looks_at_more, stimuli},
    subject::Subject,
};
use crate::{
    plan::{Check, Watch},
    rule::Timing,
};

/// More ways of one rule than this are not looked at, and none that leads over more rules.
const MOST: usize = 24;
const LONGEST: usize = 4;

/// A way.
pub(super) struct Way<'a> {
    /// The rule that is triggered.
    pub(super) first: &'a Subject,
    /// By this trigger.
    pub(super) watch: &'a Watch,
    /// Which is its trigger of this number.
    pub(super) number: usize,
    /// Those that it sets off one after the other, up to the rule that is meant; none where that is the first.
    then: Vec<&'a Subject>,
    /// All that happens at one moment: each rule of it waits for the one before to begin.
    pub(super) at_once: bool,
}

impl<'a> Way<'a> {
    /// The rule is triggered itself.
    pub(super) const fn is_direct(&self) -> bool {
        self.then.is_empty()
    }

    /// Everything that begins it.
    pub(super) fn stimuli(&self, desk: &Desk, domain: &Domain<'_>) -> Vec<Stimulus> {
        stimuli(self, domain, &desk.home, desk.now)
    }

    /// Whether what begins it is all known: the sun and lines of cron bring other moments in other months, and a condition
    /// may turn by more than is tried.
    pub(super) fn is_known(&self) -> bool {
        match self.watch {
            Watch::Timed { timing, .. } => matches!(timing, Timing::Daily { .. } | Timing::Calendar { .. }),
            Watch::Holds { check, .. } => !looks_at_more(check),
            _ => true,
        }
    }

    /// After which waits the rule that is meant may act, counted from the trigger.
    pub(super) fn offsets<'s>(&'s self, meant: &'s Subject) -> impl Iterator<Item = Duration> + 's {
        let firsts = std::iter::once(&Duration::ZERO).filter(|_| self.is_direct()).chain(self.before());
        firsts.flat_map(|before| meant.offsets.iter().map(|offset| before.saturating_add(*offset)))
    }

    /// After which of its waits the first may have set off the next.
    fn before(&self) -> impl Iterator<Item = &Duration> {
        self.first.offsets.iter().filter(|_| !self.is_direct())
    }

    /// The conditions of the rules that come after the first.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &'a Check> {
        self.then.iter().map(|subject| &subject.plan.condition)
    }

    /// The conditions of the steps of all its rules.
    pub(super) fn branches(&self) -> impl Iterator<Item = &'a Check> {
        std::iter::once(self.first).chain(self.then.iter().copied()).flat_map(Subject::branches)
    }
}

impl Desk {
    /// The ways of a rule.
    pub(super) fn ways(&self, at: usize) -> Vec<Way<'_>> {
        let mut ways = Vec::new();
        self.collect(at, &mut Vec::new(), true, &mut ways);
        ways
    }

    fn collect<'a>(&'a self, at: usize, chain: &mut Vec<usize>, at_once: bool, found: &mut Vec<Way<'a>>) {
        let Some(subject) = self.subjects.get(at) else { return };
        // Who does not act from the beginning has to be enabled first, by a rule that is set off otherwise.
        if chain.contains(&at) || chain.len() >= LONGEST || found.len() >= MOST || !subject.rule.enabled {
            return;
        }
        chain.push(at);
        for (number, watch) in subject.plan.watches.iter().enumerate() {
            if let Watch::Rule(other) = watch {
                self.by_id.get(other).iter().for_each(|other| self.collect(**other, chain, at_once, found));
            } else {
                let then = chain.iter().rev().skip(1).filter_map(|at| self.subjects.get(*at)).collect();
                found.push(Way { first: subject, watch, number, then, at_once });
            }
        }
        for runner in self.runners(&subject.rule.id.value) {
            self.collect(*runner, chain, false, found);
        }
        chain.pop();
    }
}
