//! The engine's task: what it is told, when it wakes, what it wants done, and what is published of it.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use hub_core::{Followed, Heard, Hub, Session};
use hub_model::{Actor, Author, Cause, DeviceId, Event, Handle, Notice, RuleId, Severity, Signal, What};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time,
};

use super::{
    Inlet, Request, RuleSummary, Setup,
    clock::Clock,
    deed::Doer,
    hooks::{HookKey, Hooks},
    http::Web,
    journal::{Journal, Waits},
    means,
    rights::Rights,
    switching::Switching,
};
use crate::{
    engine::{Effect, Engine, Input, Told, news},
    folder::Loaded,
    rule::{Mode, Rule, Trigger},
};

/// How long the task sleeps at most while something is due, so that it sees when the clock was set.
const DOZE: Duration = Duration::from_secs(15);
/// From one look at what waits to the next: the engine is not held up, an SD card is spared, and a crash loses this much at
/// most.
const PAUSE: Duration = Duration::from_millis(500);

/// Rules from the folder.
pub(super) struct Load {
    pub(super) loaded: Loaded,
    /// With whose rights each rule acts.
    pub(super) editors: HashMap<RuleId, Author>,
    /// A rule that may run again though it was paused.
    pub(super) resume: Option<RuleId>,
    /// Told when the engine has them.
    pub(super) done: oneshot::Sender<()>,
}

pub(super) struct Shell {
    hub: Hub,
    session: Session,
    doer: Doer,
    hooks: Arc<Hooks>,
    hook_key: Option<HookKey>,
    journal: Journal,
    /// When the journal is told next what waits, where that is something else than before; and when it was told last.
    keeps_at: Option<time::Instant>,
    kept_at: time::Instant,
    /// The rules of which it was read when they last ran.
    recalled: BTreeSet<RuleId>,
    /// The rules are here, and the runs that waited go on.
    is_awake: bool,
    /// What devices were called, so that it shows when one is called otherwise.
    handles: HashMap<DeviceId, Handle>,
    engine: Engine,
    clock: Clock,
    /// As the files have them.
    loaded: Loaded,
    switching: Switching,
    publish: watch::Sender<Arc<[RuleSummary]>>,
    /// The engine's revision that was published.
    published: Option<u64>,
}

impl Shell {
    pub(super) fn new(
        hub: Hub,
        session: Session,
        setup: &Setup,
        publish: watch::Sender<Arc<[RuleSummary]>>,
        hooks: Arc<Hooks>,
        inlet: mpsc::Sender<Inlet>,
        keeper: &mpsc::Sender<Request>,
    ) -> Self {
        let (engine, clock, loaded, switching) = (Engine::new(), Clock::new(), Loaded::default(), Switching::default());
        let web = Arc::new(Web::new(&setup.http_hosts));
        let rights = Rights::new(hub.clone());
        let doer = Doer { session: session.clone(), rights, inlet, keeper: keeper.downgrade(), web };
        let journal = Journal::begin(session.clone());
        let (hook_key, is_awake, handles) = (None, false, HashMap::new());
        Self {
            hub,
            session,
            doer,
            hooks,
            hook_key,
            journal,
            keeps_at: None,
            kept_at: time::Instant::now(),
            recalled: BTreeSet::new(),
            is_awake,
            handles,
            engine,
            clock,
            loaded,
            switching,
            publish,
            published: None,
        }
    }

    /// The way to servers.
    pub(super) fn web(&self) -> Arc<Web> {
        Arc::clone(&self.doer.web)
    }

    /// Runs until no further rules can come.
    pub(super) async fn run(mut self, mut loads: mpsc::Receiver<Load>, mut told: mpsc::Receiver<Inlet>) {
        let mut inbox = self.hub.inbox();
        self.hook_key = HookKey::of(&self.session).await;
        self.note_handles();
        // Without a broker, each rule that wants one says so itself.
        let mut messages = self.session.follow().ok();
        loop {
            tokio::select! {
                load = loads.recv() => match load {
                    Some(load) => self.load(load).await,
                    None => {
                        // What was told before the end is heard, so that runs that it begins are kept.
                        while let Ok(inlet) = told.try_recv() {
                            self.inlet(inlet).await;
                        }
                        self.keep();
                        return self.journal.close().await;
                    }
                },
                events = inbox.next() => self.events(&events).await,
                Some(inlet) = told.recv() => self.inlet(inlet).await,
                heard = next_message(&mut messages) => self.heard(heard).await,
                () = sleep_until(self.engine.wakes_at()) => self.tell(Input::Time).await,
                () = pause_until(self.keeps_at) => self.keep(),
            }
            if self.is_awake && self.engine.has_other_waits() && self.keeps_at.is_none() {
                self.keeps_at = Some(self.kept_at + PAUSE);
            }
            if let (Some(topics), Some(messages)) = (self.engine.topics(), &messages) {
                messages.turn_to(topics);
            }
            if let Some(means) = self.engine.new_means() {
                tokio::spawn(means::look_up(means, self.session.clone(), self.doer.inlet.clone()));
            }
        }
    }

