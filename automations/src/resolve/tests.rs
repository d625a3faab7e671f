use std::path::Path as FilePath;

use hub_model::{EndpointKind, RoomId, Value};

use super::*;
use crate::{
    parse::parse,
    plan::Step,
    sample::{self, home},
};

fn rule(text: &str) -> Rule {
    let mut parsed = parse(&FilePath::new("rule.toml").into(), &format!("name = \"A\"\n{text}"));
    assert_eq!(parsed.broken, [], "{text}");
    parsed.rules.remove(0)
}

fn with_when(line: &str) -> Rule {
    rule(&format!("when = [ {{ {line} }} ]\nthen = [ {{ wait = \"1s\" }} ]\n"))
}

fn with_then(line: &str) -> Rule {
    rule(&format!("when = [ {{ at = \"07:00\" }} ]\nthen = [ {{ {line} }} ]\n"))
}

fn plan(rule: &Rule) -> Plan {
    resolve(rule, &home("UTC")).unwrap()
}

fn handles(plan: &Plan) -> Vec<String> {
    let home = home("UTC");
    let mut names: Vec<_> = plan
        .program
        .iter()
        .flat_map(|step| if let Step::Control(orders) = step { &orders[..] } else { &[] })
        .map(|order| {
            let handle = &home.device(order.target.device).unwrap().device.handle;
            let set: Vec<_> = order.set.iter().map(|(property, _)| property.as_str()).collect();
            format!("{handle}/{} {}", order.target.endpoint, set.join(" "))
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_handle_alone_means_the_first_endpoint_or_the_only_one_that_fits() {
    let first = plan(&with_then("set = { target = \"wall-switch\", \"on_off.on\" = true }"));
    assert_eq!(handles(&first), ["wall-switch/1 on_off.on"]);
    let second = plan(&with_then("set = { target = \"wall-switch/2\", \"on_off.on\" = true }"));
    assert_eq!(handles(&second), ["wall-switch/2 on_off.on"]);
    assert!(!second.floating);
    let only = plan(&with_when("property = { of = \"wall-switch/power.watts\", above = 3 }"));
    assert!(matches!(&only.watches[0], Watch::Property { paths, .. } if paths[0].endpoint.to_string() == "2"));
}

#[test]
fn of_several_devices_each_is_set_what_it_has() {
    let all = plan(&with_then(
        "set = { target = \"kind:light in room:garden\", \"on_off.on\" = true, \"brightness.level\" = 30 }",
    ));
    assert_eq!(handles(&all), ["bench-lamp/1 on_off.on brightness.level", "garden-lights/1 on_off.on"]);
    assert!(all.floating);
}

#[test]
fn groups_and_combinations_choose_devices() {
    let both = plan(&with_then("set = { target = \"group:downstairs\", \"on_off.on\" = false }"));
    assert_eq!(handles(&both), ["hall-lamp/1 on_off.on", "kitchen-lamp/1 on_off.on"]);
    let one = plan(&with_then("set = { target = \"group:downstairs in room:kitchen\", \"on_off.on\" = false }"));
    assert_eq!(handles(&one), ["kitchen-lamp/1 on_off.on"]);
}

#[test]
fn show_as_decides_the_kind() {
    let mut home = home("UTC");
    let mut plug = (*home.by_handle("garden-lights").unwrap().device).clone();
    plug.show_as = Some(EndpointKind::Plug);
    home.put(plug.into());
    let rule = with_then("set = { target = \"kind:light in room:garden\", \"on_off.on\" = true }");
    assert_eq!(handles(&resolve(&rule, &home).unwrap()), ["bench-lamp/1 on_off.on"]);
}

#[test]
fn a_branch_becomes_jumps() {
    let branch = plan(&with_then(
        "if = { days = [\"mon\"] }, then = [ { wait = \"1s\" }, { wait = \"2s\" } ], else = [ { wait = \"3s\" } ]",
    ));
    assert!(matches!(branch.program[0], Step::Unless(_, 4)));
    assert!(matches!(branch.program[3], Step::Jump(5)));
    assert_eq!(branch.program.len(), 5);
}

#[test]
fn a_value_that_some_devices_take_is_no_mistake() {
    let mut home = home("UTC");
    let mut bench = (*home.by_handle("bench-lamp").unwrap().device).clone();
    bench.room = Some(RoomId::named("Kitchen"));
    home.put(bench.into());
    let rule = with_then("set = { target = \"room:kitchen\", \"color_temperature.kelvin\" = 1900 }");
    let plan = resolve(&rule, &home).unwrap();
    let Step::Control(orders) = &plan.program[0] else { panic!() };
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[0].set[0].1, Value::Number(1900.0));
}

#[test]
fn names_that_are_not_there_are_told_with_their_place_and_the_nearest_word() {
    let rules = [
        with_when("property = { of = \"hal-lamp/on_off.on\", becomes = true }"),
        with_when("property = { of = \"hall-lamp/2/on_off.on\", becomes = true }"),
        with_when("property = { of = \"hall-lamp/power.watts\", above = 3 }"),
        with_when("property = { of = \"two-meters/power.watts\", above = 3 }"),
        with_when("property = { of = \"room:ktchen/on_off.on\", becomes = true }"),
        with_when("property = { of = \"kind:vacuum/on_off.on\", becomes = true }"),
        with_when("property = { of = \"kind:light/contact.open\", becomes = true }"),
        with_when("property = { of = \"group:upstairs/on_off.on\", becomes = true }"),
        with_when("property = { of = \"hall-lmp in room:hall/on_off.on\", becomes = true }"),
        with_when("occurs = { of = \"bedside-button\", what = \"double\" }"),
        with_when("occurs = { of = \"odd\", what = \"double\" }"),
        with_then("set = { target = \"hall-lamp\", \"color.value\" = { h = 1, s = 2 } }"),
        with_then("set = { target = \"kitchen-lamp\", \"color_temperature.kelvin\" = 1900 }"),
        with_then("invoke = { target = \"front-door-lock\", action = \"lock.unlatch\" }"),
        with_then("scene = \"good-nigth\""),
        with_then("notify = { to = \"Alec\", title = \"A\", text = \"B\" }"),
        with_then("wait_until = { not = { property = { of = \"bench-lmap/on_off.on\", is = true } } }"),
    ];
    let home = home("UTC");
    let told: Vec<_> =
        rules.iter().flat_map(|rule| resolve(rule, &home).unwrap_err()).map(|fault| fault.to_string()).collect();
    assert!(told.len() >= rules.len());
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_rule_that_wants_messages_needs_a_broker() {
    let mut home = home("UTC");
    home.services.messages = false;
    for rule in [with_when("mqtt = { topic = \"a/#\" }"), with_then("publish = { topic = \"a\", payload = 1 }")] {
        assert!(resolve(&rule, &sample::home("UTC")).is_ok());
        let faults = resolve(&rule, &home).unwrap_err();
        assert!(faults[0].message.starts_with("this home has no broker"), "{faults:?}");
    }
}

#[test]
fn what_is_meant_twice_is_there_once_where_it_stands_first() {
    let rule = with_when(
        "property = { of = [\"kitchen-lamp/on_off.on\", \"kind:light/on_off.on\", \"kitchen-lamp/on_off.on\"], becomes = true }",
    );
    let plan = plan(&rule);
    let Watch::Property { paths, .. } = &plan.watches[0] else { panic!("{plan:?}") };
    let home = home("UTC");
    let kitchen = home.by_handle("kitchen-lamp").unwrap().device.id;
    assert_eq!(paths[0].device, kitchen);
    let unique: std::collections::BTreeSet<_> = paths.iter().collect();
    assert_eq!(unique.len(), paths.len());
    assert!(paths.len() > 1, "there are other lights");
}

#[test]
fn a_name_of_nobody_among_those_who_change_something_is_told_with_the_nearest_word() {
    let fault = |by: &str| {
        let rule = with_when(&format!("property = {{ of = \"hall-lamp/on_off.on\", becomes = true, by = \"{by}\" }}"));
        resolve(&rule, &home("UTC")).map(drop).map_err(|faults| faults[0].message.clone())
    };
    assert_eq!((fault("person"), fault("alex")), (Ok(()), Ok(())));
    let wrong = |by: &str| {
        format!(
            "`by` takes person, device, rule, scene, program, hub, or a person's name, and nobody here is called `{by}`"
        )
    };
    assert_eq!(fault("persn").unwrap_err(), format!("{}, did you mean `person`?", wrong("persn")));
    assert_eq!(fault("Alx").unwrap_err(), format!("{}, did you mean `Alex`?", wrong("Alx")));
}
