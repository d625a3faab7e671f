//! The device as a machine: which one it is, what runs on it, and how it fares (Core Specification §11, §9.13 and §11.20).

use hub_model::{
    Value,
    capability::{diagnostics, firmware, identify, vacuum},
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted};
use crate::wire::Tlv;

const IDENTIFY_COMMAND: u32 = 0x00;
const IDENTIFY_TYPE: u32 = 0x0001;

/// The device type of a vacuum robot.
const ROBOT: u32 = 0x0074;

/// How long a device shows itself, if nothing else is said, in s.
const USUAL_TIME: f64 = 10.0;

/// Identify.
pub(super) static IDENTIFY: Family = Family {
    clusters: &[0x0003],
    deeds: &[
        Deed::of(&identify::IDENTIFY, can_show_itself),
        Deed::of(&vacuum::LOCATE, |cluster| cluster.is(ROBOT) && can_show_itself(cluster)),
    ],
    plan: plan_identify,
    ..Family::OF_NOTHING
};

/// Not if it says that it has nothing to show itself with.
fn can_show_itself(cluster: &Cluster<'_>) -> bool {
    cluster.uint(IDENTIFY_TYPE) != Some(0)
}

fn plan_identify(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let arguments = wanted.take_deed(&identify::IDENTIFY).or_else(|| wanted.take_deed(&vacuum::LOCATE));
    if let Some(arguments) = arguments {
        let seconds = arguments.get("duration").and_then(Value::as_number).unwrap_or(USUAL_TIME);
        let seconds = seconds.round().clamp(1.0, 65_535.0) as u64;
        wanted.invoke(cluster, IDENTIFY_COMMAND, vec![(0, Tlv::Uint(seconds))]);
    }
    Ok(())
}

const VERSION: u32 = 0x000A;

/// Basic Information, and that of a bridged device.
pub(super) static BASIC: Family = Family {
    clusters: &[0x0028, 0x0039],
    rows: &[Row::whole(&[VERSION], &firmware::INSTALLED, |cluster| {
        cluster.text(VERSION).map_or(Value::Unknown, Value::text)
    })],
    ..Family::OF_NOTHING
};

const UPDATE_STATE: u32 = 0x0002;
const UPDATE_PROGRESS: u32 = 0x0003;

/// The states in which an update is being fetched, applied, or waits for a person's word.
const UPDATING: std::ops::RangeInclusive<u64> = 4..=8;
const ROLLING_BACK: u64 = 7;

/// OTA Software Update Requestor.
pub(super) static UPDATE: Family = Family {
    clusters: &[0x002A],
    rows: &[
        Row::whole(&[UPDATE_STATE], &firmware::AVAILABLE, |cluster| match cluster.uint(UPDATE_STATE) {
            Some(ROLLING_BACK) => false.into(),
            Some(state) if UPDATING.contains(&state) => true.into(),
            // Whoever idles or asks does not say whether there is one.
            _ => Value::Unknown,
        }),
        Row::number(&[UPDATE_PROGRESS], &firmware::PROGRESS, 1.0),
    ],
    ..Family::OF_NOTHING
};

const REBOOTS: u32 = 0x0001;
const UPTIME: u32 = 0x0002;
const BOOT_REASON: u32 = 0x0004;

/// General Diagnostics.
pub(super) static DIAGNOSTICS: Family = Family {
    clusters: &[0x0033],
    rows: &[
        Row::number(&[REBOOTS], &diagnostics::RESTARTS, 1.0),
        Row::number(&[UPTIME], &diagnostics::UPTIME, 1.0),
        Row::whole(&[BOOT_REASON], &diagnostics::RESTART_REASON, |cluster| cluster.read_word(BOOT_REASON, REASONS)),
    ],
    ..Family::OF_NOTHING
};

const REASONS: &[(u64, &str)] =
    &[(1, "power"), (2, "brownout"), (3, "watchdog"), (4, "watchdog"), (5, "update"), (6, "software")];

const WIFI_RSSI: u32 = 0x0004;

/// Wi-Fi Network Diagnostics.
pub(super) static WIFI: Family =
    Family { clusters: &[0x0036], rows: &[Row::number(&[WIFI_RSSI], &diagnostics::SIGNAL, 1.0)], ..Family::OF_NOTHING };

const NEIGHBOURS: u32 = 0x0007;
/// The field of a neighbour that is its mean signal.
const MEAN_RSSI: u8 = 6;

/// Thread Network Diagnostics: the strongest of its neighbours is the one that it speaks through.
pub(super) static THREAD: Family = Family {
    clusters: &[0x0035],
    rows: &[Row::whole(&[NEIGHBOURS], &diagnostics::SIGNAL, strongest)],
    ..Family::OF_NOTHING
};

fn strongest(cluster: &Cluster<'_>) -> Value {
    let neighbours = cluster.get(NEIGHBOURS).map_or(&[][..], Tlv::items).iter();
    let signals = neighbours.filter_map(|neighbour| neighbour.field(MEAN_RSSI)?.as_int());
    signals.max().map_or(Value::Unknown, |signal| (signal as f64).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        node::Mirror,
        wire::{AttributePath, AttributeReport},
    };

    #[test]
    fn whether_there_is_an_update_is_unknown_to_who_only_idles_or_asks() {
        let available = |state: u64| {
            let mut mirror = Mirror::default();
            let path = AttributePath::new(0, 0x002A, UPDATE_STATE);
            mirror.put(AttributeReport { path, data_version: 1, value: Tlv::Uint(state) });
            UPDATE.rows[0].read(&Cluster::new(&mirror, 0, 0x002A))
        };
        // Unknown, Idle, Querying, DelayedOnQuery (11.20.7.4.2).
        assert!((0..=3).all(|state| available(state) == Value::Unknown));
        // Downloading, Applying, DelayedOnApply, RollingBack, DelayedOnUserConsent.
        assert_eq!([4, 5, 6, 7, 8].map(available), [true, true, true, false, true].map(Value::from));
    }
}
