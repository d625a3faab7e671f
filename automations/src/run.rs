//! The tokio shell around the engine: the folder's rules and the hub's events go in, effects go out through a session.

mod by_hand;
mod calendars;
mod clock;
mod deed;
mod hooks;
mod http;
mod journal;
mod keeper;
mod means;
mod rights;
mod shell;
mod study;
mod switching;
mod told;
mod versions;

use std::{path::PathBuf, sync::Arc};

use hub_core::Hub;
use hub_model::{Author, Cause, Handle, Path, Principal, RuleId, Signal, Value, suggest::did_you_mean};
use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot, watch};

pub use self::by_hand::ByHandError;
pub use self::hooks::{CallError, Hook};
pub use self::study::{Meant, StudyError};
use self::{calendars::Shelf, hooks::Hooks, keeper::Keeper, shell::Shell};
use crate::{
    calendar::Calendars,
    engine::Deed,
    fault::Fault,
    folder::{EnableError, Folder, Renamed, SaveError, Wish},
    phrase::{self, Phrase},
    review::Finding,
    rule::Mode,
};

/// Requests that wait for the folder. When it is full, whoever asks waits.
const REQUESTS: usize = 16;
/// Sets of rules that wait for the engine. When it is full, the folder waits, and then reads the newest.
const LOADS: usize = 2;
/// What people say to the rules and what becomes of their deeds. When it is full, whoever tells waits.
const TOLD: usize = 256;

/// Where the rules are, and what they may reach.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The folder of the rule files, which is made if it isn't there.
    pub folder: PathBuf,
    /// The folder of calendars (`*.ics`); none without it.
    pub calendars: Option<PathBuf>,
    /// Calendars on servers, by their names; the server has to be among `http_hosts`.
    pub calendar_urls: Vec<(String, String)>,
    /// Hosts that rules may call (`example.org`, `192.168.1.5:8080`).
    pub http_hosts: Vec<String>,
}

impl Setup {
    /// A folder of rules that reach nothing outside.
    pub fn of(folder: PathBuf) -> Self {
        Self { folder, ..Self::default() }
    }
}

/// The running rules of a folder. Cheap to clone; when the last of them is dropped, or after [`Automations::stop`],
/// the rules end.
#[derive(Debug, Clone)]
pub struct Automations {
    requests: mpsc::Sender<Request>,
    inlet: mpsc::Sender<Inlet>,
    hooks: Arc<Hooks>,
    summaries: watch::Receiver<Arc<[RuleSummary]>>,
    folder: Arc<PathBuf>,
    /// The folder of calendars.
    calendars: Arc<Option<PathBuf>>,
}

/// What the engine is told beside the hub's own events.
enum Inlet {
    /// Somebody said something.
    Told(Signal, Cause),
    /// What became of something that a run waits for.
    Outcome(Deed, Result<(), String>),
    /// A rule's file says whether it acts, as another rule wished, or could not be written.
    Switched(RuleId),
    /// What stands in the calendars.
    Calendars(Calendars),
    /// What properties were, for means over a span.
    Past(Vec<(Path, Vec<(Timestamp, Value)>)>),
}

/// A rule in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSummary {
    /// Its id. A file that can't be read stands here under its own name.
    pub id: RuleId,
    /// For people.
    pub name: String,
    /// Whether it acts.
    pub enabled: bool,
    /// What happens when it is triggered while it runs.
    pub mode: Mode,
    /// Its file.
    pub file: PathBuf,
    /// Why it can't run just now.
    pub problem: Option<Fault>,
    /// The phrases that it waits for.
    pub phrases: Vec<Phrase>,
}

/// A rule that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Which one.
    pub id: RuleId,
    /// What a review finds now that it did not find before.
    pub findings: Vec<Finding>,
}

/// What the folder's keeper is asked.
enum Request {
    Enable(RuleId, bool, Author, oneshot::Sender<Result<(), EnableError>>),
    Rename(Handle, Handle, Author, oneshot::Sender<Result<Renamed, EnableError>>),
    Change(Wish, Author, oneshot::Sender<Result<Saved, SaveError>>),
    Text(RuleId, oneshot::Sender<Option<String>>),
    Stop(oneshot::Sender<()>),
}

/// Why nobody heard a phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SayError {
    /// There is nothing to hear in it.
    #[error("a phrase has at least one letter and at most {} bytes", phrase::LONGEST)]
    NoPhrase,
    /// No rule waits for it.
    #[error("no rule waits for this phrase{0}")]
    Nobody(String),
    /// The rules are being stopped.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

impl Automations {
    /// Runs the rules of a folder. It returns at once; the rules come when they are read. Call it inside a tokio
    /// runtime, and once for a hub, for it takes the hub's one inbox.
    pub fn start(hub: Hub, setup: Setup) -> Self {
        let (requests, asked) = mpsc::channel(REQUESTS);
        let (loads, loaded) = mpsc::channel(LOADS);
        let (inlet, told) = mpsc::channel(TOLD);
        let (publish, summaries) = watch::channel(Arc::from([]));
        let hooks = Arc::new(Hooks::default());
        // The folder and the engine have an owner's rights; what a rule does has those of its editor.
        let session = hub.session(Principal::hub());
        let keeper = Keeper::new(Folder::new(setup.folder.clone()), loads, session.clone());
        let shell = Shell::new(hub, session.clone(), &setup, publish, Arc::clone(&hooks), inlet.clone(), &requests);
        let shelf = Shelf::new(&setup, shell.web(), session, inlet.downgrade());
        let shell = tokio::spawn(shell.run(loaded, told));
        tokio::spawn(shelf.keep());
        tokio::spawn(keeper.run(asked, shell));
        let (folder, calendars) = (Arc::new(setup.folder), Arc::new(setup.calendars));
        Self { requests, inlet, hooks, summaries, folder, calendars }
    }

