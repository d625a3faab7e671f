//! Small homes: a few properties with one value on each side of every place at which a condition of the random rules
//! turns, and everything that can happen in them.

use std::collections::BTreeMap;

use hub_model::{Home, Path, RuleId, Signal, Value};
use jiff::Timestamp;

use super::super::super::{
    Stimulus,
    case::{Case, Given, State},
};
use crate::sample;

/// A property and all that rules may say of it, as TOML.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) name: &'static str,
    /// A value of each kind that the tests tell apart.
    pub(super) values: &'static [&'static str],
    /// What triggers and conditions may ask.
    pub(super) tests: &'static [&'static str],
    /// What rules may set it to; nothing where they can't.
    pub(super) writes: &'static [&'static str],
}

const TRUTHS: &[&str] = &["true", "false"];
const IS: &[&str] = &["is = true", "is = false"];
const MOTION: Thing = Thing { name: "hall-motion/occupancy.occupied", values: TRUTHS, tests: IS, writes: &[] };
const DOOR: Thing = Thing { name: "front-door/contact.open", values: TRUTHS, tests: IS, writes: &[] };
const HALL: Thing = Thing { name: "hall-lamp/on_off.on", values: TRUTHS, tests: IS, writes: TRUTHS };
const KITCHEN: Thing = Thing { name: "kitchen-lamp/on_off.on", values: TRUTHS, tests: IS, writes: TRUTHS };
const LEVEL: Thing = Thing {
    name: "hall-lamp/brightness.level",
    values: &["10", "30", "50", "70", "90"],
    tests: &["above = 30", "below = 30", "above = 70", "below = 70", "is = 50", "above = 30, below = 70"],
    writes: &["10", "50", "90"],
};
const WARMTH: Thing = Thing {
    name: "bathroom-climate/temperature.measured",
    values: &["15", "20", "22", "25", "30"],
    tests: &["above = 20", "below = 20", "above = 25", "below = 25", "above = 20, below = 25"],
    writes: &[],
};
const MODE: Thing = Thing {
    name: "house/house.mode",
    values: &["\"home\"", "\"away\"", "\"night\"", "\"guest\""],
    tests: &["is = \"away\"", "is = \"night\""],
    writes: &["\"away\"", "\"night\"", "\"home\""],
};

/// The homes.
pub(super) const WORLDS: [&[Thing]; 5] = [
    &[MOTION, DOOR, HALL, KITCHEN],
    &[MOTION, HALL, LEVEL],
    &[WARMTH, HALL, KITCHEN],
    &[MODE, HALL, KITCHEN],
    &[WARMTH, LEVEL],
];

/// Two times of day, each the first of a span in which the conditions of the random rules are the same, on a Tuesday and a
/// Monday.
const MOMENTS: [&str; 4] = [
    "2026-11-24T18:00:00+01:00",
    "2026-11-24T22:00:00+01:00",
    "2026-11-30T18:00:00+01:00",
    "2026-11-30T22:00:00+01:00",
];

fn value(text: &str) -> Value {
    match text {
        "true" | "false" => Value::Bool(text == "true"),
        text => text.parse().map_or_else(|_| Value::text(text.trim_matches('"')), Value::Number),
    }
}

/// What happens whatever the state is.
fn anyhow_happens(home: &Home) -> Vec<Stimulus> {
    let button = home.by_handle("bedside-button").unwrap().device.clone();
    let press = Stimulus::Occurs {
        device: button.id,
        endpoint: button.endpoints[0].id.clone(),
        occurrence: "button.single".parse().unwrap(),
    };
    let say = Stimulus::Told(Signal::Phrase { words: "go".into(), language: "en".into() });
    vec![press, say]
}

/// Every state, at every moment, with everything that can happen; in some, things are not known, where that is wanted.
pub(super) fn every_case(home: &Home, world: &[Thing], in_doubt: bool) -> Vec<Case> {
    let paths: Vec<Path> = world.iter().map(|thing| sample::path(home, thing.name)).collect();
    let unknown = in_doubt.then_some(Value::Unknown);
    let values: Vec<Vec<Value>> = world
        .iter()
        .map(|thing| thing.values.iter().map(|text| value(text)).chain(unknown.clone()).collect())
        .collect();
    let mut states: Vec<Vec<usize>> = vec![Vec::new()];
    for of in &values {
        let with =
            |state: &Vec<usize>| (0..of.len()).map(|way| [state.as_slice(), &[way]].concat()).collect::<Vec<_>>();
        states = states.iter().flat_map(with).collect();
    }
    let anyhow = anyhow_happens(home);
    let mut cases = Vec::new();
    for (at, state) in MOMENTS.iter().flat_map(|at| states.iter().map(move |state| (at, state))) {
        let at: Timestamp = at.parse().unwrap();
        let of = |nth: usize| values[nth][state[nth]].clone();
        let given: BTreeMap<_, _> = paths
            .iter()
            .enumerate()
            .map(|(nth, path)| (path.clone(), Given { value: of(nth), lasted: true }))
            .collect();
        let mut push = |happens: Stimulus, given: BTreeMap<Path, Given>| {
            cases.push(Case { at, state: State { given, ..State::default() }, happens });
        };
        anyhow.iter().cloned().chain([Stimulus::Clock(at)]).for_each(|happens| push(happens, given.clone()));
        for (nth, path) in paths.iter().enumerate() {
            let others = values[nth].iter().filter(|new| **new != of(nth) && **new != Value::Unknown);
            for new in others {
                let mut given = given.clone();
                given.remove(path);
                push(Stimulus::Change { path: path.clone(), old: of(nth), new: new.clone() }, given);
            }
        }
    }
    cases
}

/// The ids of the random rules.
pub(super) fn id(nth: usize) -> RuleId {
    RuleId(super::rules::NAMES[nth].to_lowercase().into())
}
