//! Rules that set each other off, in whatever way.

use super::{
    super::FindingKind,
    bench::{becomes, found, review_of, rule, rules, set, switches},
};

const NONE: [&str; 0] = [];

fn one_circle(text: &str, told: &str) {
    let mut findings = found(text);
    findings.retain(|finding| finding.contains("for ever"));
    assert!(findings.len() == 1 && findings[0].contains(told), "{findings:#?}");
}

#[test]
fn a_circle_leads_over_scenes_rules_and_messages() {
    let scene = |of: &str| format!("then = [ {{ scene = \"{of}\" }} ]");
    let by_scenes = [
        rule("A", "scene = \"good-night\"", &scene("cooking")),
        rule("B", "scene = \"cooking\"", &scene("good-night")),
    ];
    one_circle(&by_scenes.concat(), "`A` and `B` set each other off for ever. For example, on Tuesday");
    one_circle(&rule("A", "scene = \"cooking\"", &scene("cooking")), "`A` sets itself off for ever.");
    let run = |of: &str| format!("then = [ {{ run = \"{of}\" }} ]");
    one_circle(
        &[rule("A", "started = true", &run("b")), rule("B", "started = true", &run("a"))].concat(),
        "`A` and `B` set",
    );
    let by_runs = [
        rule("A", "rule = \"b\"", "then = [ { notify = { title = \"A\", text = \"B\" } } ]"),
        rule("B", "rule = \"a\"", "then = [ { notify = { title = \"A\", text = \"B\" } } ]"),
    ];
    // Neither is ever set off: there is no beginning.
    assert_eq!(found(&by_runs.concat()), NONE);
    let begun = by_runs.concat().replacen("when = [ ", "when = [ { started = true }, ", 1);
    one_circle(&begun, "when the hub has started");
    let publish = |topic: &str, payload: &str| {
        format!("then = [ {{ publish = {{ topic = \"{topic}\", payload = \"{payload}\" }} }} ]")
    };
    let ping = rule("Ping", "mqtt = { topic = \"pong/+\" }", &publish("ping", "1"));
    let pong =
        |payload: &str| rule("Pong", "mqtt = { topic = \"ping\", payload = \"1\" }", &publish("pong/back", payload));
    one_circle(&format!("{ping}{}", pong("x")), "`Ping` and `Pong` set each other off for ever.");
    assert_eq!(found(&format!("{}{}", ping.replace("\"1\"", "\"2\""), pong("x"))), NONE);
}

#[test]
fn a_slow_circle_of_messages_is_found_though_the_hub_can_not_see_it() {
    let then = "then = [ { wait = \"5m\" }, { publish = { topic = \"tick\", payload = \"x\" } } ]";
    one_circle(&rule("Tick", "mqtt = { topic = \"tick\" }", then), "`Tick` sets itself off for ever.");
}

#[test]
fn a_circle_leads_over_what_a_scene_does() {
    let off = switches("Off", "scene = \"cooking\"", "kitchen-lamp", false);
    let cook = rule("Cook", &becomes("kitchen-lamp", false), "then = [ { scene = \"cooking\" } ]");
    one_circle(&format!("{off}{cook}"), "`Off` and `Cook` set each other off for ever.");
}

#[test]
fn a_circle_leads_over_a_rule_that_is_woken_by_it() {
    let light = switches("Light", &becomes("kitchen-lamp", false), "hall-lamp", true);
    let dark = rule(
        "Dark",
        &becomes("hall-lamp", true),
        &format!(
            "then = [ {}, {}, {{ enable = \"sleeper\" }}, {} ]",
            set("hall-lamp", false),
            set("bedside-lamp", false),
            set("bedside-lamp", true)
        ),
    );
    let sleeper = |on: bool| {
        let text = rule(
            "Sleeper",
            &becomes("bedside-lamp", true),
            &format!("then = [ {}, {} ]", set("kitchen-lamp", true), set("kitchen-lamp", on)),
        );
        text.replace("when =", "enabled = false\nwhen =")
    };
    let circle = found(&format!("{light}{dark}{}", sleeper(false)));
    assert!(
        circle
            .iter()
            .any(|finding| finding.contains("set each other off for ever: `Light` -> `Dark` -> `Sleeper` -> `Light`.")),
        "{circle:#?}"
    );
    assert!(!found(&format!("{light}{dark}{}", sleeper(true))).iter().any(|finding| finding.contains("for ever")));
    // Nobody wakes it.
    let never = format!("{light}{}{}", dark.replace("{ enable = \"sleeper\" }, ", ""), sleeper(false));
    assert!(!found(&never).iter().any(|finding| finding.contains("for ever")));
}

