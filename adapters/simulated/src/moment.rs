//! Simulated local time, as the world reads it. It knows no time zones and no leap seconds.

/// Seconds of local time since 1970-01-01 00:00.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Moment(pub(crate) f64);

const DAY: f64 = 86_400.0;

impl Moment {
    /// So many seconds later.
    pub(crate) fn after(self, seconds: f64) -> Self {
        Self(self.0 + seconds)
    }

    /// The seconds from `earlier` to this.
    pub(crate) fn since(self, earlier: Self) -> f64 {
        self.0 - earlier.0
    }

    /// Whole days since 1970.
    pub(crate) fn day(self) -> i64 {
        (self.0 / DAY).floor() as i64
    }

    /// The hour of the day with its fraction, from 0 to below 24.
    pub(crate) fn hour(self) -> f64 {
        self.0.rem_euclid(DAY) / 3600.0
    }

    /// Whether it is Saturday or Sunday. 1970-01-01 was a Thursday.
    pub(crate) fn is_weekend(self) -> bool {
        matches!((self.day() + 4).rem_euclid(7), 0 | 6)
    }

    /// The day within the year, good to a day.
    pub(crate) fn day_of_year(self) -> f64 {
        (self.0 / DAY).rem_euclid(365.2425)
    }

    /// The sine of the sun's height at 50° north; below 0 it is under the horizon.
    pub(crate) fn sun(self) -> f64 {
        let declination =
            23.44_f64.to_radians() * ((self.day_of_year() - 80.0) / 365.2425 * std::f64::consts::TAU).sin();
        let hour_angle = ((self.hour() - 12.0) * 15.0).to_radians();
        let latitude = 50.0_f64.to_radians();
        latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour_angle.cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_right() {
        // 2026-11-21 18:30 was a Saturday.
        let moment = Moment(1_795_285_800.0);
        assert!(moment.is_weekend());
        assert!((moment.hour() - 18.5).abs() < 1e-6);
        assert!(!moment.after(2.0 * DAY).is_weekend());
        assert!(moment.sun() < 0.0, "it is dark on a November evening");
        assert!(moment.after(-6.5 * 3600.0).sun() > 0.2, "the sun stands low on a November noon");
    }
}
