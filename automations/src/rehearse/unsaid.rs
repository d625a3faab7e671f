//! What conditions saw that did not hold, put into words only for the few that are told in the end: of millions of triggers
//! that come to nothing, words are most of the cost.

use std::{collections::HashMap, sync::Arc};

use hub_model::{DeviceId, Home, Path, Reading, RuleId, RunOf, RunRecord, Value, run::Part};

use crate::{calendar::Calendars, engine::seen_at, plan::Check, resolve::resolve, rule::Rule};

/// The conditions of the rules under trial.
#[derive(Debug, Default)]
pub(super) struct Unsaid {
    conditions: HashMap<RuleId, Condition>,
    calendars: Calendars,
}

#[derive(Debug)]
struct Condition {
    check: Check,
    paths: Vec<Path>,
    devices: Vec<DeviceId>,
}

/// What the home was to a condition.
#[derive(Debug)]
pub(super) struct Sight {
    values: Vec<Value>,
    reachable: Vec<bool>,
}

impl Unsaid {
    /// Of these rules in a home whose description stays as it is.
    pub(super) fn of(rules: &[Arc<Rule>], home: &Home, calendars: Calendars) -> Self {
        let condition = |rule: &Arc<Rule>| {
            let check = resolve(rule, home).ok()?.condition;
            let (mut paths, mut devices) = (Vec::new(), Vec::new());
            check.each_path(&mut |path| paths.push(path.clone()));
            check.each_device(&mut |device| devices.push(device));
            Some((rule.id.value.clone(), Condition { check, paths, devices }))
        };
        Self { conditions: rules.iter().filter_map(condition).collect(), calendars }
    }

    /// What the home is to the condition of a run that came to nothing without a word; nothing where it had its words.
    pub(super) fn look(&self, home: &Home, record: &RunRecord) -> Option<Sight> {
        let Condition { paths, devices, .. } = self.wordless(record)?;
        let value = |path: &Path| home.reading(path).map_or(Value::Unknown, |reading| reading.value.clone());
        let reachable = |device: &DeviceId| home.device(*device).is_some_and(|known| known.reachable);
        Some(Sight { values: paths.iter().map(value).collect(), reachable: devices.iter().map(reachable).collect() })
    }

    /// Puts it into words, in a home that is only for that.
    pub(super) fn say(&self, scratch: &mut Home, record: &RunRecord, sight: Sight) -> Option<Part> {
        let Condition { check, paths, devices } = self.wordless(record)?;
        for (path, value) in paths.iter().zip(sight.values) {
            scratch.put_reading(path, Reading { value, changed_at: None, reported_at: None });
        }
        for (device, reachable) in devices.iter().zip(sight.reachable) {
            if let Some(known) = scratch.device_mut(*device) {
                known.reachable = reachable;
            }
        }
        let trigger = record.trigger.as_ref().and_then(|trigger| trigger.number);
        Some(seen_at(check, scratch, record.began, &self.calendars, trigger))
    }

    fn wordless(&self, record: &RunRecord) -> Option<&Condition> {
        let RunOf::Rule(rule) = &record.of else { return None };
        record.condition.as_ref().filter(|part| **part == Part::unsaid(false))?;
        self.conditions.get(rule)
    }
}
