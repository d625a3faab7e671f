//! A clock that is set: what moves with it, and what stays because it is true whatever the clock says.
//!
//! A hub without a clock of its own starts with a wrong one, and learns the time when the network is there. What it has
//! noted since moves with the clock then. What the last start left behind was noted by a clock that was right.

use hub_model::RuleId;
use jiff::{SignedDuration, Timestamp};

use super::{Engine, Turn, timers::shifted};

/// A clock that is further behind than this knows nothing, so that it can't be said what was already.
const WRONG: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    pub(super) fn clock_set(&mut self, by: SignedDuration, turn: &mut Turn<'_>) {
        self.timers.shift(by);
        self.lasting.shift(by);
        self.windows.shift(by);
        for (_, begun) in self.begun.iter_mut().filter(|(rule, _)| !self.recalled.contains(*rule)) {
            *begun = shifted(*begun, by);
        }
        for armed in self.slots.iter_mut().flatten() {
            armed.shift(by);
        }
        // A clock set forward leaves what is due behind it, which then comes late; one set back makes it come again.
        if by.is_negative() {
            self.plan_moments(turn);
        }
        self.look_at_all(turn);
    }

    /// When a rule began to run at an earlier start; what is known already stays.
    pub(super) fn recall(&mut self, rule: RuleId, at: Timestamp) {
        if !self.begun.contains_key(&rule) {
            self.begun.insert(rule.clone(), at);
            self.recalled.insert(rule);
        }
    }

    /// A rule begins to run now. It returns when it did before.
    pub(super) fn begins(&mut self, rule: &RuleId, now: Timestamp) -> Option<Timestamp> {
        self.recalled.remove(rule);
        self.begun.insert(rule.clone(), now)
    }

    /// The moment after which moments come that have not been: what came until the hub was last alive came then, though
    /// the clock may be behind that.
    pub(super) fn moments_after(&self, now: Timestamp) -> Timestamp {
        let alive = self.alive.filter(|alive| alive.duration_since(now) < WRONG);
        alive.map_or(now, |alive| alive.max(now))
    }
}
