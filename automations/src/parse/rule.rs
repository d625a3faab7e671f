//! Reads one rule.

use std::{path::Path, sync::Arc};

use hub_model::RuleId;

use super::{action, condition, fields::Fields, page::Page, trigger};
use crate::{
    days::Days,
    fault::Spot,
    rule::{Active, AfterRestart, Condition, Mode, Rule, Said, Then, When},
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
    most: usize,
    active: Option<Active>,
    after_restart: AfterRestart,
    when: Vec<When>,
    condition: Condition,
    then: Vec<Then>,
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
    let when = fields.list("when").iter().map(trigger::read).collect::<Option<Vec<_>>>();
    let then = action::read_list(fields, "then");
    if fields.is_empty_list("then") {
        fields.fault_at("then", "`then` is empty: write at least one [[then]]");
    }
    let condition = fields.table("if").map_or(Some(Condition::All(Vec::new())), |table| condition::read(&table));
    let word = fields.word("mode");
    let most = most(fields, word);
    let active = active(fields);
    let drops = fields.word("after_restart") == Some("drop");
    let parts = || {
        let name = name.as_ref()?;
        Some(Parts {
            name: name.value.to_owned(),
            id_spot: id.as_ref().map_or(name.spot, |id| id.spot),
            enabled: fields.flag("enabled").unwrap_or(true),
            mode: Mode::ALL.into_iter().find(|mode| Some(mode.word()) == word).unwrap_or_default(),
            most,
            active: active?,
            after_restart: if drops { AfterRestart::Drop } else { AfterRestart::Resume },
            when: when?,
            condition: condition?,
            then: then?,
        })
    };
    let parts = parts();
    Draft { name: name.map(|said| said.value.to_owned()), parts }
}

fn most(fields: &Fields<'_>, mode: Option<&str>) -> usize {
    if !fields.has("max") {
        return Mode::MOST;
    }
    if !matches!(mode, Some("queued" | "parallel")) {
        fields.fault_at("max", "`max` goes with mode = \"queued\" or \"parallel\"");
    }
    fields.whole("max").and_then(|most| usize::try_from(most).ok()).unwrap_or(Mode::MOST)
}

/// The outer option is away where it could not be read.
fn active(fields: &Fields<'_>) -> Option<Option<Active>> {
    if !fields.has("active") {
        return Some(None);
    }
    let table = fields.table("active")?;
    let clock = |name| if table.has(name) { table.clock(name) } else { Some(jiff::civil::Time::midnight()) };
    let days = if table.has("days") { table.days("days")? } else { Days::ALL };
    Some(Some(Active { from: clock("from")?, to: clock("to")?, days }))
}

impl Parts {
    pub(super) fn into_rule(self, id: RuleId, file: Arc<Path>) -> Rule {
        Rule {
            id: Said { value: id, spot: self.id_spot },
            name: self.name,
            enabled: self.enabled,
            mode: self.mode,
            most: self.most,
            active: self.active,
            after_restart: self.after_restart,
            when: self.when,
            condition: self.condition,
            then: self.then,
            file,
        }
    }
}
