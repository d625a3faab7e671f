//! What rules look at and write: what has to be known of the past to try them on it.

use std::{collections::BTreeSet, sync::Arc};

use hub_model::{DeviceId, Home, Path};

use crate::{fault::Fault, resolve::resolve, review::Subject, rule::Rule};

/// What has to be known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Needs {
    /// These properties.
    pub paths: BTreeSet<Path>,
    /// Those of them that rules write.
    pub written: BTreeSet<Path>,
    /// What else happened to these devices.
    pub devices: BTreeSet<DeviceId>,
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
                    needs.devices.extend(subject.plan.devices);
                }
                Err(found) => faults.extend(found),
            }
        }
        needs.paths.extend(needs.written.iter().cloned());
        if faults.is_empty() { Ok(needs) } else { Err(faults) }
    }
}
