//! Rules on a past that is written down here.

mod told;

use std::{collections::BTreeMap, path::Path as FilePath, sync::Arc, time::Duration};

use hub_core::{Logged, Recorded, RecordedWhat};
use hub_model::{
    AccountId, Actor, Cause, Home, Outcome, Path, RuleId, RunId, RunOf, RunRecord, SceneId, Signal, SkipReason, Value,
    run::Taken,
};
use jiff::Timestamp;

use super::{LookedAt, Needs, Rehearsal, Stage};
use crate::{
    calendar::{Calendars, Entry},
    parse::parse,
    rule::Rule,
    sample,
    twin::Around,
};

const LIGHT: &str = r#"
name = "Light"
mode = "restart"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
if = { between = ["17:00", "23:00"] }
then = [
    { set = { target = "hall-lamp", "on_off.on" = true } },
    { wait_until = { property = { of = "hall-motion/occupancy.occupied", is = false, held = "2m" } } },
    { if = { property = { of = "hall-lamp/on_off.on", is = true } }, then = [ { set = { target = "hall-lamp", "on_off.on" = false } } ] },
]
"#;

const MOTION: &str = "hall-motion/occupancy.occupied";
const LAMP: &str = "hall-lamp/on_off.on";

/// The past of an evening in Berlin.
struct Past {
    home: Home,
    paths: Vec<Path>,
    rules: Vec<Arc<Rule>>,
    others: Vec<Arc<Rule>>,
    calendars: Calendars,
    before: Vec<(Path, Vec<(Timestamp, Value)>)>,
    last: BTreeMap<RuleId, Timestamp>,
    recorded: Vec<Recorded>,
}

fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}+01:00").parse().unwrap()
}

fn person(name: &str) -> Cause {
    Cause::root(Actor::Person { account: AccountId::named(name), name: name.into() })
}

fn rules(text: &str) -> Vec<Arc<Rule>> {
    parse(&FilePath::new("light.toml").into(), text).rules.into_iter().map(Arc::new).collect()
}

impl Past {
    fn of(text: &str) -> Self {
        let home = sample::reachable_home("Europe/Berlin");
        let rules = rules(text);
        let needs = Needs::of(&rules, &home).unwrap();
        let paths = needs.paths.into_iter().collect();
        Self {
            home,
            paths,
            rules,
            others: Vec::new(),
            calendars: Calendars::new(),
            before: Vec::new(),
            last: BTreeMap::new(),
            recorded: Vec::new(),
        }
    }

    fn put(mut self, time: &str, name: &str, value: impl Into<Value>, cause: Option<Cause>) -> Self {
        let wanted = sample::path(&self.home, name);
        let path = self.paths.iter().position(|path| *path == wanted).unwrap() as u32;
        let what = RecordedWhat::Value { path, value: value.into() };
        self.recorded.push(Recorded { at: at(time), what, cause: cause.map(Box::new) });
        self
    }

    fn log(mut self, time: &str, handle: &str, logged: Logged) -> Self {
        let device = self.home.by_handle(handle).unwrap().device.id;
        self.recorded.push(Recorded { at: at(time), what: RecordedWhat::Log(device, Box::new(logged)), cause: None });
        self
    }

    fn told(mut self, time: &str, signal: Signal) -> Self {
        let cause = Some(Box::new(Cause::root(Actor::Voice(None))));
        self.recorded.push(Recorded { at: at(time), what: RecordedWhat::Told(Box::new(signal)), cause });
        self
    }

    fn run(mut self, time: &str, of: RunOf, cause: Cause) -> Self {
        let run = RunRecord::new(RunId::named(time), of, "-".into(), at(time), cause.clone());
        let what = RecordedWhat::Run(Box::new(run));
        self.recorded.push(Recorded { at: at(time), what, cause: Some(Box::new(cause)) });
        self
    }

    fn rehearse(self) -> Rehearsal {
        let around = Around { rules: self.others, calendars: self.calendars, ran: self.last };
        let looked_at = self.paths.into_iter().map(|path| LookedAt { path, is_written: true }).collect();
        let mut stage = Stage::new(self.rules, around, self.home, looked_at, at("12:00:00"), Duration::from_secs(300));
        self.before.into_iter().for_each(|(path, values)| stage.remember(path, values));
        self.recorded.into_iter().for_each(|recorded| stage.step(recorded));
        stage.end(at("23:59:00"))
    }
}

