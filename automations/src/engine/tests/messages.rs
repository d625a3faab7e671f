use hub_core::Heard;
use hub_model::{Message, Qos};

use super::bench::Bench;
use crate::engine::news;

const NONE: [&str; 0] = [];

fn on(trigger: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"parallel\"\nwhen = [ {{ mqtt = {{ {trigger} }} }} ]\n\
         then = [ {{ publish = {{ topic = \"answer\", payload = {{ state = \"ON\", level = 3 }}, retain = true }} }} ]"
    ))
}

const ANSWER: &str = r#"answer {"state":"ON","level":3} kept"#;

#[test]
fn a_message_on_any_topic_of_the_filter_triggers() {
    let mut bench = on("topic = \"door/+/ring\"");
    assert_eq!(bench.hears("door/front/ring", ""), [ANSWER]);
    assert_eq!(bench.hears("door/front/ring", "anything"), [ANSWER]);
    assert_eq!(bench.hears("door/front", ""), NONE);
    assert_eq!(bench.topics.len(), 1);
}

#[test]
fn a_message_that_the_broker_had_kept_is_no_news() {
    let message = |retain| Message { topic: "door".parse().unwrap(), payload: [].into(), retain, qos: Qos::default() };
    let heard = |retain| news(Heard { filter: "door".parse().unwrap(), message: message(retain) });
    assert_eq!((heard(true), heard(false).is_some()), (None, true));
}

#[test]
fn a_message_has_to_say_what_the_rule_wants() {
    let mut text = on("topic = \"t\", payload = \"ON\"");
    assert_eq!(text.hears("t", "ON"), [ANSWER]);
    assert_eq!(text.hears("t", "OFF"), NONE);
    assert_eq!(on("topic = \"t\", payload = 21.5").hears("t", "21.5"), [ANSWER]);
    let mut field = on("topic = \"t\", field = \"action\", is = \"single\"");
    assert_eq!(field.hears("t", r#"{"action": "single", "battery": 90}"#), [ANSWER]);
    assert_eq!(field.hears("t", r#"{"action": "double"}"#), NONE);
    assert_eq!(field.hears("t", "single"), NONE);
    let mut warm = on("topic = \"t\", field = \"in.celsius\", above = 25");
    assert_eq!(warm.hears("t", r#"{"in": {"celsius": 25.5}}"#), [ANSWER]);
    assert_eq!(warm.hears("t", r#"{"in": {"celsius": 25}}"#), NONE);
}

#[test]
fn only_the_topics_of_rules_that_can_run_are_asked_for() {
    let mut bench = on("topic = \"a\"");
    assert_eq!(bench.engine.topics().map(|topics| topics.len()), Some(1));
    assert_eq!(bench.engine.topics(), None, "nothing changed");
    bench.load("name = \"A\"\nenabled = false\nwhen = [ { mqtt = { topic = \"a\" } } ]\nthen = [ { wait = \"1s\" } ]");
    assert_eq!(bench.engine.topics(), Some(Vec::new()));
}
