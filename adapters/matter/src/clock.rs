//! Time Synchronization (Core Specification §11.17): the time that devices are told, of which thermostats and locks with a
//! schedule make use. Most have no clock that outlives a battery.

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneTransition},
};

use crate::wire::Tlv;

/// The cluster's id, on the root endpoint.
pub(crate) const CLUSTER: u32 = 0x38;
/// The bit of those that know time zones (§11.17.4).
pub(crate) const HAS_ZONE: u64 = 1;

const SET_UTC: u32 = 0x00;
const SET_ZONE: u32 = 0x02;
const SET_SUMMER: u32 = 0x04;

/// The clock is right to a millisecond, and an administrator says so (§11.17.6).
const MILLISECONDS: u64 = 3;
const ADMINISTRATOR: u64 = 2;

/// A zone's name may be no longer (§11.17.6.5).
const LONGEST_NAME: usize = 64;

/// A command of the cluster, with its fields.
pub(crate) type Setting = (u32, Vec<(u8, Tlv)>);

/// What tells a device the time; `None` while the hub itself can't know it: a Raspberry Pi has no clock of its own, and
/// believes in the past until a network tells it better.
pub(crate) fn time(now: Timestamp) -> Option<Setting> {
    /// The first day of 2026.
    const SANE: Timestamp = Timestamp::constant(1_767_225_600, 0);
    (now >= SANE).then(|| {
        let source = [(1, MILLISECONDS), (2, ADMINISTRATOR)].map(|(tag, value)| (tag, Tlv::Uint(value)));
        (SET_UTC, [(0, Tlv::Uint(since_2000(now)))].into_iter().chain(source).collect())
    })
}

/// What tells a device with time zones where it is: the zone as it is in winter, and the summer time that is or comes next.
/// One period is what every such device has room for; it is told of the one after when that comes.
pub(crate) fn zone(now: Timestamp, zone: &TimeZone) -> [Setting; 2] {
    let (winter, summer) = seasons(now, zone);
    let mut fields = vec![(0, Tlv::Int(winter.into())), (1, Tlv::Uint(0))];
    if let Some(name) = zone.iana_name().filter(|name| name.len() <= LONGEST_NAME) {
        fields.push((2, Tlv::Text(name.into())));
    }
    let summer = vec![
        (0, Tlv::Int(summer.offset.into())),
        (1, Tlv::Uint(summer.from.map_or(0, since_2000))),
        (2, summer.until.map_or(Tlv::Null, |until| Tlv::Uint(since_2000(until)))),
    ];
    let list = |entry| vec![(0, Tlv::Array(vec![Tlv::Struct(entry)]))];
    [(SET_ZONE, list(fields)), (SET_SUMMER, list(summer))]
}

/// A period of summer time: how many seconds it puts the clock on, and when.
#[derive(Debug, PartialEq, Eq)]
struct Summer {
    offset: i32,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Summer {
    const NONE: Self = Self { offset: 0, from: None, until: None };
}

/// The zone's offset in winter, in seconds, and the summer that is or comes next.
fn seasons(now: Timestamp, zone: &TimeZone) -> (i32, Summer) {
    let info = zone.to_offset_info(now);
    let offset = info.offset().seconds();
    let is_winter = |change: &TimeZoneTransition<'_>| !change.dst().is_dst();
    let is_summer = |change: &TimeZoneTransition<'_>| change.dst().is_dst();
    // A zone that gave up its summer time has no more changes.
    let mut coming = zone.following(now).take(2);
    if info.dst().is_dst() {
        let Some(end) = coming.find(is_winter) else { return (offset, Summer::NONE) };
        let winter = end.offset().seconds();
        let from = zone.preceding(now).next().map(|change| change.timestamp());
        (winter, Summer { offset: offset - winter, from, until: Some(end.timestamp()) })
    } else {
        let Some(begin) = coming.find(is_summer) else { return (offset, Summer::NONE) };
        let until = coming.next().map(|change| change.timestamp());
        (offset, Summer { offset: begin.offset().seconds() - offset, from: Some(begin.timestamp()), until })
    }
}

/// Microseconds since 2000, in which Matter counts (§7.19.1.4).
fn since_2000(time: Timestamp) -> u64 {
    const EPOCH: i64 = 946_684_800_000_000;
    u64::try_from(time.as_microsecond() - EPOCH).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn a_hub_that_does_not_know_the_time_tells_none() {
        assert_eq!(time(Timestamp::UNIX_EPOCH), None);
        let (command, fields) = time(at("2026-11-26T00:00:00Z")).unwrap();
        assert_eq!((command, &fields[0]), (SET_UTC, &(0, Tlv::Uint(848_966_400_000_000))));
    }

    #[test]
    fn a_zone_is_its_winter_and_the_summer_that_is_or_comes_next() {
        let seasons = |now: &str, zone: &str| {
            let (winter, summer) = super::seasons(at(now), &TimeZone::get(zone).unwrap());
            let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
            (winter, summer.offset, time(summer.from), time(summer.until))
        };
        let of = |winter, offset, from: &str, until: &str| (winter, offset, from.to_owned(), until.to_owned());
        let berlin = of(3600, 3600, "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z");
        assert_eq!(seasons("2026-01-15T12:00:00Z", "Europe/Berlin"), berlin);
        assert_eq!(seasons("2026-07-15T12:00:00Z", "Europe/Berlin"), berlin);
        let lord_howe = of(37_800, 1800, "2026-10-03T15:30:00Z", "2027-04-03T15:00:00Z");
        assert_eq!(seasons("2026-12-24T12:00:00Z", "Australia/Lord_Howe"), lord_howe);
        assert_eq!(seasons("2026-07-15T12:00:00Z", "Asia/Shanghai"), of(28_800, 0, "", ""));
        assert_eq!(seasons("2026-07-15T12:00:00Z", "UTC"), of(0, 0, "", ""));
    }
}
