//! The hub task: the one owner of the home. It takes reports and requests, applies them, and publishes what came of it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use adapter_api::{FromAdapter, Order};
use hub_model::{Actor, AdapterName, Author, Cause, CommandId, CommandKey, DeviceId, Event, Notice, Report, What};
use hub_store::Store;
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    amend::amend,
    apply::{Applied, Heard, apply, cast_adrift},
    check::{Control, ControlError},
    edit::{Edit, EditError, Edited},
    feed::Feed,
    inbox::Outlet,
    notices::Notices,
    onboarding::Candidates,
    pending::Pending,
    record,
    registrar::{Job, Registrar, Written},
    runs::Runs,
    session::Ended,
    state::State,
    stats::Counters,
    view::View,
};

/// Who waits for a command's end.
pub type Reply = oneshot::Sender<Result<Ended, ControlError>>;

/// How many requests of sessions may wait. When it is full, sessions wait.
pub const REQUESTS: usize = 1024;

/// How many messages are handled before their events are published together.
const BATCH: usize = 256;

/// What sessions and supervisors ask of the task.
#[derive(Debug)]
pub enum Request {
    /// A command, with the rights of whoever gives it; and how long its device may take, where that isn't as usual.
    Control(Control, View, Option<Duration>, Reply),
    /// A change of the home; the session has checked the role.
    Edit(Edit, Author, oneshot::Sender<Result<Edited, EditError>>),
    /// Something to tell people or rules.
    Tell(What, Cause),
    /// An adapter runs and takes orders here.
    AdapterUp(AdapterName, mpsc::Sender<Order>),
    /// An adapter doesn't run.
    AdapterDown(AdapterName),
}

/// What the task lives on.
pub struct Task {
    /// The home.
    pub state: State,
    /// The store's journal lane.
    pub store: Store,
    /// The store's registry lane.
    pub registrar: Registrar,
    /// Where snapshots and events are published.
    pub feed: Arc<Feed>,
    /// Where rules get their events.
    pub outlet: Outlet,
    /// What readers find beside the home.
    pub boards: Boards,
    /// Counters.
    pub counters: Arc<Counters>,
    pub(crate) pending: Pending,
    /// The caller's marks of commands under way; those that ended are known to the store.
    pub(crate) under_way: HashMap<CommandKey, CommandId>,
    pub(crate) replies: HashMap<CommandId, Vec<Reply>>,
    pub(crate) orders: HashMap<AdapterName, mpsc::Sender<Order>>,
    /// Events of the batch being handled.
    events: Vec<Arc<Event>>,
    /// Whether the batch changed the home, with or without an event.
    touched: bool,
    pub(crate) entries: Vec<hub_store::Entry>,
}

/// What readers find beside the home.
#[derive(Debug, Clone)]
pub struct Boards {
    /// What is nearby.
    pub candidates: Candidates,
    /// The latest notices.
    pub notices: Arc<Notices>,
    /// What runs and ran.
    pub runs: Arc<Runs>,
}

/// The ends of the channels that the task reads.
pub struct Inlets {
    /// From adapters.
    pub adapters: mpsc::Receiver<FromAdapter>,
    /// From sessions.
    pub requests: mpsc::Receiver<Request>,
    /// What the store has to say to people.
    pub warnings: mpsc::Receiver<Notice>,
    /// When to end.
    pub stop: CancellationToken,
}

