//! Conditions that look at one thing each.

use hub_model::RuleId;

use super::bench::Bench;
use crate::engine::Input;

/// A button whose rule has a condition.
fn with(condition: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }}, id = \"press\" }},\n\
         {{ occurs = {{ of = \"bedside-button\", what = \"long\" }} }} ]\nif = {{ {condition} }}\nthen = [ {{ scene = \"good-night\" }} ]"
    ))
}

fn holds(bench: &mut Bench) -> bool {
    !bench.occurs("bedside-button", "button.single").is_empty()
}

#[test]
fn dates_and_the_sun_are_asked_for() {
    let mut bench = with("dates = [\"11-20\", \"12-31\"]");
    assert!(holds(&mut bench));
    bench.pass("1000h");
    assert!(!holds(&mut bench));
    // Monday noon in Berlin: the sun stands at about 17 degrees.
    assert!(holds(&mut with("sun = \"above_horizon\"")));
    assert!(!holds(&mut with("sun = \"night\"")));
    assert!(holds(&mut with("sun = { above = 10, below = 20 }")));
    let mut bench = with("sun = \"twilight\"");
    bench.pass("4h15m");
    assert!(holds(&mut bench));
    bench.pass("2h");
    assert!(!holds(&mut bench));
}

#[test]
fn a_wait_for_the_sun_ends_when_it_sets() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { wait_until = { sun = \"below_horizon\" } }, { scene = \"good-night\" } ]",
    );
    bench.occurs("bedside-button", "button.single");
    assert_eq!(bench.pass("3h50m"), [""; 0]);
    assert_eq!(bench.pass("15m"), ["scene good-night"]);
}

#[test]
fn reachability_is_asked_for() {
    let mut bench = with("reachable = { of = \"hall-lamp\", is = true }");
    assert!(!holds(&mut bench));
    bench.reach("hall-lamp", true);
    assert!(holds(&mut bench));
    let mut bench = with("reachable = { all_of = \"group:downstairs\", is = true }");
    bench.reach("hall-lamp", true);
    assert!(!holds(&mut bench));
    bench.reach("kitchen-lamp", true);
    assert!(holds(&mut bench));
}

#[test]
fn presence_is_asked_for() {
    let mut bench = with("presence = { who = \"anyone\", is = \"home\" }");
    bench.put("alex-phone/presence.home", true);
    bench.put("kim-phone/presence.home", false);
    assert!(holds(&mut bench));
    bench.load(&text_of("presence = { who = \"everyone\", is = \"home\" }"));
    assert!(!holds(&mut bench));
    bench.load(&text_of("presence = { who = \"Kim\", is = \"away\" }"));
    assert!(holds(&mut bench));
}

fn text_of(condition: &str) -> String {
    format!(
        "name = \"A\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\nif = {{ {condition} }}\nthen = [ {{ scene = \"good-night\" }} ]"
    )
}

#[test]
fn which_trigger_it_was_is_asked_for() {
    let mut bench = with("trigger = \"press\"");
    assert!(holds(&mut bench));
    assert_eq!(bench.occurs("bedside-button", "button.long"), [""; 0]);
}

#[test]
fn a_rule_that_ran_lately_does_not_run_again() {
    let mut bench = with("last_run = { not_within = \"10m\" }");
    assert!(holds(&mut bench));
    bench.pass("9m");
    assert!(!holds(&mut bench));
    bench.pass("1m");
    assert!(holds(&mut bench));
}

#[test]
fn a_rule_that_ran_before_the_start_counts_too() {
    let mut bench = with("last_run = { not_within = \"10m\" }");
    let last = (RuleId("a".into()), bench.now);
    assert_eq!(bench.tell(Input::Ran([last].into())), [""; 0]);
    assert!(!holds(&mut bench));
}

#[test]
fn two_numbers_are_compared() {
    let mut bench = with(
        "compare = { of = \"outdoor/temperature.measured\", below = \"bathroom-climate/temperature.measured\", by = -2 }",
    );
    assert!(!holds(&mut bench));
    bench.put("outdoor/temperature.measured", 18.0);
    bench.put("bathroom-climate/temperature.measured", 20.0);
    assert!(!holds(&mut bench));
    bench.put("bathroom-climate/temperature.measured", 20.5);
    assert!(holds(&mut bench));
}

#[test]
fn a_mean_is_asked_for_and_waited_for() {
    let mean = "mean = { of = \"outdoor/temperature.measured\", over = \"10m\", above = 15 }";
    let mut bench = with(mean);
    bench.put("outdoor/temperature.measured", 10.0);
    bench.pass("10m");
    bench.put("outdoor/temperature.measured", 20.0);
    bench.pass("4m");
    assert!(!holds(&mut bench));
    bench.pass("2m");
    assert!(holds(&mut bench));
    let mut bench = Bench::new(&format!(
        "name = \"A\"\nwhen = [ {{ holds = {{ {mean} }} }} ]\nthen = [ {{ scene = \"good-night\" }} ]"
    ));
    bench.put("outdoor/temperature.measured", 10.0);
    bench.pass("10m");
    bench.put("outdoor/temperature.measured", 20.0);
    assert_eq!(bench.pass("4m"), [""; 0]);
    assert_eq!(bench.pass("2m"), ["scene good-night"]);
    assert_eq!(bench.pass("24h"), [""; 0]);
    assert_eq!(bench.engine.wakes_at(), None);
}
