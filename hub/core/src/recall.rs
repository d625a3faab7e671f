//! Reading back what ran: for whoever may see the whole home, and for a guest what they began themselves.

use std::{collections::BTreeMap, sync::Arc};

use hub_model::{RuleId, RunId, RunOf, RunRecord, Trace};
use hub_store::{ReadError, RunQuery};
use jiff::Timestamp;

use crate::{runs::Pace, session::Session};

impl Session {
    /// Takes in what a rule engine says of its runs.
    pub fn trace(&self, trace: Trace) {
        self.shared.runs.trace(trace);
    }

    /// Runs, the newest first, also of earlier starts of the hub.
    ///
    /// # Errors
    /// When history can't be read.
    pub async fn runs(&self, query: RunQuery) -> Result<Vec<Arc<RunRecord>>, ReadError> {
        let most = query.runs.min(RunQuery::MOST);
        let stored = self.shared.store.runs(query.clone()).await?;
        // What is at hand is newer than what was read, and is there even while the disk can't be written.
        let mut runs: BTreeMap<_, _> = stored.into_iter().map(|run| ((run.began, run.id), Arc::new(run))).collect();
        runs.extend(self.shared.runs.at_hand(&query).into_iter().map(|run| ((run.began, run.id), run)));
        Ok(runs.into_values().rev().filter(|run| self.may_know(run)).take(most).collect())
    }

    /// The run of that id.
    ///
    /// # Errors
    /// When history can't be read.
    pub async fn run(&self, id: RunId) -> Result<Option<Arc<RunRecord>>, ReadError> {
        let run = match self.shared.runs.get(id) {
            Some(run) => Some(run),
            None => self.shared.store.run(id).await?.map(Arc::new),
        };
        Ok(run.filter(|run| self.may_know(run)))
    }

    /// How fast a rule's latest runs were, from what triggered them to their first command.
    pub async fn pace(&self, of: &RunOf) -> Option<Pace> {
        self.shared.runs.pace(of).await
    }

    /// When each of these rules last ran before a moment, where it did, as far as history tells; nothing for a guest.
    ///
    /// # Errors
    /// When history can't be read.
    pub async fn last_ran(
        &self,
        rules: Vec<RuleId>,
        before: Timestamp,
    ) -> Result<BTreeMap<RuleId, Timestamp>, ReadError> {
        if !self.principal.sees_all() {
            return Ok(BTreeMap::new());
        }
        let last = self.shared.store.last_began(rules.into_iter().map(RunOf::Rule).collect(), before).await?;
        let of_rule = |(of, at)| if let RunOf::Rule(id) = of { Some((id, at)) } else { None };
        Ok(last.into_iter().filter_map(of_rule).collect())
    }

    fn may_know(&self, run: &RunRecord) -> bool {
        self.principal.sees_all() || run.cause.actor == self.principal.actor
    }
}
