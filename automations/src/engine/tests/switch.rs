//! Rules that are off: they do nothing, say so, and can be switched on and off in an instant.

use hub_model::{RuleId, SkipReason, Trace};

use super::bench::{Bench, rules};
use crate::engine::Input;

const NONE: [&str; 0] = [];
const SCENE: [&str; 1] = ["scene good-night"];

/// Why triggers came to nothing since this was last called, and how often.
fn skips(bench: &mut Bench) -> Vec<(String, SkipReason, u32)> {
    let skip = |trace| match trace {
        Trace::Began(record) => Some((record.of.id().to_string(), record.skipped()?, record.times)),
        _ => None,
    };
    std::mem::take(&mut bench.traces).into_iter().filter_map(skip).collect()
}

fn off(times: u32) -> (String, SkipReason, u32) {
    ("a".into(), SkipReason::Disabled, times)
}

fn switch(bench: &mut Bench, id: &str, enabled: bool) -> Vec<String> {
    bench.tell(Input::Switch(&RuleId(id.into()), enabled))
}

const OFF: &str = "name = \"A\"\nenabled = false\nmode = \"parallel\"\n\
     when = [ { at = \"12:30\" }, { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
     if = { property = { of = \"front-door/contact.open\", is = true } }\n\
     then = [ { scene = \"good-night\" }, { wait = \"10m\" }, { scene = \"good-night\" } ]";

#[test]
fn a_rule_that_is_off_does_nothing_and_says_why() {
    let mut bench = Bench::new(OFF);
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    assert_eq!(skips(&mut bench), [off(1)]);
    assert_eq!(bench.pass("30m"), NONE);
    assert_eq!(skips(&mut bench), [off(1)], "the time of day too");
}

#[test]
fn what_comes_often_is_counted_and_said_once_in_a_while() {
    let mut bench = Bench::new(OFF);
    for _ in 0..50 {
        bench.occurs("bedside-button", "button.single");
    }
    assert_eq!(skips(&mut bench), [off(1)]);
    bench.pass("1m");
    bench.occurs("bedside-button", "button.single");
    assert_eq!(skips(&mut bench), [off(50)]);
}

#[test]
fn one_event_puts_a_few_of_thousands_of_rules_on_record() {
    let one = |number: usize| OFF.replace("\"A\"", &format!("\"A{number}\""));
    let many: Vec<_> = (0..1000).flat_map(|number| rules(&one(number))).collect();
    let mut bench = Bench::new("");
    bench.tell(Input::Rules(many));
    bench.occurs("bedside-button", "button.single");
    assert_eq!(skips(&mut bench).len(), 64);
    bench.occurs("bedside-button", "button.single");
    let others = skips(&mut bench);
    assert_eq!((others.len(), others[0].2), (64, 2), "others say how often they were passed over");
}

#[test]
fn a_rule_outside_of_its_active_time_says_so() {
    let mut bench = Bench::new(&OFF.replace("enabled = false", "active = { from = \"20:00\", to = \"21:00\" }"));
    bench.occurs("bedside-button", "button.single");
    assert_eq!(skips(&mut bench), [("a".to_owned(), SkipReason::Inactive, 1)]);
}

#[test]
fn a_rule_that_another_one_runs_says_that_it_is_off() {
    let mut bench = Bench::new(&format!(
        "[[rule]]\nname = \"B\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"long\" }} }} ]\nthen = [ {{ run = \"a\" }} ]\n[[rule]]\n{OFF}"
    ));
    assert_eq!(bench.occurs("bedside-button", "button.long"), NONE);
    assert_eq!(skips(&mut bench), [off(1)]);
}

#[test]
fn a_rule_acts_from_the_next_event_on_and_no_longer_than_it_is_on() {
    let mut bench = Bench::new(OFF);
    bench.put("front-door/contact.open", true);
    switch(&mut bench, "a", true);
    assert_eq!(bench.occurs("bedside-button", "button.single"), SCENE);
    switch(&mut bench, "a", false);
    assert_eq!(bench.occurs("bedside-button", "button.single"), NONE);
    assert_eq!(bench.pass("1h"), NONE, "what waited has ended");
    assert_eq!(skips(&mut bench).len(), 2);
}

#[test]
fn what_lasts_lasts_on_while_a_rule_is_off() {
    let text = "name = \"A\"\nwhen = [ { property = { of = \"bathroom-climate/temperature.measured\", above = 25, held = \"20m\" } } ]\n\
                then = [ { scene = \"good-night\" } ]";
    for reloads in [false, true] {
        let mut bench = Bench::new(text);
        bench.put("bathroom-climate/temperature.measured", 26.0);
        bench.pass("10m");
        bench.put("bathroom-climate/temperature.measured", 27.0);
        if reloads {
            bench.load(&text.replace("name", "enabled = false\nname"));
            bench.load(text);
        } else {
            switch(&mut bench, "a", false);
            switch(&mut bench, "a", true);
        }
        assert_eq!(bench.pass("10m"), SCENE);
    }
}

#[test]
fn a_rule_that_disables_itself_ends_where_it_would_wait() {
    let mut bench = Bench::new(
        "name = \"A\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { disable = \"a\" }, { scene = \"good-night\" }, { wait = \"1m\" }, { scene = \"good-night\" } ]",
    );
    assert_eq!(bench.occurs("bedside-button", "button.single"), ["disables a", "scene good-night"]);
    switch(&mut bench, "a", false);
    assert_eq!(bench.pass("1h"), NONE);
}

#[test]
fn nobody_listens_for_a_rule_that_is_off() {
    let text = "name = \"A\"\nwhen = [ { mqtt = { topic = \"a/b\" } } ]\nthen = [ { scene = \"good-night\" } ]";
    let mut bench = Bench::new(text);
    assert_eq!(bench.engine.topics().unwrap().len(), 1);
    switch(&mut bench, "a", false);
    assert_eq!(bench.engine.topics().unwrap().len(), 0);
    switch(&mut bench, "a", true);
    assert_eq!(bench.hears("a/b", ""), SCENE);
}
