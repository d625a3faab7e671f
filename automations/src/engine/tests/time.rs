use super::bench::Bench;

const NONE: [&str; 0] = [];

fn daily(now: &str, zone: &str, trigger: &str) -> Bench {
    Bench::at(now, zone, &format!("name = \"A\"\nwhen = [ {{ {trigger} }} ]\nthen = [ {{ scene = \"good-night\" }} ]"))
}

#[test]
fn a_time_of_day_triggers_once_on_each_of_its_days() {
    let mut bench = daily("2026-11-23T06:00:00Z", "Europe/Berlin", "at = \"08:00\", days = [\"mon\", \"wed\"]");
    assert_eq!(bench.pass("59m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["scene good-night"]);
    assert_eq!(bench.pass("47h"), NONE);
    assert_eq!(bench.pass("1h"), ["scene good-night"]);
    assert_eq!(bench.pass("2160h").len(), 25);
}

#[test]
fn a_year_with_summer_time_has_one_for_each_day() {
    for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"] {
        for time in ["00:00", "01:45", "02:00", "02:15", "02:30", "03:00"] {
            let mut bench = daily("2026-01-01T14:00:00Z", zone, &format!("at = \"{time}\""));
            assert_eq!(bench.pass("8760h").len(), 365, "{zone} {time}");
        }
    }
}

#[test]
fn a_clock_set_forward_over_the_time_makes_it_late_but_not_lost() {
    let mut bench = daily("2026-11-23T06:00:00Z", "Europe/Berlin", "at = \"08:00\"");
    assert_eq!(bench.set_clock("2026-11-23T09:00:00Z"), ["scene good-night"]);
    assert_eq!(bench.pass("21h59m"), NONE);
    assert_eq!(bench.pass("1m"), ["scene good-night"]);
}

#[test]
fn a_clock_set_back_over_the_time_does_not_bring_it_twice() {
    let mut bench = daily("2026-11-23T06:59:00Z", "Europe/Berlin", "at = \"08:00\"");
    assert_eq!(bench.pass("2m"), ["scene good-night"]);
    assert_eq!(bench.set_clock("2026-11-23T06:30:00Z"), NONE);
    assert_eq!(bench.pass("24h"), NONE);
    assert_eq!(bench.pass("30m"), ["scene good-night"]);
}

#[test]
fn a_clock_set_back_before_a_time_that_was_to_come_tomorrow_brings_it_today() {
    let mut bench = daily("2026-11-23T09:00:00Z", "Europe/Berlin", "at = \"08:00\"");
    bench.set_clock("2026-11-23T06:00:00Z");
    assert_eq!(bench.pass("1h"), ["scene good-night"]);
}

#[test]
fn a_clock_that_was_wrong_at_the_start_triggers_nothing_when_it_is_set() {
    let mut bench = daily("1970-01-01T00:00:10Z", "Europe/Berlin", "at = \"08:00\"");
    assert_eq!(bench.set_clock("2026-11-23T09:00:00Z"), NONE);
    assert_eq!(bench.pass("22h"), ["scene good-night"]);
}

#[test]
fn a_clock_that_was_set_leaves_spans_as_long_as_they_were() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { property = { of = \"washer/power.watts\", below = 5, held = \"2m\" } } ]\n\
         then = [ { wait = \"1m\" }, { scene = \"good-night\" } ]",
    );
    bench.put("washer/power.watts", 3.0);
    bench.pass("1m");
    assert_eq!(bench.set_clock("2026-11-23T18:00:00Z"), NONE);
    assert_eq!(bench.pass("59s"), NONE);
    bench.pass("2s");
    assert_eq!(bench.set_clock("2026-11-23T01:00:00Z"), NONE);
    assert_eq!(bench.pass("58s"), NONE);
    assert_eq!(bench.pass("1s"), ["scene good-night"]);
}

#[test]
fn a_home_that_moves_to_another_zone_has_other_times() {
    let mut bench = daily("2026-11-23T06:00:00Z", "Europe/Berlin", "at = \"08:00\"");
    let settings = hub_model::HomeSettings { time_zone: "Europe/London".into(), ..Default::default() };
    bench.home.zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    bench.home.settings = settings.into();
    bench.event(hub_model::What::Home, hub_model::Cause::root(hub_model::Actor::Hub));
    assert_eq!(bench.pass("1h"), NONE);
    assert_eq!(bench.pass("1h"), ["scene good-night"]);
}