/// A ring of so many rules, over rooms that do not exist elsewhere; each rule passes a message on.
fn ring(count: usize, from: usize) -> String {
    let pass = |at: usize| {
        let next = (at + 1) % count;
        let then = format!("then = [ {{ publish = {{ topic = \"ring{from}/{next}\", payload = \"x\" }} }} ]");
        rule(&format!("R{from} {at}"), &format!("mqtt = {{ topic = \"ring{from}/{at}\" }}"), &then)
    };
    (0..count).map(pass).collect()
}

#[test]
fn circles_of_three_to_eight_rules_are_told_as_a_path() {
    for count in 3..=8 {
        let around: Vec<_> = (0..=count).map(|at| format!("`R0 {}`", at % count)).collect();
        one_circle(&ring(count, 0), &format!("set each other off for ever: {}.", around.join(" -> ")));
    }
    let cut = ring(8, 0).replacen("topic = \"ring0/5\", payload", "topic = \"elsewhere\", payload", 1);
    assert_eq!(found(&cut), NONE);
}

#[test]
fn a_circle_of_three_over_devices_has_its_states_and_what_is_written() {
    let follow = |name: &str, of: &str, on: bool, lamp: &str, to: bool| switches(name, &becomes(of, on), lamp, to);
    // Each lamp that goes on switches the one before off and the next one on.
    let lamps = ["hall-lamp", "kitchen-lamp", "bedside-lamp"];
    let text: String = (0..3)
        .map(|at| {
            let then = format!("then = [ {}, {} ]", set(lamps[at], false), set(lamps[(at + 1) % 3], true));
            rule(["First", "Second", "Third"][at], &becomes(lamps[at], true), &then)
        })
        .collect();
    let review = review_of(&rules(&text));
    let cycles: Vec<_> = review.findings.iter().filter(|finding| finding.kind == FindingKind::Cycle).collect();
    assert_eq!(cycles.len(), 1, "{review:#?}");
    assert!(
        cycles[0].fault.message.contains("`First` -> `Second` -> `Third` -> `First`. For example, on"),
        "{cycles:#?}"
    );
    assert!(cycles[0].example.then.len() >= 3, "{cycles:#?}");
    // Two that only follow come to rest.
    assert_eq!(
        found(
            &[
                follow("A", "hall-lamp", true, "kitchen-lamp", true),
                follow("B", "kitchen-lamp", true, "hall-lamp", true)
            ]
            .concat()
        ),
        NONE
    );
}

#[test]
fn two_circles_that_have_a_rule_in_common_are_both_found() {
    let then = |topics: [&str; 2]| {
        let send = |topic: &str| format!("{{ publish = {{ topic = \"{topic}\", payload = \"x\" }} }}");
        format!("then = [ {} ]", topics.map(send).join(", "))
    };
    let text = [
        rule("Hub", "mqtt = { topic = \"hub\" }", &format!("mode = \"parallel\"\n{}", then(["left", "right"]))),
        rule("Left", "mqtt = { topic = \"left\" }", &then(["hub", "nobody"])),
        rule("Right", "mqtt = { topic = \"right\" }", &then(["hub", "nobody"])),
    ]
    .concat();
    let findings = found(&text);
    assert!(findings.iter().any(|finding| finding.contains("`Hub` and `Left` set each other off")), "{findings:#?}");
    assert!(findings.iter().any(|finding| finding.contains("`Hub` and `Right` set each other off")), "{findings:#?}");
    assert_eq!(findings.len(), 2, "{findings:#?}");
}

