use super::*;
use crate::{folder::source::sources, sample};

const LAMP: &str = "# Mine.\nname = \"Lamp\"   # the name\n\n[[when]]\nat = \"07:00\" # early\n\n[[then]]\n\
     set = { target = \"hall-lamp\", \"on_off.on\" = true, \"brightness.level\" = 30 }\n";

const TWO: &str = "# Both.\n[[rule]]\nname = \"A\"\nwhen = [ { at = \"07:00\" } ]\nthen = [ { scene = \"good-night\" } ]\n\n\
     # The second.\n[[rule]]\nname = \"B\"\nwhen = [ { at = \"08:00\" } ]\nthen = [ { scene = \"good-night\" } ]\n";

fn id(text: &str) -> RuleId {
    RuleId(text.into())
}

/// What a wish comes to in a folder with these files: each file with its new text, nothing for one that goes.
fn planned(files: &[(&str, &str)], wish: Wish) -> Result<Vec<(String, String)>, String> {
    let folder = tempfile::tempdir().unwrap();
    let of_file = |(name, text): &(&str, &str)| sources(&folder.path().join(name).into(), &(*text).into()).unwrap();
    let sources: Vec<_> = files.iter().flat_map(of_file).collect();
    let shown = |write: Write| match write {
        Write::Text(file, text) => (name_of(&file), text),
        Write::Remove(file) => (name_of(&file), String::new()),
    };
    match plan(wish, folder.path(), &sources, Library::builtin(), &sample::home("UTC")) {
        Ok((_, writes)) => Ok(writes.into_iter().map(shown).collect()),
        Err(SaveError::Invalid(faults)) => {
            Err(format!("{}:{}: {}", faults[0].line, faults[0].column, faults[0].message))
        }
        Err(error) => Err(error.to_string()),
    }
}

fn save(rule: Option<&str>, text: &str) -> Wish {
    Wish::Save { id: rule.map(id), text: text.into() }
}

#[test]
fn a_new_rule_gets_a_file_of_its_own_and_no_id_twice() {
    assert_eq!(planned(&[], save(None, LAMP)).unwrap(), [("lamp.toml".into(), LAMP.into())]);
    let taken = planned(&[("x.toml", LAMP)], save(None, LAMP)).unwrap_err();
    assert!(taken.contains("the rule `lamp` stands in x.toml already"), "{taken}");
    let other = LAMP.replace("name = \"Lamp\"", "id = \"two\"\nname = \"Lamp\"");
    assert_eq!(planned(&[("two.toml", LAMP)], save(None, &other)).unwrap()[0].0, "two-2.toml");
}

#[test]
fn a_mistake_is_named_with_its_place_and_nothing_is_written() {
    let wrong = LAMP.replace("hall-lamp", "hall-lmap");
    let told = planned(&[("lamp.toml", LAMP)], save(Some("lamp"), &wrong)).unwrap_err();
    assert_eq!(told, "8:18: there is no device `hall-lmap`, did you mean `hall-lamp`?");
    assert!(planned(&[], save(None, "name = ")).unwrap_err().contains("this is not TOML"));
    assert!(planned(&[], save(None, TWO)).unwrap_err().contains("has 2 rules"));
    assert!(planned(&[], save(None, "# nothing")).unwrap_err().contains("has no rule"));
}

#[test]
fn a_rule_that_gets_another_name_keeps_its_id() {
    let renamed = LAMP.replace("\"Lamp\"", "\"Light\"");
    let written = planned(&[("lamp.toml", LAMP)], save(Some("lamp"), &renamed)).unwrap();
    assert_eq!(written, [("lamp.toml".into(), renamed.replace("# the name\n", "# the name\nid = \"lamp\"\n"))]);
    let other = LAMP.replace("name = ", "id = \"other\"\nname = ");
    assert!(planned(&[("lamp.toml", LAMP)], save(Some("lamp"), &other)).unwrap_err().contains("leave `id` as it is"));
}

