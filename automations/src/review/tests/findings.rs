use std::sync::Arc;

use hub_model::{EndpointKind, capability::variable};

use super::{
    super::{FindingKind, review},
    bench::{found, rules},
};
use crate::sample;

const NONE: [&str; 0] = [];

#[test]
fn a_rule_without_triggers_is_run_by_people_and_no_finding() {
    let text = "name = \"Tidy\"\nwhen = []\nif = { between = [\"22:00\", \"06:00\"] }\n\
                then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = false } } ]";
    assert_eq!(found(text), NONE);
}

#[test]
fn two_rules_that_one_event_sets_against_each_other_are_found_with_an_example() {
    let findings = found(
        r#"
[[rule]]
name = "Light"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
if = { between = ["17:00", "23:00"] }
then = [ { set = { target = "hall-lamp", "on_off.on" = true } } ]
[[rule]]
name = "Dark"
when = [ { property = { of = "hall-motion/occupancy.occupied", changes = true } } ]
if = { all = [ { between = ["22:00", "06:00"] }, { property = { of = "front-door/contact.open", is = true } } ] }
then = [ { set = { target = "room:hall", "on_off.on" = false } } ]
"#,
    );
    assert_eq!(
        findings,
        [
            "rules.toml:8:8: `Dark` and `Light` set hall-lamp/on_off.on to different values at the same moment. For example, \
          on Tuesday 2026-11-24 22:00, when hall-motion/occupancy.occupied becomes true and was false, while \
          front-door/contact.open is true: `dark` sets hall-lamp/on_off.on to false, `light` sets hall-lamp/on_off.on to \
          true."
        ]
    );
}

#[test]
fn rules_whose_conditions_never_meet_do_not_fight() {
    let rules = |first: &str, second: &str| {
        found(&format!(
            r#"
[[rule]]
name = "Light"
when = [ {{ property = {{ of = "hall-motion/occupancy.occupied", becomes = true }} }} ]
if = {{ {first} }}
then = [ {{ set = {{ target = "hall-lamp", "on_off.on" = true }} }} ]
[[rule]]
name = "Dark"
when = [ {{ property = {{ of = "hall-motion/occupancy.occupied", becomes = true }} }} ]
if = {{ {second} }}
then = [ {{ set = {{ target = "hall-lamp", "on_off.on" = false }} }} ]
"#
        ))
    };
    assert_eq!(rules("between = [\"06:00\", \"22:00\"]", "between = [\"22:00\", \"06:00\"]"), NONE);
    assert_eq!(rules("days = [\"mon\"]", "days = [\"tue\", \"sun\"]"), NONE);
    let open = "property = { of = \"front-door/contact.open\", is = true }";
    assert_eq!(rules(open, &format!("not = {{ {open} }}")), NONE);
    assert_eq!(rules(&format!("not = {{ {open} }}"), &format!("not = {{ {} }}", open.replace("true", "false"))), NONE);
    let warm = |test: &str| format!("property = {{ of = \"bathroom-climate/temperature.measured\", {test} }}");
    assert_eq!(rules(&warm("above = 20"), &warm("below = 20")), NONE);
    assert_eq!(rules(&warm("above = 20"), &warm("below = 21")).len(), 1);
}

#[test]
fn a_wait_that_ends_when_another_rule_acts_is_seen() {
    let findings = found(
        r#"
[[rule]]
name = "Short"
when = [ { at = "23:00" } ]
then = [ { set = { target = "hall-lamp", "on_off.on" = true } }, { wait = "30m" }, { set = { target = "hall-lamp", "on_off.on" = false } } ]
[[rule]]
name = "Late"
when = [ { at = "23:30", days = ["sat"] } ]
then = [ { set = { target = "hall-lamp", "on_off.on" = true } } ]
"#,
    );
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(
        findings[0]
            .contains("on Saturday 2026-11-28 23:00: `late` sets hall-lamp/on_off.on to true after 30m, `short` sets"),
        "{findings:#?}"
    );
}

#[test]
fn a_rule_that_takes_back_at_once_what_another_did_is_found() {
    let findings = found(
        r#"
[[rule]]
name = "Ring"
when = [ { occurs = { of = "bedside-button", what = "single" } } ]
then = [ { set = { target = "bedside-lamp", "on_off.on" = true } } ]
[[rule]]
name = "Sleep"
when = [ { property = { of = "bedside-lamp/on_off.on", becomes = true } } ]
if = { between = ["23:00", "06:00"] }
then = [ { set = { target = "bedside-lamp", "on_off.on" = false } } ]
"#,
    );
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].contains("`button.single` of bedside-button"), "{findings:#?}");
}

#[test]
fn actions_that_undo_each_other_are_writes_too() {
    let findings = found(
        r#"
[[rule]]
name = "Lock"
when = [ { at = "22:00" } ]
then = [ { invoke = { target = "front-door-lock", action = "lock.lock" } } ]
[[rule]]
name = "Unlock"
when = [ { at = "22:00", days = ["fri"] } ]
then = [ { invoke = { target = "front-door-lock", action = "lock.unlock" } } ]
"#,
    );
    assert_eq!(findings.len(), 1, "{findings:#?}");
}

