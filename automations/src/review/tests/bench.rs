//! The sample home on a Monday in Berlin.

use std::{path::Path as FilePath, sync::Arc};

use hub_model::{DeviceId, EndpointId, Home, Scene, SceneId, SceneStep, Target, capability::on_off};

use crate::{
    parse::parse,
    review::{Review, review},
    rule::Rule,
    sample,
};

pub(super) fn rules(text: &str) -> Vec<Arc<Rule>> {
    let parsed = parse(&FilePath::new("rules.toml").into(), text);
    assert_eq!(parsed.broken, [], "{text}");
    parsed.rules.into_iter().map(Arc::new).collect()
}

pub(super) fn review_of(rules: &[Arc<Rule>]) -> Review {
    review(rules, &home(), "2026-11-23T11:00:00Z".parse().unwrap())
}

/// The sample home, with a scene that does something.
pub(super) fn home() -> Home {
    let mut home = sample::home("Europe/Berlin");
    let step = SceneStep {
        target: Target { device: DeviceId::named("kitchen-lamp"), endpoint: EndpointId::first() },
        set: vec![((&on_off::ON).into(), true.into())],
        invoke: None,
        transition: None,
    };
    let scene = Scene {
        id: SceneId::named("cooking"),
        handle: "cooking".parse().unwrap(),
        name: "Cooking".into(),
        icon: None,
        position: 0,
        steps: vec![step],
    };
    home.scenes.insert(scene.id, Arc::new(scene));
    home
}

/// The findings on some rules, each in words.
pub(super) fn found(text: &str) -> Vec<String> {
    let review = review_of(&rules(text));
    assert!(!review.cut_short);
    review.findings.iter().map(|finding| finding.fault.to_string()).collect()
}

/// A rule.
pub(super) fn rule(name: &str, when: &str, rest: &str) -> String {
    format!("[[rule]]\nname = \"{name}\"\nwhen = [ {{ {when} }} ]\n{rest}\n")
}

/// A rule that switches a lamp.
pub(super) fn switches(name: &str, when: &str, lamp: &str, on: bool) -> String {
    rule(name, when, &format!("then = [ {} ]", set(lamp, on)))
}

/// What switches a lamp.
pub(super) fn set(lamp: &str, on: bool) -> String {
    format!("{{ set = {{ target = \"{lamp}\", \"on_off.on\" = {on} }} }}")
}

/// That a lamp becomes on or off.
pub(super) fn becomes(lamp: &str, on: bool) -> String {
    format!("property = {{ of = \"{lamp}/on_off.on\", becomes = {on} }}")
}
