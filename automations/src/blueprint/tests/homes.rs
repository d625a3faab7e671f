//! Every blueprint of the hub, at work in a home.

use std::{path::Path as FilePath, sync::Arc};

use hub_model::{
    Actor, Cause, Device, DeviceId, EndpointKind, Event, Home, Outcome, What,
    capability::{PropertySpec, battery, brightness, doorbell, on_off, presence, thermostat},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    blueprint::{Library, Use},
    engine::Effect,
    parse::parse,
    review::review,
    rule::Rule,
    sample,
    twin::{Around, Twin, Witness, asked},
};

/// Each blueprint with what it works with here: one home in which all of them live together.
const USES: [(&str, &[(&str, &str)]); 15] = [
    ("away", &[("lights", "room:kitchen"), ("heating", "heater")]),
    ("button-light", &[("button", "bedside-button"), ("light", "bedside-lamp")]),
    ("clear-air", &[("sensor", "kitchen-air")]),
    ("doorbell", &[("bell", "bell"), ("light", "bench-lamp")]),
    ("good-night", &[("button", "bedside-button")]),
    ("laundry-done", &[("meter", "washer")]),
    ("leak-valve", &[("sensor", "leak-sensor"), ("valve", "water-valve")]),
    ("left-open", &[]),
    ("low-battery", &[]),
    ("motion-light", &[("motion", "hall-motion"), ("light", "hall-lamp")]),
    ("night-light", &[("motion", "bathroom-motion"), ("light", "bench-lamp")]),
    ("open-window-heating", &[("windows", "bedroom-window"), ("heating", "heater")]),
    ("presence-simulation", &[("first", "hall-lamp"), ("second", "kitchen-lamp")]),
    ("thermostat-schedule", &[("thermostat", "heater")]),
    ("wake-up-light", &[("light", "bedside-lamp")]),
];

fn home() -> Home {
    let mut home = sample::reachable_home("Europe/Berlin");
    let add = |home: &mut Home, handle: &str, kind, properties: &[&'static PropertySpec]| {
        let mut device: Device = sample::device(handle, "Hall", kind, properties);
        if handle == "bell" {
            device = sample::happening(device, vec![(&doorbell::RING).into()]);
        }
        home.put(Arc::new(device));
        home.device_mut(DeviceId::named(handle)).unwrap().reachable = true;
    };
    add(&mut home, "alex", EndpointKind::Person, &[&presence::HOME]);
    add(&mut home, "robin", EndpointKind::Person, &[&presence::HOME]);
    add(&mut home, "heater", EndpointKind::Thermostat, &[&thermostat::MODE, &thermostat::HEATING]);
    add(&mut home, "bell", EndpointKind::Button, &[]);
    add(&mut home, "remote", EndpointKind::Sensor, &[&battery::LEVEL]);
    add(&mut home, "strip", EndpointKind::Light, &[&on_off::ON, &brightness::LEVEL]);
    home
}

fn rule(blueprint: &str, told: &[(&str, &str)]) -> Arc<Rule> {
    let blueprint = Library::builtin().find(blueprint).unwrap().clone();
    let answer = |(input, text): &(&str, &str)| {
        let input = blueprint.input(input).unwrap();
        (input.id.clone(), input.takes.typed(text))
    };
    let answers = told.iter().map(answer).collect();
    let text = Use { name: blueprint.name.clone(), blueprint, answers }.text().unwrap();
    let parsed = parse(&FilePath::new("mine.toml").into(), &text);
    assert_eq!(parsed.broken, []);
    Arc::new(parsed.rules.into_iter().next().unwrap())
}

fn all() -> Vec<Arc<Rule>> {
    USES.iter().map(|(blueprint, told)| rule(blueprint, told)).collect()
}

/// What the rule does, with the time since the beginning.
struct Deeds(Timestamp, Vec<String>);

impl Witness for Deeds {
    fn event(&mut self, _: &Home, _: &Event) {}

