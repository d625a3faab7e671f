//! The clock on the wall, held against one that only goes forward, so that it shows when it was set.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Smaller steps are how clocks are kept right, and no matter to rules.
const STEP: SignedDuration = SignedDuration::from_secs(2);

/// Remembers both clocks.
#[derive(Debug)]
pub(super) struct Clock {
    wall: Timestamp,
    steady: Instant,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { wall: Timestamp::now(), steady: Instant::now() }
    }

    /// What it is now, and by how much the clock on the wall was set since the last look.
    pub(super) fn look(&mut self) -> (Timestamp, Option<SignedDuration>) {
        self.compare(Timestamp::now(), Instant::now())
    }

    fn compare(&mut self, wall: Timestamp, steady: Instant) -> (Timestamp, Option<SignedDuration>) {
        let passed = SignedDuration::try_from(steady - self.steady).unwrap_or(SignedDuration::MAX);
        let by = wall.duration_since(self.wall).saturating_sub(passed);
        let was_set = by.abs() >= STEP;
        // The two drift apart a little all the time, so that they are held against each other anew with every look.
        *self = Self { wall, steady };
        (wall, was_set.then_some(by))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_that_goes_on_was_not_set_and_one_that_leaps_was() {
        let (wall, steady) = (Timestamp::from_second(1_800_000_000).unwrap(), Instant::now());
        let mut clock = Clock { wall, steady };
        let later = |seconds: u64| steady + Duration::from_secs(seconds);
        assert_eq!(clock.compare(wall + SignedDuration::from_secs(61), later(60)).1, None);
        let back = clock.compare(wall + SignedDuration::from_secs(61 - 3600), later(60)).1;
        assert_eq!(back, Some(SignedDuration::from_hours(-1)));
        let forward = clock.compare(wall + SignedDuration::from_secs(3600), later(121)).1;
        assert_eq!(forward, Some(SignedDuration::from_secs(7200 - 61 - 61)));
    }
}