#[test]
fn one_of_several_is_changed_in_its_place() {
    let at = vec!["when".to_owned(), "0".to_owned(), "at".to_owned()];
    let wish = Wish::Set { id: id("b"), changes: vec![(at, Value::text("09:15"))] };
    let written = planned(&[("two.toml", TWO)], wish).unwrap();
    assert_eq!(written, [("two.toml".into(), TWO.replace("08:00", "09:15"))]);
    let gone = planned(&[("two.toml", TWO)], Wish::Delete(id("a"))).unwrap();
    assert_eq!(gone, [("two.toml".into(), format!("# Both.\n{}", &TWO[TWO.find("# The second.").unwrap()..]))]);
    let own = "name = \"B\"\nwhen = [ { at = \"08:00\" } ]\nthen = [ { scene = \"good-night\" } ]\n";
    let written = planned(&[("two.toml", TWO)], save(Some("b"), own)).unwrap();
    assert_eq!(written[0], ("b.toml".into(), own.into()), "saved as a file of its own, it gets one");
    assert_eq!(written[1].1, TWO[..TWO.find("# The second.").unwrap()]);
}

#[test]
fn simple_values_are_changed_and_comments_stay() {
    let set = |at: &str, value: Value| {
        let at = at.split('/').map(str::to_owned).collect();
        planned(&[("lamp.toml", LAMP)], Wish::Set { id: id("lamp"), changes: vec![(at, value)] })
    };
    let level = set("then/0/set/brightness.level", 45.0.into()).unwrap();
    assert_eq!(level[0].1, LAMP.replace("= 30", "= 45"));
    assert_eq!(set("when/0/at", Value::text("06:30")).unwrap()[0].1, LAMP.replace("07:00", "06:30"));
    assert!(set("enabled", false.into()).unwrap()[0].1.contains("# the name\nenabled = false\n"));
    assert_eq!(set("then/3/set", true.into()).unwrap_err(), "the rule has no `then.3.set` that could be changed");
    assert!(set("when/0/at", Value::text("25:00")).unwrap_err().starts_with("5:6: "));
}

#[test]
fn what_was_deleted_comes_back_in_its_file() {
    assert_eq!(
        planned(&[("lamp.toml", LAMP)], Wish::Delete(id("lamp"))).unwrap(),
        [("lamp.toml".into(), String::new())]
    );
    let wish = Wish::Restore { id: id("lamp"), text: LAMP.into(), file: "../lamp.toml".into() };
    assert_eq!(planned(&[], wish).unwrap(), [("lamp.toml".into(), LAMP.into())]);
    let unknown = planned(&[("lamp.toml", LAMP)], Wish::Delete(id("lmap"))).unwrap_err();
    assert_eq!(unknown, "there is no rule `lmap`, did you mean `lamp`?");
}

#[test]
fn what_stands_above_the_one_rule_of_a_file_stays_whatever_form_it_is_saved_in() {
    let head = "# House rules.\n\n# Kept by Anna.\n\n";
    let one = "[[rule]]\nname = \"A\"\nwhen = [ { at = \"07:00\" } ]\nthen = [ { scene = \"good-night\" } ]\n";
    let file = format!("{head}{one}");
    let at = vec!["when".to_owned(), "0".to_owned(), "at".to_owned()];
    let set = Wish::Set { id: id("a"), changes: vec![(at, Value::text("09:15"))] };
    let written = |wish| planned(&[("one.toml", &file)], wish).unwrap();
    assert_eq!(written(set), [("one.toml".into(), file.replace("07:00", "09:15"))]);
    let own = &one["[[rule]]\n".len()..];
    assert_eq!(written(save(Some("a"), own)), [("one.toml".into(), format!("{head}{own}"))]);
    assert_eq!(written(save(Some("a"), one)), [("one.toml".into(), file.clone())]);
}