#[test]
fn a_circle_within_a_great_tangle_is_found() {
    // Twenty rules that write the same lamp and look at it are a knot; what goes on among them is a circle of two.
    let mut text: String = (0..20)
        .map(|at| {
            let then = format!(
                "if = {{ days = [\"mon\"], not = {{ days = [\"mon\"] }} }}\nthen = [ {} ]",
                set("hall-lamp", at % 2 == 0)
            );
            rule(&format!("Still {at}"), &becomes("hall-lamp", at % 2 == 1), &then)
        })
        .collect();
    text += &switches("Ping", &becomes("hall-lamp", true), "hall-lamp", false);
    text += &switches("Pong", &becomes("hall-lamp", false), "hall-lamp", true);
    let findings = review_of(&rules(&text)).findings;
    let cycle = findings.iter().find(|finding| finding.kind == FindingKind::Cycle).expect("a circle");
    assert!(cycle.fault.message.contains("`Ping` and `Pong` set each other off for ever."), "{cycle:#?}");
}

#[test]
fn a_circle_that_a_third_rule_puts_an_end_to_is_none() {
    let flip = |name: &str, on: bool| {
        let then = format!("then = [ {{ wait = \"1m\" }}, {} ]", set("hall-lamp", !on));
        rule(name, &becomes("hall-lamp", on), &then)
    };
    let flips = format!("{}{}", flip("Ping", true), flip("Pong", false));
    one_circle(&flips, "`Ping` and `Pong` set each other off for ever.");
    let stop = rule("Stop", &becomes("hall-lamp", false), "then = [ { disable = \"ping\" } ]");
    assert_eq!(found(&format!("{flips}{stop}")), NONE);
}

#[test]
fn a_chain_that_is_too_long_is_told_as_what_it_is() {
    // The last of them leads to the first, but for its condition.
    let closed = ring(10, 0);
    let never = "if = { days = [\"mon\"], not = { days = [\"mon\"] } }\nthen = [ { publish = { topic = \"ring0/0\"";
    let open = closed.replace("then = [ { publish = { topic = \"ring0/0\"", never);
    for text in [closed, open] {
        let review = review_of(&rules(&text));
        // The last of the open one never runs, too.
        let chains = review.findings.iter().filter(|finding| finding.kind != FindingKind::NeverRuns);
        let [finding] = chains.collect::<Vec<_>>()[..] else { panic!("{review:#?}") };
        let chain: Vec<_> = (0..9).map(|at| format!("`R0 {at}`")).collect();
        let told = format!(
            "{} is a chain of more than 8 rules and scenes: the hub cuts it, and `R0 8` does not run.",
            chain.join(" -> ")
        );
        assert_eq!(finding.kind, FindingKind::Cut);
        assert!(finding.fault.message.starts_with(&told), "{finding:#?}");
    }
}

#[test]
fn what_only_a_person_sets_off_is_no_circle_and_may_fight() {
    let when = |by: &str| format!("property = {{ of = \"hall-lamp/on_off.on\", becomes = true{by} }}");
    let off = |by: &str| switches("Off", &when(by), "hall-lamp", false);
    let on = switches("On", &becomes("hall-lamp", false), "hall-lamp", true);
    one_circle(
        &format!("{}{on}", off("")),
        "`On` and `Off` set each other off for ever.".replace("`On` and `Off`", "`Off` and `On`").as_str(),
    );
    one_circle(&format!("{}{on}", off(", by = \"rule\"")), "set each other off for ever.");
    assert!(!found(&format!("{}{on}", off(", by = \"person\""))).iter().any(|finding| finding.contains("for ever")));
    let kitchen = |name: &str, by: &str, on: bool| switches(name, &when(by), "kitchen-lamp", on);
    let fights = |one: &str, other: &str| {
        let text = format!("{}{}", kitchen("A", one, true), kitchen("B", other, false));
        found(&text).iter().filter(|finding| finding.contains("to different values")).count()
    };
    assert_eq!(fights(", by = \"person\"", ""), 1);
    assert_eq!(fights(", by = \"person\"", ", by = \"person\""), 1);
    assert_eq!(fights(", by = \"person\"", ", by = \"device\""), 0);
}
