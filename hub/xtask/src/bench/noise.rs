//! How much this machine's own speed varies, which no figure can be more exact than.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// How often the same work is done.
const TIMES: usize = 40;
/// How much work: some 10 ms.
const WORK: u64 = 10_000_000;

/// How long the same work took, again and again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    /// In the middle.
    median: Duration,
    /// One in ten is worse.
    worse: Duration,
}

impl Noise {
    /// Measures now, on one core.
    pub(super) fn measure() -> Self {
        let mut times: Vec<Duration> = (0..TIMES).map(|_| work()).collect();
        times.sort_unstable();
        Self { median: times[TIMES / 2], worse: times[TIMES * 9 / 10] }
    }

    /// This, from before all else, and that from after it, in words.
    pub(super) fn beside(self, after: Self) -> String {
        format!(
            "The machine's noise: of equal pieces of work, one in ten took {:.0} % more time than the middle one before, \
             and {:.0} % more after; the middle one changed by {:.0} %.",
            self.percent(),
            after.percent(),
            (after.median.as_secs_f64() / self.median.as_secs_f64() - 1.0) * 100.0
        )
    }

    /// By how many percent the worse times exceed the middle one.
    fn percent(self) -> f64 {
        (self.worse.as_secs_f64() / self.median.as_secs_f64() - 1.0) * 100.0
    }
}

fn work() -> Duration {
    let begun = Instant::now();
    let mut number = 1_u64;
    for _ in 0..WORK {
        // Knuth's multiplier; what it comes to is of no interest.
        number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    black_box(number);
    begun.elapsed()
}
