//! Rules that are set off by what people and the hub say, by scenes, calendars and by who can be reached.

use super::bench::{becomes, found, rule, set, switches};

const NONE: [&str; 0] = [];

/// Two rules that one thing sets against each other, and how it is told.
fn fight(one: &str, other: &str, told: &str) {
    let lamp = |name, when: &str, on| switches(name, when, "hall-lamp", on);
    let both = format!("{}{}", lamp("Light", one, true), lamp("Dark", other, false));
    let findings = found(&both);
    assert_eq!(findings.len(), 1, "{both}\n{findings:#?}");
    assert!(findings[0].contains("set hall-lamp/on_off.on to different values"), "{findings:#?}");
    assert!(findings[0].contains(told), "{findings:#?}");
}

/// Two rules that nothing sets against each other.
fn peace(one: &str, other: &str) {
    let lamp = |name, when: &str, on| switches(name, when, "hall-lamp", on);
    assert_eq!(found(&format!("{}{}", lamp("Light", one, true), lamp("Dark", other, false))), NONE, "{one} {other}");
}

#[test]
fn rules_that_hear_the_same_may_fight() {
    fight("phrase = \"party time\"", "phrase = [\"go\", \"party time\"]", "when somebody says \"party time\"");
    peace("phrase = \"party time\"", "phrase = \"party over\"");
    fight("answer = \"yes\"", "answer = \"yes\"", "when somebody answers `yes`");
    peace("answer = \"yes\"", "answer = \"no\"");
    fight("started = true", "started = true", "when the hub has started");
    let lost = |of: &str, becomes: bool| format!("reachable = {{ of = \"{of}\", becomes = {becomes} }}");
    fight(&lost("kind:lock", false), &lost("front-door-lock", false), "when front-door-lock can no longer be reached");
    peace(&lost("front-door-lock", false), &lost("front-door-lock", true));
    peace("webhook = {}", "webhook = {}");
}

#[test]
fn messages_meet_where_one_topic_is_wanted_by_both_and_says_what_both_want() {
    let topic = |topic: &str, says: &str| format!("mqtt = {{ topic = \"{topic}\"{says} }}");
    fight(&topic("door/+", ""), &topic("door/front", ""), "when a message comes on `door/front`");
    peace(&topic("door/+", ""), &topic("window/+", ""));
    let (ring, knock) = (", payload = \"ring\"", ", payload = \"knock\"");
    fight(&topic("door/+", ring), &topic("door/front", ""), "when `ring` comes on `door/front`");
    peace(&topic("door", ring), &topic("door", knock));
    let (above, below) = (", field = \"t\", above = 20", ", field = \"t\", below = 25");
    fight(&topic("warmth", above), &topic("warmth", below), "when `{\"t\":21}` comes on `warmth`");
    peace(&topic("warmth", above), &topic("warmth", ", field = \"t\", below = 20"));
}

#[test]
fn a_condition_on_what_a_message_brought_is_looked_into() {
    let lamp = |name: &str, is: &str, on: bool| {
        let condition = format!("if = {{ body = {{ field = \"state\", is = \"{is}\" }} }}");
        rule(name, "mqtt = { topic = \"alarm\" }", &format!("{condition}\nthen = [ {} ]", set("hall-lamp", on)))
    };
    let same = found(&format!("{}{}", lamp("Light", "armed", true), lamp("Dark", "armed", false)));
    assert!(same.len() == 1 && same[0].contains("when `{\"state\":\"armed\"}` comes on `alarm`"), "{same:#?}");
    assert_eq!(found(&format!("{}{}", lamp("Light", "armed", true), lamp("Dark", "idle", false))), NONE);
}

#[test]
fn a_scene_that_somebody_runs_sets_off_rules_by_itself_and_by_what_it_does() {
    fight("scene = \"good-night\"", "scene = \"good-night\"", "when somebody runs the scene `good-night`");
    peace("scene = \"good-night\"", "scene = \"cooking\"");
    // The scene switches the kitchen lamp on.
    fight("scene = \"cooking\"", &becomes("kitchen-lamp", true), "when somebody runs the scene `cooking`");
    peace("scene = \"cooking\"", &becomes("kitchen-lamp", false));
}