    async fn load(&mut self, load: Load) {
        let Load { loaded, editors, resume, done } = load;
        self.doer.rights.turn_to(editors);
        let rules = self.switching.applied(&loaded.rules);
        self.loaded = loaded;
        let hooks = self.hook_key.as_ref().map_or_else(Vec::new, |key| key.hooks(&rules));
        self.hooks.replace(hooks);
        let last = self.recall(&rules).await;
        if let Some(alive) = self.journal.alive.max(last).filter(|_| !self.is_awake) {
            self.tell(Input::Alive(alive)).await;
        }
        self.tell(Input::Rules(rules)).await;
        if !std::mem::replace(&mut self.is_awake, true) {
            let Waits { runs, spans } = Journal::read(&self.session);
            self.tell(Input::RestoreSpans(spans)).await;
            self.tell(Input::Restore(runs)).await;
            self.told(&Signal::Started, Cause::root(Actor::Hub)).await;
        }
        if let Some(id) = &resume {
            self.tell(Input::Resume(id)).await;
        }
        // The keeper may be gone; the rules are here all the same.
        let _ = done.send(());
    }

    /// Tells the journal what waits now.
    fn keep(&mut self) {
        (self.keeps_at, self.kept_at) = (None, time::Instant::now());
        if self.is_awake {
            self.journal.note(self.engine.waiting_runs(), self.engine.waiting_spans());
        }
    }

    /// What rules did at earlier starts, or before they were away for a while, is told by their runs. It returns when the
    /// last of them began.
    async fn recall(&mut self, rules: &[Arc<Rule>]) -> Option<Timestamp> {
        let ids: BTreeSet<_> = rules.iter().map(|rule| rule.id.value.clone()).collect();
        let new: Vec<_> = ids.difference(&self.recalled).cloned().collect();
        if new.is_empty() {
            self.recalled = ids;
            return None;
        }
        match self.session.last_ran(new, Timestamp::MAX).await {
            Ok(last) => {
                self.recalled = ids;
                let latest = last.values().max().copied();
                self.tell(Input::Ran(last)).await;
                latest
            }
            Err(error) => {
                tracing::warn!(%error, "It can't be read when rules last ran; it counts as never.");
                None
            }
        }
    }

    async fn events(&mut self, events: &[Arc<Event>]) {
        self.tell(Input::Events(events)).await;
        for event in events {
            if let What::Device(device) = event.what {
                self.look_at_handle(device).await;
            }
        }
    }

    async fn inlet(&mut self, inlet: Inlet) {
        match inlet {
            Inlet::Told(signal, cause) => self.told(&signal, cause).await,
            Inlet::Outcome(deed, outcome) => self.tell(Input::Outcome(deed, outcome)).await,
            Inlet::Switched(rule) => self.switched(&rule).await,
            Inlet::Past(past) => self.tell(Input::Past(past)).await,
            Inlet::Calendars(calendars) => self.tell(Input::Calendars(calendars)).await,
        }
    }

    /// A rule's file was written; where nobody wishes otherwise meanwhile, it has the last word.
    async fn switched(&mut self, id: &RuleId) {
        if !self.switching.end(id) {
            return;
        }
        let rule = self.loaded.rules.iter().find(|rule| rule.id.value == *id);
        if let Some(enabled) = rule.map(|rule| rule.enabled) {
            self.tell(Input::Switch(id, enabled)).await;
        }
    }

    async fn heard(&mut self, heard: Heard) {
        if let Some(signal) = news(heard) {
            self.told(&signal, Cause::root(Actor::Program("mqtt".into()))).await;
        }
    }

