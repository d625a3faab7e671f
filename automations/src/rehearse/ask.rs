//! Asks the hub for the past and goes through it, on threads of their own.

use std::{sync::Arc, time::Duration};

use hub_core::{HistoryError, ReadError, ReplayQuery, Session};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;

use super::{LookedAt, Needs, Rehearsal, Stage};
use crate::{fault::Fault, past::values, rule::Rule, twin::Around};

/// What shall be tried.
#[derive(Debug, Clone, PartialEq)]
pub struct RehearseAsk {
    /// The rules.
    pub rules: Vec<Arc<Rule>>,
    /// What they may name.
    pub around: Around,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// How near to each other two wishes are a fight.
    pub within: Duration,
}

/// Why there is no rehearsal.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// There is nothing to rehearse.
    #[error("there is no rule to rehearse")]
    NoRule,
    /// A rule does not fit the home.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
    /// The span is longer than anybody keeps history for.
    #[error("a rehearsal goes over at most {} days", RehearseAsk::LONGEST.as_hours() / 24)]
    TooLong,
    /// The past can't be had.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The past can't be read any further.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The hub ends.
    #[error("the hub is ending: try again when it runs")]
    Stopped,
}

impl RehearseAsk {
    /// No rehearsal goes over more than this.
    pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
    /// How near to each other two wishes are a fight, where nobody says.
    pub const NEAR: Duration = Duration::from_secs(300);
}

/// Tries rules on the past. Only what they look at is read. Dropping the future ends it.
pub async fn rehearse(session: &Session, ask: RehearseAsk) -> Result<Rehearsal, RehearseError> {
    let RehearseAsk { rules, around, from, to, within } = ask;
    if rules.is_empty() {
        return Err(RehearseError::NoRule);
    }
    if to.duration_since(from) > RehearseAsk::LONGEST {
        return Err(RehearseError::TooLong);
    }
    let needs = Needs::of(&rules, &session.view().home).map_err(RehearseError::Faults)?;
    let Needs { paths, written, devices, runs, signals } = needs;
    let (paths, devices, runs) =
        (paths.into_iter().collect(), devices.into_iter().collect(), runs.into_iter().collect());
    let mut past = session.past(ReplayQuery { paths, devices, runs, signals, from, to }).await?;
    let named = rules.iter().chain(&around.rules).map(|rule| rule.id.value.clone()).collect();
    let around = Around { ran: session.last_ran(named, from).await?, ..around };
    let (session, here) = (session.clone(), Handle::current());
    let gone_through = tokio::task::spawn_blocking(move || {
        let (home, gaps) = (past.home.clone(), std::mem::take(&mut past.gaps));
        let looked_at = std::mem::take(&mut past.paths).into_iter();
        let looked_at = looked_at.map(|path| LookedAt { is_written: written.contains(&path), path }).collect();
        let mut stage = Stage { gaps, ..Stage::new(rules, around, home, looked_at, from, within) };
        for (path, over) in stage.twin.new_means() {
            let before = (from.checked_sub(over).unwrap_or(Timestamp::MIN), from);
            stage.remember(path.clone(), here.block_on(values(&session, path, before))?);
        }
        while let Some(batch) = past.blocking_next() {
            batch?.into_iter().for_each(|recorded| stage.step(recorded));
        }
        Ok::<_, RehearseError>(stage.end(to))
    });
    gone_through.await.map_err(|_| RehearseError::Stopped)?
}