/// What a rehearsal's rules would have done, each with its time.
fn deeds(rehearsal: &Rehearsal) -> Vec<String> {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let steps = rehearsal.runs.iter().flat_map(|run| &run.steps);
    let deed = |step: &hub_model::RunStep| match &step.what {
        Taken::Command(given) => {
            let outcome = given.outcome.filter(|outcome| *outcome != Outcome::Done);
            let outcome = outcome.map_or_else(String::new, |outcome| format!(" {outcome}"));
            let time = step.at.to_zoned_datetime(zone.clone()).strftime("%H:%M:%S").to_string();
            Some(format!("{time} {}{outcome}", given.text))
        }
        _ => None,
    };
    steps.filter_map(deed).collect()
}

#[test]
fn a_rule_runs_as_it_would_have_and_its_own_effects_count() {
    let rehearsal = Past::of(LIGHT)
        .put("13:00:00", MOTION, true, None)
        .put("13:05:00", MOTION, false, None)
        .put("18:00:00", MOTION, true, None)
        .put("18:10:00", MOTION, false, None)
        .rehearse();
    assert_eq!(deeds(&rehearsal), ["18:00:00 1 on_off.on=true", "18:12:00 1 on_off.on=false"]);
    assert_eq!(rehearsal.ran[&RuleId("light".into())], 1);
    assert_eq!(rehearsal.events, 4);
    assert_eq!(rehearsal.reasons[&SkipReason::Condition], 1);
    let skipped = &rehearsal.skipped[0];
    assert_eq!(skipped.began, at("13:00:00"));
    assert_eq!(skipped.condition.as_ref().unwrap().text, "it is between 17:00 and 23:00");
    assert_eq!(rehearsal.fights, []);
}

#[test]
fn what_the_rule_did_back_then_is_left_out_and_what_others_did_is_not() {
    let own = Cause::root(Actor::Rule(RuleId("light".into())));
    let rehearsal = Past::of(LIGHT)
        .put("18:00:00", MOTION, true, None)
        .put("18:00:01", LAMP, true, Some(own.clone()))
        .put("18:01:00", MOTION, false, None)
        // The rule of then waited for a minute only.
        .put("18:02:00", LAMP, false, Some(own))
        .rehearse();
    assert_eq!(deeds(&rehearsal), ["18:00:00 1 on_off.on=true", "18:03:00 1 on_off.on=false"]);
    assert_eq!(rehearsal.fought, 0);
    let rehearsal = Past::of(LIGHT)
        .put("18:00:00", MOTION, true, None)
        .put("18:01:00", MOTION, false, None)
        .put("18:02:00", LAMP, false, Some(person("Alex")))
        .rehearse();
    assert_eq!(deeds(&rehearsal), ["18:00:00 1 on_off.on=true"], "the lamp is off already when the wait is over");
}

#[test]
fn scenes_and_other_rules_that_ran_trigger_again() {
    let after = "name = \"After\"\nwhen = [ { scene = \"good-night\" }, { rule = \"other\" } ]\n\
        then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]\n";
    let other =
        "name = \"Other\"\nwhen = [ { at = \"03:00\" } ]\nthen = [ { notify = { title = \"a\", text = \"-\" } } ]\n";
    let (scene, rule) = (RunOf::Scene(SceneId::named("good-night")), RunOf::Rule(RuleId("other".into())));
    let mut past = Past::of(after);
    past.others = rules(other);
    assert_eq!(Needs::of(&past.rules, &past.home).unwrap().runs, [scene.clone(), rule.clone()].into());
    let own = Cause::root(Actor::Rule(RuleId("after".into())));
    let rehearsal = past
        .run("13:00:00", scene.clone(), person("Alex"))
        .run("14:00:00", rule, Cause::root(Actor::Rule(RuleId("other".into()))))
        // What it ran itself back then is decided anew.
        .run("15:00:00", scene, own)
        .rehearse();
    assert_eq!(deeds(&rehearsal), ["13:00:00 1 on_off.on=true", "14:00:00 1 on_off.on=true"]);
}

