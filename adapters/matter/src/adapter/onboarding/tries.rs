//! Which of the devices that a code may mean were tried, and what comes next. Pure.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::Instant;

/// How long a device that nobody has seen yet is looked for.
const SEARCH: Duration = Duration::from_secs(15);

/// How long another device is looked for that a code may mean, when it was not the first one's.
const ANOTHER: Duration = Duration::from_secs(5);

/// For how long a device may answer nobody: its fail-safe, which holds it after an interrupted try, and a little more.
const HELD: Duration = Duration::from_secs(75);

/// The tries of one code.
#[derive(Debug)]
pub(super) struct Tries {
    /// Until when a device that was not tried is looked for.
    pub(super) until: Instant,
    free: Instant,
    tried: BTreeSet<String>,
    /// Those of them that did not answer.
    silent: BTreeSet<String>,
}

/// What comes after a device that could not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another is looked for.
    Another,
    /// Those that did not answer are left alone for a moment, and then tried again.
    Again,
    /// There is nothing left to try.
    GiveUp,
}

impl Tries {
    pub(super) fn begin(now: Instant) -> Self {
        Self { until: now + SEARCH, free: now + HELD, tried: BTreeSet::new(), silent: BTreeSet::new() }
    }

    /// Whether a device may be tried.
    pub(super) fn may(&self, instance: &str) -> bool {
        !self.tried.contains(instance)
    }

    /// How many the code does not fit.
    pub(super) fn count(&self) -> usize {
        self.tried.len()
    }

    /// A device is tried.
    pub(super) fn tries(&mut self, instance: &str) {
        self.tried.insert(instance.to_owned());
    }

    /// The code does not fit a device, or it did not answer.
    pub(super) fn in_vain(&mut self, instance: &str, is_silent: Silent, is_another_there: bool, now: Instant) -> Next {
        if is_silent == Silent::Yes {
            self.silent.insert(instance.to_owned());
        }
        if is_another_there {
            return Next::Another;
        }
        if !self.silent.is_empty() {
            if now >= self.free {
                return Next::GiveUp;
            }
            self.until = now + SEARCH;
            // Those that the code does not fit are not asked again: they count wrong tries.
            let silent = std::mem::take(&mut self.silent);
            self.tried.retain(|instance| !silent.contains(instance));
            return Next::Again;
        }
        // Another one may be meant, and not have announced itself yet.
        if now >= self.until {
            return Next::GiveUp;
        }
        self.until = self.until.min(now + ANOTHER);
        Next::Another
    }
}

/// Whether a device answered at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silent {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries devices by their names, as long as it makes sense; `silent` until so many seconds, which each try costs.
    fn tried(devices: &[&str], silent: &[&str], seconds: u64) -> Vec<String> {
        let begun = Instant::now();
        let (mut now, mut tries, mut order) = (begun, Tries::begin(begun), Vec::new());
        while let Some(device) = devices.iter().find(|device| tries.may(device)) {
            tries.tries(device);
            order.push((*device).to_owned());
            now += Duration::from_secs(10);
            let is_silent = silent.contains(device) && now < begun + Duration::from_secs(seconds);
            let is_silent = if is_silent { Silent::Yes } else { Silent::No };
            let is_another_there = devices.iter().any(|device| tries.may(device));
            if tries.in_vain(device, is_silent, is_another_there, now) == Next::GiveUp {
                break;
            }
        }
        order
    }

    #[tokio::test]
    async fn every_match_has_its_turn_before_a_silent_one_is_tried_again() {
        assert_eq!(tried(&["a", "b", "c"], &["a"], 1000)[..4], ["a", "b", "c", "a"]);
        assert_eq!(tried(&["a", "b", "c"], &["a", "b"], 1000)[..5], ["a", "b", "c", "a", "b"]);
        assert_eq!(tried(&["a", "b"], &[], 0), ["a", "b"]);
    }

    #[tokio::test]
    async fn a_silent_one_is_tried_until_it_is_free_and_one_that_has_answered_only_once() {
        assert_eq!(tried(&["a", "b"], &["a"], 30), ["a", "b", "a"]);
        assert_eq!(tried(&["a"], &["a"], 1000).len(), 8, "until its fail-safe has ended");
    }
}
