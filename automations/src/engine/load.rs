//! Rules come, change and go; their plans follow the home.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hub_model::{Home, RunEnd};
use jiff::Timestamp;

use super::{
    Engine, Turn,
    armed::{Armed, Slot, Spark},
    index::Hook,
    timers::Alarm,
};
use crate::{
    plan::{Plan, Watch},
    resolve::resolve,
    rule::{Change, Rule},
    schedule,
};

impl Engine {
    /// Takes these rules for those that were. A rule that says the same as before is left alone.
    pub(super) fn load(&mut self, rules: Vec<Arc<Rule>>, turn: &mut Turn<'_>) {
        let rules: BTreeMap<_, _> = rules.into_iter().map(|rule| (rule.id.value.clone(), rule)).collect();
        let gone: Vec<_> = self.by_id.iter().filter(|(id, _)| !rules.contains_key(id)).map(|(_, slot)| *slot).collect();
        for slot in gone {
            self.drop_rule(slot, turn);
        }
        for (id, rule) in rules {
            let slot = self.by_id.get(&id).copied();
            if let Some(armed) = slot.and_then(|slot| self.armed_mut(slot))
                && armed.rule == rule
            {
                // It may stand elsewhere in its file now, and its faults with it.
                armed.rule = rule;
            } else {
                slot.into_iter().for_each(|slot| self.drop_rule(slot, turn));
                self.add_rule(rule);
            }
        }
        let stale: BTreeSet<_> = self.by_id.values().copied().collect();
        self.follow_home(&stale, turn);
        self.revision += 1;
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
            self.plan_days(turn);
        }
        for slot in stale {
            let Some(armed) = self.armed(*slot) else { continue };
            let (plan, faults) = match resolve(&armed.rule, turn.home) {
                Ok(plan) => (Some(plan), Vec::new()),
                Err(faults) => (None, faults),
            };
            let is_new = armed.plan.as_deref() != plan.as_ref();
            let has_other_faults = armed.faults != faults;
            self.revision += u64::from(has_other_faults);
            if is_new {
                self.replace_plan(*slot, plan.map(Arc::new), turn);
            }
            if let Some(armed) = self.armed_mut(*slot) {
                armed.faults = faults;
            }
        }
    }

    fn replace_plan(&mut self, slot: Slot, plan: Option<Arc<Plan>>, turn: &Turn<'_>) {
        self.disarm(slot);
        let Some(armed) = self.armed_mut(slot) else { return };
        let old = std::mem::replace(&mut armed.plan, plan.clone());
        let enabled = armed.rule.enabled;
        self.index.release(slot, old.as_deref());
        self.index.depend(slot, plan.as_deref());
        if let Some(plan) = plan.filter(|_| enabled) {
            self.arm(slot, &plan, turn);
        }
    }

    /// Lets a rule's plan wait for what triggers it.
    fn arm(&mut self, slot: Slot, plan: &Plan, turn: &Turn<'_>) {
        self.index.hook(slot, plan);
        for check in plan.checks() {
            check.each_property(&mut |path, test, held| {
                if held.is_some() {
                    self.lasting.watch(path, test, turn.home, turn.now);
                }
            });
        }
        for (watch, what) in plan.watches.iter().enumerate() {
            match what {
                Watch::Property { .. } => self.hold_on(slot, watch, what, turn),
                Watch::Daily { .. } => self.plan_day(slot, watch, turn.now, turn.home),
                Watch::Occurs { .. } | Watch::Message { .. } => {}
            }
        }
    }

    fn disarm(&mut self, slot: Slot) {
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let alarms = std::mem::take(&mut armed.holding).into_values();
        let days = armed.daily.iter_mut().filter_map(|daily| daily.next.take()).map(|(_, alarm)| alarm);
        alarms.chain(days).for_each(|alarm| self.timers.cancel(alarm));
        let Some(plan) = armed.plan.clone().filter(|_| armed.rule.enabled) else { return };
        self.index.unhook(slot, &plan);
        for check in plan.checks() {
            check.each_property(&mut |path, test, held| {
                if held.is_some() {
                    self.lasting.forget(path, test);
                }
            });
        }
    }

    /// A property that is already what a trigger waits for goes on lasting, after a start as well. Where the span is
    /// over already, it has triggered before, or else it never will: nobody saw it begin.
    fn hold_on(&mut self, slot: Slot, watch: usize, what: &Watch, turn: &Turn<'_>) {
        let Watch::Property { paths, change, held: Some(held) } = what else { return };
        for path in paths {
            let Some(reading) = turn.home.reading(path) else { continue };
            let holds = match change {
                Change::Any => true,
                Change::Becomes(test) => test.holds(&reading.value),
            };
            let due = reading.changed_at.filter(|_| holds).and_then(|changed| changed.checked_add(*held).ok());
            let Some(due) = due.filter(|due| *due > turn.now) else { continue };
            let Some(armed) = self.armed(slot) else { return };
            let spark = Spark::without_event(&armed.rule, watch, due);
            self.hold(Hook { slot, watch }, path, spark);
        }
    }

    /// Plans every time of day anew.
    pub(super) fn plan_days(&mut self, turn: &Turn<'_>) {
        let slots: Vec<_> = self.by_id.values().copied().collect();
        for slot in slots {
            let watches = self.armed(slot).map_or(0, |armed| armed.daily.len());
            for watch in 0..watches {
                self.plan_day(slot, watch, turn.now, turn.home);
            }
        }
    }

    /// Sets the alarm of a time of day to the next one after a moment.
    pub(super) fn plan_day(&mut self, slot: Slot, watch: usize, after: Timestamp, home: &Home) {
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let Some(daily) = armed.daily.get_mut(watch) else { return };
        if let Some((_, alarm)) = daily.next.take() {
            self.timers.cancel(alarm);
        }
        let plan = armed.plan.as_deref().filter(|_| armed.rule.enabled);
        let Some(Watch::Daily { at, days }) = plan.and_then(|plan| plan.watches.get(watch)) else { return };
        if let Some(due) = schedule::next(*at, *days, after, daily.done, &home.zone) {
            daily.next = Some((due.date, self.timers.set(due.at, Alarm::Daily { slot, watch })));
        }
    }
}
