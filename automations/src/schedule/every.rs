//! Every so often, counted from midnight by what passes, so that a day of 23 hours has fewer and none is short.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Due, Mark, beyond};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The next one. A span that does not divide the day begins anew at midnight; one of a day or more is counted from 1970.
pub(super) fn next(span: Duration, after: Timestamp, done: Option<Mark>, zone: &TimeZone) -> Option<Due> {
    beyond(after, done, |after| following(span, after, zone)).map(Due::at)
}

fn following(span: Duration, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let midnight = after.to_zoned_datetime(zone.clone()).start_of_day().ok()?;
    let (from, until) = if span < DAY {
        (midnight.timestamp(), Some(midnight.tomorrow().ok()?.start_of_day().ok()?.timestamp()))
    } else {
        (Timestamp::UNIX_EPOCH, None)
    };
    let span = i128::try_from(span.as_nanos()).ok().filter(|span| *span > 0)?;
    let passed = after.duration_since(from).as_nanos();
    let nanos = passed.div_euclid(span).checked_add(1)?.checked_mul(span)?;
    let at = from.checked_add(SignedDuration::try_from_nanos_i128(nanos)?).ok()?;
    Some(until.map_or(at, |until| at.min(until)))
}
