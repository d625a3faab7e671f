//! The hub as one thing: started from a store and adapters, stopped as a whole.

use std::{sync::Arc, time::Duration};

use adapter_api::{Adapter, Context, Messaging};
use hub_model::{Actor, AdapterName, Author, Cause, Principal, Role, Services, What};
use hub_store::{Opened, Store};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    accounts::Accounts,
    feed::Feed,
    inbox::{Inbox, Outlet},
    notices::Notices,
    onboarding::{Candidates, Onboardings},
    runs::Runs,
    session::Session,
    speech::Voice,
    state::State,
    stats::{Counters, Stats},
    supervisor::{Carried, Supervisor},
    task::{Boards, Inlets, REQUESTS, Request, Task},
    vault::StoreVault,
};

/// How long adapters have for their goodbyes.
const GOODBYES: Duration = Duration::from_millis(800);
/// How long the disk has to take what waits. One that is well takes milliseconds, and one that stands still must not
/// keep the hub from its end.
const LAST_WRITES: Duration = Duration::from_secs(10);

/// A running hub. Cheap to clone; [`Hub::stop`] ends it for all.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

/// What sessions share.
pub struct Shared {
    pub(crate) feed: Arc<Feed>,
    pub(crate) requests: mpsc::Sender<Request>,
    pub(crate) store: Store,
    pub(crate) accounts: Accounts,
    pub(crate) candidates: Candidates,
    pub(crate) onboardings: Onboardings,
    pub(crate) notices: Arc<Notices>,
    pub(crate) runs: Arc<Runs>,
    pub(crate) messaging: Option<Arc<dyn Messaging>>,
    pub(crate) voice: Voice,
    adapters: Vec<Carried>,
    outlet: Outlet,
    counters: Arc<Counters>,
    stop: CancellationToken,
    supervisors: TaskTracker,
    task: Mutex<Option<(CancellationToken, JoinHandle<()>)>>,
}

impl Hub {
    /// Starts the hub task and the adapters. It answers at once, from what the store had; adapters come when they can.
    pub fn start(opened: Opened, adapters: Vec<Carried>) -> Self {
        let messaging = adapters.iter().find_map(|carried| Arc::clone(&carried.adapter).messaging());
        let services = Services { messages: messaging.is_some() };
        Self::begin(opened, adapters, messaging, services)
    }

    /// Starts only the hub task, so that no device is touched. What adapters offer is then not known, and so it counts
    /// as there.
    pub fn without_adapters(opened: Opened) -> Self {
        Self::begin(opened, Vec::new(), None, Services { messages: true })
    }

    fn begin(
        opened: Opened,
        adapters: Vec<Carried>,
        messaging: Option<Arc<dyn Messaging>>,
        services: Services,
    ) -> Self {
        let Opened { store, mut home, epoch, notices, past, warnings, .. } = opened;
        let accounts =
            Accounts::loaded(store.clone(), std::mem::take(&mut home.accounts), std::mem::take(&mut home.tokens));
        let mut state = State::loaded(home, epoch);
        state.home.services = services;
        let feed = Arc::new(Feed::new(state.home.clone()));
        let outlet = Outlet::new();
        let counters = Arc::new(Counters::default());
        let boards = Boards {
            candidates: Candidates::default(),
            notices: Arc::new(Notices::of(past)),
            runs: Arc::new(Runs::new(store.clone())),
        };
        let (from_adapters, to_task) = mpsc::channel(Context::INBOX);
        let (requests, requested) = mpsc::channel(REQUESTS);
        let end_task = CancellationToken::new();
        let inlets = Inlets { adapters: to_task, requests: requested, warnings, stop: end_task.clone() };
        let task =
            Task::new(state, store.clone(), Arc::clone(&feed), outlet.clone(), boards.clone(), Arc::clone(&counters));
        let running = tokio::spawn(task.run(inlets));
        let hub = Self {
            shared: Arc::new(Shared {
                feed,
                requests,
                store,
                accounts,
                candidates: boards.candidates,
                onboardings: Onboardings::default(),
                notices: boards.notices,
                runs: boards.runs,
                messaging,
                voice: Voice::default(),
                adapters,
                outlet,
                counters,
                stop: CancellationToken::new(),
                supervisors: TaskTracker::new(),
                task: Mutex::new(Some((end_task, running))),
            }),
        };
        hub.supervise(from_adapters);
        for notice in notices {
            let session = hub.local();
            tokio::spawn(async move { session.notify(notice, Some(Cause::root(Actor::Hub))).await });
        }
        hub
    }

