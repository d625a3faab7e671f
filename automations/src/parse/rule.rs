//! Reads one rule.

use std::{path::Path, sync::Arc};

use hub_model::RuleId;

use super::{action, condition, fields::Fields, page::Page, trigger};
use crate::{
    fault::Spot,
    rule::{Action, Condition, Mode, Rule, Said, Trigger},
};

/// A rule as far as it could be read.
pub(super) struct Draft {
    pub(super) name: Option<String>,
    /// Everything else; nothing where something is missing, which was noted then.
    pub(super) parts: Option<Parts>,
}

/// A rule without its id.
pub(super) struct Parts {
    name: String,
    id_spot: Spot,
    enabled: bool,
    mode: Mode,
    when: Vec<Trigger>,
    condition: Condition,
    then: Vec<Action>,
}

/// Reads a rule; what is wrong with it is noted on the page.
pub(super) fn read(page: &Page<'_>, fields: &Fields<'_>) -> Draft {
    let name = fields.text("name");
    let id = fields.text("id");
    if let Some(Said { value, spot }) = &id
        && value.parse::<hub_model::Handle>().is_err()
    {
        page.fault(*spot, format!("`id` takes 1 to 48 of a-z, 0-9, `-` and `_`, not {value:?}"));
    }
    let when = some_of(fields, "when", fields.list("when").iter().map(trigger::read).collect());
    let then = some_of(fields, "then", action::read_list(fields, "then"));
    let condition = fields.table("if").map_or(Some(Condition::All(Vec::new())), |table| condition::read(&table));
    let word = fields.word("mode");
    let parts = || {
        let name = name.as_ref()?;
        Some(Parts {
            name: name.value.to_owned(),
            id_spot: id.as_ref().map_or(name.spot, |id| id.spot),
            enabled: fields.flag("enabled").unwrap_or(true),
            mode: Mode::ALL.into_iter().find(|mode| Some(mode.word()) == word).unwrap_or_default(),
            when: when?,
            condition: condition?,
            then: then?,
        })
    };
    let parts = parts();
    Draft { name: name.map(|said| said.value.to_owned()), parts }
}

/// A list of which every member could be read, and which is not empty.
fn some_of<T>(fields: &Fields<'_>, name: &'static str, list: Option<Vec<T>>) -> Option<Vec<T>> {
    let list = list?;
    if fields.is_empty_list(name) {
        fields.fault_at(name, format!("`{name}` is empty: write at least one [[{name}]]"));
    }
    Some(list)
}

impl Parts {
    pub(super) fn into_rule(self, id: RuleId, file: Arc<Path>) -> Rule {
        Rule {
            id: Said { value: id, spot: self.id_spot },
            name: self.name,
            enabled: self.enabled,
            mode: self.mode,
            when: self.when,
            condition: self.condition,
            then: self.then,
            file,
        }
    }
}