    /// Rules that run nowhere: only what is asked about them is answered. What would run stands in an empty folder.
    pub fn at_rest(hub: Hub, setup: Setup, empty: PathBuf) -> Self {
        let folder = Arc::new(setup.folder.clone());
        Self { folder, ..Self::start(hub, Setup { folder: empty, ..setup }) }
    }

    /// Every rule, those with a problem too, by their ids. Empty until the folder was read for the first time.
    pub fn rules(&self) -> Vec<RuleSummary> {
        self.summaries.borrow().to_vec()
    }

    /// Waits until [`Automations::rules`] may be another list. It never returns once the rules have ended.
    pub async fn changed(&mut self) {
        if self.summaries.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The folder of the rule files.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Enables or disables a rule: it is written into its file, whose comments stay, and holds when this returns. A
    /// rule that was paused for running in a circle runs again when it is enabled. Dropping the future takes nothing
    /// back.
    ///
    /// # Errors
    /// When there is no such rule, or its file is not sound or can't be written.
    pub async fn set_enabled(&self, id: &RuleId, enabled: bool, author: Author) -> Result<(), EnableError> {
        let (reply, done) = oneshot::channel();
        let request = Request::Enable(id.clone(), enabled, author, reply);
        self.requests.send(request).await.map_err(|_| EnableError::Stopped)?;
        done.await.unwrap_or(Err(EnableError::Stopped))
    }

    /// Says something to the rules, as if it had been spoken: those that wait for this phrase are triggered. It returns
    /// their ids, or the nearest phrase that some rule waits for.
    ///
    /// # Errors
    /// When no rule waits for it.
    pub async fn say(&self, text: &str, language: &str, cause: Cause) -> Result<Vec<RuleId>, SayError> {
        let words = phrase::normal(text);
        if words.is_empty() || words.len() > phrase::LONGEST {
            return Err(SayError::NoPhrase);
        }
        let rules = self.rules();
        let enabled = rules.iter().filter(|rule| rule.enabled && rule.problem.is_none());
        let waits = |rule: &&RuleSummary| rule.phrases.iter().any(|phrase| phrase.is(&words, language));
        let heard: Vec<_> = enabled.clone().filter(waits).map(|rule| rule.id.clone()).collect();
        if heard.is_empty() {
            let known = enabled.flat_map(|rule| &rule.phrases).map(|phrase| phrase.words.as_str());
            return Err(SayError::Nobody(did_you_mean(&words, known)));
        }
        let signal = Signal::Phrase { words, language: language.into() };
        self.tell(signal, cause).await.map_err(|()| SayError::Stopped)?;
        Ok(heard)
    }

    /// Gives an answer that stood beneath a message.
    pub async fn answer(&self, id: &str, cause: Cause) -> bool {
        self.tell(Signal::Answer(id.into()), cause).await.is_ok()
    }

    /// Calls the address of a rule. What stands in the body is for its conditions, where it is JSON.
    ///
    /// # Errors
    /// When there is no such address, or it is not to be called like this or this often.
    pub async fn call(&self, secret: &str, method: &str, body: Option<Json>, cause: Cause) -> Result<(), CallError> {
        let Hook { rule, trigger, .. } = self.hooks.call(secret, method)?;
        self.tell(Signal::Webhook { rule, trigger, body }, cause).await.map_err(|()| CallError::Stopped)
    }

    /// The addresses of a rule; they are secrets.
    pub fn hooks(&self, rule: &RuleId) -> Vec<Hook> {
        self.hooks.of(rule)
    }

    /// Writes a device's new handle into all rule files that still say the old one; comments and layout stay.
    ///
    /// # Errors
    /// When a file can't be read or written; those before it are changed.
    pub async fn rename_handle(&self, old: Handle, new: Handle, author: Author) -> Result<Renamed, EnableError> {
        let (reply, done) = oneshot::channel();
        self.requests.send(Request::Rename(old, new, author, reply)).await.map_err(|_| EnableError::Stopped)?;
        done.await.unwrap_or(Err(EnableError::Stopped))
    }

    async fn tell(&self, signal: Signal, cause: Cause) -> Result<(), ()> {
        self.inlet.send(Inlet::Told(signal, cause)).await.map_err(drop)
    }

    /// Changes a rule as somebody wishes: its file is written, and it holds when this returns. Comments and layout stay,
    /// and each change is a version with its author. What a review then finds for the first time is told with it.
    /// Dropping the future takes nothing back.
    ///
    /// # Errors
    /// When there is no such rule, the text has mistakes (then nothing is written), or a file can't be written.
    pub async fn change(&self, wish: Wish, author: Author) -> Result<Saved, SaveError> {
        let (reply, done) = oneshot::channel();
        self.requests.send(Request::Change(wish, author, reply)).await.map_err(|_| SaveError::Stopped)?;
        done.await.unwrap_or(Err(SaveError::Stopped))
    }

    /// The text of a rule as its file has it; nothing where there is none, or its file is no TOML.
    pub async fn text(&self, id: &RuleId) -> Option<String> {
        let (reply, text) = oneshot::channel();
        self.requests.send(Request::Text(id.clone(), reply)).await.ok()?;
        text.await.ok().flatten()
    }

    /// Ends all rules where they are. It returns when no further command comes from them.
    pub async fn stop(&self) {
        let (reply, done) = oneshot::channel();
        if self.requests.send(Request::Stop(reply)).await.is_ok() {
            // The keeper drops the reply at the latest when it ends.
            let _ = done.await;
        }
    }
}