#[test]
fn rules_that_set_each_other_off_for_ever_are_found_and_those_that_come_to_rest_are_not() {
    let rules = |second: &str| {
        found(&format!(
            r#"
[[rule]]
name = "Follow"
when = [ {{ property = {{ of = "hall-lamp/on_off.on", changes = true }} }} ]
then = [ {{ if = {{ property = {{ of = "hall-lamp/on_off.on", is = true }} }}, then = [ {{ set = {{ target = "kitchen-lamp", "on_off.on" = true }} }} ], else = [ {{ set = {{ target = "kitchen-lamp", "on_off.on" = false }} }} ] }} ]
[[rule]]
name = "Against"
when = [ {{ property = {{ of = "kitchen-lamp/on_off.on", changes = true }} }} ]
then = [ {{ wait = "5s" }}, {{ if = {{ property = {{ of = "kitchen-lamp/on_off.on", is = true }} }}, then = [ {{ set = {{ target = "hall-lamp", "on_off.on" = {second} }} }} ], else = [ {{ set = {{ target = "hall-lamp", "on_off.on" = true }} }} ] }} ]
"#
        ))
    };
    let circle = rules("false");
    assert_eq!(circle.len(), 1, "{circle:#?}");
    assert!(circle[0].contains("`Follow` and `Against` set each other off for ever."), "{circle:#?}");
    let still = "{ set = { target = \"hall-lamp\", \"on_off.on\" = true } }";
    let at_rest = format!(
        "name = \"A\"\nwhen = [ {{ property = {{ of = \"hall-lamp/on_off.on\", changes = true }} }} ]\nthen = [ {still} ]"
    );
    assert_eq!(found(&at_rest), NONE);
}

#[test]
fn a_rule_that_can_never_run_is_found() {
    let rule = |when: &str, condition: &str| {
        found(&format!(
            "name = \"A\"\nwhen = [ {{ {when} }} ]\nif = {{ {condition} }}\nthen = [ {{ scene = \"good-night\" }} ]"
        ))
    };
    let warm = "of = \"bathroom-climate/temperature.measured\"";
    let never = rule(&format!("property = {{ {warm}, above = 25 }}"), &format!("property = {{ {warm}, below = 20 }}"));
    assert_eq!(never.len(), 1);
    assert!(never[0].contains("`A` can never run"), "{never:#?}");
    assert_eq!(rule("at = \"23:30\"", "between = [\"06:00\", \"22:00\"]").len(), 1);
    assert_eq!(rule("at = \"23:30\"", "between = [\"06:00\", \"23:31\"]"), NONE);
    assert_eq!(rule("at = \"23:30\", days = [\"mon\"]", "days = [\"tue\"]").len(), 1);
    assert_eq!(rule("at = \"23:30\"", "all = [ { days = [\"mon\"] }, { days = [\"tue\"] } ]").len(), 1);
    let humid = "of = \"bathroom-climate/humidity.measured\", above = 100";
    let beyond = rule(&format!("property = {{ {humid} }}"), "days = [\"mon\"]");
    assert!(beyond[0].contains("beyond what the device can be"), "{beyond:#?}");
}

#[test]
fn what_comes_at_other_times_in_other_months_is_not_said_to_never_run_or_to_add_nothing() {
    // In November the sun sets before four, and not every moment of a line of cron or of "every" lies in one week.
    for (when, condition) in [
        ("sun = \"sunset\"", "between = [\"18:00\", \"23:00\"]"),
        ("every = \"10m\"", "between = [\"03:00\", \"04:00\"]"),
        ("cron = \"0 7 1,20 * *\"", "between = [\"06:00\", \"08:00\"], days = [\"sun\"]"),
    ] {
        let rule = |name: &str, condition: &str| {
            let on = "{ set = { target = \"hall-lamp\", \"on_off.on\" = true } }";
            let press = "{ occurs = { of = \"bedside-button\", what = \"single\" } }";
            format!("[[rule]]\nname = \"{name}\"\nwhen = [ {press}, {{ {when} }} ]\n{condition}\nthen = [ {on} ]\n")
        };
        let only = rule("A", &format!("if = {{ {condition} }}"))
            .replace("{ occurs = { of = \"bedside-button\", what = \"single\" } }, ", "");
        assert_eq!(found(&only), NONE);
        let day = "if = { between = [\"05:00\", \"17:00\"] }";
        let both = format!("{}{}", rule("Wide", day), rule("Narrow", "if = { between = [\"05:00\", \"18:00\"] }"));
        assert_eq!(found(&both), NONE);
    }
}

