//! Blueprints and their uses as files.

use std::{path::Path, sync::Arc};

use crate::{
    blueprint::{Answer, Library, Use, UseError},
    parse::parse_with,
    rule::Rule,
};

fn own(text: &str) -> Library {
    Library::of([(Path::new("blueprints/own.toml").into(), Ok(text.to_owned()))])
}

fn faults(library: &Library) -> Vec<String> {
    library.broken().iter().flat_map(|broken| &broken.faults).map(ToString::to_string).collect()
}

const OWN: &str = r#"mode = "restart"
[[when]]
property = { of = "{{ door }}/contact.open", becomes = true }
[[then]]
notify = { title = "{{ word }}", text = "{{ word }} at {{ door }}" }
[[then]]
wait = "{{ span }}"

[blueprint]
name = "Own"
doc = "Says a word."
[blueprint.inputs.door]
takes = "devices"
needs = ["contact.open"]
[blueprint.inputs.word]
takes = "text"
default = "Open \"now\""
[blueprint.inputs.span]
takes = "span"
default = "1m"
"#;

fn read(library: &Library, text: &str) -> Result<Arc<Rule>, Vec<String>> {
    let parsed = parse_with(&Path::new("door.toml").into(), text, library);
    let faults: Vec<_> = parsed.faults().map(ToString::to_string).collect();
    parsed.rules.into_iter().next().map(Arc::new).ok_or(faults)
}

#[test]
fn every_blueprint_of_the_hub_is_sound() {
    let library = Library::builtin();
    assert_eq!(faults(library), [""; 0]);
    assert!(library.all().count() >= 12);
    assert!(library.all().all(|blueprint| blueprint.builtin && !blueprint.inputs.is_empty()));
}

#[test]
fn a_rule_of_a_blueprint_is_the_plain_rule_with_its_inputs() {
    let library = own(OWN);
    assert_eq!(faults(&library), [""; 0]);
    let used = read(
        &library,
        "name = \"Door\"\nenabled = false\nuse = \"own\"\nwith = { door = \"front-door\", span = \"5m\" }",
    )
    .unwrap();
    let plain = read(
        &library,
        "name = \"Door\"\nenabled = false\nmode = \"restart\"\n\
         when = [ { property = { of = \"front-door/contact.open\", becomes = true } } ]\n\
         then = [ { notify = { title = 'Open \"now\"', text = 'Open \"now\" at front-door' } }, { wait = \"5m\" } ]",
    );
    assert_eq!(used, plain.unwrap());
}