    fn effect(&mut self, home: &Home, at: Timestamp, effect: &Effect, _: Outcome) {
        let since = at.duration_since(self.0);
        if let Effect::Notify { notice, .. } = effect {
            self.1.push(format!("{since:#} says {}", notice.title));
        }
        for (path, value) in asked(home, effect) {
            let handle = &home.device(path.device).unwrap().device.handle;
            self.1.push(format!("{since:#} {handle}/{}={value}", path.property));
        }
    }
}

/// One blueprint in the home of a Monday; a script of what happens (`+5m` lets time pass), and what the rule does.
fn play(blueprint: &str, from: &str, script: &[&str]) -> Vec<String> {
    let (_, told) = USES.iter().find(|(name, _)| *name == blueprint).unwrap();
    let begin: Timestamp = format!("2026-11-23T{from}:00+01:00").parse().unwrap();
    let mut deeds = Deeds(begin, Vec::new());
    let around = Around { rules: vec![rule(blueprint, told)], ..Around::default() };
    let mut twin = Twin::new(home(), around, begin, &mut deeds);
    for line in script {
        if let Some(span) = line.strip_prefix('+') {
            let until = twin.now() + span.parse::<SignedDuration>().unwrap();
            twin.pass(until, &mut deeds);
        } else if let Some((path, value)) = line.split_once('=') {
            let path = sample::path(twin.home(), path);
            let new = match value {
                "true" | "false" => (value == "true").into(),
                number => number.parse::<f64>().unwrap().into(),
            };
            let what = What::Changed { path, old: hub_model::Value::Unknown, new };
            twin.happen(what, Cause::root(Actor::Hub), &mut deeds);
        } else {
            let (handle, occurrence) = line.split_once('!').unwrap();
            let device = twin.home().by_handle(handle).unwrap().device.clone();
            let endpoint = device.endpoints[0].id.clone();
            let what = What::Occurred { device: device.id, endpoint, occurrence: occurrence.parse().unwrap() };
            twin.happen(what, Cause::root(Actor::Hub), &mut deeds);
        }
    }
    deeds.1
}

#[test]
fn the_blueprints_live_together_without_any_finding() {
    let rules = all();
    assert_eq!(rules.len(), Library::builtin().all().count());
    let home = home();
    for rule in &rules {
        assert_eq!(crate::resolve::resolve(rule, &home).err(), None);
    }
    let review = review(&rules, &home, "2026-11-23T11:00:00Z".parse().unwrap());
    assert_eq!(review.findings.iter().map(|finding| finding.fault.to_string()).collect::<Vec<_>>(), [""; 0]);
    assert!(!review.cut_short);
}

#[test]
fn lights_follow_people() {
    let motion = "hall-motion/occupancy.occupied";
    let deeds = play("motion-light", "18:00", &[&format!("{motion}=true"), "+5m", &format!("{motion}=false"), "+10m"]);
    assert_eq!(deeds, ["0s hall-lamp/on_off.on=true", "8m hall-lamp/on_off.on=false"]);
    let motion = "bathroom-motion/occupancy.occupied=true";
    assert_eq!(play("night-light", "18:00", &[motion]), [""; 0]);
    let deeds = play("night-light", "23:00", &[motion, "+5m"]);
    assert_eq!(
        deeds,
        ["0s bench-lamp/on_off.on=true", "0s bench-lamp/brightness.level=5", "2m bench-lamp/on_off.on=false"]
    );
    let deeds = play("button-light", "18:00", &["bedside-button!button.single", "+1m", "bedside-button!button.single"]);
    assert_eq!(deeds, ["0s bedside-lamp/on_off.on=true", "1m bedside-lamp/on_off.on=false"]);
    let deeds = play("wake-up-light", "06:00", &["+48h"]);
    assert_eq!(
        deeds[..3],
        [
            "30m bedside-lamp/on_off.on=true",
            "30m bedside-lamp/brightness.level=1",
            "30m 5s bedside-lamp/brightness.level=100"
        ]
    );
    assert_eq!(deeds.len(), 6);
}

