use super::bench::Bench;

/// Whether a rule with this condition runs when the button is pressed.
fn runs(bench: &mut Bench, condition: &str) -> bool {
    bench.load(&format!(
        "name = \"A\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\n\
         then = [ {{ scene = \"good-night\" }} ]\n[if]\n{condition}"
    ));
    bench.occurs("bedside-button", "button.single") == ["scene good-night"]
}

#[test]
fn conditions_nest() {
    let mut bench = Bench::new("");
    bench.put("hall-lamp/on_off.on", true);
    bench.put("bench-lamp/on_off.on", false);
    let hall = "{ property = { of = \"hall-lamp/on_off.on\", is = true } }";
    let bench_lamp = "{ property = { of = \"bench-lamp/on_off.on\", is = true } }";
    assert!(!runs(&mut bench, &format!("all = [ {hall}, {bench_lamp} ]")));
    assert!(runs(&mut bench, &format!("any = [ {hall}, {bench_lamp} ]")));
    assert!(runs(&mut bench, &format!("all = [ {hall}, {{ not = {bench_lamp} }} ]")));
    assert!(!runs(&mut bench, &format!("not = {{ any = [ {hall}, {bench_lamp} ] }}")));
}

#[test]
fn several_devices_are_asked_as_any_or_as_all() {
    let mut bench = Bench::new("");
    bench.put("hall-lamp/on_off.on", true);
    bench.put("kitchen-lamp/on_off.on", false);
    let condition = |which: &str| format!("{which} = \"group:downstairs\"\nproperty = \"on_off.on\"\nis = true");
    assert!(runs(&mut bench, &condition("any_of")));
    assert!(!runs(&mut bench, &condition("all_of")));
    bench.put("kitchen-lamp/on_off.on", true);
    assert!(runs(&mut bench, &condition("all_of")));
}

#[test]
fn nothing_holds_of_an_unknown_value() {
    let mut bench = Bench::new("");
    assert!(!runs(&mut bench, "property = { of = \"bathroom-climate/temperature.measured\", below = 100 }"));
    assert!(runs(&mut bench, "not = { property = { of = \"bathroom-climate/temperature.measured\", below = 100 } }"));
}

#[test]
fn what_has_to_last_is_measured_from_when_it_began_and_not_from_the_last_value() {
    let mut bench = Bench::new("");
    let condition = "property = { of = \"bathroom-climate/temperature.measured\", above = 25, held = \"5m\" }";
    bench.put("bathroom-climate/temperature.measured", 20.0);
    assert!(!runs(&mut bench, condition));
    bench.put("bathroom-climate/temperature.measured", 26.0);
    for _ in 0..5 {
        bench.pass("59s");
        bench.put("bathroom-climate/temperature.measured", 26.0 + bench.now.as_second() as f64 % 3.0);
    }
    assert_eq!(bench.occurs("bedside-button", "button.single"), [""; 0]);
    bench.pass("5s");
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
}

#[test]
fn a_window_of_time_may_cross_midnight_and_days_limit_it() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", "");
    assert!(runs(&mut bench, "between = [\"22:00\", \"06:00\"]"));
    assert!(runs(&mut bench, "between = [\"22:00\", \"06:00\"]\ndays = [\"mon\"]"));
    assert!(!runs(&mut bench, "between = [\"22:00\", \"06:00\"]\ndays = [\"tue\"]"));
    bench.now = "2026-11-24T05:00:00Z".parse().unwrap();
    assert!(!runs(&mut bench, "between = [\"22:00\", \"06:00\"]"));
}

#[test]
fn a_condition_that_no_rule_ran_lately_triggers_each_time_that_it_begins_to_hold() {
    let other = "[[rule]]\nname = \"B\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\nthen = [ { stop = \"-\" } ]\n\
                 [[rule]]\nname = \"A\"\nwhen = [ { holds = { last_run = { not_within = \"10m\", rule = \"b\" } } } ]\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(other);
    for _ in 0..3 {
        assert_eq!(bench.occurs("bedside-button", "button.single"), [""; 0]);
        assert_eq!(bench.pass("9m59s"), [""; 0]);
        assert_eq!(bench.pass("1s"), ["scene good-night"]);
        assert_eq!(bench.pass("1h"), [""; 0]);
    }
}

#[test]
fn a_condition_that_triggers_may_ask_when_its_own_rule_last_ran() {
    let own = "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } },\n\
               { holds = { last_run = { not_within = \"10m\" } } } ]\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(own);
    assert_eq!(bench.pass("1h"), [""; 0], "it held all along");
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
    assert_eq!(bench.pass("29m").len(), 2);
}

#[test]
fn a_wait_for_another_rule_to_run_ends_when_it_does() {
    let text = "[[rule]]\nname = \"B\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\nthen = [ { stop = \"-\" } ]\n\
                [[rule]]\nname = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"long\" } } ]\n\
                then = [ { wait_until = { not = { last_run = { not_within = \"1m\", rule = \"b\" } } } }, { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    assert_eq!(bench.occurs("bedside-button", "button.long"), [""; 0]);
    assert_eq!(bench.pass("10m"), [""; 0]);
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["scene good-night"]);
}
