//! A review of a thousand rules: of one shape, of all shapes that people write, and of many that are in each other's way.

use std::{fmt::Write as _, path::Path as FilePath, sync::Arc, time::Instant};

use automations::{parse::parse, review::review, rule::Rule};
use hub_model::{
    Device, DeviceId, Endpoint, EndpointId, EndpointKind, Handle, Home, HomeSettings, PropertyOffer, Scene, SceneId,
    SceneStep, Services, Target,
    capability::{PropertySpec, brightness, button, contact, occupancy, on_off, temperature},
};
use jiff::Timestamp;

const RULES: usize = 1000;
/// So many places, each with a lamp, a motion sensor, a door, a thermometer and a button.
const PLACES: usize = 200;
/// Aim, in seconds.
const AIM: f64 = 1.0;

fn main() {
    let (home, now) = (home(), Timestamp::constant(1_800_000_000, 0));
    for (shape, rules) in
        [("of one shape", all(alike)), ("of all shapes", all(mixed)), ("in each other's way", all(crowded))]
    {
        let begun = Instant::now();
        let found = review(&rules, &home, now);
        let took = begun.elapsed().as_secs_f64();
        let (count, cut) = (found.findings.len(), found.cut_short);
        println!("{RULES} rules {shape:<20} {took:.3} s (aim {AIM} s), {count} findings, cut short: {cut}");
    }
}

