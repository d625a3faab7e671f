//! A rule's plan becomes another: what both plans mean for a trigger goes on lasting, so that a device that comes into a
//! room begins nothing anew for those that were there.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;

use super::{Engine, Turn, armed::Slot, index::Hook, timers::Subject};
use crate::plan::{Check, Plan, Watch};

impl Engine {
    /// Lets a rule go by another plan.
    pub(super) fn replace_plan(&mut self, slot: Slot, plan: Option<Arc<Plan>>, turn: &Turn<'_>) {
        let Some(armed) = self.armed_mut(slot) else { return };
        let old = std::mem::replace(&mut armed.plan, plan.clone());
        let was = |watch| armed.earlier.as_ref().map_or(Some(watch), |earlier| earlier.get(watch).copied().flatten());
        let meant_before = |watch| was(watch).map(|watch| meant(old.as_deref(), watch)).unwrap_or_default();
        let before: Vec<_> = (0..armed.rule.when.len()).map(meant_before).collect();
        armed.earlier = None;
        self.index.release(slot, old.as_deref());
        self.index.depend(slot, plan.as_deref());
        // The new spans first: what both plans ask for is never without anybody who wants to know.
        plan.iter().for_each(|plan| self.watch_spans(plan, turn));
        if let Some(old) = &old {
            self.index.unhook(slot, old);
            self.forget_spans(old);
        }
        plan.iter().for_each(|plan| self.index.hook(slot, plan));
        self.let_go_of_others(slot, &before, plan.as_deref(), turn.now);
        for (watch, what) in plan.iter().flat_map(|plan| plan.watches.iter().enumerate()) {
            let hook = Hook { slot, watch };
            match what {
                Watch::Timed { .. } => self.plan_moment(hook, turn),
                _ => self.hold_on(hook, before.get(watch).unwrap_or(&BTreeSet::new()), turn),
            }
        }
    }

    /// Takes back what waits for something that the plans don't both mean.
    fn let_go_of_others(&mut self, slot: Slot, before: &[BTreeSet<Subject>], new: Option<&Plan>, now: Timestamp) {
        let Some(Some(armed)) = self.slots.get_mut(slot.index()) else { return };
        let both =
            before.iter().enumerate().map(|(watch, before)| before.intersection(&meant(new, watch)).cloned().collect());
        let both: Vec<BTreeSet<Subject>> = both.collect();
        let is_meant = |watch: usize, subject: &Subject| both.get(watch).is_some_and(|both| both.contains(subject));
        let timers = &mut self.timers;
        armed.holding.retain(|(watch, subject), alarm| {
            let stays = is_meant(*watch, subject);
            if !stays {
                timers.cancel(*alarm);
            }
            stays
        });
        armed.tripped.retain(|(watch, path)| is_meant(*watch, &Subject::Path(path.clone())));
        for timed in &mut armed.timed {
            // One that has come already is about to trigger.
            timed
                .next
                .take_if(|(_, alarm)| !timers.is_due(*alarm, now))
                .into_iter()
                .for_each(|(_, alarm)| timers.cancel(alarm));
        }
        for held in &mut armed.held {
            held.turns.take().into_iter().for_each(|alarm| timers.cancel(alarm));
            held.holds &= new.is_some();
        }
    }

    /// Begins to remember what a plan's conditions ask for.
    fn watch_spans(&mut self, plan: &Plan, turn: &Turn<'_>) {
        each_memory(plan, |memory| match memory {
            Check::Property { paths, test, held: Some(_), .. } => {
                paths.iter().for_each(|path| self.lasting.watch(path, test, turn.home, turn.now));
            }
            Check::Mean { paths, over, .. } => {
                paths.iter().for_each(|path| self.windows.watch(path, *over, turn.home, turn.now));
            }
            _ => {}
        });
    }

    /// Ends what [`Engine::watch_spans`] began.
    pub(super) fn forget_spans(&mut self, plan: &Plan) {
        each_memory(plan, |memory| match memory {
            Check::Property { paths, test, held: Some(_), .. } => {
                paths.iter().for_each(|path| self.lasting.forget(path, test));
            }
            Check::Mean { paths, over, .. } => paths.iter().for_each(|path| self.windows.forget(path, *over)),
            _ => {}
        });
    }
}

/// What can stay as it is for a trigger of a plan.
fn meant(plan: Option<&Plan>, watch: usize) -> BTreeSet<Subject> {
    match plan.and_then(|plan| plan.watches.get(watch)) {
        Some(Watch::Property { paths, .. }) => paths.iter().cloned().map(Subject::Path).collect(),
        Some(Watch::Reachable { devices, .. }) => devices.iter().copied().map(Subject::Device).collect(),
        Some(Watch::Holds { .. }) => [Subject::Condition].into(),
        _ => BTreeSet::new(),
    }
}

/// The conditions of a plan for which something has to be remembered.
fn each_memory(plan: &Plan, mut visit: impl FnMut(&Check)) {
    plan.checks().for_each(|check| check.each(&mut visit));
}
