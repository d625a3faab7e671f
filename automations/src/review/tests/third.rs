//! Rules that name others: what these do, and when they ran, is part of a case. So is what switches rules on and off.

use super::bench::{becomes, found, rule, set, switches};

const NONE: [&str; 0] = [];

const PRESS: &str = "occurs = { of = \"bedside-button\", what = \"single\" }";
const MOTION: &str = "property = { of = \"hall-motion/occupancy.occupied\", becomes = true }";

#[test]
fn rules_that_wait_for_another_one_may_fight_in_a_case_in_which_that_runs() {
    let third = |condition: &str| {
        rule("Third", PRESS, &format!("{condition}then = [ {{ notify = {{ title = \"A\", text = \"B\" }} }} ]"))
    };
    let after = |name: &str, condition: &str, on: bool| {
        rule(name, "rule = \"third\"", &format!("{condition}then = [ {} ]", set("hall-lamp", on)))
    };
    let open = |is: bool| format!("if = {{ property = {{ of = \"front-door/contact.open\", is = {is} }} }}\n");
    let both = format!("{}{}{}", third(""), after("Light", "", true), after("Dark", &open(true), false));
    let findings = found(&both);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let told = "at `button.single` of bedside-button, while front-door/contact.open is true: `dark` sets";
    assert!(findings[0].contains("`Dark` and `Light` set") && findings[0].contains(told), "{findings:#?}");
    // The third runs only while the door is shut.
    let never = format!("{}{}{}", third(&open(false)), after("Light", "", true), after("Dark", &open(true), false));
    assert_eq!(found(&never), NONE);
    // Nobody knows when a rule runs that is not there.
    assert_eq!(found(&format!("{}{}", after("Light", "", true), after("Dark", "", false))), NONE);
}

#[test]
fn a_rule_that_another_one_runs_may_fight_with_what_is_set_off_with_that() {
    let starter = rule("Starter", PRESS, "then = [ { run = \"light\" } ]");
    let light = switches("Light", MOTION, "hall-lamp", true);
    let dark = switches("Dark", PRESS, "hall-lamp", false);
    let findings = found(&format!("{starter}{light}{dark}"));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].contains("button.single"), "{findings:#?}");
    assert_eq!(found(&format!("{light}{dark}")), NONE);
}

#[test]
fn two_rules_that_a_third_sets_off_each_in_its_way_may_fight() {
    let first =
        rule("First", "at = \"18:00\"", &format!("then = [ {}, {{ run = \"second\" }} ]", set("kitchen-lamp", true)));
    let second = switches("Second", PRESS, "hall-lamp", true);
    let third = switches("Third", &becomes("kitchen-lamp", true), "hall-lamp", false);
    let findings = found(&format!("{first}{second}{third}"));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].contains("18:00") && findings[0].contains("`Second` and `Third` set"), "{findings:#?}");
    assert_eq!(found(&format!("{second}{third}")), NONE);
}

#[test]
fn when_another_rule_ran_is_part_of_a_case() {
    let third = rule("Third", MOTION, "then = [ { notify = { title = \"A\", text = \"B\" } } ]");
    let asks = |name: &str, condition: &str, on: bool| {
        rule(name, PRESS, &format!("if = {{ {condition} }}\nthen = [ {} ]", set("hall-lamp", on)))
    };
    let lately = "last_run = { not_within = \"10m\", rule = \"third\" }";
    let not = format!("not = {{ {lately} }}");
    let both = found(&format!("{third}{}{}", asks("Light", &not, true), asks("Dark", &not, false)));
    assert!(both.len() == 1 && both[0].contains("while `third` ran 5m before"), "{both:#?}");
    assert_eq!(found(&format!("{third}{}{}", asks("Light", &not, true), asks("Dark", lately, false))), NONE);
}

