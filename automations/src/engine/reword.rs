//! A rule's text becomes another: a trigger that says the same as before goes on with what lasts for it, whatever else of
//! the rule was changed.

use std::sync::Arc;

use hub_model::RunEnd;

use super::{
    Engine, Turn,
    armed::{Armed, Held, Slot, Timed},
};
use crate::rule::{Rule, When};

impl Engine {
    /// Lets a rule say something else. Its runs end; its plan is that of its earlier text until it is made anew.
    pub(super) fn reword(&mut self, slot: Slot, rule: Arc<Rule>, turn: &mut Turn<'_>) {
        self.end_runs(slot, RunEnd::RuleChanged, turn);
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let mut old = std::mem::replace(armed, Armed::new(rule));
        let earlier = earlier(&old.rule.when, &armed.rule.when);
        let later = |watch: usize| earlier.iter().position(|was| *was == Some(watch));
        let timers = &mut self.timers;
        for ((watch, subject), alarm) in old.holding {
            if let Some(watch) = later(watch) {
                timers.renumber(alarm, watch);
                armed.holding.insert((watch, subject), alarm);
            } else {
                timers.cancel(alarm);
            }
        }
        armed.tripped = old.tripped.into_iter().filter_map(|(watch, path)| Some((later(watch)?, path))).collect();
        // What comes by time alone is found anew with the plan.
        let moments = old.timed.iter_mut().filter_map(|timed| timed.next.take()).map(|(_, alarm)| alarm);
        let turns = old.held.iter_mut().filter_map(|held| held.turns.take());
        moments.chain(turns).chain(old.paused.take()).for_each(|alarm| timers.cancel(alarm));
        for (watch, was) in earlier.iter().enumerate().filter_map(|(watch, was)| Some((watch, (*was)?))) {
            armed.timed[watch] = Timed { done: old.timed[was].done.take(), next: None };
            armed.held[watch] = Held { holds: old.held[was].holds, turns: None };
        }
        (armed.plan, armed.earlier) = (old.plan, Some(earlier));
    }
}

/// For each trigger of a rule, which of those that it had says the same.
fn earlier(old: &[When], new: &[When]) -> Vec<Option<usize>> {
    let mut free: Vec<usize> = (0..old.len()).collect();
    let same = |when: &When| {
        let at = free.iter().position(|was| old[*was].trigger == when.trigger)?;
        Some(free.remove(at))
    };
    new.iter().map(same).collect()
}