#[test]
fn people_who_leave_take_light_and_warmth_with_them() {
    let script = [
        "alex/presence.home=true",
        "robin/presence.home=true",
        "alex/presence.home=false",
        "+1h",
        "robin/presence.home=false",
        "+1h",
    ];
    let deeds = play("away", "10:00", &script);
    assert_eq!(
        deeds,
        [
            "1h 5m wall-switch/on_off.on=false",
            "1h 5m wall-switch/on_off.on=false",
            "1h 5m kitchen-lamp/on_off.on=false",
            "1h 5m heater/thermostat.heating_setpoint=16"
        ]
    );
    // The span begins when the last one leaves.
    let script = ["alex/presence.home=true", "robin/presence.home=true", "alex/presence.home=false", "+2m"];
    let deeds = play("away", "10:00", &[&script[..], &["robin/presence.home=false", "+1h"]].concat());
    assert_eq!(deeds.last().map(String::as_str), Some("7m heater/thermostat.heating_setpoint=16"));
    assert!(deeds.iter().all(|deed| deed.starts_with("7m ")), "{deeds:?}");
    let evening = ["alex/presence.home=false", "robin/presence.home=false", "+8h"];
    let deeds = play("presence-simulation", "19:00", &evening);
    let wanted = [
        "10m hall-lamp/on_off.on=true",
        "1h 40m kitchen-lamp/on_off.on=true",
        "1h 40m hall-lamp/on_off.on=false",
        "3h 10m kitchen-lamp/on_off.on=false",
    ];
    assert_eq!(deeds, wanted);
    assert_eq!(play("presence-simulation", "19:00", &["alex/presence.home=true", "+8h"]), [""; 0]);
    let deeds = play(
        "good-night",
        "23:00",
        &["front-door/contact.open=true", "bedroom-window/contact.open=true", "bedside-button!button.long"],
    );
    assert!(
        deeds.contains(&"0s front-door-lock/lock.state=locked".to_owned())
            && deeds.contains(&"0s says Good night".to_owned()),
        "{deeds:?}"
    );
}

#[test]
fn warmth_follows_the_clock_and_the_windows() {
    let deeds = play("thermostat-schedule", "05:00", &["+24h"]);
    assert_eq!(deeds, ["1h heater/thermostat.heating_setpoint=21", "17h heater/thermostat.heating_setpoint=17"]);
    let window = "bedroom-window/contact.open";
    let deeds = play("open-window-heating", "12:00", &[&format!("{window}=true"), "+10m", &format!("{window}=false")]);
    assert_eq!(deeds, ["2m heater/thermostat.mode=off", "10m heater/thermostat.mode=heat"]);
    let air = "kitchen-air/particulates.pm2_5";
    let deeds = play(
        "clear-air",
        "12:00",
        &[&format!("{air}=50"), "+10m", &format!("{air}=20"), "+10m", &format!("{air}=5"), "+1h"],
    );
    assert_eq!(deeds, ["2m air-purifier/on_off.on=true", "30m air-purifier/on_off.on=false"]);
}

#[test]
fn what_needs_somebody_is_said() {
    let script = [
        "washer/power.watts=400",
        "+1h",
        "washer/power.watts=3",
        "+1m",
        "washer/power.watts=90",
        "+1m",
        "washer/power.watts=2",
        "+10m",
    ];
    assert_eq!(play("laundry-done", "12:00", &script), ["1h 4m says Laundry"]);
    let deeds = play("leak-valve", "12:00", &["leak-sensor/leak.detected=true"]);
    assert_eq!(deeds, ["0s says Water leak", "0s water-valve/valve.open=false"]);
    let open = "front-door/contact.open";
    assert_eq!(play("left-open", "12:00", &[&format!("{open}=true"), "+5m", &format!("{open}=false"), "+1h"]), [""; 0]);
    assert_eq!(play("left-open", "12:00", &[&format!("{open}=true"), "+1h"]), ["10m says Left open"]);
    let level = "remote/battery.level";
    assert_eq!(
        play(
            "low-battery",
            "12:00",
            &[40, 14, 16, 14, 100, 14].map(|left| format!("{level}={left}")).each_ref().map(|it| &**it)
        ),
        ["0s says Low battery", "0s says Low battery"]
    );
    let deeds = play("doorbell", "12:00", &["bell!doorbell.ring", "+5m"]);
    assert_eq!(deeds, ["0s says Doorbell", "0s bench-lamp/on_off.on=true", "1m bench-lamp/on_off.on=false"]);
}