#[test]
fn a_rule_that_others_run_or_wait_for_is_neither_idle_nor_without_use() {
    // Its own trigger never meets its condition, but somebody runs it.
    let rest = format!(
        "if = {{ property = {{ of = \"hall-motion/occupancy.occupied\", is = false }} }}\nthen = [ {} ]",
        set("hall-lamp", true)
    );
    let odd = rule("Odd", MOTION, &rest);
    assert!(found(&odd)[0].contains("can never run"));
    assert_eq!(found(&format!("{odd}{}", rule("Starter", PRESS, "then = [ { run = \"odd\" } ]"))), NONE);
    // It does what another does, but is waited for, or run at other times.
    let twins =
        format!("{}{}", switches("Wide", MOTION, "hall-lamp", true), switches("Narrow", MOTION, "hall-lamp", true));
    assert!(found(&twins)[0].contains("`Narrow` adds nothing"));
    assert_eq!(found(&format!("{twins}{}", switches("After", "rule = \"narrow\"", "kitchen-lamp", true))), NONE);
    assert_eq!(found(&format!("{twins}{}", rule("Starter", PRESS, "then = [ { run = \"narrow\" } ]"))), NONE);
    // And the other one may be told to rest.
    assert_eq!(found(&format!("{twins}{}", rule("Rest", PRESS, "then = [ { disable = \"wide\" } ]"))), NONE);
}

#[test]
fn a_rule_that_is_switched_off_fights_with_nobody() {
    let off = format!("{}enabled = false\n", switches("Light", PRESS, "hall-lamp", true));
    let dark = switches("Dark", PRESS, "hall-lamp", false);
    assert_eq!(found(&format!("{off}{dark}")), NONE);
    assert_eq!(
        found(&format!(
            "{off}{dark}{}",
            rule("Wake", &becomes("kitchen-lamp", true), "then = [ { enable = \"light\" } ]")
        )),
        NONE
    );
}

/// At a press, a light goes on after ten minutes, and when another one has gone on then, off.
fn late(with: &str) -> String {
    let wait = |then: &str| format!("then = [ {{ wait = \"10m\" }}, {then} ]");
    let light = rule("Light", PRESS, &wait(&set("hall-lamp", true)));
    let dark = rule("Dark", PRESS, &wait(&set("hall-lamp", false)));
    format!("{light}{dark}{with}")
}

#[test]
fn rules_that_a_third_one_keeps_apart_by_switching_one_of_them_do_not_fight() {
    assert_eq!(found(&late("")).len(), 1);
    let rest = |condition: &str| rule("Rest", PRESS, &format!("{condition}then = [ {{ disable = \"dark\" }} ]"));
    assert_eq!(found(&late(&rest(""))), NONE);
    // It never does, or only one that neither of them has to do with.
    let never = rest("if = { days = [\"mon\"], not = { days = [\"mon\"] } }\n");
    assert!(found(&late(&never)).iter().any(|finding| finding.contains("`Dark` and `Light` set")));
    let other =
        format!("{}{}", rest("").replace("\"dark\"", "\"other\""), switches("Other", MOTION, "kitchen-lamp", true));
    assert!(found(&late(&other)).iter().any(|finding| finding.contains("`Dark` and `Light` set")));
}

#[test]
fn rules_that_are_kept_apart_for_a_while_may_fight_after_it() {
    let after =
        |name: &str, span: &str, then: &str| rule(name, PRESS, &format!("then = [ {{ wait = \"{span}\" }}, {then} ]"));
    let both = format!("{}, {}", set("kitchen-lamp", true), set("hall-lamp", true));
    let light = after("Light", "10m", &both);
    let two = format!("{light}{}", switches("Dark", &becomes("kitchen-lamp", true), "hall-lamp", false));
    let rest = after("Rest", "1m", "{ disable = \"dark\" }");
    let wake = after("Wake", "5m", "{ enable = \"dark\" }");
    let fights = |text: &str| found(text).iter().filter(|finding| finding.contains("to different values")).count();
    assert_eq!(fights(&two), 1);
    assert_eq!(fights(&format!("{two}{rest}")), 0);
    assert_eq!(fights(&format!("{two}{rest}{wake}")), 1);
}
