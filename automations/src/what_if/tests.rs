use std::{path::Path as FilePath, sync::Arc, time::Duration};

use hub_model::{Home, Value, What};

use super::{Consequence, Happening, Supposition, what_if};
use crate::{parse::parse, sample, twin::Around};

const RULES: &str = r#"
[[rule]]
name = "Light"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
if = { between = ["21:00", "06:00"] }
then = [ { set = { target = "hall-lamp", "on_off.on" = true } }, { wait = "10m" }, { notify = { title = "long", text = "-" } } ]
[[rule]]
name = "Follow"
when = [ { property = { of = "hall-lamp/on_off.on", becomes = true } } ]
if = { property = { of = "front-door/contact.open", is = false } }
then = [ { set = { target = "kitchen-lamp", "on_off.on" = true } } ]
[[rule]]
name = "Never"
when = [ { occurs = { of = "bedside-button", what = "single" } } ]
then = [ { scene = "good-night" } ]
"#;

fn short(home: &Home, (place, consequence): (usize, &Consequence)) -> String {
    let name =
        |path: &hub_model::Path| format!("{}/{}", home.device(path.device).unwrap().device.handle, path.property);
    let text = match &consequence.what {
        Happening::Event(What::Changed { path, new, .. }) => format!("{} becomes {new}", name(path)),
        Happening::Event(what) => format!("{what:?}"),
        Happening::Runs(record) => format!("{} runs", record.name),
        Happening::Skips(record) => {
            format!("{} does not run: {}", record.name, record.condition.as_ref().unwrap().text)
        }
        Happening::Step(_) => "step".into(),
        Happening::Asks(values, outcome) => format!("asks {} values: {outcome}", values.len()),
        Happening::Does(text) => text.clone(),
        Happening::Says(notice) => format!("says {}", notice.title),
        Happening::Ends(end) => format!("{end:?}"),
    };
    let because = consequence.because.map_or_else(String::new, |because| format!(" because of {because}"));
    format!("{place} {text}{because}")
}

fn suppose(at: &str, open: bool, span: u64) -> Vec<String> {
    let home = sample::reachable_home("Europe/Berlin");
    let rules: Vec<_> = parse(&FilePath::new("rules.toml").into(), RULES).rules.into_iter().map(Arc::new).collect();
    let supposed = Supposition {
        given: vec![(sample::path(&home, "front-door/contact.open"), open.into())],
        becomes: vec![(sample::path(&home, "hall-motion/occupancy.occupied"), true.into())],
        occur: Vec::new(),
    };
    let list =
        what_if(&home, Around { rules, ..Around::default() }, supposed, at.parse().unwrap(), Duration::from_secs(span));
    assert_eq!(home.reading(&sample::path(&home, "hall-lamp/on_off.on")).unwrap().value, Value::Unknown);
    list.iter().enumerate().map(|one| short(&home, one)).collect()
}

#[test]
fn every_consequence_is_told_with_what_it_comes_from() {
    let wanted = [
        "0 hall-motion/occupancy.occupied becomes true",
        "1 Light runs because of 0",
        "2 asks 1 values: DONE because of 1",
        "3 hall-lamp/on_off.on becomes true because of 2",
        "4 step because of 1",
        "5 Follow runs because of 3",
        "6 asks 1 values: DONE because of 5",
        "7 kitchen-lamp/on_off.on becomes true because of 6",
        "8 says long because of 1",
    ];
    assert_eq!(suppose("2026-12-01T22:00:00+01:00", false, 3600), wanted);
}

#[test]
fn what_does_not_run_says_why_and_only_the_span_is_looked_at() {
    let open = suppose("2026-12-01T22:00:00+01:00", true, 60);
    assert_eq!(open[5], "5 Follow does not run: front-door/contact.open is false because of 3");
    assert_eq!(open.len(), 6);
    let noon = suppose("2026-12-01T12:00:00+01:00", true, 3600);
    assert_eq!(noon[1..], ["1 Light does not run: it is between 21:00 and 06:00 because of 0"]);
}

#[test]
fn a_message_that_a_rule_publishes_and_a_rule_that_it_runs_are_followed() {
    let rules = r#"
[[rule]]
name = "Tell"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
then = [ { publish = { topic = "hall/motion", payload = "yes" } }, { run = "next" } ]
[[rule]]
name = "Hear"
when = [ { mqtt = { topic = "hall/+" } } ]
then = [ { set = { target = "hall-lamp", "on_off.on" = true } } ]
[[rule]]
name = "Next"
when = [ { mqtt = { topic = "elsewhere" } } ]
then = [ { notify = { title = "A", text = "B" } } ]
"#;
    let home = sample::reachable_home("Europe/Berlin");
    let rules: Vec<_> = parse(&FilePath::new("rules.toml").into(), rules).rules.into_iter().map(Arc::new).collect();
    let becomes = vec![(sample::path(&home, "hall-motion/occupancy.occupied"), true.into())];
    let supposed = Supposition { becomes, ..Supposition::default() };
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let told = what_if(&home, Around { rules, ..Around::default() }, supposed, at, Duration::from_secs(1));
    let told: Vec<_> = told.iter().enumerate().map(|consequence| short(&home, consequence)).collect();
    let place = |text: &str| told.iter().position(|one| one.contains(text)).unwrap_or_else(|| panic!("{told:#?}"));
    let tell = place("Tell runs");
    for runs in ["Hear runs", "Next runs"] {
        assert!(told[place(runs)].ends_with(&format!("because of {tell}")), "{told:#?}");
    }
    assert!(told[place("hall-lamp/on_off.on becomes true")].contains("because of"), "{told:#?}");
}

#[test]
fn a_rule_that_ran_lately_is_known_to_have_and_one_that_is_off_says_so() {
    let text = "[[rule]]\nname = \"Seldom\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
        if = { last_run = { not_within = \"1h\" } }\nthen = [ { scene = \"good-night\" } ]\n\
        [[rule]]\nname = \"Off\"\nenabled = false\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
        then = [ { scene = \"good-night\" } ]\n";
    let (home, at) = (sample::reachable_home("UTC"), "2026-12-01T12:00:00Z".parse::<jiff::Timestamp>().unwrap());
    let button = home.by_handle("bedside-button").unwrap().device.clone();
    let whys = |ago: i64| {
        let rules: Vec<_> = parse(&FilePath::new("rules.toml").into(), text).rules.into_iter().map(Arc::new).collect();
        let ran = [(hub_model::RuleId("seldom".into()), at - jiff::SignedDuration::from_mins(ago))].into();
        let press = (button.id, button.endpoints[0].id.clone(), "button.single".parse().unwrap());
        let supposed = Supposition { occur: vec![press], ..Supposition::default() };
        let list = what_if(&home, Around { rules, ran, ..Around::default() }, supposed, at, Duration::from_secs(1));
        let why = |one: &Consequence| if let Happening::Skips(record) = &one.what { record.skipped() } else { None };
        list.iter().filter_map(why).collect::<Vec<_>>()
    };
    use hub_model::SkipReason::{Condition, Disabled};
    assert_eq!(whys(30), [Disabled, Condition]);
    assert_eq!(whys(61), [Disabled]);
}
