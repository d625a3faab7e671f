//! Rules come, change and go; their plans follow the home.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hub_model::{RuleId, RunEnd};

use super::{
    Engine, Turn,
    armed::{Armed, Slot},
    index::Hook,
    timers::Alarm,
};
use crate::{
    calendar::Calendars,
    fault::Fault,
    plan::{Plan, Watch},
    resolve::{Named, resolve},
    rule::Rule,
    schedule::{self, Setting},
};

/// Of so many rules that are gone it is still known when they last ran; of more, the newest.
const MOST_GONE: usize = 1_000;

impl Engine {
    /// Takes these rules for those that were. A rule that says the same as before is left alone.
    pub(super) fn load(&mut self, rules: Vec<Arc<Rule>>, turn: &mut Turn<'_>) {
        let rules: BTreeMap<_, _> = rules.into_iter().map(|rule| (rule.id.value.clone(), rule)).collect();
        let gone: Vec<_> = self.by_id.iter().filter(|(id, _)| !rules.contains_key(id)).map(|(_, slot)| *slot).collect();
        for slot in gone {
            self.drop_rule(slot, turn);
        }
        self.forget_begun(&rules);
        for (id, rule) in rules {
            let slot = self.by_id.get(&id).copied();
            if let Some(armed) = slot.and_then(|slot| self.armed_mut(slot))
                && armed.rule == rule
            {
                // It may stand elsewhere in its file now, and its faults with it.
                armed.rule = rule;
            } else if let Some(slot) = slot.filter(|slot| self.is_only_switched(*slot, &rule)) {
                let enabled = rule.enabled;
                if let Some(armed) = self.armed_mut(slot) {
                    armed.rule = rule;
                }
                self.was_switched(slot, enabled, turn);
            } else if let Some(slot) = slot {
                self.reword(slot, rule, turn);
            } else {
                self.add_rule(rule);
            }
        }
        let stale: BTreeSet<_> = self.by_id.values().copied().collect();
        self.follow_home(&stale, turn);
        self.restore_unplanned(turn);
        self.other_spans = true;
        self.revision += 1;
    }

    /// Forgets when rules last ran that are gone for long. One that comes back, by an undo or in another file, still knows.
    fn forget_begun(&mut self, rules: &BTreeMap<RuleId, Arc<Rule>>) {
        let gone = self.begun.iter().filter(|(id, _)| !rules.contains_key(id));
        let mut gone: Vec<_> = gone.map(|(id, at)| (*at, id.clone())).collect();
        gone.sort();
        let most = gone.len().saturating_sub(MOST_GONE);
        for (_, id) in gone.drain(..most) {
            self.begun.remove(&id);
            self.recalled.remove(&id);
        }
    }

    /// Whether a rule says the same as before, but for its switch.
    fn is_only_switched(&self, slot: Slot, rule: &Rule) -> bool {
        let switched = |old: &Rule| Rule { enabled: rule.enabled, ..old.clone() } == *rule;
        self.armed(slot).is_some_and(|armed| switched(&armed.rule))
    }

    /// Lets a rule act, or not.
    pub(super) fn switch(&mut self, id: &RuleId, enabled: bool, turn: &mut Turn<'_>) {
        let Some(slot) = self.by_id.get(id).copied() else { return };
        let Some(armed) = self.armed_mut(slot) else { return };
        if armed.rule.enabled != enabled {
            Arc::make_mut(&mut armed.rule).enabled = enabled;
            self.was_switched(slot, enabled, turn);
        }
    }

    /// A rule was switched on or off. What it waits for lasts on; what it does ends.
    fn was_switched(&mut self, slot: Slot, enabled: bool, turn: &mut Turn<'_>) {
        self.index.switched();
        self.unpause(slot);
        if !enabled {
            self.end_runs(slot, RunEnd::RuleChanged, turn);
        }
        if let Some(armed) = self.armed_mut(slot) {
            armed.told_of_rest = None;
            (armed.passed_over, armed.said_at) = (0, None);
        }
    }

    /// Takes these calendars for those that were.
    pub(super) fn take_calendars(&mut self, calendars: Calendars, turn: &mut Turn<'_>) {
        self.calendars = calendars;
        let all: BTreeSet<_> = self.by_id.values().copied().collect();
        self.follow_home(&all, turn);
        self.restore_unplanned(turn);
        self.plan_moments(turn);
        self.look_at_all(turn);
    }

