//! Chance, from a seed. It owns the arithmetic alone: the same seed and stream give the same numbers in every version.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). It is fifteen lines of
/// ours because the random crates promise no stable numbers across their versions.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// One of many independent streams of a seed, so that what one part of the world draws never moves another part.
    pub(crate) fn new(seed: u64, stream: &str) -> Self {
        let hash = stream
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut random = Self(seed ^ hash);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` to below `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Whether something that happens once in `mean` seconds happens within `dt` seconds.
    pub(crate) fn happens(&mut self, dt: f64, mean: f64) -> bool {
        self.chance(1.0 - (-dt / mean).exp())
    }

    /// About normal, with mean 0 and deviation 1, and never beyond 3.5.
    pub(crate) fn noise(&mut self) -> f64 {
        let sum: f64 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * 3.0_f64.sqrt()
    }

    /// One step of a value that wanders about 0 with this deviation and forgets in `memory` seconds.
    pub(crate) fn wander(&mut self, value: f64, deviation: f64, memory: f64, dt: f64) -> f64 {
        let share = (dt / memory).min(1.0);
        value * (1.0 - share) + deviation * (2.0 * share).sqrt() * self.noise()
    }

    /// A place in a list of this length, which is not 0.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        ((self.unit() * length as f64) as usize).min(length.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_never_change() {
        let mut random = Random::new(7, "weather");
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        let mut again = Random::new(7, "weather");
        assert_eq!(drawn, [again.next(), again.next(), again.next()]);
        assert_ne!(drawn[0], Random::new(7, "people").next());
        assert_ne!(drawn[0], Random::new(8, "weather").next());
        // The reference value of SplitMix64 for seed 0.
        assert_eq!(Random(0).next(), 0xe220_a839_7b1d_cdaf);
    }
}
