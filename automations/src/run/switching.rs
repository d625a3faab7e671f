//! Rules that other rules have switched on or off and whose file does not say so yet: they act by what was wished last,
//! while the folder's keeper reads, reviews and writes.

use std::{collections::HashMap, sync::Arc};

use hub_model::RuleId;

use crate::rule::Rule;

/// The switches that are not in the files yet.
#[derive(Debug, Default)]
pub(super) struct Switching(HashMap<RuleId, Wish>);

#[derive(Debug)]
struct Wish {
    enabled: bool,
    /// How many writings have not ended.
    under_way: u32,
}

impl Switching {
    /// A rule is switched, and its file is to say so.
    pub(super) fn begin(&mut self, rule: &RuleId, enabled: bool) {
        let wish = self.0.entry(rule.clone()).or_insert(Wish { enabled, under_way: 0 });
        wish.enabled = enabled;
        wish.under_way += 1;
    }

    /// A file was written, or could not be; whether it has the last word again.
    pub(super) fn end(&mut self, rule: &RuleId) -> bool {
        let Some(wish) = self.0.get_mut(rule) else { return false };
        wish.under_way = wish.under_way.saturating_sub(1);
        let is_last = wish.under_way == 0;
        if is_last {
            self.0.remove(rule);
        }
        is_last
    }

    /// Whether a rule acts now, whatever its file says.
    pub(super) fn is_enabled(&self, rule: &Rule) -> bool {
        self.0.get(&rule.id.value).map_or(rule.enabled, |wish| wish.enabled)
    }

    /// The rules as they act now.
    pub(super) fn applied(&self, rules: &[Arc<Rule>]) -> Vec<Arc<Rule>> {
        let applied = |rule: &Arc<Rule>| {
            let enabled = self.is_enabled(rule);
            if enabled == rule.enabled { Arc::clone(rule) } else { Arc::new(Rule { enabled, ..Rule::clone(rule) }) }
        };
        rules.iter().map(applied).collect()
    }
}