    fn supervise(&self, inbox: mpsc::Sender<adapter_api::FromAdapter>) {
        let shared = &self.shared;
        let supervisor = Supervisor {
            inbox,
            requests: shared.requests.clone(),
            vault: Arc::new(StoreVault(shared.store.clone())),
            stop: shared.stop.clone(),
            feed: Arc::clone(&shared.feed),
            counters: Arc::clone(&shared.counters),
        };
        for carried in &shared.adapters {
            shared.supervisors.spawn(supervisor.clone().keep_running(carried.clone()));
        }
        shared.supervisors.close();
    }

    /// The hub with somebody's rights.
    pub fn session(&self, principal: Principal) -> Session {
        Session { shared: Arc::clone(&self.shared), principal: Arc::new(principal), revoked: CancellationToken::new() }
    }

    /// The hub with the rights that a token stands for.
    pub fn authenticate(&self, token: &str) -> Option<Session> {
        let (principal, revoked) = self.shared.accounts.authenticate(token)?;
        Some(Session { shared: Arc::clone(&self.shared), principal, revoked })
    }

    /// The hub with the rights that an author has now: who changes files on the hub's own disk has the owner's, and who has
    /// no access any more may do nothing.
    pub fn session_of(&self, author: &Author) -> Session {
        let Author::Person { account, name } = author else { return self.local() };
        if let Some((principal, revoked)) = self.shared.accounts.of(*account) {
            return Session { shared: Arc::clone(&self.shared), principal, revoked };
        }
        let actor = Actor::Person { account: *account, name: name.clone() };
        self.session(Principal { actor, role: Role::Guest, grants: Vec::new() })
    }

    pub(crate) fn voice(&self) -> &Voice {
        &self.shared.voice
    }

    /// The hub with the rights of the owner, who sits at the machine itself.
    pub fn local(&self) -> Session {
        self.session(Principal::hub())
    }

    /// What rules see. There is one inbox: two readers would share the events between them.
    pub fn inbox(&self) -> Inbox {
        self.shared.outlet.listen()
    }

    /// Tells watchers that rules were loaded anew.
    pub fn rules_changed(&self) {
        let session = self.local();
        tokio::spawn(async move { session.tell(What::Rules, Cause::root(Actor::Hub)).await });
    }

    /// The counters now.
    pub fn stats(&self) -> Stats {
        let counters = &self.shared.counters;
        Stats {
            reports: Counters::read(&counters.reports),
            dropped: Counters::read(&counters.dropped),
            events: Counters::read(&counters.events),
            commands: Counters::read(&counters.commands),
            adapter_failures: Counters::read(&counters.adapter_failures),
            merged_for_rules: self.shared.outlet.merged(),
            messages_lost: self.shared.messaging.as_deref().map_or(0, |messaging| messaging.followers().lost()),
            devices: self.shared.feed.home().devices().len(),
            store: self.shared.store.health(),
        }
    }

    /// Ends adapters, then the task, then the store, each with what it still had in hand. Again, it does nothing.
    pub async fn stop(&self) {
        let Some((end_task, task)) = self.shared.task.lock().await.take() else { return };
        self.shared.stop.cancel();
        if tokio::time::timeout(GOODBYES, self.shared.supervisors.wait()).await.is_err() {
            tracing::warn!("an adapter did not end in time and is left behind");
        }
        end_task.cancel();
        let written = async {
            if task.await.is_err() {
                tracing::error!("the hub task ended by a panic; what it had in hand is lost");
            }
            self.shared.store.clone().close().await;
        };
        if tokio::time::timeout(LAST_WRITES, written).await.is_err() {
            tracing::error!("the disk stands still; what waited for it is lost");
        }
    }
}

impl Shared {
    /// The running adapters of that name, or all.
    pub(crate) fn adapters_named(&self, name: Option<&AdapterName>) -> Vec<(AdapterName, Arc<dyn Adapter>)> {
        let all = self.adapters.iter().map(|carried| (carried.kind.adapter_name(), Arc::clone(&carried.adapter)));
        all.filter(|(adapter, _)| name.is_none_or(|name| name == adapter)).collect()
    }
}
