//! Triggers of time: each comes once.

use jiff::SignedDuration;

use super::bench::Bench;
use crate::{calendar::Entry, engine::Input};

fn rule(when: &str) -> String {
    format!("name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ {when} }} ]\nthen = [ {{ scene = \"good-night\" }} ]")
}

const SCENE: [&str; 1] = ["scene good-night"];
const NONE: [&str; 0] = [];

#[test]
fn every_so_often_comes_evenly() {
    let mut bench = Bench::at("2026-11-23T11:03:00Z", "Europe/Berlin", &rule("every = \"10m\""));
    assert_eq!(bench.pass("6m"), NONE);
    assert_eq!(bench.pass("1m"), SCENE);
    assert_eq!(bench.pass("1h").len(), 6);
}

#[test]
fn cron_dates_and_the_sun_come_when_they_should() {
    let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", &rule("cron = \"30 12 * * mon\""));
    assert_eq!(bench.pass("29m"), NONE);
    assert_eq!(bench.pass("1m"), SCENE);
    assert_eq!(bench.pass("144h"), NONE);
    let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", &rule("date = 2026-11-23T12:10:00"));
    assert_eq!(bench.pass("10m"), SCENE);
    assert_eq!(bench.pass("9000h"), NONE);
    // The sun sets in Berlin at about 14:59 UTC that day.
    let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", &rule("sun = \"sunset\", offset = \"-30m\""));
    assert_eq!(bench.pass("3h20m"), NONE);
    assert_eq!(bench.pass("20m"), SCENE);
    assert_eq!(bench.pass("23h"), NONE);
    assert_eq!(bench.pass("2h"), SCENE);
}

#[test]
fn a_moment_that_was_done_is_not_done_again_by_a_clock_that_is_set_back() {
    for when in ["cron = \"30 12 * * *\"", "date = \"11-23 12:30\"", "at = \"12:30\"", "every = \"12h30m\""] {
        let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", &rule(when));
        assert_eq!(bench.pass("31m"), SCENE, "{when}");
        assert_eq!(bench.set_clock("2026-11-23T11:20:00Z"), NONE, "{when}");
        assert_eq!(bench.pass("2h"), NONE, "{when}");
    }
}

/// A rule that comes every ten minutes from noon to half past one, by its calendar or by the clock.
fn every_ten_minutes(when: &str) -> Bench {
    let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", "");
    let entry = |minute: i64| {
        let start = bench.now + SignedDuration::from_mins(minute);
        Entry { title: "Turn".into(), start, end: start + SignedDuration::from_mins(1) }
    };
    let entries: Vec<_> = (1..=9).map(|turn| entry(turn * 10)).collect();
    bench.tell(Input::Calendars([("turns".into(), entries.into())].into()));
    bench.load(&rule(when));
    bench
}

const TEN_MINUTES: [&str; 3] = ["every = \"10m\"", "cron = \"*/10 * * * *\"", "calendar = { name = \"turns\" }"];

#[test]
fn none_of_the_moments_that_were_done_comes_again_by_a_clock_that_is_set_back() {
    for when in TEN_MINUTES {
        let mut bench = every_ten_minutes(when);
        assert_eq!(bench.pass("35m").len(), 3, "{when}");
        assert_eq!(bench.set_clock("2026-11-23T11:05:00Z"), NONE, "{when}");
        assert_eq!(bench.pass("15m"), NONE, "{when}");
        // Once more, before anything new came.
        assert_eq!(bench.set_clock("2026-11-23T11:01:00Z"), NONE, "{when}");
        assert_eq!(bench.pass("38m"), NONE, "{when}");
        assert_eq!(bench.pass("1m"), SCENE, "{when}");
        assert_eq!(bench.pass("10m"), SCENE, "{when}");
    }
}

#[test]
fn a_clock_that_was_wrong_by_days_holds_nothing_up_when_it_is_set_back() {
    for when in [TEN_MINUTES[0], TEN_MINUTES[1]] {
        let mut bench = every_ten_minutes(when);
        assert_eq!(bench.pass("35m").len(), 3, "{when}");
        assert_eq!(bench.set_clock("2026-11-20T11:05:00Z"), NONE, "{when}");
        assert_eq!(bench.pass("30m").len(), 3, "{when}");
    }
}

#[test]
fn a_moment_that_a_clock_leaps_over_comes_once() {
    for when in ["cron = \"*/10 * * * *\"", "every = \"10m\"", "at = \"12:10\"", "sun = \"noon\", offset = \"10m\""] {
        let mut bench = Bench::at("2026-11-23T11:00:00Z", "Europe/Berlin", &rule(when));
        assert_eq!(bench.set_clock("2026-11-23T12:05:00Z"), SCENE, "{when}");
        assert_eq!(bench.pass("4m"), NONE, "{when}");
    }
}

#[test]
fn days_choose_when_the_sun_counts() {
    let mut bench = Bench::at("2026-11-23T18:00:00Z", "Europe/Berlin", &rule("sun = \"sunrise\", days = [\"sat\"]"));
    assert_eq!(bench.pass("96h"), NONE);
    assert_eq!(bench.pass("24h"), SCENE);
}

