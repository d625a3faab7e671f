//! How long rules take from what triggers them to their first command.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use hub_model::RunOf;

/// How many of a rule's latest runs count; the older ones go.
const COUNTED: usize = 256;
/// For how many rules it is known; beyond that, counting begins anew for all.
const RULES: usize = 4096;

/// How fast a rule's latest runs were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Half of the runs took at most this.
    pub p50: Duration,
    /// 99 % of the runs took at most this.
    pub p99: Duration,
    /// How many runs that is, at most the latest 256 since the start.
    pub runs: usize,
}

/// What each run took, in µs.
#[derive(Debug, Default)]
pub struct Paces(HashMap<RunOf, VecDeque<u32>>);

impl Paces {
    /// A run took so long.
    pub fn add(&mut self, of: RunOf, took: Duration) {
        if self.0.len() >= RULES && !self.0.contains_key(&of) {
            self.0.clear();
        }
        let samples = self.0.entry(of).or_default();
        if samples.len() == COUNTED {
            samples.pop_front();
        }
        samples.push_back(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// How fast it was lately; nothing before its first command.
    pub fn of(&self, of: &RunOf) -> Option<Pace> {
        let mut samples: Vec<_> = self.0.get(of)?.iter().copied().collect();
        samples.sort_unstable();
        let at = |percent: usize| {
            let rank = (samples.len() * percent).div_ceil(100).max(1);
            samples.get(rank - 1).map(|micros| Duration::from_micros(u64::from(*micros)))
        };
        Some(Pace { p50: at(50)?, p99: at(99)?, runs: samples.len() })
    }
}