    fn add_rule(&mut self, rule: Arc<Rule>) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            // There is a file for every rule, and no folder holds 2^32 of them.
            Slot(u32::try_from(self.slots.len() - 1).expect("there are fewer than 2^32 rules"))
        });
        self.by_id.insert(rule.id.value.clone(), slot);
        self.index.depend(slot, None);
        self.slots[slot.index()] = Some(Armed::new(rule));
    }

    fn drop_rule(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let Some(armed) = self.armed(slot) else { return };
        let (id, plan) = (armed.rule.id.value.clone(), armed.plan.clone());
        self.end_runs(slot, RunEnd::RuleChanged, turn);
        self.disarm(slot);
        self.index.release(slot, plan.as_deref());
        self.slots[slot.index()] = None;
        self.by_id.remove(&id);
        self.free.push(slot);
    }

    /// Makes the plans of these rules anew. Where a plan stays as it was, nothing else happens.
    pub(super) fn follow_home(&mut self, stale: &BTreeSet<Slot>, turn: &Turn<'_>) {
        if self.zone.as_ref() != Some(&turn.home.zone) {
            self.zone = Some(turn.home.zone.clone());
            self.plan_moments(turn);
        }
        for slot in stale {
            let Some(armed) = self.armed(*slot) else { continue };
            let (plan, faults) = match resolve(&armed.rule, turn.home).and_then(|plan| self.with_names(armed, plan)) {
                Ok(plan) => (Some(plan), Vec::new()),
                Err(faults) => (None, faults),
            };
            let is_new = armed.earlier.is_some() || armed.plan.as_deref() != plan.as_ref();
            let has_other_faults = armed.faults != faults;
            self.revision += u64::from(has_other_faults);
            if is_new {
                self.other_spans = true;
                self.replace_plan(*slot, plan.map(Arc::new), turn);
            }
            if let Some(armed) = self.armed_mut(*slot) {
                armed.faults = faults;
            }
        }
    }

    /// The plan, where the rules and calendars that its rule names are there.
    fn with_names(&self, armed: &Armed, plan: Plan) -> Result<Plan, Vec<Fault>> {
        let faults = Named::missing(&armed.rule, &self.by_id, &self.calendars);
        if faults.is_empty() { Ok(plan) } else { Err(faults) }
    }

    fn disarm(&mut self, slot: Slot) {
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let alarms = std::mem::take(&mut armed.holding).into_values();
        let moments = armed.timed.iter_mut().filter_map(|timed| timed.next.take()).map(|(_, alarm)| alarm);
        let turns = armed.held.iter_mut().filter_map(|held| held.turns.take());
        alarms.chain(moments).chain(turns).chain(armed.paused.take()).for_each(|alarm| self.timers.cancel(alarm));
        armed.tripped.clear();
        if let Some(plan) = armed.plan.clone() {
            self.index.unhook(slot, &plan);
            self.forget_spans(&plan);
        }
    }

    /// Plans every moment anew.
    pub(super) fn plan_moments(&mut self, turn: &Turn<'_>) {
        for hook in self.all_hooks() {
            self.plan_moment(hook, turn);
        }
    }

    /// Every trigger of every rule.
    pub(super) fn all_hooks(&self) -> Vec<Hook> {
        let slots = self.by_id.values().copied();
        let watches = |slot: Slot| 0..self.armed(slot).map_or(0, |armed| armed.timed.len());
        slots.flat_map(|slot| watches(slot).map(move |watch| Hook { slot, watch })).collect()
    }

    /// Sets the alarm of a moment to the next one.
    pub(super) fn plan_moment(&mut self, hook: Hook, turn: &Turn<'_>) {
        let after = self.moments_after(turn.now);
        let Some(Some(armed)) = self.slots.get_mut(hook.slot.index()) else { return };
        let Some(timed) = armed.timed.get_mut(hook.watch) else { return };
        if timed.next.is_some_and(|(_, alarm)| self.timers.is_due(alarm, turn.now)) {
            // It has come already, and is about to trigger; the next one is planned then.
            return;
        }
        if let Some((_, alarm)) = timed.next.take() {
            self.timers.cancel(alarm);
        }
        let Some(Watch::Timed { timing, place }) = armed.plan.as_deref().and_then(|plan| plan.watches.get(hook.watch))
        else {
            return;
        };
        let setting = Setting { zone: &turn.home.zone, place: *place, calendars: &self.calendars };
        if let Some(due) = schedule::next(timing, after, timed.done, setting) {
            timed.next = Some((due.mark, self.timers.set(due.at, Alarm::Timed(hook))));
        }
    }
}
