//! What the sun does over a home, and where it stands. Pure: place and time come in.

use hub_model::HomeSettings;
use jiff::{SignedDuration, Timestamp};
use solar_positioning::{Horizon, Location, SolarEvents, SolarPositions, time::JulianDate};

/// A place on the earth, in degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// Something that the sun does once a day, but for the polar summer and winter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "their words say what they are")]
pub enum SunEvent {
    Sunrise,
    Sunset,
    Dawn,
    Dusk,
    NauticalDawn,
    NauticalDusk,
    AstronomicalDawn,
    AstronomicalDusk,
    Noon,
}

/// A part of the day that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SunPhase {
    /// The sun can be seen.
    AboveHorizon,
    /// It can't.
    BelowHorizon,
    /// It is down, but one can still read outside: civil twilight, morning or evening.
    Twilight,
    /// It is darker than that.
    Night,
}

/// The sun's height when its upper edge touches the horizon, refraction included.
const HORIZON: f64 = -50.0 / 60.0;
const CIVIL: f64 = -6.0;

/// Longer than the longest polar night; what does not come within it never comes.
const LOOK_AHEAD: f64 = 220.0;
/// One call of the search looks at so many days.
const STRIDE: f64 = 3.0;
const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// A passing that was found is over after so many seconds at the latest; a sun that only grazes a height never is.
const GRAIN: usize = 3;

impl Place {
    /// Where a home is; nothing while its owner has not said so.
    pub fn of(settings: &HomeSettings) -> Option<Self> {
        let place = Self { latitude: settings.latitude?, longitude: settings.longitude? };
        let sound = (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude);
        sound.then_some(place)
    }

    const fn location(self) -> Location {
        Location { latitude: self.latitude, longitude: self.longitude }
    }

    /// How many degrees the middle of the sun stands above the horizon, without refraction.
    pub fn elevation(self, now: Timestamp) -> Option<f64> {
        let time = JulianDate::new(julian(now), DELTA_T).ok()?;
        // By the method that finds passings, or else a passing would be found at which the sun is not there yet.
        let positions = if is_quick(now) { SolarPositions::grena3() } else { SolarPositions::new() };
        let position = positions.at_from_julian(time, self.location(), 0.0, None).ok()?;
        Some(position.elevation_angle())
    }

    /// The next time after a moment that the sun does something; `None` where it won't for months.
    pub fn next(self, event: SunEvent, after: Timestamp) -> Option<Timestamp> {
        let (angle, rises) = match event {
            SunEvent::Noon => {
                return self.search(after, |search, from, to| {
                    search.next_transit_from_julian(from, to, self.longitude, DELTA_T).ok().flatten()
                });
            }
            SunEvent::Sunrise => (HORIZON, true),
            SunEvent::Sunset => (HORIZON, false),
            SunEvent::Dawn => (CIVIL, true),
            SunEvent::Dusk => (CIVIL, false),
            SunEvent::NauticalDawn => (-12.0, true),
            SunEvent::NauticalDusk => (-12.0, false),
            SunEvent::AstronomicalDawn => (-18.0, true),
            SunEvent::AstronomicalDusk => (-18.0, false),
        };
        self.next_at(angle, rises, after)
    }

    /// The next time after a moment that the sun passes a height, either way. It is beyond it by then.
    pub fn next_passing(self, angle: f64, after: Timestamp) -> Option<Timestamp> {
        [true, false].into_iter().filter_map(|rises| self.next_at(angle, rises, after)).min()
    }

    fn next_at(self, angle: f64, rises: bool, after: Timestamp) -> Option<Timestamp> {
        let (location, horizon) = (self.location(), Horizon::Custom(angle));
        let passing = self.search(after, |search, from, to| {
            let found = if rises {
                search.next_rise_from_julian(from, to, location, DELTA_T, horizon)
            } else {
                search.next_set_from_julian(from, to, location, DELTA_T, horizon)
            };
            found.ok().flatten()
        })?;
        let is_beyond = |at: &Timestamp| {
            self.elevation(*at).is_some_and(|height| if rises { height > angle } else { height < angle })
        };
        // What was found may be short of the height by the search's own grain.
        let mut moments = std::iter::successors(Some(passing), |at| at.checked_add(SECOND).ok()).take(GRAIN);
        Some(moments.find(is_beyond).unwrap_or(passing))
    }

    fn search(self, after: Timestamp, find: impl Fn(&SolarEvents, f64, f64) -> Option<f64>) -> Option<Timestamp> {
        let start = julian(after);
        let search = if is_quick(after) { SolarEvents::grena3() } else { SolarEvents::new() };
        let strides = (0..).map(|stride| f64::from(stride) * STRIDE).take_while(|ahead| *ahead < LOOK_AHEAD);
        let found = strides.filter_map(|ahead| find(&search, start + ahead, start + ahead + STRIDE));
        // Whole seconds from above, so that a moment that was found does not come again by a fraction.
        found.map(moment).find_map(|at| at.filter(|at| *at > after))
    }
}

