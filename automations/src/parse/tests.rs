mod mistakes;
mod nearly;

use std::time::Duration;

use hub_model::{Value, capability::on_off};
use proptest::prelude::*;

use self::{mistakes::mistakes, nearly::nearly_a_rule};
use super::*;
use crate::rule::{Action, Change, Condition, Mode, Test, Trigger};

fn read(text: &str) -> Parsed {
    parse(&Path::new("rule.toml").into(), text)
}

fn rule(text: &str) -> Rule {
    let mut parsed = read(text);
    assert_eq!(parsed.broken, [], "{text}");
    parsed.rules.remove(0)
}

/// What is wrong with a rule that has these lines.
fn faults(text: &str) -> String {
    read(text).faults().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

const WHEN: &str = "when = [ { at = \"07:00\" } ]\n";
const THEN: &str = "then = [ { wait = \"1s\" } ]\n";

#[test]
fn the_first_rule_of_the_design_is_read() {
    let text = r#"
#:schema ../rule.schema.json
name = "Hall light at night"
mode = "restart"                       # single | restart | queued | parallel

[[when]]
property = { of = "hall-motion/occupancy.occupied", becomes = true }

[if]
all = [ { not = { property = { of = "hall-lamp/on_off.on", is = true } } } ]

[[then]]
set = { target = "hall-lamp", "on_off.on" = true, "brightness.level" = 30, transition = "2s" }
[[then]]
wait_until = { property = { of = "hall-motion/occupancy.occupied", is = false, held = "3m" }, at_most = "30m" }
[[then]]
set = { target = "hall-lamp", "on_off.on" = false }
"#;
    let rule = rule(text);
    assert_eq!((rule.id.value.0.as_str(), rule.mode, rule.enabled), ("hall-light-at-night", Mode::Restart, true));
    let Trigger::Property { of, change, held, .. } = &rule.when[0].trigger else { panic!("{:?}", rule.when) };
    assert_eq!(of[0].value.to_string(), "hall-motion/occupancy.occupied");
    assert_eq!((&change.value, *held), (&Change::Becomes(Test::Is(true.into())), None));
    assert!(matches!(&rule.condition, Condition::All(parts) if matches!(parts[..], [Condition::Not(_)])));
    let Action::Set { set, transition, .. } = &rule.then[0].action else { panic!("{:?}", rule.then) };
    assert_eq!(set[0].value, ((&on_off::ON).into(), Value::Bool(true)));
    assert_eq!((set[1].spot.line, *transition), (13, Some(Duration::from_secs(2))));
    assert!(matches!(&rule.then[1].action, Action::WaitUntil { at_most: Some(most), .. } if most.as_secs() == 1800));

    let with_sun = text.replace("all = [ ", "all = [ { sun = \"below_horizon\" }, ");
    assert_eq!(faults(&with_sun), "");
}

#[test]
fn the_second_rule_of_the_design_is_read() {
    let rule = rule(
        r#"
name = "Laundry done"
[[when]]
property = { of = "washer/power.watts", below = 5, held = "2m" }
[[when]]
occurs = { of = "washer/1", what = "cycle_finished" }
[[then]]
notify = { to = "everyone", title = "Laundry", text = "The washer is done." }
"#,
    );
    assert!(matches!(&rule.when[0].trigger, Trigger::Property { held: Some(held), .. } if held.as_secs() == 120));
    assert!(
        matches!(&rule.when[1].trigger, Trigger::Occurs { what, .. } if what.value.as_str() == "appliance.cycle_finished")
    );
    assert!(matches!(&rule.then[0].action, Action::Notify { to, .. } if to.is_empty()));
}

#[test]
fn the_third_rule_of_the_design_is_read() {
    let text = r#"name = "Good night"
[[when]]
phrase = ["good night", "晚安"]
[[when]]
at = "23:30"
days = ["mon", "tue", "wed", "thu", "sun"]
[if]
house = "home"
[[then]]
scene = "good-night"
[[then]]
if = { any_of = "kind:window", property = "contact.open", is = true }
then = [ { speak = { room = "bedroom", text = "A window is still open." } } ]
"#;
    let rule = rule(text);
    assert!(matches!(&rule.when[0].trigger, Trigger::Phrase(phrases) if phrases.len() == 2));
    assert!(matches!(&rule.condition, Condition::Property { of, .. } if of[0].value.to_string() == "*/house.mode"));
    let Action::If { then, .. } = &rule.then[1].action else { panic!("{:?}", rule.then) };
    assert!(matches!(&then[0].action, Action::Speak { room: Some(room), .. } if room.value == "bedroom"));
}

#[test]
fn a_file_holds_several_rules_and_a_broken_one_leaves_the_others_whole() {
    let text = r#"
[[rule]]
name = "One"
when = [ { at = "07:00" } ]
then = [ { scene = "morning" } ]

[[rule]]
name = "Two"
whn = [ { at = "07:00" } ]
then = [ { scene = "morning" } ]

[[rule]]
name = "三"
id = "three"
[[rule.when]]
at = 22:15:00
[[rule.then]]
set = { target = "lamp", on_off.on = true, color.value = { h = 30, s = 80 }, x.ikea.effect = "candle" }
"#;
    let parsed = read(text);
    let ids: Vec<_> = parsed.rules.iter().map(|rule| rule.id.value.0.as_str()).collect();
    assert_eq!(ids, ["one", "three"]);
    assert_eq!((parsed.broken[0].id.0.as_str(), parsed.broken[0].name.as_str()), ("two", "Two"));
    let Action::Set { set, .. } = &parsed.rules[1].then[0].action else { panic!() };
    let names: Vec<_> = set.iter().map(|said| said.value.0.as_str()).collect();
    assert_eq!(names, ["on_off.on", "color.value", "x.ikea.effect"]);
}

#[test]
fn a_name_without_ascii_gets_the_files_name_as_its_id() {
    assert_eq!(rule(&format!("name = \"晚安\"\n{WHEN}{THEN}")).id.value.0, "rule");
}

#[test]
fn a_file_of_comments_has_no_rules_and_no_faults() {
    let parsed = read("# name = \"Later\"\n");
    assert!(parsed.rules.is_empty() && parsed.broken.is_empty());
}

#[test]
fn a_rule_that_moved_in_its_file_is_the_same_rule() {
    let text = format!("name = \"A\"\n{WHEN}then = [ {{ scene = \"b\" }} ]\n");
    assert_eq!(rule(&text), rule(&format!("# A comment.\n\n{text}")));
    assert_ne!(rule(&text), rule(&text.replace("07:00", "07:01")));
}

#[test]
fn every_mistake_is_named_with_its_place_and_a_remedy() {
    let told: Vec<_> = mistakes()
        .into_iter()
        .map(|text| {
            let faults = faults(&text);
            assert!(!faults.is_empty(), "nobody found the mistake in\n{text}");
            format!("{}\n=> {}", text.trim(), faults.replace('\n', "\n=> "))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn columns_are_counted_in_characters() {
    let text = format!("name = \"晚安 äöü\"; x\n{WHEN}{THEN}");
    insta::assert_snapshot!(faults(&text), @"rule.toml:1:16: this is not TOML: unexpected key or value, expected newline, `#`");
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let faults = faults(&" ".repeat(LARGEST + 1));
    assert_eq!(faults, "rule.toml:1:1: a rule file has at most 1048576 bytes, not 1048577: split it");
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    let text = format!("name = \"A\"\n{WHEN}{THEN}if = {}{}", "{ not = ".repeat(20_000), "}".repeat(20_000));
    assert!(!faults(&text).is_empty());
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        read(&text);
    }

    #[test]
    fn what_is_nearly_a_rule_is_read_without_a_panic_and_faults_lie_within(text in nearly_a_rule()) {
        let lines = text.lines().count().max(1);
        for fault in read(&text).faults() {
            prop_assert!(fault.line as usize <= lines + 1, "{fault}\n{text}");
        }
    }
}
