use super::bench::Bench;

const NONE: [&str; 0] = [];

/// The first rule of the design, without the sun.
const HALL_LIGHT: &str = r#"
name = "Hall light at night"
mode = "restart"
[[when]]
property = { of = "hall-motion/occupancy.occupied", becomes = true }
[if]
not = { property = { of = "hall-lamp/on_off.on", is = true } }
[[then]]
set = { target = "hall-lamp", "on_off.on" = true, "brightness.level" = 30, transition = "2s" }
[[then]]
wait_until = { property = { of = "hall-motion/occupancy.occupied", is = false, held = "3m" }, at_most = "30m" }
[[then]]
set = { target = "hall-lamp", "on_off.on" = false }
"#;

#[test]
fn a_light_stays_on_until_nobody_was_there_for_a_while() {
    let mut bench = Bench::new(HALL_LIGHT);
    let motion = "hall-motion/occupancy.occupied";
    assert_eq!(bench.put(motion, true), ["hall-lamp on_off.on=true brightness.level=30"]);
    bench.put("hall-lamp/on_off.on", true);
    bench.pass("1m");
    assert_eq!(bench.put(motion, false), NONE);
    bench.pass("2m");
    assert_eq!(bench.put(motion, true), NONE);
    bench.pass("5m");
    assert_eq!(bench.put(motion, false), NONE);
    assert_eq!(bench.pass("2m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["hall-lamp on_off.on=false"]);
    assert_eq!(bench.engine.wakes_at(), None);
}

#[test]
fn a_wait_ends_at_the_latest_when_it_may() {
    let mut bench = Bench::new(HALL_LIGHT);
    bench.put("hall-motion/occupancy.occupied", true);
    assert_eq!(bench.pass("29m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["hall-lamp on_off.on=false"]);
}

#[test]
fn a_wait_whose_condition_holds_already_is_none() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { wait_until = { property = { of = \"hall-lamp/on_off.on\", is = true } } }, { scene = \"good-night\" } ]",
    );
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), ["scene good-night"]);
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
}

#[test]
fn a_wait_for_a_time_of_day_is_woken_by_it() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { wait_until = { between = [\"22:00\", \"06:00\"] } }, { scene = \"good-night\" } ]",
    );
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    assert_eq!(bench.pass("9h59m59s"), NONE);
    assert_eq!(bench.pass("1s"), ["scene good-night"]);
}

#[test]
fn a_branch_is_chosen_when_its_turn_comes() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { wait = \"1m\" }, { if = { property = { of = \"hall-lamp/on_off.on\", is = true } },\n\
         then = [ { scene = \"good-night\" } ], else = [ { notify = { title = \"dark\", text = \"-\" } } ] },\n\
         { invoke = { target = \"front-door-lock\", action = \"lock.lock\" } } ]",
    );
    bench.occurs("bedside-button", "button.single");
    assert_eq!(bench.pass("1m"), ["notice dark", "front-door-lock lock.lock"]);
    bench.occurs("bedside-button", "button.single");
    bench.put("hall-lamp/on_off.on", true);
    assert_eq!(bench.pass("1m"), ["scene good-night", "front-door-lock lock.lock"]);
}