    /// Tells the rules what somebody said, and keeps it, so that other rules can be tried on it. Phrases, calls and answers
    /// are said for a purpose; messages come in thousands, and those that no rule waits for are not kept.
    async fn told(&mut self, signal: &Signal, cause: Cause) {
        let at = Timestamp::now();
        let is_heard = self.is_heard(Input::Told(Told { signal, cause: cause.clone() })).await;
        if is_heard || !matches!(signal, Signal::Message { .. }) {
            self.session.keep_signal(signal, cause, at);
        }
    }

    fn note_handles(&mut self) {
        let home = self.session.view().home;
        self.handles = home.devices().map(|known| (known.device.id, known.device.handle.clone())).collect();
    }

    /// Rules that still say a handle which its device no longer has don't run; their owner is offered the rewriting.
    async fn look_at_handle(&mut self, device: DeviceId) {
        let home = self.session.view().home;
        let Some(new) = home.device(device).map(|known| known.device.handle.clone()) else { return };
        let old = self.handles.insert(device, new.clone()).filter(|old| *old != new);
        let Some(old) = old.filter(|old| home.by_handle(old.as_str()).is_none()) else { return };
        let lost = format!("there is no device `{old}`");
        let problem = |rule: &Arc<Rule>| {
            self.engine.problem(&rule.id.value).is_some_and(|fault| fault.message.starts_with(&lost))
        };
        let names: Vec<_> =
            self.loaded.rules.iter().filter(|rule| problem(rule)).map(|rule| rule.name.as_str()).collect();
        if names.is_empty() {
            return;
        }
        let text = format!(
            "`{old}` is called `{new}` now, and these rules don't run until they say so: {}. `hub rules rename-handle {old} {new}` \
             rewrites them; their comments stay.",
            names.join(", ")
        );
        let notice = Notice::to_all(Severity::Warning, "Rules name a device by its old handle", text);
        self.session.notify(notice, None).await;
    }

    async fn tell(&mut self, input: Input<'_>) {
        self.is_heard(input).await;
    }

    /// Tells the engine, and does what it wants; whether it wanted anything.
    async fn is_heard(&mut self, input: Input<'_>) -> bool {
        let (now, was_set) = self.clock.look();
        let home = self.session.view().home;
        if let Some(by) = was_set {
            tracing::info!(seconds = by.as_secs(), "The clock was set; rules go by the new time.");
            for effect in self.engine.handle(Input::ClockSet(by), now, &home) {
                self.doer.begin(effect).await;
            }
        }
        let mut effects: VecDeque<_> = self.engine.handle(input, now, &home).into();
        let is_heard = !effects.is_empty();
        while let Some(effect) = effects.pop_front() {
            if let Effect::Enable { by, rule, enabled } = &effect
                && self.doer.may_switch(by).is_ok()
            {
                // At once, so that the next event sees it; its file says so when the keeper comes to it.
                self.switching.begin(rule, *enabled);
                effects.extend(self.engine.handle(Input::Switch(rule, *enabled), now, &home));
            }
            self.doer.begin(effect).await;
        }
        self.publish();
        is_heard
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
            enabled: self.switching.is_enabled(rule),
            mode: rule.mode,
            file: PathBuf::from(&*rule.file),
            problem: self.engine.problem(&rule.id.value),
            phrases: phrases(rule),
        });
        let broken = self.loaded.broken.iter().map(|broken| RuleSummary {
            id: broken.id.clone(),
            name: broken.name.clone(),
            enabled: false,
            mode: Mode::default(),
            file: broken.faults.first().map(|fault| PathBuf::from(&*fault.file)).unwrap_or_default(),
            problem: broken.faults.first().cloned(),
            phrases: Vec::new(),
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

fn phrases(rule: &Rule) -> Vec<crate::phrase::Phrase> {
    let of = |trigger: &Trigger| if let Trigger::Phrase(phrases) = trigger { phrases.clone() } else { Vec::new() };
    rule.when.iter().flat_map(|when| of(&when.trigger)).collect()
}

/// Sleeps until a moment that no clock on the wall moves; for ever where there is none.
async fn pause_until(end: Option<time::Instant>) {
    match end {
        Some(end) => time::sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// Sleeps until a moment by the clock on the wall, or for [`DOZE`]; for ever where there is none.
async fn sleep_until(wake: Option<Timestamp>) {
    let Some(wake) = wake else { return std::future::pending().await };
    let left = wake.duration_since(Timestamp::now()).max(SignedDuration::ZERO);
    time::sleep(Duration::try_from(left).unwrap_or(DOZE).min(DOZE)).await;
}
