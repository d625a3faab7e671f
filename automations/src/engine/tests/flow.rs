//! What a run does, how often, and when it ends.

use hub_model::{RunEnd, Trace, Value, run::Taken};

use super::bench::Bench;

fn does(then: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\nthen = [ {then} ]"
    ))
}

fn press(bench: &mut Bench) -> Vec<String> {
    bench.occurs("bedside-button", "button.single")
}

fn end(bench: &Bench) -> Option<RunEnd> {
    bench.traces.iter().rev().find_map(|trace| if let Trace::Ended(_, end) = trace { Some(*end) } else { None })
}

const NONE: [&str; 0] = [];

#[test]
fn a_toggle_turns_all_off_where_any_is_on() {
    let mut bench = does("{ toggle = \"group:downstairs\" }");
    let mut both = press(&mut bench);
    both.sort();
    assert_eq!(both, ["hall-lamp on_off.on=true", "kitchen-lamp on_off.on=true"]);
    bench.put("hall-lamp/on_off.on", true);
    let mut both = press(&mut bench);
    both.sort();
    assert_eq!(both, ["hall-lamp on_off.on=false", "kitchen-lamp on_off.on=false"]);
}

#[test]
fn a_step_stays_within_what_the_device_takes() {
    let mut bench = does("{ step = { target = \"hall-lamp\", \"brightness.level\" = -30 } }");
    assert_eq!(press(&mut bench), NONE);
    bench.put("hall-lamp/brightness.level", 50.0);
    assert_eq!(press(&mut bench), ["hall-lamp brightness.level=20"]);
    bench.put("hall-lamp/brightness.level", 20.0);
    assert_eq!(press(&mut bench), ["hall-lamp brightness.level=0"]);
}

#[test]
fn choose_takes_the_first_way_that_holds() {
    let way = |level: u32| {
        format!(
            "{{ if = {{ property = {{ of = \"hall-lamp/brightness.level\", above = {level} }} }}, then = [ {{ notify = {{ title = \"{level}\", text = \"-\" }} }} ] }}"
        )
    };
    let mut bench = does(&format!(
        "{{ choose = [ {}, {} ], else = [ {{ notify = {{ title = \"dark\", text = \"-\" }} }} ] }}, {{ scene = \"good-night\" }}",
        way(80),
        way(40)
    ));
    for (level, told) in [(90.0, "notice 80"), (50.0, "notice 40"), (10.0, "notice dark")] {
        bench.put("hall-lamp/brightness.level", level);
        assert_eq!(press(&mut bench), [told, "scene good-night"]);
    }
}