#[test]
fn what_was_said_back_then_triggers_again() {
    let set = |on: bool| format!("then = [ {{ set = {{ target = \"hall-lamp\", \"on_off.on\" = {on} }} }} ]\n");
    let said = format!(
        "name = \"Said\"\nwhen = [ {{ phrase = \"good night\" }}, {{ mqtt = {{ topic = \"a/+\", payload = \"ON\" }} }}, \
         {{ webhook = {{}} }}, {{ answer = \"open-it\" }}, {{ started = true }} ]\n{}",
        set(true)
    );
    let message =
        |payload: &str| Signal::Message { filter: "a/+".parse().unwrap(), payload: payload.as_bytes().into() };
    let past = Past::of(&said);
    assert!(Needs::of(&past.rules, &past.home).unwrap().signals);
    assert!(!Needs::of(&rules(LIGHT), &past.home).unwrap().signals);
    let rehearsal = past
        .told("13:00:00", Signal::Phrase { words: "good night".into(), language: "en".into() })
        .told("14:00:00", message("OFF"))
        .told("14:01:00", message("ON"))
        .told("15:00:00", Signal::Webhook { rule: RuleId("said".into()), trigger: 2, body: None })
        .told("16:00:00", Signal::Answer("open-it".into()))
        .told("17:00:00", Signal::Started)
        .rehearse();
    let times: Vec<_> = deeds(&rehearsal).iter().map(|deed| deed[..8].to_owned()).collect();
    assert_eq!(times, ["13:00:00", "14:01:00", "15:00:00", "16:00:00", "17:00:00"]);
}

#[test]
fn a_mean_knows_what_was_before_the_beginning() {
    let cold = "name = \"Cold\"\nwhen = [ { at = \"12:01\" } ]\n\
        if = { mean = { of = \"outdoor/temperature.measured\", over = \"1h\", below = 10 } }\n\
        then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]\n";
    let outdoor = "outdoor/temperature.measured";
    let at_noon = |before: Vec<(Timestamp, Value)>| {
        let mut past = Past::of(cold);
        let path = sample::path(&past.home, outdoor);
        sample::put(&mut past.home, &path, Value::Number(30.0), at("11:59:00"));
        past.before.push((path, before));
        past.rehearse().runs.len()
    };
    assert_eq!(at_noon(vec![(at("11:00:00"), Value::Number(0.0)), (at("11:59:00"), Value::Number(30.0))]), 1);
    assert_eq!(at_noon(Vec::new()), 0);
}

#[test]
fn a_rule_that_ran_shortly_before_the_beginning_is_known_to_have() {
    let seldom = "name = \"Seldom\"\nwhen = [ { at = \"13:00\" }, { at = \"15:00\" } ]\n\
        if = { last_run = { not_within = \"3h\" } }\nthen = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]\n";
    let ran = |last: Option<&str>| {
        let mut past = Past::of(seldom);
        past.last.extend(last.map(|last| (RuleId("seldom".into()), at(last))));
        deeds(&past.rehearse())
    };
    assert_eq!(ran(None), ["13:00:00 1 on_off.on=true"]);
    assert_eq!(ran(Some("11:00:00")), ["15:00:00 1 on_off.on=true"]);
}

#[test]
fn somebody_who_wants_something_else_shortly_before_or_after_is_a_fight() {
    let rehearsal = Past::of(LIGHT)
        .put("17:58:00", LAMP, true, Some(person("Alex")))
        .put("17:59:00", LAMP, false, Some(person("Alex")))
        .put("18:00:00", MOTION, true, None)
        .put("18:03:00", LAMP, false, None)
        .put("18:20:00", MOTION, false, None)
        .rehearse();
    let fights: Vec<_> = rehearsal
        .fights
        .iter()
        .map(|fight| {
            let by = if let Actor::Person { name, .. } = &fight.other { name.as_str() } else { "by hand" };
            let seconds = fight.other_at.duration_since(fight.at).as_secs();
            format!("{} against {} {by} {seconds} s", fight.wanted, fight.value)
        })
        .collect();
    assert_eq!(fights, ["true against false Alex -60 s", "true against false by hand 180 s"]);
}

#[test]
fn a_device_that_could_not_be_reached_did_nothing_and_that_is_said() {
    let rehearsal = Past::of(LIGHT)
        .log("17:00:00", "hall-lamp", Logged::Reachable(false))
        .put("18:00:00", MOTION, true, None)
        .put("18:01:00", MOTION, false, None)
        .log("18:02:00", "hall-lamp", Logged::Reachable(true))
        .put("19:00:00", MOTION, true, None)
        .put("19:01:00", MOTION, false, None)
        .rehearse();
    let wanted = ["18:00:00 1 on_off.on=true UNREACHABLE", "19:00:00 1 on_off.on=true", "19:03:00 1 on_off.on=false"];
    assert_eq!(deeds(&rehearsal), wanted);
}

