//! How long rules take from what triggers them to their first command.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use hub_model::RunOf;

/// How many of a rule's latest runs count; the older ones go.
pub const COUNTED: usize = 256;
/// For how many rules it is known; beyond that all are forgotten, and read back from the journal when
/// somebody asks.
const RULES: usize = 4096;

/// How fast a rule's latest runs were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Half of the runs took at most this.
    pub p50: Duration,
    /// 99 % of the runs took at most this.
    pub p99: Duration,
    /// How many runs that is, at most the latest 256.
    pub runs: usize,
}

/// What the latest runs took.
#[derive(Debug, Default)]
pub struct Paces(HashMap<RunOf, Samples>);

#[derive(Debug, Default)]
struct Samples {
    /// In µs, the newest last.
    micros: VecDeque<u32>,
    /// The runs of earlier starts are among them.
    whole: bool,
}

impl Paces {
    /// A run took so long.
    pub fn add(&mut self, of: RunOf, took: Duration) {
        let Samples { micros, .. } = self.samples(of);
        if micros.len() == COUNTED {
            micros.pop_front();
        }
        micros.push_back(in_micros(took));
    }

    /// Whether the runs of earlier starts are still to be added.
    pub fn lacks_past(&self, of: &RunOf) -> bool {
        self.0.get(of).is_none_or(|samples| !samples.whole)
    }

    /// Adds what runs of earlier starts took, the newest first.
    pub fn add_past(&mut self, of: RunOf, took: Vec<Duration>) {
        let Samples { micros, whole } = self.samples(of);
        if std::mem::replace(whole, true) {
            return;
        }
        let room = COUNTED - micros.len();
        took.into_iter().take(room).for_each(|took| micros.push_front(in_micros(took)));
    }

    fn samples(&mut self, of: RunOf) -> &mut Samples {
        if self.0.len() >= RULES && !self.0.contains_key(&of) {
            self.0.clear();
        }
        self.0.entry(of).or_default()
    }

    /// How fast it was lately; nothing before its first command.
    pub fn of(&self, of: &RunOf) -> Option<Pace> {
        let mut samples: Vec<_> = self.0.get(of)?.micros.iter().copied().collect();
        samples.sort_unstable();
        let at = |percent: usize| {
            let rank = (samples.len() * percent).div_ceil(100).max(1);
            samples.get(rank - 1).map(|micros| Duration::from_micros(u64::from(*micros)))
        };
        Some(Pace { p50: at(50)?, p99: at(99)?, runs: samples.len() })
    }
}

fn in_micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}
