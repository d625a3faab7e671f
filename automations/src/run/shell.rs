//! The engine's task: what it is told, when it wakes, what it wants done, and what is published of it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use hub_core::{Followed, Heard, Hub, Session};
use hub_model::{Event, RuleId};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time,
};

use super::{RuleSummary, clock::Clock, deed};
use crate::{
    engine::{Engine, Input},
    folder::Loaded,
    rule::Mode,
};

/// How long the task sleeps at most while something is due, so that it sees when the clock was set.
const DOZE: Duration = Duration::from_secs(15);

/// Rules from the folder.
pub(super) struct Load {
    pub(super) loaded: Loaded,
    /// A rule that may run again though it was paused.
    pub(super) resume: Option<RuleId>,
    /// Told when the engine has them.
    pub(super) done: oneshot::Sender<()>,
}

pub(super) struct Shell {
    hub: Hub,
    session: Session,
    engine: Engine,
    clock: Clock,
    loaded: Loaded,
    publish: watch::Sender<Arc<[RuleSummary]>>,
    /// The engine's revision that was published.
    published: Option<u64>,
}

impl Shell {
    pub(super) fn new(hub: Hub, session: Session, publish: watch::Sender<Arc<[RuleSummary]>>) -> Self {
        let (engine, clock, loaded) = (Engine::new(), Clock::new(), Loaded::default());
        Self { hub, session, engine, clock, loaded, publish, published: None }
    }

    /// Runs until no further rules can come.
    pub(super) async fn run(mut self, mut loads: mpsc::Receiver<Load>) {
        let mut inbox = self.hub.inbox();
        // Without a broker, each rule that wants one says so itself.
        let mut messages = self.session.follow().ok();
        loop {
            tokio::select! {
                load = loads.recv() => match load {
                    Some(load) => self.load(load).await,
                    None => return,
                },
                events = inbox.next() => self.events(&events).await,
                heard = next_message(&mut messages) => self.tell(Input::Message(&heard)).await,
                () = sleep_until(self.engine.wakes_at()) => self.tell(Input::Time).await,
            }
            if let (Some(topics), Some(messages)) = (self.engine.topics(), &messages) {
                messages.turn_to(topics);
            }
        }
    }

    async fn load(&mut self, load: Load) {
        let Load { loaded, resume, done } = load;
        let rules = loaded.rules.clone();
        self.loaded = loaded;
        self.tell(Input::Rules(rules)).await;
        if let Some(id) = &resume {
            self.tell(Input::Resume(id)).await;
        }
        // The keeper may be gone; the rules are here all the same.
        let _ = done.send(());
    }

    async fn events(&mut self, events: &[Arc<Event>]) {
        self.tell(Input::Events(events)).await;
    }

    async fn tell(&mut self, input: Input<'_>) {
        let (now, was_set) = self.clock.look();
        let home = self.session.view().home;
        if let Some(by) = was_set {
            tracing::info!(seconds = by.as_secs(), "The clock was set; rules go by the new time.");
            for effect in self.engine.handle(Input::ClockSet(by), now, &home) {
                deed::begin(&self.session, effect).await;
            }
        }
        for effect in self.engine.handle(input, now, &home) {
            deed::begin(&self.session, effect).await;
        }
        self.publish();
    }

    /// Shows the rules anew where something about them is another.
    fn publish(&mut self) {
        let revision = Some(self.engine.revision());
        if self.published == revision {
            return;
        }
        self.published = revision;
        let whole = self.loaded.rules.iter().map(|rule| RuleSummary {
            id: rule.id.value.clone(),
            name: rule.name.clone(),
            enabled: rule.enabled,
            mode: rule.mode,
            file: PathBuf::from(&*rule.file),
            problem: self.engine.problem(&rule.id.value),
        });
        let broken = self.loaded.broken.iter().map(|broken| RuleSummary {
            id: broken.id.clone(),
            name: broken.name.clone(),
            enabled: false,
            mode: Mode::default(),
            file: broken.faults.first().map(|fault| PathBuf::from(&*fault.file)).unwrap_or_default(),
            problem: broken.faults.first().cloned(),
        });
        let mut summaries: Vec<_> = whole.chain(broken).collect();
        summaries.sort_by(|a, b| a.id.cmp(&b.id));
        if self.publish.borrow()[..] != summaries[..] {
            self.publish.send_replace(summaries.into());
            self.hub.rules_changed();
        }
    }
}

async fn next_message(messages: &mut Option<Followed>) -> Heard {
    match messages {
        Some(messages) => messages.next().await,
        None => std::future::pending().await,
    }
}

/// Sleeps until a moment by the clock on the wall, or for [`DOZE`]; for ever where there is none.
async fn sleep_until(wake: Option<Timestamp>) {
    let Some(wake) = wake else { return std::future::pending().await };
    let left = wake.duration_since(Timestamp::now()).max(SignedDuration::ZERO);
    time::sleep(Duration::try_from(left).unwrap_or(DOZE).min(DOZE)).await;
}
