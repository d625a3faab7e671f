//! Adding devices: what is nearby, and every onboarding under way.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use adapter_api::{Adapter, Answers, Ask, Candidate, Onboarding, OnboardingError, Step};
use arc_swap::ArcSwap;
use hub_model::{AdapterName, CandidateId, DeviceId, DeviceKey, Origin};
use tokio::sync::{mpsc, watch};

use crate::feed::Feed;

/// How long a finished onboarding can still be looked at.
const REMEMBERED: Duration = Duration::from_secs(600);

/// How long the report of a device that was just added may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Something nearby that could be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearBy {
    /// Always the same for the same thing, across restarts.
    pub id: CandidateId,
    /// Which adapter found it.
    pub adapter: AdapterName,
    /// What it is.
    pub candidate: Candidate,
}

/// How far an onboarding has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// What is being done now.
    Step(String),
    /// What the person is asked; [`Onboardings::answer`] goes on.
    Asks(Vec<Ask>),
    /// The device was added.
    Done(DeviceId),
    /// It could not be added; the text is for people.
    Failed(String),
}

/// Why an onboarding could not begin or go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// The principal's role doesn't allow it.
    #[error("only an admin or the owner may add devices")]
    NotAllowed,
    /// There is no such candidate, or it went.
    #[error("there is no such candidate; look again with `candidates`")]
    NoSuchCandidate,
    /// Neither a candidate nor a code was given.
    #[error("give a candidate, or a code")]
    Nothing,
    /// No adapter of that name runs.
    #[error("no adapter `{0}` is running")]
    NoSuchAdapter(String),
    /// There is no such onboarding, or it asks nothing now.
    #[error("this onboarding waits for no answer")]
    NotAsking,
}

/// What is nearby. The hub task puts in; everyone reads.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    known: Arc<ArcSwap<BTreeMap<CandidateId, NearBy>>>,
}

impl Candidates {
    /// The candidates that can be kept; more are ignored, as nobody could read such a list.
    const MOST: usize = 500;

    /// Adds or replaces one.
    pub fn put(&self, adapter: AdapterName, candidate: Candidate) {
        let id = CandidateId::named(&format!("{adapter}/{}", candidate.key));
        self.change(|known| {
            if known.len() < Self::MOST || known.contains_key(&id) {
                known.insert(id, NearBy { id, adapter: adapter.clone(), candidate: candidate.clone() });
            }
        });
    }

    /// Takes one out.
    pub fn remove(&self, adapter: &AdapterName, key: &DeviceKey) {
        self.change(|known| drop(known.remove(&CandidateId::named(&format!("{adapter}/{key}")))));
    }

    /// Takes all of an adapter's out.
    pub fn forget(&self, adapter: &AdapterName) {
        self.change(|known| known.retain(|_, near| near.adapter != *adapter));
    }

    /// All of them.
    pub fn list(&self) -> Vec<NearBy> {
        self.known.load().values().cloned().collect()
    }

    /// One of them.
    pub fn get(&self, id: CandidateId) -> Option<NearBy> {
        self.known.load().get(&id).cloned()
    }

    fn change(&self, change: impl Fn(&mut BTreeMap<CandidateId, NearBy>)) {
        self.known.rcu(|known| {
            let mut known = BTreeMap::clone(known);
            change(&mut known);
            known
        });
    }
}

/// Every onboarding under way or ended of late.
#[derive(Debug, Clone, Default)]
pub struct Onboardings {
    open: Arc<Mutex<HashMap<CandidateId, Open>>>,
}

#[derive(Debug)]
struct Open {
    progress: watch::Receiver<Vec<Progress>>,
    answers: mpsc::Sender<Answers>,
    task: tokio::task::AbortHandle,
}

/// A reader of one onboarding, from its first step.
#[derive(Debug)]
pub struct OnboardingWatch {
    progress: watch::Receiver<Vec<Progress>>,
    shown: usize,
}

/// Where a new device goes when its onboarding is done.
pub type Placed = Box<dyn FnOnce(DeviceId) -> futures_util::future::BoxFuture<'static, ()> + Send>;

