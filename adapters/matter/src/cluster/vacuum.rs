//! Vacuum robots (Application Cluster Specification §7.2 to §7.4): what they do, how they run and how they clean.

use std::time::Duration;

use hub_model::{
    PropertyOffer, Value,
    capability::{problem, vacuum},
};

use super::{Cluster, Deed, Family, Refusal, Row, Wanted, mode, view::or_unknown};

const STATE_CLUSTER: u32 = 0x0061;
const RUN_CLUSTER: u32 = 0x0054;

const STATE_OF: u32 = 0x0004;
const ERROR: u32 = 0x0005;

const PAUSE: u32 = 0x00;
const RESUME: u32 = 0x03;
const GO_HOME: u32 = 0x80;

const PAUSED: u64 = 2;
const SEEKING_CHARGER: u64 = 64;

/// The tags of run modes.
const IDLE: u64 = 0x4000;
const CLEANING: u64 = 0x4001;

/// A robot takes its time to wake and to turn round.
const SETTING_OUT: Duration = Duration::from_secs(30);

/// Resting at the dock is one thing to people, whatever the robot does there: it charges, empties its bin, washes its mop.
const STATES: &[(u64, &str)] = &[
    (0, "idle"),
    (1, "cleaning"),
    (PAUSED, "paused"),
    (3, "error"),
    (SEEKING_CHARGER, "returning"),
    (65, "docked"),
    (66, "docked"),
    (67, "docked"),
    (68, "docked"),
    (69, "docked"),
    (70, "idle"),
];

/// RVC Operational State.
pub(super) static STATE: Family = Family {
    clusters: &[STATE_CLUSTER],
    rows: &[
        Row::of(
            &[STATE_OF],
            |_| Some(PropertyOffer::new(&vacuum::STATE).within_time(SETTING_OUT)),
            |cluster| cluster.read_word(STATE_OF, STATES),
        ),
        Row::whole(&[ERROR], &problem::DETECTED, |cluster| or_unknown(has_error(cluster))),
    ],
    deeds: &[
        Deed::of(&vacuum::PAUSE, |cluster| cluster.takes(PAUSE)).within(SETTING_OUT),
        Deed::of(&vacuum::RETURN_HOME, |cluster| cluster.takes(GO_HOME)).within(SETTING_OUT),
    ],
    plan: plan_state,
    ..Family::OF_NOTHING
};

fn has_error(cluster: &Cluster<'_>) -> Option<bool> {
    Some(cluster.get(ERROR)?.field(0)?.as_uint()? != 0)
}

fn plan_state(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    wanted.act(cluster, &[(&vacuum::PAUSE, PAUSE), (&vacuum::RETURN_HOME, GO_HOME)]);
    Ok(())
}

/// RVC Run Mode.
pub(super) static RUN: Family = Family {
    clusters: &[RUN_CLUSTER],
    deeds: &[
        Deed::of(&vacuum::START, |cluster| has_tag(cluster, CLEANING)).within(SETTING_OUT),
        Deed::of(&vacuum::STOP, |cluster| has_tag(cluster, IDLE)).within(SETTING_OUT),
    ],
    plan: plan_run,
    ..Family::OF_NOTHING
};

fn has_tag(cluster: &Cluster<'_>, tag: u64) -> bool {
    mode::options(cluster).iter().any(|option| option.tags.contains(&tag))
}

fn plan_run(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    if wanted.take_deed(&vacuum::START).is_some() {
        let state = cluster.sibling(STATE_CLUSTER);
        match state.filter(|state| state.uint(STATE_OF) == Some(PAUSED) && state.takes(RESUME)) {
            Some(paused) => wanted.invoke(&paused, RESUME, Vec::new()),
            None if mode::change_to_tag(cluster, wanted, CLEANING) => {}
            None => return Err(Refusal::Unsupported("cleaning: it has no such mode".into())),
        }
    }
    if wanted.take_deed(&vacuum::STOP).is_some() && !mode::change_to_tag(cluster, wanted, IDLE) {
        return Err(Refusal::Unsupported("stopping: it has no idle mode".into()));
    }
    Ok(())
}

/// RVC Clean Mode.
pub(super) static CLEAN: Family = Family {
    clusters: &[0x0055],
    rows: &[Row::of(
        &[mode::CURRENT],
        |cluster| {
            let labels = mode::labels(cluster);
            (!labels.is_empty()).then(|| PropertyOffer::new(&vacuum::SUCTION).words(labels))
        },
        mode::read,
    )],
    plan: |cluster, wanted| match wanted.take(&vacuum::SUCTION) {
        Some(Value::Text(label)) => mode::change(cluster, wanted, &label),
        _ => Ok(()),
    },
    ..Family::OF_NOTHING
};