#[test]
fn a_rule_that_runs_a_scene_may_fight_with_one_that_waits_for_it() {
    let runs =
        rule("Cook", "at = \"18:00\"", &format!("then = [ {{ scene = \"cooking\" }}, {} ]", set("hall-lamp", true)));
    let waits = switches("Dark", "scene = \"cooking\"", "hall-lamp", false);
    let findings = found(&format!("{runs}{waits}"));
    assert!(findings.len() == 1 && findings[0].contains("18:00: `cook` sets hall-lamp"), "{findings:#?}");
}

#[test]
fn what_begins_or_is_going_on_in_a_calendar_is_tried() {
    let bins = "calendar = { name = \"bins\", title = \"paper\" }";
    fight(bins, "calendar = { name = \"bins\" }", "when \"paper\" in the calendar `bins` begins");
    peace(bins, "calendar = { name = \"bins\", title = \"glass\" }");
    peace(bins, "calendar = { name = \"bins\", title = \"paper\", at = \"end\" }");
    fight(
        "calendar = { name = \"bins\", title = \"paper\" }, offset = \"-30m\"",
        "calendar = { name = \"bins\" }, offset = \"-30m\"",
        "30m before \"paper\" in the calendar `bins` begins",
    );
    let lamp = |name: &str, condition: &str, on: bool| {
        rule(name, "at = \"18:00\"", &format!("if = {{ {condition} }}\nthen = [ {} ]", set("hall-lamp", on)))
    };
    let at_work = "calendar = { name = \"work\" }";
    let both = found(&format!("{}{}", lamp("Light", at_work, true), lamp("Dark", at_work, false)));
    assert!(both.len() == 1 && both[0].contains("while something in the calendar `work` is going on"), "{both:#?}");
    let never_both =
        format!("{}{}", lamp("Light", at_work, true), lamp("Dark", &format!("not = {{ {at_work} }}"), false));
    assert_eq!(found(&never_both), NONE);
}

#[test]
fn rules_that_hear_the_same_and_do_the_same_add_nothing() {
    let lamp = |name: &str, when: &str| switches(name, when, "hall-lamp", true);
    let shadowed = |wide: &str, narrow: &str| {
        let findings = found(&format!("{}{}", lamp("Wide", wide), lamp("Narrow", narrow)));
        findings.iter().any(|finding| finding.contains("`Narrow` adds nothing: `Wide` does the same"))
    };
    assert!(shadowed("phrase = [\"go\", \"party time\"]", "phrase = \"party time\""));
    assert!(!shadowed("phrase = \"party time\"", "phrase = [\"go\", \"party time\"]"));
    assert!(shadowed("scene = \"cooking\"", "scene = \"cooking\""));
    assert!(shadowed("mqtt = { topic = \"door\" }", "mqtt = { topic = \"door\", payload = \"ring\" }"));
    assert!(!shadowed("mqtt = { topic = \"door\", payload = \"ring\" }", "mqtt = { topic = \"door\" }"));
    assert!(shadowed("started = true", "started = true"));
    assert!(shadowed(
        "reachable = { of = \"kind:light\", becomes = true }",
        "reachable = { of = \"hall-lamp\", becomes = true }"
    ));
    assert!(!shadowed("webhook = {}", "webhook = {}"));
}

#[test]
fn a_rule_that_hears_of_something_and_never_runs_is_found() {
    let condition =
        "if = { all = [ { days = [\"mon\"] }, { days = [\"tue\"] } ] }\nthen = [ { scene = \"good-night\" } ]";
    for when in [
        "phrase = \"party time\"",
        "scene = \"cooking\"",
        "started = true",
        "mqtt = { topic = \"door\" }",
        "webhook = {}",
    ] {
        let findings = found(&rule("A", when, condition));
        assert!(findings.len() == 1 && findings[0].contains("`A` can never run"), "{when} {findings:#?}");
    }
}