#[test]
fn several_rules_of_a_file_may_use_blueprints_or_not() {
    let text = "[[rule]]\nname = \"A\"\nuse = \"left-open\"\n[[rule]]\nname = \"B\"\nwhen = [ { at = \"07:00\" } ]\nthen = [ { scene = \"x\" } ]";
    let parsed = parse_with(&Path::new("two.toml").into(), text, Library::builtin());
    assert_eq!(parsed.broken, []);
    assert_eq!(parsed.rules.iter().map(|rule| rule.id.value.0.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn mistakes_in_the_use_are_named_with_their_place_and_a_remedy() {
    let library = own(OWN);
    let faults = |text: &str| read(&library, text).unwrap_err().join("\n");
    assert_eq!(
        faults("name = \"A\"\nuse = \"motion-ligth\""),
        "door.toml:2:7: there is no blueprint `motion-ligth`, did you mean `motion-light`?"
    );
    assert_eq!(faults("name = \"A\"\nuse = \"own\""), "door.toml:2:7: `own` needs `door`: door");
    assert_eq!(
        faults("name = \"A\"\nuse = \"own\"\nwith = { dor = \"x\" }"),
        "door.toml:3:16: `own` has no input `dor`, did you mean `door`?"
    );
    assert_eq!(
        faults("name = \"A\"\nuse = \"own\"\n[with]\ndoor = \"front-door\"\nspan = 5"),
        "door.toml:5:8: `span` takes a span such as \"30s\", \"3m\" or \"1h30m\", not 5"
    );
    assert_eq!(
        faults("name = \"A\"\nuse = \"own\"\nwith = { door = \"kind:dor\" }"),
        "door.toml:3:17: `door`: there is no kind `dor`, did you mean `door`?"
    );
    assert!(
        faults("name = \"A\"\nuse = \"own\"\nmode = \"single\"\nwith = { door = \"d\" }")
            .contains("a rule of a blueprint has no `mode`")
    );
    assert!(faults(OWN).contains("this is a blueprint: move it into the folder `blueprints`"));
}

#[test]
fn a_name_that_the_home_does_not_have_is_told_at_the_input_that_names_it() {
    let library = own(OWN);
    let rule = read(&library, "name = \"A\"\nuse = \"own\"\n\n[with]\ndoor = \"front-dor\"").unwrap();
    let home = crate::sample::home("UTC");
    let faults = crate::resolve::resolve(&rule, &home).unwrap_err();
    assert_eq!(faults[0].to_string(), "door.toml:5:8: there is no device `front-dor`, did you mean `front-door`?");
}

#[test]
fn mistakes_in_a_blueprint_are_named_with_their_place() {
    let broken = |from: &str, to: &str| faults(&own(&OWN.replacen(from, to, 1))).join("\n");
    assert_eq!(
        broken("{{ span }}", "{{ spam }}"),
        "blueprints/own.toml:7:8: there is no input `spam`, did you mean `span`?\nblueprints/own.toml:1:1: the input `span` is named nowhere in the rule: take it out"
    );
    assert!(
        broken("becomes = true", "becmes = true")
            .contains("own.toml:3:46: a property trigger has no `becmes`, did you mean `becomes`?"),
        "{}",
        broken("becomes = true", "becmes = true")
    );
    // What stands behind inputs keeps its place, however long their answers are, and in whatever letters.
    let behind = "text = \"ß {{ word }} at {{ door }}\", txt = 1 }";
    assert_eq!(
        broken("text = \"{{ word }} at {{ door }}\" }", behind),
        "blueprints/own.toml:5:71: a notice has no `txt`, did you mean `text`?"
    );
    assert!(broken("takes = \"span\"", "takes = \"spam\"").contains("did you mean `span`?"));
    assert!(broken("default = \"1m\"", "default = \"1x\"").contains("`default` takes a span"));
    assert!(broken("needs = [\"contact.open\"]", "needs = [\"contact.opn\"]").contains("did you mean `contact.open`?"));
    assert!(broken("doc = \"Says a word.\"\n", "").contains("needs `doc`"));
}

#[test]
fn an_own_blueprint_takes_the_place_of_the_hub_s() {
    let library = own(&OWN.replace("name = \"Own\"", "name = \"Own\"\nid = \"motion-light\""));
    assert_eq!(library.find("motion-light").unwrap().name, "Own");
    assert_eq!(library.all().count(), Library::builtin().all().count());
}

#[test]
fn a_use_can_be_written_as_one_or_as_a_plain_rule_and_both_say_the_same() {
    for blueprint in Library::builtin().all() {
        let needed = blueprint.inputs.iter().filter(|input| input.default.is_none());
        let answers = needed
            .map(|input| (input.id.clone(), Answer::Text(format!("my-{}", input.id.replace('_', "-")).into())))
            .collect();
        let used = Use { blueprint: blueprint.clone(), name: "Mine".into(), answers };
        let (short, plain) = (used.text().unwrap(), used.plain().unwrap());
        assert!(!plain.contains("{{") && !plain.contains("blueprint.inputs"), "{plain}");
        assert_eq!(read(Library::builtin(), &short), read(Library::builtin(), &plain), "{plain}");
    }
    let motion = Library::builtin().find("motion-light").unwrap().clone();
    let missing = Use { blueprint: motion, name: "Mine".into(), answers: Vec::new() }.text();
    assert!(matches!(missing, Err(UseError::Missing { .. })));
}
