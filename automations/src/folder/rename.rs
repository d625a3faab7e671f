//! Writes a device's new handle into rule files. Only what names a device is changed; comments and layout stay.

use std::path::{Path, PathBuf};

use hub_model::Handle;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::{EnableError, edit::replace, read, rule_files};
use crate::{
    blueprint::{Blueprint, InputKind, Library},
    keys::DEVICE_KEYS,
};

/// What was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renamed {
    /// How often the old handle stood there.
    pub places: usize,
    /// The files that were changed.
    pub files: Vec<PathBuf>,
    /// Files that are no TOML, and were left as they are.
    pub left: Vec<PathBuf>,
}

/// The keys whose texts hold readings in braces.
const TEXTS: [&str; 3] = ["title", "text", "body"];

/// Which handle becomes which.
struct Renaming<'a> {
    old: &'a Handle,
    new: &'a Handle,
    /// The blueprints, which say what rules that use them are told.
    blueprints: &'a Library,
}

/// Changes every rule file of a folder.
pub(crate) fn rename_handle(folder: &Path, old: &Handle, new: &Handle) -> Result<Renamed, EnableError> {
    let failed = |file: &Path| {
        let file = file.to_owned();
        move |source| EnableError::File { file, source }
    };
    let mut renamed = Renamed::default();
    let renaming = Renaming { old, new, blueprints: &Library::beside(folder) };
    for file in rule_files(folder).map_err(failed(folder))? {
        let text = read(&file).map_err(failed(&file))?;
        let Ok(mut document) = text.parse::<DocumentMut>() else {
            renamed.left.push(file);
            continue;
        };
        let places = in_table(document.as_table_mut(), &renaming);
        if places > 0 {
            replace(&file, &document.to_string()).map_err(failed(&file))?;
            renamed.places += places;
            renamed.files.push(file);
        }
    }
    Ok(renamed)
}

fn in_table(table: &mut dyn TableLike, by: &Renaming<'_>) -> usize {
    let is_variable = table.contains_key("name") && ["is", "value", "add"].iter().any(|key| table.contains_key(key));
    let used = table.get("use").and_then(Item::as_str).and_then(|id| by.blueprints.get(id)).cloned();
    let mut places = 0;
    for (key, item) in table.iter_mut() {
        if let (Some(blueprint), "with", Some(told)) = (&used, key.get(), item.as_table_like_mut()) {
            places += told.iter_mut().map(|(input, item)| in_item(item, told_to(blueprint, &input), by)).sum::<usize>();
            continue;
        }
        let names = DEVICE_KEYS.contains(&key.get()) || (is_variable && key == "name");
        let way = match (names, TEXTS.contains(&key.get())) {
            (true, _) => Way::Devices,
            (_, true) => Way::Text,
            _ => Way::Deeper,
        };
        places += in_item(item, way, by);
    }
    places
}

/// How what an input is told is read.
fn told_to(blueprint: &Blueprint, input: &str) -> Way {
    match blueprint.input(input).map(|input| input.takes) {
        Some(InputKind::Devices) => Way::Devices,
        Some(InputKind::Text) => Way::Text,
        _ => Way::Deeper,
    }
}

/// How a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Devices,
    Text,
    Deeper,
}

fn in_item(item: &mut Item, way: Way, by: &Renaming<'_>) -> usize {
    match item {
        Item::None => 0,
        Item::Value(value) => in_value(value, way, by),
        Item::Table(table) => in_table(table, by),
        Item::ArrayOfTables(tables) => tables.iter_mut().map(|table| in_table(table, by)).sum(),
    }
}

fn in_value(value: &mut Value, way: Way, by: &Renaming<'_>) -> usize {
    match value {
        Value::String(text) => {
            let changed = match way {
                Way::Devices => in_place(text.value(), by.old, by.new),
                Way::Text => in_text(text.value(), by.old, by.new),
                Way::Deeper => None,
            };
            let Some(changed) = changed else { return 0 };
            // The comment behind a value belongs to the value.
            let decor = value.decor().clone();
            *value = changed.into();
            *value.decor_mut() = decor;
            1
        }
        Value::Array(list) => list.iter_mut().map(|value| in_value(value, way, by)).sum(),
        Value::InlineTable(table) => in_table(table, by),
        _ => 0,
    }
}

/// `old/on_off.on`, `old`, `kind:light in old`; nothing where it names other devices.
fn in_place(text: &str, old: &Handle, new: &Handle) -> Option<String> {
    let (selector, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
    let mut found = false;
    let terms = selector.split(" in ").map(|term| {
        let is_it = term.trim() == old.as_str();
        found |= is_it;
        if is_it { new.as_str() } else { term }
    });
    let selector = terms.collect::<Vec<_>>().join(" in ");
    found.then(|| format!("{selector}{rest}"))
}

/// The readings within a text.
fn in_text(text: &str, old: &Handle, new: &Handle) -> Option<String> {
    let (from, to) = (format!("{{{old}/"), format!("{{{new}/"));
    text.contains(&from).then(|| text.replace(&from, &to))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_names_the_device_is_changed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"# hall-lamp stays in comments
name = "hall-lamp"   # and in names
[[when]]
property = { of = "hall-lamp/on_off.on", becomes = true } # here
[if]
any = [ { any_of = "kind:light in hall-lamp", property = "on_off.on", is = true },
        { compare = { of = "hall-lamps/power.watts", above = "hall-lamp/2/power.watts" } } ]
[[then]]
notify = { title = "hall-lamp", text = "It draws {hall-lamp/power.watts} W." }
[[then]]
repeat = { each = "hall-lamp", do = [ { toggle = "hall-lamp" } ] }
"#;
        fs::write(folder.path().join("a.toml"), text).unwrap();
        fs::write(folder.path().join("b.toml"), "name = ").unwrap();
        let (old, new) = ("hall-lamp".parse().unwrap(), "light".parse().unwrap());
        let renamed = rename_handle(folder.path(), &old, &new).unwrap();
        assert_eq!((renamed.places, renamed.files.len(), renamed.left.len()), (6, 1, 1));
        let written = fs::read_to_string(folder.path().join("a.toml")).unwrap();
        let wanted = text
            .replace("\"hall-lamp/", "\"light/")
            .replace("in hall-lamp\"", "in light\"")
            .replace("{hall-lamp/", "{light/")
            .replace("each = \"hall-lamp\"", "each = \"light\"")
            .replace("toggle = \"hall-lamp\"", "toggle = \"light\"");
        assert_eq!(written, wanted);
    }
}