impl Onboardings {
    /// Begins one: tries `adapters` in turn until one knows what to do with the candidate or the code.
    pub fn begin(
        &self,
        id: CandidateId,
        adapters: Vec<(AdapterName, Arc<dyn Adapter>)>,
        candidate: Option<DeviceKey>,
        code: Option<String>,
        feed: Arc<Feed>,
        place: Placed,
    ) {
        let (progress, watched) = watch::channel(Vec::new());
        let (answers, mut answered) = mpsc::channel(1);
        let this = self.clone();
        let task = tokio::spawn(async move {
            let done = onboard(adapters, candidate, code, &progress, &mut answered).await;
            let last = match arrive(done, &feed).await {
                Ok(device) => {
                    place(device).await;
                    Progress::Done(device)
                }
                Err(error) => Progress::Failed(error.to_string()),
            };
            progress.send_modify(|steps| steps.push(last));
            tokio::time::sleep(REMEMBERED).await;
            this.lock().remove(&id);
        });
        let open = Open { progress: watched, answers, task: task.abort_handle() };
        if let Some(before) = self.lock().insert(id, open) {
            before.task.abort();
        }
    }

    /// A reader of one.
    pub fn watch(&self, id: CandidateId) -> Option<OnboardingWatch> {
        self.lock().get(&id).map(|open| OnboardingWatch { progress: open.progress.clone(), shown: 0 })
    }

    /// Answers what one asks.
    pub fn answer(&self, id: CandidateId, answers: Answers) -> Result<(), AddError> {
        let open = self.lock();
        let open = open.get(&id).ok_or(AddError::NotAsking)?;
        let asks = matches!(open.progress.borrow().last(), Some(Progress::Asks(_)));
        if !asks || open.answers.try_send(answers).is_err() {
            return Err(AddError::NotAsking);
        }
        Ok(())
    }

    /// Gives one up.
    pub fn cancel(&self, id: CandidateId) {
        if let Some(open) = self.lock().remove(&id) {
            open.task.abort();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CandidateId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OnboardingWatch {
    /// The next step; `None` after the last, or when it was cancelled.
    pub async fn next(&mut self) -> Option<Progress> {
        loop {
            if let Some(step) = self.progress.borrow().get(self.shown) {
                self.shown += 1;
                return Some(step.clone());
            }
            if matches!(self.progress.borrow().last(), Some(Progress::Done(_) | Progress::Failed(_))) {
                return None;
            }
            self.progress.changed().await.ok()?;
        }
    }
}

async fn onboard(
    adapters: Vec<(AdapterName, Arc<dyn Adapter>)>,
    candidate: Option<DeviceKey>,
    code: Option<String>,
    progress: &watch::Sender<Vec<Progress>>,
    answered: &mut mpsc::Receiver<Answers>,
) -> Result<Origin, OnboardingError> {
    for (name, adapter) in adapters {
        let (steps, mut stepped) = mpsc::channel(Onboarding::STEPS);
        let (answer, answers) = mpsc::channel(1);
        let onboarding = Onboarding::new(candidate.clone(), code.clone(), steps, answers);
        let mut adding = adapter.onboard(onboarding);
        let result = loop {
            tokio::select! {
                biased;
                Some(step) = stepped.recv() => progress.send_modify(|steps| steps.push(step.into())),
                Some(given) = answered.recv() => drop(answer.try_send(given)),
                result = &mut adding => break result,
            }
        };
        while let Ok(step) = stepped.try_recv() {
            progress.send_modify(|steps| steps.push(step.into()));
        }
        match result {
            Ok(key) => return Ok(Origin { adapter: name, key }),
            Err(OnboardingError::Unsupported) => {}
            Err(error) => return Err(error),
        }
    }
    Err(OnboardingError::Unsupported)
}

/// Waits until the home has the device that an adapter says it added.
async fn arrive(added: Result<Origin, OnboardingError>, feed: &Feed) -> Result<DeviceId, OnboardingError> {
    let origin = added?;
    let mut events = feed.subscribe(None).live;
    let arrival = async {
        loop {
            if let Some(known) = feed.home().by_origin(&origin) {
                return Some(known.device.id);
            }
            if let Err(tokio::sync::broadcast::error::RecvError::Closed) = events.recv().await {
                return None;
            }
        }
    };
    let arrived = tokio::time::timeout(ARRIVAL, arrival).await.ok().flatten();
    arrived.ok_or_else(|| {
        OnboardingError::Failed("the device was added but does not show itself; switch it off and on".into())
    })
}

impl From<Step> for Progress {
    fn from(step: Step) -> Self {
        match step {
            Step::Doing(what) => Self::Step(what),
            Step::Asking(asks) => Self::Asks(asks),
        }
    }
}