fn home() -> Home {
    let mut home =
        Home::empty(1, HomeSettings { latitude: Some(52.5), longitude: Some(13.4), ..HomeSettings::default() });
    home.services = Services { messages: true };
    for at in 0..PLACES {
        let dim: &[&'static PropertySpec] = &[&on_off::ON, &brightness::LEVEL];
        put(&mut home, &format!("lamp-{at}"), EndpointKind::Light, dim);
        put(&mut home, &format!("motion-{at}"), EndpointKind::Sensor, &[&occupancy::OCCUPIED]);
        put(&mut home, &format!("door-{at}"), EndpointKind::Door, &[&contact::OPEN]);
        put(&mut home, &format!("warmth-{at}"), EndpointKind::Sensor, &[&temperature::MEASURED]);
        put(&mut home, &format!("button-{at}"), EndpointKind::Button, &[]);
        scene(&mut home, at);
    }
    home
}

fn put(home: &mut Home, name: &str, kind: EndpointKind, properties: &[&'static PropertySpec]) {
    let mut endpoint = Endpoint::new(EndpointId::first(), kind);
    endpoint.properties = properties.iter().map(|spec| PropertyOffer::new(spec)).collect();
    if kind == EndpointKind::Button {
        endpoint.occurrences = vec![(&button::SINGLE).into()];
    }
    home.put(Arc::new(Device::new(DeviceId::named(name), Handle::from_words(name, "device"), [endpoint])));
}

fn scene(home: &mut Home, at: usize) {
    let name = format!("scene-{at}");
    let target = Target { device: DeviceId::named(&format!("lamp-{at}")), endpoint: EndpointId::first() };
    let set = vec![((&on_off::ON).into(), true.into())];
    let step = SceneStep { target, set, invoke: None, transition: None };
    let handle = Handle::from_words(&name, "scene");
    let scene = Scene { id: SceneId::named(&name), handle, name, icon: None, position: 0, steps: vec![step] };
    home.scenes.insert(scene.id, Arc::new(scene));
}

fn all(rule: impl Fn(usize) -> String) -> Vec<Arc<Rule>> {
    let mut text = String::new();
    for number in 0..RULES {
        // Writing to a string can't fail.
        let _ = write!(text, "[[rule]]\nname = \"Rule {number}\"\n{}\n", rule(number));
    }
    let parsed = parse(&FilePath::new("rules.toml").into(), &text);
    assert!(parsed.broken.is_empty(), "{:?}", parsed.broken.first());
    parsed.rules.into_iter().map(Arc::new).collect()
}

/// A light that follows a motion sensor while it is not too warm.
fn alike(number: usize) -> String {
    let (at, hour) = (number % PLACES, 10 + number / PLACES * 2);
    format!(
        "mode = \"restart\"\nwhen = [ {{ property = {{ of = \"motion-{at}/occupancy.occupied\", becomes = true }} }} ]\n\
         if = {{ between = [\"{hour}:00\", \"{}:30\"], property = {{ of = \"warmth-{at}/temperature.measured\", below = 25 }} }}\n\
         then = [ {{ set = {{ target = \"lamp-{at}\", \"on_off.on\" = true }} }}, {{ wait = \"3m\" }},\n\
         {{ set = {{ target = \"lamp-{at}\", \"on_off.on\" = false }} }} ]",
        hour + 1
    )
}

/// A trigger of each kind, with conditions of each kind and what is done in each way, over the places of a home.
fn mixed(number: usize) -> String {
    let (at, next) = (number % PLACES, (number + 1) % PLACES);
    let when = match number % 13 {
        0 => format!("property = {{ of = \"motion-{at}/occupancy.occupied\", becomes = true }}"),
        1 => format!("property = {{ of = \"warmth-{at}/temperature.measured\", above = 24 }}"),
        2 => format!("property = {{ of = \"door-{at}/contact.open\", becomes = true, held = \"10m\" }}"),
        3 => format!("occurs = {{ of = \"button-{at}\", what = \"single\" }}"),
        4 => format!("at = \"{:02}:{:02}\"", number % 24, number % 60),
        5 => "sun = \"sunset\"".to_owned(),
        6 => format!("scene = \"scene-{at}\""),
        7 => format!("rule = \"rule-{}\"", (number + 7) % RULES),
        8 => format!("phrase = \"light {at}\""),
        9 => format!("mqtt = {{ topic = \"place/{at}/+\" }}"),
        10 => format!("reachable = {{ of = \"lamp-{at}\", becomes = true }}"),
        11 => format!("calendar = {{ name = \"home\", title = \"guest {at}\" }}"),
        _ => format!("webhook = {{}} }}, {{ answer = \"yes-{at}\""),
    };
    let condition = match number % 7 {
        0 => String::new(),
        1 => "if = { between = [\"18:00\", \"23:00\"] }".to_owned(),
        2 => format!("if = {{ property = {{ of = \"lamp-{at}/on_off.on\", is = false }}, days = [\"mon\", \"tue\"] }}"),
        3 => format!("if = {{ property = {{ of = \"warmth-{next}/temperature.measured\", below = 20 }} }}"),
        4 => format!(
            "if = {{ any = [ {{ sun = \"night\" }}, {{ property = {{ of = \"door-{at}/contact.open\", is = true }} }} ] }}"
        ),
        5 => "if = { calendar = { name = \"home\" } }".to_owned(),
        _ => format!("if = {{ last_run = {{ not_within = \"10m\", rule = \"rule-{}\" }} }}", (number + 3) % RULES),
    };
    let set = |at: usize, on: bool| format!("{{ set = {{ target = \"lamp-{at}\", \"on_off.on\" = {on} }} }}");
    let then = match number % 9 {
        0 | 1 => set(at, true),
        2 => set(at, false),
        3 => format!("{}, {{ wait = \"5m\" }}, {}", set(at, true), set(at, false)),
        4 => format!("{{ scene = \"scene-{next}\" }}"),
        5 => format!("{{ run = \"rule-{}\" }}", (number + 11) % RULES),
        6 => format!("{{ publish = {{ topic = \"place/{next}/state\", payload = \"on\" }} }}"),
        7 => format!(
            "{{ if = {{ property = {{ of = \"door-{at}/contact.open\", is = true }} }}, then = [ {} ], else = [ {} ] }}",
            set(at, true),
            set(next, false)
        ),
        _ => format!("{{ set = {{ target = \"lamp-{at}\", \"brightness.level\" = {} }} }}", number % 100),
    };
    format!("when = [ {{ {when} }} ]\n{condition}\nthen = [ {then} ]")
}

/// Many rules about a few lamps, each with an idea of its own.
fn crowded(number: usize) -> String {
    let (lamp, motion) = (number % 5, number % 17);
    let becomes = number.is_multiple_of(2);
    let when = match number % 3 {
        0 => format!("property = {{ of = \"motion-{motion}/occupancy.occupied\", becomes = {becomes} }}"),
        1 => format!("property = {{ of = \"lamp-{}/on_off.on\", becomes = {becomes} }}", (number / 3) % 5),
        _ => format!("at = \"{:02}:00\"", number % 24),
    };
    format!(
        "when = [ {{ {when} }} ]\nif = {{ property = {{ of = \"warmth-{}/temperature.measured\", above = {} }} }}\n\
         then = [ {{ set = {{ target = \"lamp-{lamp}\", \"on_off.on\" = {} }} }} ]",
        number % 11,
        number % 30,
        number % 4 < 2
    )
}
