//! On/Off (Application Cluster Specification §1.5). On a loudspeaker it is the opposite of mute.

use hub_model::{
    PropertyOffer,
    capability::{media, on_off},
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted, view::or_unknown};

pub(super) const CLUSTER: u32 = 0x0006;
pub(super) const ON_OFF: u32 = 0x0000;

/// The device type of a loudspeaker.
pub(super) const SPEAKER: u32 = 0x0022;

const OFF: u32 = 0x00;
const ON: u32 = 0x01;
const TOGGLE: u32 = 0x02;

/// The feature of devices that can only be switched off from afar.
const OFF_ONLY: u32 = 2;

pub(super) static FAMILY: Family =
    Family { clusters: &[CLUSTER], rows: ROWS, deeds: DEEDS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[
    Row::of(
        &[ON_OFF],
        |cluster| (!cluster.is(SPEAKER)).then(|| PropertyOffer::new(&on_off::ON)),
        |cluster| cluster.read_bool(ON_OFF),
    ),
    Row::of(
        &[ON_OFF],
        |cluster| cluster.is(SPEAKER).then(|| PropertyOffer::new(&media::MUTED)),
        |cluster| or_unknown(cluster.bool(ON_OFF).map(|on| !on)),
    ),
];

const DEEDS: &[Deed] =
    &[Deed::of(&on_off::TOGGLE, |cluster| !cluster.is(SPEAKER) && !cluster.feature(OFF_ONLY) && cluster.takes(TOGGLE))];

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let on = if cluster.is(SPEAKER) {
        wanted.take_bool(&media::MUTED).map(|muted| !muted)
    } else {
        wanted.take_bool(&on_off::ON)
    };
    match on {
        Some(true) if cluster.feature(OFF_ONLY) => {
            return Err(Refusal::Unsupported("being switched on from afar".into()));
        }
        Some(true) => wanted.invoke(cluster, ON, Vec::new()),
        Some(false) => switch_off(cluster, wanted),
        None => {}
    }
    wanted.act(cluster, &[(&on_off::TOGGLE, TOGGLE)]);
    Ok(())
}

/// Switches off, whichever cluster of the endpoint asks for it.
pub(super) fn switch_off(cluster: &Cluster<'_>, wanted: &mut Wanted) {
    wanted.invoke(cluster, OFF, Vec::new());
}
