//! The only handle that the API, voice and rules get. Rights are applied here and nowhere else.

use std::{path::PathBuf, sync::Arc, time::Duration};

use adapter_api::Answers;
use hub_model::{
    AccountId, AdapterName, Author, CandidateId, Cause, CommandId, Cursor, DeviceKey, Grant, Notice, Outcome, Path,
    Principal, Role, RoomId, Source, What, run::Taken,
};
use hub_store::{Account, HistoryQuery, Point, ReadError};
use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::AccountError,
    check::{Control, ControlError},
    edit::{Edit, EditError, Edited},
    given::{given, note_end},
    hub::Shared,
    onboarding::{AddError, NearBy, OnboardingWatch},
    task::Request,
    view::View,
    watch::Watch,
};

/// The hub, with somebody's rights. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
    pub(crate) principal: Arc<Principal>,
    pub(crate) revoked: CancellationToken,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The command.
    pub id: CommandId,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, where that isn't plain.
    pub reason: Option<String>,
}

/// Which history is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryAsk {
    /// Of which property.
    pub path: Path,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// At most so many points, 1 to 10,000.
    pub points: usize,
}

/// Why history can't be had.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// No such property, or none that the principal may see.
    #[error("there is no {0} to show")]
    NoSuchProperty(String),
    /// No such device, or none that the principal may see.
    #[error("there is no such device to show")]
    NoSuchDevice,
    /// The span is empty or the number of points isn't 1 to 10,000.
    #[error("`from` must be before `to`, and `points` 1 to 10000")]
    Span,
    /// It can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Session {
    /// Whose rights these are.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Resolves when the access was taken back; whatever is open for it must end then.
    pub async fn revoked(&self) {
        self.revoked.cancelled().await;
    }

    /// The home as it is now.
    pub fn view(&self) -> View {
        View { home: self.shared.feed.home(), principal: Arc::clone(&self.principal), now: Timestamp::now() }
    }

    /// A snapshot and what follows; or, after a cursor that can still be resumed from, only what follows.
    pub fn watch(&self, since: Option<Cursor>) -> Watch {
        Watch::new(Arc::clone(&self.shared.feed), Arc::clone(&self.principal), since)
    }

    /// Gives a command and waits for its outcome. Dropping the future does not take the command back.
    pub async fn control(&self, control: Control) -> Result<Ended, ControlError> {
        self.submit(control).await
    }

    /// The same, as a future of its own.
    pub fn submit(&self, control: Control) -> impl Future<Output = Result<Ended, ControlError>> + Send + 'static {
        let view = self.view();
        // A command of a run is a step of it, from the moment it is asked for.
        let step = match control.cause.as_ref().and_then(|cause| cause.from) {
            Some(Source::Run(run)) => self.shared.runs.open(run, Taken::Command(given(&control, &view))),
            _ => None,
        };
        let sent = self.send(control, view, None);
        async move {
            let ended = sent.await;
            step.into_iter().for_each(|step| step.change_command(|given| note_end(given, &ended)));
            ended
        }
    }

    /// Hands a command to the hub task and waits for its outcome; `within` takes the place of its usual deadline.
    pub(crate) fn send(
        &self,
        control: Control,
        view: View,
        within: Option<Duration>,
    ) -> impl Future<Output = Result<Ended, ControlError>> + Send + 'static {
        let (session, device) = (self.clone(), control.target.device);
        async move {
            let (reply, ended) = oneshot::channel();
            let sent = session.shared.requests.send(Request::Control(control, view, within, reply)).await;
            sent.map_err(|_| ControlError::Stopped)?;
            let ended = ended.await.unwrap_or(Err(ControlError::Stopped));
            if matches!(ended, Ok(Ended { outcome: Outcome::Unreachable, .. })) {
                session.carriers(device).into_iter().for_each(|(adapter, key)| adapter.look_for(key));
            }
            ended
        }
    }

    /// Past values of a property, thinned to at most `points`.
    pub async fn history(&self, ask: HistoryAsk) -> Result<Vec<Point>, HistoryError> {
        let view = self.view();
        let endpoint =
            view.device(ask.path.device).and_then(|known| known.device.endpoint(&ask.path.endpoint).cloned());
        let offer = endpoint.as_ref().and_then(|endpoint| endpoint.offer(&ask.path.property));
        let offer = offer.ok_or_else(|| HistoryError::NoSuchProperty(ask.path.property.to_string()))?;
        if ask.from >= ask.to || !(1..=10_000).contains(&ask.points) {
            return Err(HistoryError::Span);
        }
        let HistoryAsk { path, from, to, points } = ask;
        Ok(self.shared.store.history(HistoryQuery { path, summary: offer.summary(), from, to, points }).await?)
    }

    /// Changes the home; durable when it returns.
    pub async fn edit(&self, edit: Edit) -> Result<Edited, EditError> {
        if self.principal.role < Role::Admin {
            return Err(EditError::NotAllowed);
        }
        if let Edit::RemoveDevice(device) = &edit {
            self.let_go(*device).await.map_err(|error| EditError::NotLetGo(error.to_string()))?;
        }
        let renamed = if let Edit::Device { id, name: Some(_), .. } = &edit { Some(*id) } else { None };
        let (reply, edited) = oneshot::channel();
        let author = Author::from(&self.principal.actor);
        self.shared.requests.send(Request::Edit(edit, author, reply)).await.map_err(|_| EditError::Stopped)?;
        let edited = edited.await.unwrap_or(Err(EditError::Stopped))?;
        renamed.into_iter().for_each(|device| self.pass_name_on(device));
        Ok(edited)
    }

    /// Says something to people.
    pub async fn notify(&self, notice: Notice, cause: Option<Cause>) {
        let cause = cause.unwrap_or_else(|| Cause::root(self.principal.actor.clone()));
        self.tell(What::Notice(notice), cause).await;
    }

    /// The latest notices, oldest first.
    pub fn notices(&self) -> Vec<(Timestamp, Notice)> {
        self.shared.notices.list()
    }

    /// What is nearby and could be added; empty for those who may not add.
    pub fn candidates(&self) -> Vec<NearBy> {
        if self.principal.role < Role::Admin { Vec::new() } else { self.shared.candidates.list() }
    }

    /// Begins to add a candidate, or what a code stands for; the id is that of the onboarding.
    pub fn add(
        &self,
        candidate: Option<CandidateId>,
        adapter: Option<AdapterName>,
        code: Option<String>,
        room: Option<RoomId>,
    ) -> Result<CandidateId, AddError> {
        self.may_add()?;
        let near = candidate.map(|id| self.shared.candidates.get(id).ok_or(AddError::NoSuchCandidate)).transpose()?;
        if near.is_none() && code.is_none() {
            return Err(AddError::Nothing);
        }
        let wanted = near.as_ref().map(|near| near.adapter.clone()).or(adapter);
        let adapters = self.shared.adapters_named(wanted.as_ref());
        if let (Some(name), true) = (&wanted, adapters.is_empty()) {
            return Err(AddError::NoSuchAdapter(name.to_string()));
        }
        let id = candidate.unwrap_or_else(CandidateId::fresh);
        let key = near.map(|near| near.candidate.key);
        self.begin_onboarding(id, adapters, key, code, room);
        Ok(id)
    }

    /// A reader of an onboarding.
    pub fn onboarding(&self, id: CandidateId) -> Option<OnboardingWatch> {
        self.may_add().ok()?;
        self.shared.onboardings.watch(id)
    }

    /// Answers what an onboarding asks.
    pub fn answer(&self, id: CandidateId, answers: Answers) -> Result<(), AddError> {
        self.may_add()?;
        self.shared.onboardings.answer(id, answers)
    }

    /// Gives an onboarding up.
    pub fn cancel(&self, id: CandidateId) {
        if self.may_add().is_ok() {
            self.shared.onboardings.cancel(id);
        }
    }

    /// Makes an account and gives its token, which is shown only now.
    pub async fn create_token(&self, name: &str, role: Role) -> Result<String, AccountError> {
        self.must_own()?;
        self.shared.accounts.create(name, role).await
    }

    /// Every account.
    pub fn accounts(&self) -> Result<Vec<Account>, AccountError> {
        self.must_own()?;
        Ok(self.shared.accounts.list())
    }

    /// Changes what a guest may see and do.
    pub async fn grant(&self, account: AccountId, grants: Vec<Grant>) -> Result<(), AccountError> {
        self.must_own()?;
        self.shared.accounts.grant(account, grants).await
    }

    /// Gives an account another role.
    pub async fn set_role(&self, account: AccountId, role: Role) -> Result<(), AccountError> {
        self.must_own()?;
        self.shared.accounts.set_role(account, role).await
    }

    /// Removes an account; whatever is open for it ends.
    pub async fn remove_account(&self, account: AccountId) -> Result<(), AccountError> {
        self.must_own()?;
        self.shared.accounts.remove(account).await
    }

    /// Keeps a secret, encrypted.
    pub async fn put_secret(&self, name: &str, secret: &str) -> Result<(), AccountError> {
        self.must_own()?;
        Ok(self.shared.store.put_secret(name, secret).await?)
    }

    /// Forgets a secret.
    pub async fn remove_secret(&self, name: &str) -> Result<(), AccountError> {
        self.must_own()?;
        Ok(self.shared.store.remove_secret(name).await?)
    }

    /// The names of the secrets.
    pub fn secret_names(&self) -> Result<Vec<String>, AccountError> {
        self.must_own()?;
        Ok(self.shared.store.secret_names())
    }

    /// Copies the databases into a folder, consistent while the hub runs.
    pub async fn backup(&self, folder: PathBuf) -> Result<(), AccountError> {
        self.must_own()?;
        Ok(self.shared.store.backup(folder).await?)
    }

    pub(crate) async fn tell(&self, what: What, cause: Cause) {
        // The task is gone only while the hub ends, and then nobody is left to tell.
        let _ = self.shared.requests.send(Request::Tell(what, cause)).await;
    }

    fn begin_onboarding(
        &self,
        id: CandidateId,
        adapters: Vec<(AdapterName, Arc<dyn adapter_api::Adapter>)>,
        key: Option<DeviceKey>,
        code: Option<String>,
        room: Option<RoomId>,
    ) {
        let session = self.clone();
        let place = Box::new(move |device| -> futures_util::future::BoxFuture<'static, ()> {
            Box::pin(async move {
                let Some(room) = room else { return };
                let edit = Edit::Device {
                    id: device,
                    name: None,
                    handle: None,
                    room: Some(Some(room)),
                    show_as: None,
                    aliases: None,
                };
                if let Err(error) = session.edit(edit).await {
                    tracing::warn!(%error, "a new device could not be put into its room");
                }
            })
        });
        self.shared.onboardings.begin(id, adapters, key, code, Arc::clone(&self.shared.feed), place);
    }

    fn may_add(&self) -> Result<(), AddError> {
        if self.principal.role < Role::Admin { Err(AddError::NotAllowed) } else { Ok(()) }
    }

    pub(crate) fn must_own(&self) -> Result<(), AccountError> {
        if self.principal.role < Role::Owner { Err(AccountError::NotAllowed) } else { Ok(()) }
    }
}
