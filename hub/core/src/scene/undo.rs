//! Taking back what a run did: what it really changed, and nothing that somebody changed since.

use std::{sync::Arc, time::Duration};

use hub_model::{
    CommandKey, HomeDevice, Property, Reading, RunId, RunRecord, RunStep, SceneStep, Target, Value, run::Given,
};
use hub_store::ReadError;

use super::{SceneRun, Transaction, capture::what_shows};
use crate::{check::ControlError, session::Session, view::View};

/// What changes so soon after a command came to its end still came from it: a lamp that is dimmed goes on, and may say
/// so a little later.
const ECHO: Duration = Duration::from_secs(3);

/// Why a run can't be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// No such run, or none that the principal may know of.
    #[error("there is no run `{0}` any more")]
    NoSuchRun(RunId),
    /// It goes on.
    #[error("the run goes on; it can be taken back when it has ended")]
    Running,
    /// All of it was changed since, or can't be taken back.
    #[error("there is nothing to take back: what it set was changed since, or it only did what can't be taken back")]
    Nothing,
    /// A command can't be given.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// History can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Session {
    /// Brings back what was there before a run of a scene, a group or a rule: what it set and what changed with it, and
    /// no more. What somebody changed since stays as it is. It is a run of its own, which can be undone too.
    ///
    /// # Errors
    /// When there is no such run or nothing to take back.
    pub async fn undo(&self, run: RunId, key: Option<CommandKey>) -> Result<SceneRun, UndoError> {
        if let Some(key) = &key
            && let Some(earlier) = self.run_with_key(key).await
        {
            return Ok(SceneRun::of(&*self.ended(earlier).await, &self.view()));
        }
        let record = self.run(run).await?.ok_or(UndoError::NoSuchRun(run))?;
        let mut records = vec![Arc::clone(&record)];
        for scene in record.scenes() {
            // One that is forgotten, or that the principal may not know of, is theirs to leave.
            records.extend(self.run(scene).await?);
        }
        let goes_on = |record: &Arc<RunRecord>| record.ended.is_none() && self.shared.runs.get(record.id).is_some();
        if records.iter().any(goes_on) {
            return Err(UndoError::Running);
        }
        let steps = undo_steps(&records, &self.view());
        if steps.is_empty() {
            return Err(UndoError::Nothing);
        }
        let (of, name) = (record.of.clone(), record.name.clone());
        Ok(self.transact(Transaction { of, name, steps, key, cause: None, undoes: Some(run) }).await?)
    }
}

/// What brings back what was there before a run and the scenes that it ran, as far as it is still as they left it. Pure.
pub(super) fn undo_steps(records: &[Arc<RunRecord>], view: &View) -> Vec<SceneStep> {
    let mut commands: Vec<_> = records.iter().flat_map(|record| record.commands()).collect();
    commands.sort_by_key(|(step, _)| step.at);
    let mut targets: Vec<&Target> = Vec::new();
    for (_, given) in &commands {
        if !targets.contains(&&given.target) {
            targets.push(&given.target);
        }
    }
    // The last that was set is the first that is taken back.
    targets.into_iter().rev().filter_map(|target| undo_step(&commands, target, view)).collect()
}

fn undo_step(commands: &[(&RunStep, &Given)], target: &Target, view: &View) -> Option<SceneStep> {
    let known = view.device(target.device)?;
    let commands: Vec<_> = commands.iter().copied().filter(|(_, given)| given.target == *target).collect();
    let (_, first) = commands.first()?;
    let is_ours = |(property, _): &&(Property, Value)| {
        known.reading(&target.endpoint, property).is_some_and(|now| is_as_left(&commands, property, now, known, target))
    };
    let before: Vec<_> = first.before.iter().filter(is_ours).cloned().collect();
    let is_there = |(property, was): &(Property, Value)| {
        let offer = known.device.endpoint(&target.endpoint).and_then(|endpoint| endpoint.offer(property));
        let now = known.reading(&target.endpoint, property);
        offer.zip(now).is_some_and(|(offer, now)| offer.fulfils(was, &now.value))
    };
    let set: Vec<_> = what_shows(before, &first.before).into_iter().filter(|pair| !is_there(pair)).collect();
    (!set.is_empty()).then(|| SceneStep { target: target.clone(), set, invoke: None, transition: None })
}

/// Whether a property is still as the commands of a run left it: what they set last, or what changed along with them.
fn is_as_left(
    commands: &[(&RunStep, &Given)],
    property: &Property,
    now: &Reading,
    known: &HomeDevice,
    target: &Target,
) -> bool {
    let offer = known.device.endpoint(&target.endpoint).and_then(|endpoint| endpoint.offer(property));
    let set = commands.iter().rev().flat_map(|(_, given)| &given.set).find(|(other, _)| other == property);
    if let (Some((_, asked)), Some(offer)) = (set, offer) {
        return offer.fulfils(asked, &now.value);
    }
    let Some(changed) = now.changed_at else { return false };
    commands.iter().any(|(step, _)| {
        let end = step.took.and_then(|took| step.at.checked_add(took + ECHO).ok());
        changed >= step.at && end.is_some_and(|end| changed <= end)
    })
}
