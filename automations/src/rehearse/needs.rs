//! What rules look at and write: what has to be known of the past to try them on it.

use std::{collections::BTreeSet, sync::Arc};

use hub_model::{DeviceId, Home, Path, RunOf};

use crate::{
    fault::Fault,
    plan::{Check, Step, Watch},
    resolve::resolve,
    review::Subject,
    rule::Rule,
};

/// What has to be known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Needs {
    /// These properties.
    pub paths: BTreeSet<Path>,
    /// Those of them that rules write.
    pub written: BTreeSet<Path>,
    /// What else happened to these devices.
    pub devices: BTreeSet<DeviceId>,
    /// When these scenes, and rules that are not tried themselves, began to run: those that rules wait for, and scenes that
    /// they run, to tell their own changes from those of others.
    pub runs: BTreeSet<RunOf>,
    /// What was said to the rules.
    pub signals: bool,
}

impl Needs {
    /// What these rules need in a home.
    ///
    /// # Errors
    /// Every name of theirs that the home doesn't have.
    pub fn of(rules: &[Arc<Rule>], home: &Home) -> Result<Self, Vec<Fault>> {
        let (mut needs, mut faults) = (Self::default(), Vec::new());
        for rule in rules {
            match resolve(rule, home) {
                Ok(plan) => {
                    let subject = Subject::new(rule.clone(), plan, home);
                    needs.paths.extend(subject.looked_at());
                    needs.written.extend(subject.writes.into_iter().map(|(path, _)| path));
                    needs.runs.extend(subject.plan.watches.iter().filter_map(waited_for));
                    needs.runs.extend(subject.plan.program.iter().filter_map(run_by));
                    needs.signals |= subject.plan.watches.iter().any(is_told);
                    subject.plan.checks().for_each(|check| check.each(&mut |part| needs.runs.extend(asked_for(part))));
                    needs.devices.extend(subject.plan.devices);
                }
                Err(found) => faults.extend(found),
            }
        }
        needs.paths.extend(needs.written.iter().cloned());
        // What these did back then is decided anew.
        for rule in rules {
            needs.runs.remove(&RunOf::Rule(rule.id.value.clone()));
        }
        if faults.is_empty() { Ok(needs) } else { Err(faults) }
    }
}

/// Whether no device sets it off, but somebody who says something.
const fn is_told(watch: &Watch) -> bool {
    use Watch::{Answer, Message, Phrase, Started, Webhook};
    matches!(watch, Answer(_) | Message { .. } | Phrase(_) | Started | Webhook(_))
}

/// The scene or rule whose runs trigger.
fn waited_for(watch: &Watch) -> Option<RunOf> {
    match watch {
        Watch::Scene(scene) => Some(RunOf::Scene(*scene)),
        Watch::Rule(rule) => Some(RunOf::Rule(rule.clone())),
        _ => None,
    }
}

/// The scene that a step runs.
const fn run_by(step: &Step) -> Option<RunOf> {
    if let Step::Scene(scene) = step { Some(RunOf::Scene(*scene)) } else { None }
}

/// The rule of which a condition asks when it ran last.
fn asked_for(check: &Check) -> Option<RunOf> {
    if let Check::NotRunWithin { rule: Some(rule), .. } = check { Some(RunOf::Rule(rule.clone())) } else { None }
}
