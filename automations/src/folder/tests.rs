use super::*;

const RULE: &str = "name = \"A\"\nwhen = [ { at = \"07:00\" } ]\nthen = [ { scene = \"a\" } ]\n";

fn folder() -> (tempfile::TempDir, Folder) {
    let directory = tempfile::tempdir().unwrap();
    let folder = Folder::new(directory.path().to_owned());
    (directory, folder)
}

fn ids(folder: &Folder) -> Vec<String> {
    folder.loaded().rules.iter().map(|rule| rule.id.value.0.to_string()).collect()
}

#[test]
fn a_bad_file_leaves_the_good_ones_and_other_files_are_none() {
    let (directory, mut folder) = folder();
    for (name, text) in [("a.toml", RULE), ("b.toml", "name = "), ("c.txt", RULE), (".d.toml", RULE)] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    fs::write(directory.path().join("e.toml"), [0xff, 0xfe]).unwrap();
    fs::create_dir(directory.path().join("f.toml")).unwrap();
    assert!(folder.scan(Look::Thorough).unwrap());
    assert_eq!(ids(&folder), ["a"]);
    let broken: Vec<_> = folder.loaded().broken.iter().map(|broken| broken.name.clone()).collect();
    assert_eq!(broken, ["b.toml", "e.toml"]);
}

#[test]
fn only_what_says_something_else_is_a_change() {
    let (directory, mut folder) = folder();
    let file = directory.path().join("a.toml");
    fs::write(&file, RULE).unwrap();
    assert!(folder.scan(Look::Thorough).unwrap());
    assert!(!folder.scan(Look::Thorough).unwrap());
    assert!(!folder.scan(Look::Glance).unwrap());
    // Of the same length and maybe of the same time: a glance may miss it, a thorough look does not.
    fs::write(&file, RULE.replace("\"A\"", "\"B\"")).unwrap();
    assert!(folder.scan(Look::Thorough).unwrap());
    assert_eq!(ids(&folder), ["b"]);
    fs::remove_file(&file).unwrap();
    assert!(folder.scan(Look::Glance).unwrap());
    assert_eq!(ids(&folder), [""; 0]);
}

#[test]
fn of_two_rules_with_one_id_the_first_file_wins_and_the_other_is_told_so() {
    let (directory, mut folder) = folder();
    fs::write(directory.path().join("a.toml"), RULE).unwrap();
    fs::write(directory.path().join("b.toml"), RULE).unwrap();
    folder.scan(Look::Thorough).unwrap();
    let loaded = folder.loaded();
    assert!(loaded.rules[0].file.ends_with("a.toml"));
    let message = &loaded.broken[0].faults[0].message;
    assert!(message.ends_with("a.toml:1 already: give one of them an `id` of its own"), "{message}");
}

#[test]
fn a_file_that_is_too_large_is_refused_and_not_read_to_its_end() {
    let (directory, mut folder) = folder();
    fs::write(directory.path().join("a.toml"), " ".repeat(3 * LARGEST)).unwrap();
    folder.scan(Look::Thorough).unwrap();
    assert!(folder.loaded().broken[0].faults[0].message.contains("at most"));
}

#[test]
fn a_folder_that_is_gone_is_an_error_and_what_was_read_stays() {
    let (directory, mut folder) = folder();
    fs::write(directory.path().join("a.toml"), RULE).unwrap();
    folder.scan(Look::Thorough).unwrap();
    drop(directory);
    assert!(folder.scan(Look::Thorough).is_err());
    assert_eq!(ids(&folder), ["a"]);
}

