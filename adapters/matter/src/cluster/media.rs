//! What plays: Media Playback, Media Input and Keypad Input (Application Cluster Specification §6.10, §6.9 and §6.8).

use hub_model::{
    PropertyOffer, Value,
    capability::{ActionSpec, media},
};
use smol_str::SmolStr;

use super::{Cluster, Deed, Family, Refusal, Row, Wanted};
use crate::wire::Tlv;

const STATE: u32 = 0x0000;

/// The actions, and the commands that do them.
const DEEDS: [(&ActionSpec, u32); 5] =
    [(&media::PLAY, 0x00), (&media::PAUSE, 0x01), (&media::STOP, 0x02), (&media::PREVIOUS, 0x04), (&media::NEXT, 0x05)];

/// Media Playback.
pub(super) static PLAYBACK: Family = Family {
    clusters: &[0x0506],
    rows: &[Row::whole(&[STATE], &media::STATE, |cluster| {
        cluster.read_word(STATE, &[(0, "playing"), (1, "paused"), (2, "stopped"), (3, "buffering")])
    })],
    deeds: &[
        Deed::of(&media::PLAY, |_| true),
        Deed::of(&media::PAUSE, |_| true),
        Deed::of(&media::STOP, |_| true),
        Deed::of(&media::PREVIOUS, |cluster| cluster.takes(0x04)),
        Deed::of(&media::NEXT, |cluster| cluster.takes(0x05)),
    ],
    plan: plan_playback,
    ..Family::OF_NOTHING
};

fn plan_playback(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    for (spec, command) in DEEDS {
        if let Some(arguments) = wanted.take_deed(spec) {
            if arguments.contains_key("what") {
                return Err(Refusal::Unsupported("`what`: it plays on, and nothing else".into()));
            }
            wanted.invoke(cluster, command, Vec::new());
        }
    }
    Ok(())
}

const INPUTS: u32 = 0x0000;
const INPUT_OF: u32 = 0x0001;
const SELECT_INPUT: u32 = 0x00;

/// Media Input.
pub(super) static INPUT: Family = Family {
    clusters: &[0x0507],
    rows: &[Row::of(
        &[INPUT_OF, INPUTS],
        |cluster| {
            let names: Vec<SmolStr> = inputs(cluster).map(|(_, name)| name.into()).collect();
            (!names.is_empty()).then(|| PropertyOffer::new(&media::SOURCE).words(names))
        },
        |cluster| {
            let current = cluster.uint(INPUT_OF);
            let input = inputs(cluster).find(|(number, _)| Some(*number) == current);
            input.map_or(Value::Unknown, |(_, name)| Value::text(name))
        },
    )],
    plan: plan_input,
    ..Family::OF_NOTHING
};

/// The inputs, by number and name.
fn inputs<'a>(cluster: &Cluster<'a>) -> impl Iterator<Item = (u64, &'a str)> {
    let listed = cluster.get(INPUTS).map_or(&[][..], Tlv::items);
    listed.iter().filter_map(|item| Some((item.field(0)?.as_uint()?, item.field(2)?.as_text()?)))
}

fn plan_input(cluster: &Cluster<'_>, wanted: &mut Wanted) -> Result<(), Refusal> {
    let Some(name) = wanted.take_text(&media::SOURCE) else { return Ok(()) };
    let input = inputs(cluster).find(|(_, known)| *known == name);
    let (number, _) = input.ok_or_else(|| Refusal::OutOfRange(format!("there is no input `{name}`")))?;
    wanted.invoke(cluster, SELECT_INPUT, vec![(0, Tlv::Uint(number))]);
    Ok(())
}

const SEND_KEY: u32 = 0x00;

/// The keys that people use, by HDMI-CEC's numbers.
const KEYS: &[(&str, u64)] = &[
    ("select", 0x00),
    ("up", 0x01),
    ("down", 0x02),
    ("left", 0x03),
    ("right", 0x04),
    ("home", 0x09),
    ("menu", 0x0A),
    ("back", 0x0D),
    ("channel_up", 0x30),
    ("channel_down", 0x31),
    ("volume_up", 0x41),
    ("volume_down", 0x42),
    ("mute", 0x43),
];

/// Keypad Input.
pub(super) static KEYPAD: Family = Family {
    clusters: &[0x0509],
    deeds: &[Deed::of(&media::KEY, |_| true)],
    plan: |cluster, wanted| {
        let Some(arguments) = wanted.take_deed(&media::KEY) else { return Ok(()) };
        let key = arguments.get("key").and_then(Value::as_text).unwrap_or_default();
        let code = KEYS.iter().find(|(known, _)| *known == key);
        let (_, code) = code.ok_or_else(|| Refusal::OutOfRange(format!("there is no key `{key}`")))?;
        wanted.invoke(cluster, SEND_KEY, vec![(0, Tlv::Uint(*code))]);
        Ok(())
    },
    ..Family::OF_NOTHING
};