/// Whether the quick method will do: it is good to a hundredth of a degree in our time, and knows no other.
fn is_quick(at: Timestamp) -> bool {
    (2011..2109).contains(&at.to_zoned_datetime(jiff::tz::TimeZone::UTC).year())
}

/// How far the earth's turning is behind the clocks' even time, in seconds. It grows by less than a second in a year,
/// and a second of it moves the sun by nothing that anybody sees.
const DELTA_T: f64 = 70.0;
/// The Julian date of 1970-01-01T00:00Z.
const EPOCH: f64 = 2_440_587.5;
const DAY: f64 = 86_400.0;

fn julian(at: Timestamp) -> f64 {
    at.as_second() as f64 / DAY + EPOCH
}

fn moment(julian: f64) -> Option<Timestamp> {
    Timestamp::from_second(((julian - EPOCH) * DAY).ceil() as i64).ok()
}

impl SunEvent {
    /// Every event, with its word.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Sunrise, "sunrise"),
        (Self::Sunset, "sunset"),
        (Self::Dawn, "dawn"),
        (Self::Dusk, "dusk"),
        (Self::NauticalDawn, "nautical_dawn"),
        (Self::NauticalDusk, "nautical_dusk"),
        (Self::AstronomicalDawn, "astronomical_dawn"),
        (Self::AstronomicalDusk, "astronomical_dusk"),
        (Self::Noon, "noon"),
    ];
}

impl SunPhase {
    /// Every phase, with its word.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::AboveHorizon, "above_horizon"),
        (Self::BelowHorizon, "below_horizon"),
        (Self::Twilight, "twilight"),
        (Self::Night, "night"),
    ];

    /// The heights between which the sun stands then: above the first, below the second.
    pub const fn bounds(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::AboveHorizon => (Some(HORIZON), None),
            Self::BelowHorizon => (None, Some(HORIZON)),
            Self::Twilight => (Some(CIVIL), Some(HORIZON)),
            Self::Night => (None, Some(CIVIL)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Place = Place { latitude: 52.52, longitude: 13.405 };
    const TROMSO: Place = Place { latitude: 69.65, longitude: 18.96 };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Within a minute of the tables of the U.S. Naval Observatory, which are in whole minutes.
    fn is(place: Place, event: SunEvent, after: &str, wanted: &str) {
        let found = place.next(event, at(after)).unwrap();
        assert!(found.duration_since(at(wanted)).as_secs().abs() <= 60, "{event:?}: {found}, not {wanted}");
    }

    #[test]
    fn the_sun_rises_and_sets_as_almanacs_say() {
        is(BERLIN, SunEvent::Sunrise, "2026-06-21T00:00:00Z", "2026-06-21T02:43:00Z");
        is(BERLIN, SunEvent::Sunset, "2026-06-21T00:00:00Z", "2026-06-21T19:33:00Z");
        is(BERLIN, SunEvent::Sunrise, "2026-12-21T00:00:00Z", "2026-12-21T07:15:00Z");
        is(BERLIN, SunEvent::Sunset, "2026-12-21T00:00:00Z", "2026-12-21T14:54:00Z");
    }

    #[test]
    fn what_the_sun_does_not_do_for_weeks_is_found_when_it_does() {
        let rises = TROMSO.next(SunEvent::Sunrise, at("2026-12-01T00:00:00Z")).unwrap();
        assert!(rises > at("2027-01-10T00:00:00Z") && rises < at("2027-01-20T00:00:00Z"), "{rises}");
        let pole = Place { latitude: 90.0, longitude: 0.0 };
        let rises = pole.next(SunEvent::Sunrise, at("2026-10-01T00:00:00Z")).unwrap();
        assert!(rises > at("2027-03-15T00:00:00Z") && rises < at("2027-03-25T00:00:00Z"), "{rises}");
    }

    #[test]
    fn a_moment_that_was_found_is_not_found_again() {
        let mut now = at("2026-01-01T00:00:00Z");
        for _ in 0..400 {
            let next = BERLIN.next(SunEvent::Sunset, now).unwrap();
            let hours = next.duration_since(now).as_hours();
            assert!((15..=25).contains(&hours) || now == at("2026-01-01T00:00:00Z"), "{now} {next}");
            now = next;
        }
    }

    #[test]
    fn the_noon_sun_stands_high_and_the_midnight_sun_low() {
        let noon = BERLIN.next(SunEvent::Noon, at("2026-06-21T00:00:00Z")).unwrap();
        let height = BERLIN.elevation(noon).unwrap();
        assert!((height - (90.0 - 52.52 + 23.44)).abs() < 0.1, "{height}");
    }
}
