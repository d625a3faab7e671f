//! What rules under trial did back then through scenes: the changes name the scene, and only the scene's run names the rule.

use std::collections::HashSet;

use hub_model::{Actor, Cause, CommandId, RunId, RunRecord, Source, run::Taken};

/// Runs of scenes that rules under trial began, and the commands of these runs.
#[derive(Debug, Default)]
pub(super) struct Own {
    runs: HashSet<RunId>,
    commands: HashSet<CommandId>,
}

impl Own {
    /// A rule under trial ran a scene.
    pub(super) fn ran(&mut self, run: &RunRecord) {
        self.runs.insert(run.id);
        self.commands.extend(run.steps.iter().filter_map(|step| match &step.what {
            Taken::Command(given) => given.id,
            _ => None,
        }));
    }

    /// Whether a change came of one of these.
    pub(super) fn is_from(&self, cause: &Cause) -> bool {
        match (&cause.actor, cause.from) {
            (Actor::Scene(_), Some(Source::Run(run))) => self.runs.contains(&run),
            (Actor::Scene(_), Some(Source::Command(command))) => self.commands.contains(&command),
            _ => false,
        }
    }
}