impl Task {
    /// A task that begins with `state`.
    pub fn new(
        state: State,
        store: Store,
        feed: Arc<Feed>,
        outlet: Outlet,
        boards: Boards,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            registrar: Registrar::new(store.clone()),
            state,
            store,
            feed,
            outlet,
            boards,
            counters,
            pending: Pending::default(),
            under_way: HashMap::new(),
            replies: HashMap::new(),
            orders: HashMap::new(),
            events: Vec::new(),
            touched: false,
            entries: Vec::new(),
        }
    }

    /// Runs until it is stopped; then everything that was under way is written.
    pub async fn run(mut self, mut inlets: Inlets) {
        let mut messages = Vec::with_capacity(BATCH);
        while self.turn(&mut inlets, &mut messages).await {
            self.registrar.start(&mut self.state);
            self.publish();
        }
        // Adapters have ended by now; what they said last is still on its way.
        while let Ok(message) = inlets.adapters.try_recv() {
            self.message(message);
        }
        while self.registrar.is_writing() || !self.state.dirty.is_empty() {
            self.registrar.start(&mut self.state);
            if !self.registrar.is_writing() {
                break;
            }
            self.write().await;
        }
        self.publish();
    }

    /// Waits for something and handles it; `false` when the hub ends. Requests come first, so that a light switch
    /// doesn't wait behind a flood of reports.
    async fn turn(&mut self, inlets: &mut Inlets, messages: &mut Vec<FromAdapter>) -> bool {
        let wakes_at = self.wakes_at();
        tokio::select! {
            biased;
            () = inlets.stop.cancelled() => return false,
            Some(request) = inlets.requests.recv() => self.requests(request, inlets),
            written = self.registrar.written(&mut self.state.dirty) => self.settle(written),
            Some(notice) = inlets.warnings.recv() => self.emit(What::Notice(notice), Cause::root(Actor::Hub), Timestamp::now()),
            _ = inlets.adapters.recv_many(messages, BATCH), if !inlets.adapters.is_closed() || !inlets.adapters.is_empty() => {
                for message in messages.drain(..) {
                    self.message(message);
                }
            }
            () = sleep_until(wakes_at) => {}
        }
        for ending in self.pending.expire(Instant::now()) {
            self.end(ending);
        }
        true
    }

    fn wakes_at(&self) -> Option<Instant> {
        [self.pending.wakes_at(), self.registrar.wakes_at()].into_iter().flatten().min()
    }

    async fn write(&mut self) {
        let written = self.registrar.written(&mut self.state.dirty).await;
        self.settle(written);
    }

    fn settle(&mut self, written: Written) {
        let Written::Edit(changes, edited, reply) = written else { return };
        for change in changes {
            if let Some(what) = amend(&mut self.state, change) {
                self.emit(what, Cause::root(Actor::Hub), Timestamp::now());
            }
        }
        self.publish();
        // Whoever asked may be gone.
        let _ = reply.send(Ok(edited));
    }

    fn requests(&mut self, first: Request, inlets: &mut Inlets) {
        self.request(first, &mut inlets.adapters);
        for _ in 1..BATCH {
            let Ok(request) = inlets.requests.try_recv() else { return };
            self.request(request, &mut inlets.adapters);
        }
    }

    fn request(&mut self, request: Request, adapters: &mut mpsc::Receiver<FromAdapter>) {
        match request {
            Request::Control(control, view, within, reply) => self.control(control, view, within, reply),
            Request::Edit(edit, author, reply) => self.registrar.push(Job { edit, author, reply }),
            Request::Tell(what, cause) => self.emit(what, cause, Timestamp::now()),
            Request::AdapterUp(name, orders) => drop(self.orders.insert(name, orders)),
            Request::AdapterDown(name) => {
                // What it said last waits still, and must not make its devices reachable after they were cast adrift.
                for _ in 0..adapters.len() {
                    adapters.try_recv().into_iter().for_each(|message| self.message(message));
                }
                self.orders.remove(&name);
                self.boards.candidates.forget(&name);
                let applied = cast_adrift(&mut self.state, &name, Timestamp::now());
                self.take(applied, Timestamp::now());
            }
        }
    }

    fn message(&mut self, message: FromAdapter) {
        match message {
            FromAdapter::Reports(adapter, reports) => {
                Counters::add(&self.counters.reports, reports.len() as u64);
                for report in reports {
                    self.report(&adapter, report);
                }
            }
            FromAdapter::Delivered(id, delivery) => {
                for ending in self.pending.delivered(id, delivery) {
                    self.end(ending);
                }
            }
            FromAdapter::Candidate(adapter, candidate) => self.boards.candidates.put(adapter, candidate),
            FromAdapter::CandidateGone(adapter, key) => self.boards.candidates.remove(&adapter, &key),
        }
    }

    fn report(&mut self, adapter: &AdapterName, report: Report) {
        let at = report.at;
        let applied = apply(&mut self.state, adapter, report);
        self.take(applied, at);
    }

    /// Makes events, journal entries and endings of what came of a report.
    fn take(&mut self, applied: Applied, at: Timestamp) {
        self.touched = true;
        if applied.dropped > 0 {
            Counters::add(&self.counters.dropped, u64::from(applied.dropped));
        }
        if let Some(why) = applied.grumble {
            tracing::warn!("a report was dropped, and more of this device will be without a word: {why}");
        }
        let mut changes = applied.changes.into_iter();
        for heard in applied.readings {
            let (cause, endings) = self.pending.reported(&heard.path, &heard.reading.value);
            if heard.changed
                && let Some(what) = changes.next()
            {
                let cause = cause.unwrap_or_else(|| Cause::root(Actor::Device(heard.path.device)));
                self.keep(heard, Some(&cause));
                self.emit(what, cause, at);
            } else {
                self.keep(heard, None);
            }
            for ending in endings {
                self.end(ending);
            }
        }
        for what in changes {
            let cause = device_of(&what).map_or(Actor::Hub, Actor::Device);
            let lost = if let What::Reachable { device, reachable: false } = what { Some(device) } else { None };
            self.emit(what, Cause::root(cause), at);
            for ending in lost.map(|device| self.pending.lost(device)).unwrap_or_default() {
                self.end(ending);
            }
        }
    }

    fn keep(&mut self, heard: Heard, cause: Option<&Cause>) {
        self.entries.push(record::reading(heard, cause));
    }

    pub(crate) fn emit(&mut self, what: What, cause: Cause, at: Timestamp) {
        let cursor = self.state.home.cursor.next();
        self.state.home.cursor = cursor;
        if let What::Notice(notice) = &what {
            self.boards.notices.add(at, notice.clone());
        }
        let event = Event { cursor, at, cause, what };
        self.entries.extend(record::event(&event));
        self.events.push(Arc::new(event));
    }

    /// Publishes the batch: one snapshot, its events, and the journal's entries.
    pub(crate) fn publish(&mut self) {
        if self.events.is_empty() && !self.touched {
            return;
        }
        self.touched = false;
        Counters::add(&self.counters.events, self.events.len() as u64);
        self.feed.publish(&self.state.home, &self.events);
        self.outlet.push(&self.events);
        self.events.clear();
        if !self.entries.is_empty() {
            self.store.journal(std::mem::take(&mut self.entries));
        }
    }
}

fn device_of(what: &What) -> Option<DeviceId> {
    match what {
        What::Occurred { device, .. } | What::Reachable { device, .. } => Some(*device),
        _ => None,
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
