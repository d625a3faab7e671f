//! Whether a database can be written just now, and when it is worth another try. It knows no SQLite.

use std::time::{Duration, Instant};

/// How a database is doing.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    failing: Option<Failing>,
}

#[derive(Debug)]
struct Failing {
    again_at: Instant,
    pause: Duration,
}

impl Lane {
    const FIRST_PAUSE: Duration = Duration::from_millis(200);
    const LONGEST_PAUSE: Duration = Duration::from_secs(30);

    /// The time of the next try, for work that is due at `due`.
    pub(crate) fn not_before(&self, due: Instant) -> Instant {
        self.failing.as_ref().map_or(due, |failing| failing.again_at.max(due))
    }

    /// Whether the last try failed.
    pub(crate) const fn is_failing(&self) -> bool {
        self.failing.is_some()
    }

    /// Notes that writing worked; `true` if it had not before.
    pub(crate) fn works(&mut self) -> bool {
        self.failing.take().is_some()
    }

    /// Notes that writing failed; `true` if it is the first time in a row.
    pub(crate) fn fails(&mut self, now: Instant) -> bool {
        let pause = self.failing.as_ref().map_or(Self::FIRST_PAUSE, |failing| failing.pause * 2);
        let pause = pause.min(Self::LONGEST_PAUSE);
        self.failing.replace(Failing { again_at: now + pause, pause }).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_become_rarer_until_one_works() {
        let (now, mut lane) = (Instant::now(), Lane::default());
        assert_eq!(lane.not_before(now), now);
        assert!(lane.fails(now));
        assert_eq!(lane.not_before(now), now + Duration::from_millis(200));
        assert!(!lane.fails(now));
        assert_eq!(lane.not_before(now), now + Duration::from_millis(400));
        (0..20).for_each(|_| assert!(!lane.fails(now)));
        assert_eq!(lane.not_before(now), now + Lane::LONGEST_PAUSE);
        assert!(lane.works());
        assert!(!lane.works());
        assert_eq!(lane.not_before(now), now);
    }
}
