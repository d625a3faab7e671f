//! What a rule names that no home has: other rules, and calendars.

use std::collections::BTreeMap;

use hub_model::{RuleId, suggest::did_you_mean};
use smol_str::SmolStr;

use crate::{
    NoSuchRule,
    fault::Fault,
    rule::{Action, Condition, Rule, Said, Then, Timeout, Times, Timing, Trigger},
};

/// Something that a rule names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named<'a> {
    /// Another rule, or itself.
    Rule(&'a RuleId),
    /// A calendar.
    Calendar(&'a SmolStr),
}

/// What is called with each of them.
type Visit<'v, 'a> = &'v mut dyn FnMut(Said<Named<'a>>);

impl<'a> Named<'a> {
    /// What a rule names that is not there, each with its place and the nearest right word.
    pub(crate) fn missing<R, C>(
        rule: &Rule,
        rules: &BTreeMap<RuleId, R>,
        calendars: &BTreeMap<SmolStr, C>,
    ) -> Vec<Fault> {
        let mut faults = Vec::new();
        Named::each(rule, &mut |named| {
            let message = match named.value {
                Named::Rule(id) if !rules.contains_key(id) => NoSuchRule::among(id, rules.keys()).to_string(),
                Named::Calendar(name) if !calendars.contains_key(name) => {
                    let hint = did_you_mean(name, calendars.keys().map(SmolStr::as_str));
                    format!("there is no calendar `{name}`{hint}: put {name}.ics into the folder of calendars")
                }
                Named::Rule(_) | Named::Calendar(_) => return,
            };
            faults.push(Fault::new(&rule.file, named.spot, message));
        });
        faults
    }

    /// Every one that a rule names, with its place.
    pub(crate) fn each(rule: &'a Rule, visit: Visit<'_, 'a>) {
        for when in &rule.when {
            match &when.trigger {
                Trigger::Rule(said) => visit(Said { value: Self::Rule(&said.value), spot: said.spot }),
                Trigger::Timed(Said { value: Timing::Calendar { calendar, .. }, spot }) => {
                    visit(Said { value: Self::Calendar(calendar), spot: *spot });
                }
                Trigger::Holds { condition, .. } => of_condition(condition, visit),
                _ => {}
            }
        }
        of_condition(&rule.condition, visit);
        of_actions(&rule.then, visit);
    }
}

fn of_condition<'a>(condition: &'a Condition, visit: Visit<'_, 'a>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| of_condition(part, visit)),
        Condition::Not(inner) => of_condition(inner, visit),
        Condition::NotRunWithin { rule: Some(said), .. } => {
            visit(Said { value: Named::Rule(&said.value), spot: said.spot });
        }
        Condition::Calendar { calendar, .. } => {
            visit(Said { value: Named::Calendar(&calendar.value), spot: calendar.spot });
        }
        _ => {}
    }
}

fn of_actions<'a>(actions: &'a [Then], visit: Visit<'_, 'a>) {
    for then in actions {
        match &then.action {
            Action::Run(said) | Action::Enable { rule: said, .. } => {
                visit(Said { value: Named::Rule(&said.value), spot: said.spot });
            }
            Action::WaitUntil { condition, or_else, .. } => {
                of_condition(condition, visit);
                if let Timeout::Do(late) = or_else {
                    of_actions(late, visit);
                }
            }
            Action::If { condition, then, otherwise } => {
                of_condition(condition, visit);
                of_actions(then, visit);
                of_actions(otherwise, visit);
            }
            Action::Choose { ways, otherwise } => {
                for (condition, then) in ways {
                    of_condition(condition, visit);
                    of_actions(then, visit);
                }
                of_actions(otherwise, visit);
            }
            Action::Repeat { times, body } => {
                if let Times::While(condition) | Times::Until(condition) = times {
                    of_condition(condition, visit);
                }
                of_actions(body, visit);
            }
            Action::Parallel(lists) => lists.iter().for_each(|list| of_actions(list, visit)),
            _ => {}
        }
    }
}