#[test]
fn a_home_without_a_place_is_told_so() {
    let mut bench = Bench::new("");
    bench.home.settings = hub_model::HomeSettings { time_zone: "UTC".into(), ..Default::default() }.into();
    bench.load(&rule("sun = \"sunset\""));
    assert!(bench.problem("a").unwrap().contains("set its latitude and longitude"));
}

#[test]
fn a_calendar_triggers_at_its_entries_and_is_named_where_it_is_not_there() {
    let text = "name = \"A\"\nmode = \"parallel\"\nwhen = [ { calendar = { name = \"bins\", title = \"paper\" }, offset = \"-1h\" },\n\
                { calendar = { name = \"bins\", at = \"end\" } } ]\n\
                then = [ { if = { calendar = \"bins\" }, then = [ { stop = \"on\" } ] }, { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    assert!(bench.problem("a").unwrap().contains("there is no calendar `bins`"));
    let entry = |title: &str, start: &str, end: &str| Entry {
        title: title.into(),
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
    };
    let entries = [
        entry("Waste paper", "2026-11-23T13:00:00Z", "2026-11-23T14:00:00Z"),
        entry("Glass", "2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z"),
    ];
    bench.tell(Input::Calendars([("bins".into(), entries.into())].into()));
    assert_eq!(bench.problem("a"), None);
    assert_eq!(bench.pass("1h"), SCENE);
    assert_eq!(bench.pass("2h"), SCENE);
    assert_eq!(bench.pass("24h"), SCENE);
}

#[test]
fn each_entry_of_one_moment_triggers_by_itself_and_by_its_name() {
    let text = "name = \"A\"\nmode = \"queued\"\nwhen = [ { calendar = { name = \"bins\", at = \"end\" } } ]\n\
                then = [ { notify = { title = \"{trigger.name}\", text = \"-\" } }, { wait = \"1m\" } ]";
    let mut bench = Bench::new(text);
    let end = |title: &str, start: &str| Entry {
        title: title.into(),
        start: start.parse().unwrap(),
        end: "2026-11-23T14:00:00Z".parse().unwrap(),
    };
    let entries = [
        end("Waste paper", "2026-11-23T13:00:00Z"),
        end("Glass", "2026-11-23T12:00:00Z"),
        end("Glass", "2026-11-23T11:30:00Z"),
    ];
    let calendars: crate::calendar::Calendars = [("bins".into(), entries.into())].into();
    bench.tell(Input::Calendars(calendars.clone()));
    assert_eq!(bench.pass("3h"), ["notice Waste paper"]);
    // The others wait their turn, also over a restart after which the calendars are read later than the rules.
    assert_eq!(super::restart::restart(&mut bench, text, "1s"), NONE);
    assert_eq!(bench.engine.waiting_runs().unwrap().len(), 3);
    assert_eq!(bench.tell(Input::Calendars(calendars)), NONE);
    assert_eq!(bench.pass("59s"), ["notice Glass"]);
    assert_eq!(bench.pass("1m"), ["notice Glass"]);
    assert_eq!(bench.pass("24h"), NONE);
}

#[test]
fn an_active_time_goes_over_midnight_with_the_day_of_its_evening() {
    let text = "name = \"A\"\nactive = { from = \"22:00\", to = \"06:00\", days = [\"mon\"] }\nmode = \"parallel\"\n\
                when = [ { every = \"1h\" } ]\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    // Monday noon to Monday 22:00 there is nothing; then eight hours; then nothing until next Monday.
    assert_eq!(bench.pass("9h"), NONE);
    assert_eq!(bench.pass("10h").len(), 8);
    assert_eq!(bench.pass("24h"), NONE);
}

#[test]
fn a_moment_that_is_due_already_comes_although_its_rule_is_planned_anew() {
    let text = "name = \"A\"\nmode = \"parallel\"\nwhen = [ { at = \"12:10\" } ]\nthen = [ { notify = { title = \"now\", text = \"-\" } } ]";
    let late = || {
        let mut bench = Bench::new(text);
        // Nobody told it yet that it is time.
        bench.now += SignedDuration::from_secs(601);
        bench
    };
    let mut bench = late();
    assert_eq!(bench.load(&text.replace("parallel", "restart")), ["notice now"]);
    assert_eq!(bench.pass("1h"), NONE);
    let mut bench = late();
    assert_eq!(bench.tell(Input::Calendars(crate::calendar::Calendars::new())), ["notice now"]);
    assert_eq!(bench.pass("1h"), NONE);
    // Its plan becomes another one.
    let other = text.replace("then = [", "then = [ { set = { target = \"kind:light\", \"on_off.on\" = true } },");
    let mut bench = Bench::new(&other);
    bench.now += SignedDuration::from_secs(601);
    let lamp = hub_model::DeviceId::named("hall-lamp");
    let properties = &[&hub_model::capability::temperature::MEASURED];
    let device = crate::sample::device("hall-lamp", "Hall", hub_model::EndpointKind::Sensor, properties);
    bench.home.put(device.into());
    let said = bench.event(hub_model::What::Device(lamp), hub_model::Cause::root(hub_model::Actor::Hub));
    assert_eq!(said.iter().filter(|said| *said == "notice now").count(), 1, "{said:?}");
    assert!(!bench.pass("1h").contains(&"notice now".to_owned()));
}
