//! How long to wait before the next try to reach the broker. Pure.

use std::time::Duration;

/// The first pause.
const SHORTEST: Duration = Duration::from_millis(250);
/// The longest pause. A broker that comes back is found within it.
const LONGEST: Duration = Duration::from_secs(15);

/// Pauses that double from a quarter of a second to a quarter of a minute, each a little shorter or longer by chance,
/// so that the hubs and devices of a home don't all come at once when its broker returns.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    next: Duration,
    /// The state of a small generator of random numbers; never 0.
    random: u64,
}

impl Backoff {
    /// A row of pauses; `seed` decides the chance.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { next: SHORTEST, random: seed | 1 }
    }

    /// Begins again with the shortest pause.
    pub(crate) const fn reset(&mut self) {
        self.next = SHORTEST;
    }

    /// The next pause: between three and five quarters of its nominal length.
    pub(crate) fn pause(&mut self) -> Duration {
        // Xorshift; nothing here needs better chance.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let nominal = self.next;
        self.next = (nominal * 2).min(LONGEST);
        nominal.mul_f64(0.75 + (self.random % 1000) as f64 / 2000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_begin_anew() {
        let mut backoff = Backoff::new(7);
        let pauses: Vec<Duration> = (0..12).map(|_| backoff.pause()).collect();
        assert!(pauses[0] < Duration::from_millis(320) && pauses[0] >= Duration::from_millis(187));
        assert!(pauses.iter().all(|pause| *pause <= LONGEST.mul_f64(1.25)));
        assert!(pauses[11] >= LONGEST.mul_f64(0.75));
        backoff.reset();
        assert!(backoff.pause() < Duration::from_millis(320));
    }
}