#[test]
fn a_loop_goes_round_so_often_while_or_until() {
    let mut bench = does("{ repeat = { times = 3, do = [ { toggle = \"hall-lamp\" }, { wait = \"1s\" } ] } }");
    press(&mut bench);
    assert_eq!(bench.pass("1m").len(), 2);
    let open = "{ property = { of = \"front-door/contact.open\", is = true } }";
    let mut bench = does(&format!(
        "{{ repeat = {{ while = {open}, do = [ {{ toggle = \"hall-lamp\" }}, {{ wait = \"10s\" }} ] }} }}"
    ));
    assert_eq!(press(&mut bench), NONE);
    bench.put("front-door/contact.open", true);
    assert_eq!(press(&mut bench).len(), 1);
    assert_eq!(bench.pass("25s").len(), 2);
    bench.put("front-door/contact.open", false);
    assert_eq!(bench.pass("1h"), NONE);
    let mut bench = does(&format!(
        "{{ repeat = {{ until = {open}, do = [ {{ toggle = \"hall-lamp\" }}, {{ wait = \"10s\" }} ] }} }}"
    ));
    bench.put("front-door/contact.open", true);
    assert_eq!(press(&mut bench).len(), 1);
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn a_loop_within_a_loop_counts_by_itself() {
    let inner = "{ repeat = { times = 2, do = [ { scene = \"good-night\" } ] } }";
    let mut bench = does(&format!("{{ repeat = {{ times = 3, do = [ {inner} ] }} }}, {{ toggle = \"hall-lamp\" }}"));
    assert_eq!(press(&mut bench).len(), 7);
}

#[test]
fn each_device_is_called_it() {
    let mut bench = does(
        "{ repeat = { each = \"kind:light in room:garden\", do = [ { set = { target = \"it\", \"on_off.on\" = true } }, { wait = \"1s\" } ] } }",
    );
    let mut told = press(&mut bench);
    told.extend(bench.pass("1m"));
    told.sort();
    assert_eq!(told, ["bench-lamp on_off.on=true", "garden-lights on_off.on=true"]);
}

#[test]
fn a_loop_that_never_waits_ends_and_people_are_told() {
    let always = "{ between = [\"00:00\", \"00:00\"] }";
    let mut bench = does(
        &format!("{{ repeat = {{ while = {always}, do = [ {{ stop = \"x\" }} ] }} }}")
            .replace("{ stop = \"x\" }", "{ if = { days = [\"mon\"] }, then = [] }"),
    );
    assert_eq!(press(&mut bench), ["notice A rule went on and on"]);
    assert_eq!(end(&bench), Some(RunEnd::TooLong));
}

#[test]
fn branches_go_on_at_the_same_time_and_are_waited_for() {
    let mut bench = does(
        "{ parallel = [ [ { wait = \"2m\" }, { toggle = \"hall-lamp\" } ], [ { wait = \"1m\" }, { toggle = \"bench-lamp\" } ] ] }, { scene = \"good-night\" }",
    );
    assert_eq!(press(&mut bench), NONE);
    assert_eq!(bench.pass("1m"), ["bench-lamp on_off.on=true"]);
    assert_eq!(bench.pass("1m"), ["hall-lamp on_off.on=true", "scene good-night"]);
    assert_eq!(bench.engine.wakes_at(), None);
}

#[test]
fn a_stop_within_a_branch_ends_the_whole_run() {
    let mut bench = does(
        "{ parallel = [ [ { wait = \"2m\" }, { toggle = \"hall-lamp\" } ], [ { wait = \"1m\" }, { stop = \"enough\" } ] ] }",
    );
    press(&mut bench);
    assert_eq!(bench.pass("1h"), NONE);
    assert_eq!(end(&bench), Some(RunEnd::Stopped));
    assert_eq!(bench.engine.wakes_at(), None);
}

#[test]
fn a_wait_that_is_over_goes_on_stops_or_does_something() {
    let wait = "wait_until = { property = { of = \"front-door/contact.open\", is = true }, at_most = \"1m\" }";
    let mut bench = does(&format!("{{ {wait} }}, {{ scene = \"good-night\" }}"));
    press(&mut bench);
    assert_eq!(bench.pass("1m"), ["scene good-night"]);
    let mut bench = does(&format!("{{ {wait}, on_timeout = \"stop\" }}, {{ scene = \"good-night\" }}"));
    press(&mut bench);
    assert_eq!(bench.pass("1m"), NONE);
    assert_eq!(end(&bench), Some(RunEnd::Stopped));
    let mut bench =
        does(&format!("{{ {wait}, on_timeout = [ {{ toggle = \"hall-lamp\" }} ] }}, {{ scene = \"good-night\" }}"));
    press(&mut bench);
    assert_eq!(bench.pass("1m"), ["hall-lamp on_off.on=true", "scene good-night"]);
    press(&mut bench);
    assert_eq!(bench.put("front-door/contact.open", true), ["scene good-night"]);
}

#[test]
fn a_run_ends_where_something_fails_that_it_must_not() {
    let mut bench = does(
        "{ set = { target = \"hall-lamp\", \"on_off.on\" = true }, on_failure = \"stop\" }, { scene = \"good-night\" }",
    );
    assert_eq!(press(&mut bench), ["hall-lamp on_off.on=true"]);
    assert_eq!(bench.outcomes(Ok(())), ["scene good-night"]);
    press(&mut bench);
    assert_eq!(bench.outcomes(Err("it can't be reached".into())), NONE);
    assert_eq!(end(&bench), Some(RunEnd::Failed));
    let failed = |trace: &Trace| matches!(trace, Trace::Step(_, step) if matches!(&step.what, Taken::Did(text) if text == "failed: it can't be reached"));
    assert!(bench.traces.iter().any(failed));
}

#[test]
fn what_fails_is_tried_four_times_with_pauses() {
    let mut bench = does(
        "{ set = { target = \"hall-lamp\", \"on_off.on\" = true }, on_failure = \"retry\" }, { scene = \"good-night\" }",
    );
    press(&mut bench);
    for pause in ["2s", "4s", "8s"] {
        assert_eq!(bench.outcomes(Err("silent".into())), NONE);
        assert_eq!(bench.pass(pause), ["hall-lamp on_off.on=true"], "{pause}");
    }
    assert_eq!(bench.outcomes(Err("silent".into())), NONE);
    assert_eq!(bench.pass("1h"), NONE);
    assert_eq!(end(&bench), Some(RunEnd::Failed));
    press(&mut bench);
    bench.outcomes(Err("silent".into()));
    bench.pass("2s");
    assert_eq!(bench.outcomes(Ok(())), ["scene good-night"]);
}

#[test]
fn an_outcome_that_never_comes_is_a_failure_in_the_end() {
    let mut bench = does("{ scene = \"good-night\", on_failure = \"stop\" }, { toggle = \"hall-lamp\" }");
    press(&mut bench);
    assert_eq!(bench.pass("2h"), NONE);
    assert_eq!(end(&bench), Some(RunEnd::Failed));
    assert_eq!(bench.outcomes(Ok(())), NONE);
}

#[test]
fn texts_hold_the_readings_of_the_moment() {
    let mut bench = does(
        "{ speak = { room = \"bedroom\", text = \"It is {outdoor/temperature.measured} degrees, {vacation/variable.flag}.\" } },\n\
         { http = { url = \"https://example.org/hook\", body = '{{\"t\": {outdoor/temperature.measured}}}' } }",
    );
    bench.put("outdoor/temperature.measured", Value::Number(21.456));
    let told = ["says It is 21.46 degrees, ?.", "POST https://example.org/hook {\"t\": 21.46}"];
    assert_eq!(press(&mut bench), told);
}

#[test]
fn what_json_tells_of_leaves_it_json() {
    let mut bench = does(
        "{ http = { url = \"https://example.org/hook\", body = '{{\"of\": \"{trigger.name} \\\" {outdoor/temperature.measured}\", \"is\": {outdoor/temperature.measured}, \"who\": {trigger.name}, \"old\": {trigger.old}}}' } },\n\
         { http = { url = \"https://example.org/text\", body = 'It is {trigger.name}' } }",
    );
    let button = bench.home.by_handle("bedside-button").unwrap().device.id;
    let mut device = (*bench.home.device(button).unwrap().device).clone();
    device.name = "My \"button\"\\".into();
    bench.home.put(device.into());
    let told = press(&mut bench);
    let body = told[0].strip_prefix("POST https://example.org/hook ").unwrap();
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    let name = "My \"button\"\\";
    assert_eq!(json, serde_json::json!({ "of": format!("{name} \" ?"), "is": null, "who": name, "old": null }));
    assert_eq!(told[1], format!("POST https://example.org/text It is {name}"));
    bench.put("outdoor/temperature.measured", Value::Number(21.456));
    assert!(press(&mut bench)[0].contains("\"is\": 21.46,"));
}
