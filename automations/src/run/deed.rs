//! Does what the engine wants done, in its order, and tells what became of it.

use std::{
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use hub_core::{Control, ControlError, Session};
use hub_model::{
    Author, Cause, Message, Notice, Outcome, Role, RoomId, RuleId, RunStep, SceneId, Severity, SkipReason, Trace,
    run::Taken,
};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{Inlet, Request, http::Web, rights::Rights};
use crate::{
    engine::{By, Effect, called, said_aloud},
    plan::{Call, Order},
};

/// What effects need to come about. Cheap to clone.
#[derive(Clone)]
pub(super) struct Doer {
    /// The hub's own, for what is no deed of a rule.
    pub(super) session: Session,
    pub(super) rights: Rights,
    /// The way back to the engine.
    pub(super) inlet: mpsc::Sender<Inlet>,
    /// The way to the folder's keeper; away when it ends, which this must not hold up.
    pub(super) keeper: mpsc::WeakSender<Request>,
    pub(super) web: Arc<Web>,
}

impl Doer {
    /// Begins an effect. What becomes of it is not waited for here, but everything is asked for in the order in which
    /// this is called: each future is polled once before the next, and a hub that is busy answers in turn.
    pub(super) async fn begin(&self, effect: Effect) {
        match effect {
            Effect::Control { by, order } => detach(self.clone().control(by, order)).await,
            Effect::Scene { by, scene } => detach(self.clone().scene(by, scene)).await,
            Effect::Notify { by, notice, cause } => detach(self.clone().notify(by, notice, cause)).await,
            Effect::Publish { by, message } => detach(self.clone().publish(by, message)).await,
            Effect::Speak { by, room, text } => detach(self.clone().speak(by, room, text)).await,
            Effect::Call { by, call, body } => detach(self.clone().call(by, call, body)).await,
            Effect::Enable { by, rule, enabled } => detach(self.clone().enable(by, rule, enabled)).await,
            Effect::Trace(trace) => {
                tell_of_skip(&trace);
                self.rights.note(&trace);
                self.session.trace(trace);
            }
        }
    }

    async fn control(self, by: By, order: Order) {
        let Order { target, set, invoke, transition } = order;
        let cause = Some(by.cause.clone());
        let control = Control { target, set, invoke, transition, key: None, cause };
        let session = match self.rights.session(&by, Role::Guest) {
            Ok(session) => session,
            Err(why) => return self.refuse(&by, "a command", why).await,
        };
        let outcome = match session.submit(control).await {
            // What supersedes it is somebody's newer wish, and no failure.
            Ok(ended) if ended.outcome.is_good() || ended.outcome == Outcome::Superseded => Ok(()),
            Ok(ended) => Err(ended.reason.unwrap_or_else(|| ended.outcome.to_string())),
            Err(ControlError::Stopped) => return,
            Err(error) => Err(error.to_string()),
        };
        self.end(&by, "A command of a rule did not succeed.", outcome).await;
    }

    async fn scene(self, by: By, scene: SceneId) {
        let session = match self.rights.session(&by, Role::Guest) {
            Ok(session) => session,
            Err(why) => return self.refuse(&by, "a scene", why).await,
        };
        let outcome = match session.run_scene(scene, None, Some(by.cause.clone())).await {
            Ok(run) if run.outcome.is_good() => Ok(()),
            Ok(run) => Err(run.outcome.to_string()),
            Err(ControlError::Stopped) => return,
            Err(error) => Err(error.to_string()),
        };
        self.end(&by, "A scene of a rule did not wholly succeed.", outcome).await;
    }

    async fn notify(self, by: Option<By>, notice: Notice, cause: Cause) {
        if let Some(by) = &by
            && let Err(why) = self.rights.session(by, Role::Member)
        {
            return self.refuse(by, "a message", why).await;
        }
        self.session.notify(notice, Some(cause)).await;
    }

    async fn publish(self, by: By, message: Message) {
        let session = match self.rights.session(&by, Role::Admin) {
            Ok(session) => session,
            Err(why) => return self.refuse(&by, "a message by topic", why).await,
        };
        let outcome = session.publish(message).await.map_err(|error| error.to_string());
        self.end(&by, "A message of a rule was not published.", outcome).await;
    }

    /// What can't be said aloud goes to people's phones, so that nobody misses it.
    async fn speak(self, by: By, room: Option<RoomId>, text: String) {
        let begun = Instant::now();
        let session = match self.rights.session(&by, Role::Member) {
            Ok(session) => session,
            Err(why) => return self.refuse(&by, "something said aloud", why).await,
        };
        let outcome = session.speak(room, text.clone()).await.map(|()| "").map_err(|error| error.to_string());
        if outcome.is_err() {
            let notice = Notice::to_all(Severity::Info, "Not said aloud", text.clone());
            session.notify(notice, Some(by.cause.clone())).await;
        }
        self.did(&by, begun, said_aloud(&text), &outcome);
        self.end(&by, "Something that a rule says was not said aloud.", outcome.map(drop)).await;
    }

    async fn call(self, by: By, call: Call, body: Option<String>) {
        let begun = Instant::now();
        if let Err(why) = self.rights.session(&by, Role::Admin) {
            return self.refuse(&by, "a call", why).await;
        }
        // The owner let rules use this secret by naming the host; whoever writes the rule never sees it.
        let token = match &call.token {
            Some(name) => self.session.secret(name).map(Some).map_err(|error| error.to_string()),
            None => Ok(None),
        };
        let words = called(&call, body.as_deref());
        let outcome = match token {
            Ok(token) => self.web.call(&call, body, token.as_ref()).await,
            Err(error) => Err(error),
        };
        self.did(&by, begun, words, &outcome);
        self.end(&by, "A call of a rule failed.", outcome.map(drop)).await;
    }

    /// Whether a rule may switch others; else why not.
    pub(super) fn may_switch(&self, by: &By) -> Result<(), String> {
        self.rights.session(by, Role::Admin).map(drop)
    }

    /// Writes into a rule's file whether it acts.
    async fn enable(self, by: By, rule: RuleId, enabled: bool) {
        if let Err(why) = self.may_switch(&by) {
            return self.refuse(&by, "switching a rule", why).await;
        }
        let (reply, done) = oneshot::channel();
        let Some(keeper) = self.keeper.upgrade() else { return };
        if keeper.send(Request::Enable(rule.clone(), enabled, Author::Rule(by.rule.clone()), reply)).await.is_err() {
            return;
        }
        drop(keeper);
        let written = done.await;
        // The engine is gone only while the hub ends.
        let _ = self.inlet.send(Inlet::Switched(rule)).await;
        if let Ok(Err(error)) = written {
            self.end(&by, "A rule could not enable or disable another one.", Err(error.to_string())).await;
        }
    }

    /// Remembers what came of a step that is no command.
    fn did<T: std::fmt::Display>(&self, by: &By, begun: Instant, what: String, outcome: &Result<T, String>) {
        let text = match outcome {
            Ok(came) => format!("{what}{came}"),
            Err(why) => format!("{what}: {why}"),
        };
        let step = RunStep { at: Timestamp::now(), took: Some(begun.elapsed()), what: Taken::Did(text) };
        self.session.trace(Trace::Step(by.run, step));
    }

    /// The rule's editor may not have this done.
    async fn refuse(&self, by: &By, what: &str, why: String) {
        let step = RunStep {
            at: Timestamp::now(),
            took: Some(Duration::ZERO),
            what: Taken::Did(format!("refused {what}: {why}")),
        };
        self.session.trace(Trace::Step(by.run, step));
        self.end(by, "A rule may not do what it wants.", Err(why)).await;
    }

    /// Tells the run that waits for it, and the log where it failed.
    async fn end(&self, by: &By, sentence: &str, outcome: Result<(), String>) {
        if let Err(why) = &outcome {
            tracing::warn!(rule = %by.rule, why, "{sentence}");
            if let Some(notice) = self.rights.notice(&by.rule, why) {
                self.session.notify(notice, None).await;
            }
        }
        if let Some(deed) = by.deed {
            // The engine is gone only while the hub ends.
            let _ = self.inlet.send(Inlet::Outcome(deed, outcome)).await;
        }
    }
}

/// A trigger that comes to nothing because of the rule's own mode is usual; that there were too many is not.
fn tell_of_skip(trace: &Trace) {
    let Trace::Began(record) = trace else { return };
    let (rule, Some(why)) = (record.of.id(), record.skipped()) else { return };
    if matches!(why, SkipReason::Full | SkipReason::TooDeep) {
        tracing::info!(%rule, why = why.sentence(), "A rule was triggered and did not run.");
    } else {
        tracing::debug!(%rule, why = why.sentence(), "A rule was triggered and did not run.");
    }
}

/// Polls a future once, and lets it go on by itself where it isn't done.
async fn detach(future: impl Future<Output = ()> + Send + 'static) {
    let mut future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(future);
    let first = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    if first.is_pending() {
        tokio::spawn(future);
    }
}
