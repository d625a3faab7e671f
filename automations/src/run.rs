//! The tokio shell around the engine: the folder's rules and the hub's events go in, effects go out through a session.

mod clock;
mod deed;
mod keeper;
mod shell;

use std::{path::PathBuf, sync::Arc};

use hub_core::Hub;
use hub_model::{Principal, RuleId};
use tokio::sync::{mpsc, oneshot, watch};

use self::{keeper::Keeper, shell::Shell};
use crate::{
    fault::Fault,
    folder::{EnableError, Folder},
    rule::Mode,
};

/// Requests that wait for the folder. When it is full, whoever asks waits.
const REQUESTS: usize = 16;
/// Sets of rules that wait for the engine. When it is full, the folder waits, and then reads the newest.
const LOADS: usize = 2;

/// The running rules of a folder. Cheap to clone; when the last of them is dropped, or after [`Automations::stop`],
/// the rules end.
#[derive(Debug, Clone)]
pub struct Automations {
    requests: mpsc::Sender<Request>,
    summaries: watch::Receiver<Arc<[RuleSummary]>>,
    folder: Arc<PathBuf>,
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
}

/// What the folder's keeper is asked.
enum Request {
    Enable(RuleId, bool, oneshot::Sender<Result<(), EnableError>>),
    Stop(oneshot::Sender<()>),
}

impl Automations {
    /// Runs the rules of a folder, which is made if it isn't there. It returns at once; the rules come when they are
    /// read. Call it inside a tokio runtime, and once for a hub, for it takes the hub's one inbox.
    pub fn start(hub: Hub, folder: PathBuf) -> Self {
        let (requests, asked) = mpsc::channel(REQUESTS);
        let (loads, loaded) = mpsc::channel(LOADS);
        let (publish, summaries) = watch::channel(Arc::from([]));
        // Rules act with an owner's rights; each command names its rule as the cause.
        let session = hub.session(Principal::hub());
        let keeper = Keeper::new(Folder::new(folder.clone()), loads, session.clone());
        let shell = tokio::spawn(Shell::new(hub, session, publish).run(loaded));
        tokio::spawn(keeper.run(asked, shell));
        Self { requests, summaries, folder: Arc::new(folder) }
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
    pub async fn set_enabled(&self, id: &RuleId, enabled: bool) -> Result<(), EnableError> {
        let (reply, done) = oneshot::channel();
        let request = Request::Enable(id.clone(), enabled, reply);
        self.requests.send(request).await.map_err(|_| EnableError::Stopped)?;
        done.await.unwrap_or(Err(EnableError::Stopped))
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