#[test]
fn while_a_file_is_no_toml_its_rules_go_on_and_its_mistake_is_told() {
    let (directory, mut folder) = folder();
    let file = directory.path().join("a.toml");
    fs::write(&file, RULE).unwrap();
    folder.scan(Look::Thorough).unwrap();
    let before = folder.loaded().rules;
    // Twice, for a slip is often followed by another one; and unreadable altogether.
    for slip in [&b"name = \""[..], b"name = \"A", &[0xff, 0xfe]] {
        fs::write(&file, slip).unwrap();
        assert!(folder.scan(Look::Thorough).unwrap());
        let loaded = folder.loaded();
        assert_eq!((&loaded.rules, loaded.broken.len()), (&before, 1), "{slip:?}");
        assert_eq!(folder.stale().into_keys().collect::<Vec<_>>(), ["a.toml"]);
    }
    fs::write(&file, RULE.replace("\"A\"", "\"B\"")).unwrap();
    folder.scan(Look::Thorough).unwrap();
    assert_eq!((ids(&folder), folder.loaded().broken.len(), folder.stale().len()), (vec!["b".to_owned()], 0, 0));
    fs::write(&file, "name = ").unwrap();
    folder.scan(Look::Thorough).unwrap();
    fs::remove_file(&file).unwrap();
    folder.scan(Look::Thorough).unwrap();
    assert_eq!(ids(&folder), [""; 0], "a file that is gone takes its rules along");
}

#[test]
fn other_blueprints_forget_nothing_of_a_file_that_is_no_toml() {
    let (directory, mut folder) = folder();
    let file = directory.path().join("a.toml");
    fs::write(&file, RULE).unwrap();
    folder.scan(Look::Thorough).unwrap();
    fs::write(&file, "name = ").unwrap();
    folder.scan(Look::Thorough).unwrap();
    fs::create_dir(directory.path().join("blueprints")).unwrap();
    fs::write(directory.path().join("blueprints/mine.toml"), "[blueprint]").unwrap();
    assert!(folder.scan(Look::Glance).unwrap());
    assert_eq!(ids(&folder), ["a"]);
    assert_eq!(folder.sources(), []);
    fs::write(&file, RULE).unwrap();
    folder.scan(Look::Thorough).unwrap();
    assert_eq!((ids(&folder), folder.sources().len()), (vec!["a".to_owned()], 1));
}

/// The text of a file after a rule in it was enabled or disabled.
fn edited(text: &str, id: &str, enabled: bool) -> Result<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("some.toml");
    fs::write(&file, text).unwrap();
    set_enabled(&file, &RuleId(id.into()), enabled).map_err(|error| error.to_string())?;
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left beside it");
    Ok(fs::read_to_string(&file).unwrap())
}

#[test]
fn an_edit_keeps_comments_and_layout() {
    let text = "# Mine.\nname = \"A\"   # the name\nenabled = true # for now\n\n[[when]] # often\nat = \"07:00\"\n";
    let off = edited(text, "a", false).unwrap();
    assert_eq!(off, text.replace("enabled = true", "enabled = false"));
    assert_eq!(edited(&off, "a", true).unwrap(), text);
    assert_eq!(edited(text, "a", true).unwrap(), text);
}

#[test]
fn an_edit_adds_what_was_not_said() {
    let text = "# Mine.\nname = \"A\"\n\n[[when]] # often\nat = \"07:00\"\n";
    assert_eq!(edited(text, "a", false).unwrap(), text.replace("name = \"A\"\n", "name = \"A\"\nenabled = false\n"));
    assert_eq!(edited(text, "a", true).unwrap(), text);
}

#[test]
fn an_edit_finds_its_rule_among_several() {
    let text = "[[rule]]\nname = \"A\"\n[[rule.when]]\nat = \"07:00\"\n\n[[rule]]\nid = \"b\"\nname = \"C\" # C\n[[rule]]\nname = \"三\"\n";
    assert_eq!(edited(text, "b", false).unwrap(), text.replace("\"C\" # C\n", "\"C\" # C\nenabled = false\n"));
    assert_eq!(edited(text, "some-3", false).unwrap(), text.replace("\"三\"\n", "\"三\"\nenabled = false\n"));
    assert_eq!(
        edited("rule = [ { name = \"A\" } ]", "a", false).unwrap(),
        "rule = [ { name = \"A\" , enabled = false } ]\n"
    );
    assert_eq!(edited(text, "some-4", false).unwrap_err(), "there is no rule `some-4`, did you mean `some-3`?");
}
