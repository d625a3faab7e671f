//! Fan Control (§4.4): fans, air purifiers and what blows in an air conditioner.

use hub_model::{
    Limits, PropertyOffer, Value,
    capability::{fan, on_off},
};

use super::{Cluster, Family, Refusal, Row, Wanted, on_off as switching, view::or_unknown, wanted::number_of};
use crate::wire::Tlv;

const CLUSTER: u32 = 0x0202;
const MODE: u32 = 0x0000;
const SEQUENCE: u32 = 0x0001;
const PERCENT_SETTING: u32 = 0x0002;
const PERCENT_CURRENT: u32 = 0x0003;
const SPEEDS: u32 = 0x0004;
const ROCKS: u32 = 0x0007;
const ROCK: u32 = 0x0008;
const WINDS: u32 = 0x0009;
const WIND: u32 = 0x000A;
const DIRECTION: u32 = 0x000B;

const HAS_SPEEDS: u32 = 0;
const HAS_WIND: u32 = 3;

const OFF: u64 = 0;

/// The fan modes and the words for them. "On" means high, by the specification, and "smart" means auto.
const MODES: &[(u64, &str)] =
    &[(OFF, "off"), (1, "low"), (2, "medium"), (3, "high"), (5, "auto"), (4, "high"), (6, "auto")];

/// The bits of the winds, and the words for them.
const WIND_WORDS: &[(u64, &str)] = &[(1, "sleep"), (2, "natural")];

const DIRECTIONS: &[(u64, &str)] = &[(0, "forward"), (1, "reverse")];

/// The sequences of modes that a fan may have, by their numbers.
const SEQUENCES: &[&[&str]] = &[
    &["off", "low", "medium", "high"],
    &["off", "low", "high"],
    &["off", "low", "medium", "high", "auto"],
    &["off", "low", "high", "auto"],
    &["off", "high", "auto"],
    &["off", "high"],
];

pub(super) static FAMILY: Family = Family { clusters: &[CLUSTER], rows: ROWS, plan, ..Family::OF_NOTHING };

const ROWS: &[Row] = &[
    Row::of(
        &[MODE, PERCENT_SETTING],
        |cluster| (!is_switched(cluster)).then(|| PropertyOffer::new(&on_off::ON)),
        |cluster| or_unknown(cluster.uint(MODE).map(|mode| mode != OFF)),
    ),
    Row::of(
        &[PERCENT_SETTING, PERCENT_CURRENT],
        |cluster| Some(PropertyOffer::new(&fan::SPEED).within(speeds(cluster))),
        // What it is set to, unless it decides for itself.
        |cluster| {
            let percent = cluster.number(PERCENT_SETTING, 1.0).or_else(|| cluster.number(PERCENT_CURRENT, 1.0));
            or_unknown(percent)
        },
    ),
    Row::of(&[MODE, WIND], |cluster| Some(PropertyOffer::new(&fan::MODE).words(modes(cluster))), mode),
    Row::whole(&[ROCK], &fan::OSCILLATION, |cluster| or_unknown(cluster.bits(ROCK, u64::MAX))),
    Row::whole(&[DIRECTION], &fan::DIRECTION, |cluster| cluster.read_word(DIRECTION, DIRECTIONS)),
];

/// Whether a cluster beside it switches it on and off.
fn is_switched(cluster: &Cluster<'_>) -> bool {
    cluster.sibling(switching::CLUSTER).is_some()
}

fn speeds(cluster: &Cluster<'_>) -> Limits {
    let steps =
        cluster.number(SPEEDS, 1.0).filter(|steps| cluster.feature(HAS_SPEEDS) && (1.0..=100.0).contains(steps));
    Limits::new(0.0, 100.0).by(steps.map_or(1.0, |steps| 100.0 / steps))
}

fn sequence(cluster: &Cluster<'_>) -> &'static [&'static str] {
    let number = cluster.uint(SEQUENCE).and_then(|number| usize::try_from(number).ok());
    number.and_then(|number| SEQUENCES.get(number)).unwrap_or(&SEQUENCES[0])
}

fn winds<'a>(cluster: &'a Cluster<'_>) -> impl Iterator<Item = &'static (u64, &'static str)> + 'a {
    let supported = cluster.uint(WINDS).filter(|_| cluster.feature(HAS_WIND)).unwrap_or(0);
    WIND_WORDS.iter().filter(move |(bit, _)| supported & bit != 0)
}

fn modes(cluster: &Cluster<'_>) -> Vec<&'static str> {
    sequence(cluster).iter().copied().chain(winds(cluster).map(|(_, word)| *word)).collect()
}

/// The wind that blows, else the mode.
fn mode(cluster: &Cluster<'_>) -> Value {
    let blowing = cluster.uint(WIND).unwrap_or(0);
    let wind = winds(cluster).find(|(bit, _)| blowing & bit != 0);
    wind.map_or_else(|| cluster.read_word(MODE, MODES), |(_, word)| Value::text(*word))
}

fn plan(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let on = if is_switched(cluster) { None } else { wanted.take_bool(&on_off::ON) };
    let speed = wanted.take_number(&fan::SPEED).map(|speed| speed.round().clamp(0.0, 100.0) as u64);
    let mode = wanted.take_text(&fan::MODE);
    let runs = speed.is_some_and(|speed| speed > 0) || mode.as_deref().is_some_and(|mode| mode != "off");
    match on {
        Some(false) => write_mode(cluster, wanted, "off")?,
        Some(true) if !runs => write_mode(cluster, wanted, usual(cluster))?,
        _ => {
            if let Some(mode) = &mode {
                write_mode(cluster, wanted, mode)?;
            }
            if let Some(speed) = speed {
                wanted.write(cluster.path(PERCENT_SETTING), Tlv::Uint(speed));
            }
        }
    }
    let switch = cluster.sibling(switching::CLUSTER);
    if runs && switch.is_some_and(|switch| switch.bool(switching::ON_OFF) == Some(false)) {
        wanted.also(&on_off::ON, true);
    }
    if let Some(swings) = wanted.take_bool(&fan::OSCILLATION) {
        let rocks = cluster.uint(ROCKS).filter(|rocks| *rocks != 0).unwrap_or(1);
        // The first way in which it can rock: from side to side, where it can do that.
        let first = rocks & rocks.wrapping_neg();
        wanted.write(cluster.path(ROCK), Tlv::Uint(if swings { first } else { 0 }));
    }
    if let Some(direction) = wanted.take_word(&fan::DIRECTION, DIRECTIONS)? {
        wanted.write(cluster.path(DIRECTION), Tlv::Uint(direction));
    }
    Ok(())
}

/// What it does when it is switched on and nothing else is said: what it decides by itself, else nothing extreme.
fn usual(cluster: &Cluster<'_>) -> &'static str {
    let sequence = sequence(cluster);
    ["auto", "medium", "low", "high"].into_iter().find(|word| sequence.contains(word)).unwrap_or("high")
}

fn write_mode(cluster: &Cluster<'_>, wanted: &mut Wanted, word: &str) -> Result<(), Refusal> {
    if let Some((bit, _)) = winds(cluster).find(|(_, known)| *known == word) {
        wanted.write(cluster.path(WIND), Tlv::Uint(*bit));
        return Ok(());
    }
    if cluster.uint(WIND).is_some_and(|wind| wind != 0) {
        wanted.write(cluster.path(WIND), Tlv::Uint(0));
    }
    wanted.write(cluster.path(MODE), Tlv::Uint(number_of(MODES, word)?));
    Ok(())
}