#[test]
fn times_of_day_and_presses_come_as_they_came() {
    let rule = "name = \"A\"\nmode = \"parallel\"\nwhen = [ { at = \"20:00\" }, { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
                then = [ { set = { target = \"hall-lamp\", \"brightness.level\" = 40 } } ]";
    let press = Logged::Occurred { endpoint: "1".parse().unwrap(), occurrence: "button.single".parse().unwrap() };
    let rehearsal = Past::of(rule)
        .log("19:00:00", "bedside-button", press.clone())
        .log("21:00:00", "bedside-button", press)
        .rehearse();
    let times: Vec<_> = deeds(&rehearsal).iter().map(|deed| deed[..5].to_owned()).collect();
    assert_eq!(times, ["19:00", "20:00", "21:00"]);
}

#[test]
fn a_rehearsal_keeps_few_runs_and_counts_all() {
    let mut past = Past::of(LIGHT);
    for minute in 0..700 {
        let time = format!("{:02}:{:02}:{:02}", 18 + minute / 240, minute / 4 % 60, minute % 4 * 15);
        past = past.put(&time, MOTION, minute % 2 == 0, None);
    }
    let rehearsal = past.rehearse();
    assert_eq!(rehearsal.ran[&RuleId("light".into())], 350);
    assert!(rehearsal.runs.len() <= Rehearsal::MOST);
}

#[test]
fn a_disabled_rule_is_tried_as_if_it_acted() {
    let rehearsal = Past::of(&format!("enabled = false{LIGHT}")).put("18:00:00", MOTION, true, None).rehearse();
    assert_eq!(rehearsal.runs.len(), 1);
}

#[test]
fn names_that_the_home_does_not_have_are_faults() {
    let text = LIGHT.replace("hall-motion", "hall-moton");
    let rules: Vec<_> = parse(&FilePath::new("light.toml").into(), &text).rules.into_iter().map(Arc::new).collect();
    let faults = Needs::of(&rules, &sample::home("UTC")).unwrap_err();
    assert!(faults[0].to_string().contains("did you mean `hall-motion`?"), "{faults:?}");
}

#[test]
fn other_rules_and_calendars_that_a_rule_names_are_there_and_do_nothing_themselves() {
    let text = r#"
name = "Guests"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
if = { calendar = { name = "family", title = "visit" } }
then = [ { set = { target = "hall-lamp", "on_off.on" = true } }, { enable = "other" }, { run = "other" } ]
"#;
    let mut past = Past::of(text)
        .put("18:00:00", MOTION, true, None)
        .put("18:01:00", MOTION, false, None)
        .put("20:00:00", MOTION, true, None);
    past.others = rules(
        "name = \"Other\"\nwhen = [ { property = { of = \"hall-lamp/on_off.on\", becomes = true } } ]\n\
         then = [ { set = { target = \"kitchen-lamp\", \"on_off.on\" = true } } ]",
    );
    let visit = Entry { title: "Visit of Kim".into(), start: at("19:00:00"), end: at("21:00:00") };
    past.calendars = Calendars::from([("family".into(), Arc::from([visit]))]);
    let rehearsal = past.rehearse();
    assert_eq!(rehearsal.ran.iter().map(|(id, runs)| (id.0.as_str(), *runs)).collect::<Vec<_>>(), [("guests", 1)]);
    assert_eq!(rehearsal.runs[0].began, at("20:00:00"));
    assert_eq!(rehearsal.reasons.values().sum::<u64>(), 1);
}

#[test]
fn an_entry_that_is_under_way_at_the_beginning_has_begun_before() {
    let mut past = Past::of(
        "name = \"Guests\"\nwhen = [ { holds = { calendar = { name = \"family\" } } } ]\n\
         then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]",
    );
    let visit = |start, end| Entry { title: "Visit".into(), start: at(start), end: at(end) };
    let visits = [visit("11:00:00", "13:00:00"), visit("19:00:00", "21:00:00")];
    past.calendars = Calendars::from([("family".into(), Arc::from(visits))]);
    assert_eq!(past.rehearse().runs.iter().map(|run| run.began).collect::<Vec<_>>(), [at("19:00:00")]);
}

#[test]
fn who_changed_something_back_then_is_known() {
    let by = |by: &str, cause: Option<Cause>| {
        let rule = format!(
            "name = \"A\"\nwhen = [ {{ property = {{ of = \"hall-motion/occupancy.occupied\", becomes = true, by = \"{by}\" }} }} ]\n\
             then = [ {{ scene = \"good-night\" }} ]\n"
        );
        Past::of(&rule).put("18:00:00", MOTION, true, cause).rehearse().runs.len()
    };
    assert_eq!(
        (by("person", Some(person("Alex"))), by("alex", Some(person("Alex"))), by("kim", Some(person("Alex")))),
        (1, 1, 0)
    );
    // What has no cause on record did the device.
    assert_eq!((by("device", None), by("person", None), by("device", Some(person("Alex")))), (1, 0, 0));
}
