//! Random rules of a small home.

use proptest::{collection::vec, prelude::*, sample::select};

use super::world::Thing;

pub(super) const NAMES: [&str; 3] = ["First", "Second", "Third"];

/// Some rules of a home, as a file.
pub(super) fn rules(world: &'static [Thing], count: usize) -> impl Strategy<Value = String> {
    vec(rule(world), count).prop_map(|rules| {
        let named = rules.iter().zip(NAMES).map(|(rule, name)| format!("[[rule]]\nname = \"{name}\"\n{rule}"));
        named.collect()
    })
}

fn rule(world: &'static [Thing]) -> impl Strategy<Value = String> {
    let condition = prop_oneof![
        1 => Just(String::new()),
        2 => condition(world).prop_map(|condition| format!("if = {{ {condition} }}\n")),
    ];
    (vec(trigger(world), 1..3), condition, set(world), vec(action(world), 0..2)).prop_map(
        |(when, condition, first, then)| {
            let then: Vec<_> = std::iter::once(first).chain(then).collect();
            format!("when = [ {} ]\n{condition}then = [ {} ]\n", when.join(", "), then.join(", "))
        },
    )
}

fn trigger(world: &'static [Thing]) -> impl Strategy<Value = String> {
    let becomes = test(world).prop_map(|(name, test)| {
        format!("{{ property = {{ of = \"{name}\", {} }} }}", test.replace("is = ", "becomes = "))
    });
    prop_oneof![
        6 => becomes,
        1 => (0..world.len()).prop_map(|nth| format!("{{ property = {{ of = \"{}\", changes = true }} }}", world[nth].name)),
        1 => Just("{ occurs = { of = \"bedside-button\", what = \"single\" } }".to_owned()),
        1 => Just("{ phrase = \"go\" }".to_owned()),
        1 => select(&NAMES[..]).prop_map(|name| format!("{{ rule = \"{}\" }}", name.to_lowercase())),
        1 => Just("{ at = \"18:00\" }".to_owned()),
        1 => Just("{ at = \"22:00\", days = [\"mon\"] }".to_owned()),
        1 => Just("{ at = \"22:00\" }".to_owned()),
    ]
}

/// A property and something that it may be.
fn test(world: &'static [Thing]) -> impl Strategy<Value = (&'static str, &'static str)> {
    let tests = |thing: &'static Thing| select(thing.tests).prop_map(|test| (thing.name, test));
    (0..world.len()).prop_flat_map(move |nth| tests(&world[nth]))
}

fn condition(world: &'static [Thing]) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => test(world).prop_map(|(name, test)| format!("property = {{ of = \"{name}\", {test} }}")),
        1 => Just("between = [\"18:00\", \"22:00\"]".to_owned()),
        1 => Just("between = [\"22:00\", \"18:00\"]".to_owned()),
        1 => Just("days = [\"mon\"]".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not = {{ {inner} }}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("all = [ {{ {a} }}, {{ {b} }} ]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("any = [ {{ {a} }}, {{ {b} }} ]")),
        ]
    })
}

fn set(world: &'static [Thing]) -> impl Strategy<Value = String> {
    let writable: Vec<(&str, &str)> =
        world.iter().flat_map(|thing| thing.writes.iter().map(|value| (thing.name, *value))).collect();
    select(writable).prop_map(|(name, value)| {
        let (handle, property) = name.split_once('/').unwrap();
        format!("{{ set = {{ target = \"{handle}\", \"{property}\" = {value} }} }}")
    })
}

fn action(world: &'static [Thing]) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => set(world),
        1 => (condition(world), set(world), set(world)).prop_map(|(condition, a, b)| format!("{{ if = {{ {condition} }}, then = [ {a} ], else = [ {b} ] }}")),
        1 => set(world).prop_map(|set| format!("{{ wait = \"10s\" }}, {set}")),
        1 => select(&NAMES[..]).prop_map(|name| format!("{{ run = \"{}\" }}", name.to_lowercase())),
    ]
}