#[test]
fn rules_that_wait_for_any_change_of_a_word_a_number_or_a_text_can_run_and_may_fight() {
    let mut home = sample::home("Europe/Berlin");
    home.put(Arc::new(sample::device("note", "Hall", EndpointKind::Other, &[&variable::TEXT])));
    for of in ["house/house.mode", "counter/variable.number", "note/variable.text"] {
        let rule = |name: &str, on: bool| {
            format!(
                "[[rule]]\nname = \"{name}\"\nwhen = [ {{ property = {{ of = \"{of}\", changes = true }} }} ]\n\
                 then = [ {{ set = {{ target = \"hall-lamp\", \"on_off.on\" = {on} }} }} ]\n"
            )
        };
        let both = rules(&format!("{}{}", rule("Light", true), rule("Dark", false)));
        let now = "2026-11-23T11:00:00Z".parse().unwrap();
        let kinds = |rules| review(rules, &home, now).findings.iter().map(|finding| finding.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&both[..1]), [], "{of}");
        assert_eq!(kinds(&both), [FindingKind::Conflict], "{of}");
    }
}

#[test]
fn a_rule_that_adds_nothing_is_found_and_one_that_adds_anything_is_not() {
    let rules = |condition: &str, then: &str| {
        found(&format!(
            r#"
[[rule]]
name = "Wide"
when = [ {{ property = {{ of = "kind:door/contact.open", becomes = true }} }}, {{ at = "22:00" }} ]
if = {{ between = ["18:00", "06:00"] }}
then = [ {{ set = {{ target = "kind:light", "on_off.on" = true }} }} ]
[[rule]]
name = "Narrow"
when = [ {{ property = {{ of = "front-door/contact.open", becomes = true }} }} ]
if = {{ {condition} }}
then = [ {then} ]
"#
        ))
    };
    let on = "{ set = { target = \"hall-lamp\", \"on_off.on\" = true } }";
    let shadowed = rules("between = [\"20:00\", \"23:00\"]", on);
    assert_eq!(shadowed.len(), 1, "{shadowed:#?}");
    assert!(shadowed[0].contains("`Narrow` adds nothing: `Wide` does the same"), "{shadowed:#?}");
    assert_eq!(rules("between = [\"12:00\", \"23:00\"]", on), NONE);
    assert_eq!(
        rules("between = [\"20:00\", \"23:00\"]", &format!("{on}, {{ notify = {{ title = \"A\", text = \"B\" }} }}")),
        NONE
    );
}

#[test]
fn when_rules_act_is_looked_at_like_a_condition() {
    let rule = |name: &str, active: &str, on: bool| {
        format!(
            "[[rule]]\nname = \"{name}\"\n{active}\nwhen = [ {{ property = {{ of = \"front-door/contact.open\", becomes = true }} }} ]\n\
             then = [ {{ set = {{ target = \"hall-lamp\", \"on_off.on\" = {on} }} }} ]\n"
        )
    };
    let [day, night] = ["08:00", "22:00"].map(|from| format!("active = {{ from = \"{from}\", to = \"06:00\" }}"));
    let day = day.replace("06:00", "20:00");
    // Who acts from eight to eight is covered by who always acts, and not the other way round.
    let wide = |name: &str, active: &str| rule(name, active, true);
    let covered = found(&format!("{}{}", wide("Wide", ""), wide("Narrow", &day)));
    assert!(covered.len() == 1 && covered[0].contains("`Narrow` adds nothing"), "{covered:#?}");
    assert_eq!(found(&format!("{}{}", wide("Wide", &day), wide("Narrow", ""))), NONE);
    // Who fights by night alone is found by night.
    let fight = found(&format!("{}{}", rule("Light", &night, true), rule("Dark", &night, false)));
    assert_eq!(fight.len(), 1, "{fight:#?}");
    let apart = found(&format!("{}{}", rule("Light", &night, true), rule("Dark", &day, false)));
    assert_eq!(apart, NONE);
    let evenings = night.replace("}", ", days = [\"mon\"] }");
    let mornings = "active = { from = \"01:00\", to = \"05:00\", days = [\"tue\"] }";
    assert_eq!(found(&format!("{}{}", rule("Light", &evenings, true), rule("Dark", mornings, false))).len(), 1);
    // Whose evening ends at midnight acts on no morning.
    let to_midnight = evenings.replace("06:00", "00:00");
    assert_eq!(found(&format!("{}{}", rule("Light", &to_midnight, true), rule("Dark", mornings, false))), NONE);
    let mondays = mornings.replace("tue", "mon");
    assert_eq!(found(&format!("{}{}", rule("Light", &evenings, true), rule("Dark", &mondays, false))), NONE);
}

#[test]
fn no_example_is_found_fault_with() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut rules = Vec::new();
    for file in crate::rule_files(&folder).unwrap() {
        let text = std::fs::read_to_string(&file).unwrap();
        rules.extend(crate::parse::parse(&file.as_path().into(), &text).rules.into_iter().map(std::sync::Arc::new));
    }
    let review = super::bench::review_of(&rules);
    assert_eq!(review.findings, []);
    assert!(!review.cut_short);
}
