//! Does what the engine wants done, in its order.

use std::{pin::Pin, task::Poll};

use hub_core::{Control, ControlError, Session};
use hub_model::{Cause, Message, Outcome, RuleId, SceneId, SkipReason, Trace};

use crate::{engine::Effect, plan::Order};

/// Begins an effect. What a device makes of it is not waited for here, but everything is asked for in the order in
/// which this is called: each future is polled once before the next, and a hub that is busy answers in turn.
pub(super) async fn begin(session: &Session, effect: Effect) {
    match effect {
        Effect::Control { rule, order, cause, .. } => detach(control(session, rule, order, cause)).await,
        Effect::Scene { rule, scene, cause, .. } => detach(run_scene(session.clone(), rule, scene, cause)).await,
        Effect::Notify { notice, cause } => {
            let session = session.clone();
            detach(async move { session.notify(notice, Some(cause)).await }).await;
        }
        Effect::Publish { rule, message, .. } => detach(publish(session.clone(), rule, message)).await,
        Effect::Trace(trace) => {
            tell_of_skip(&trace);
            session.trace(trace);
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

fn control(session: &Session, rule: RuleId, order: Order, cause: Cause) -> impl Future<Output = ()> + Send + 'static {
    let Order { target, set, invoke, transition } = order;
    let submitted = session.submit(Control { target, set, invoke, transition, key: None, cause: Some(cause) });
    async move {
        match submitted.await {
            // What supersedes it is somebody's newer wish, and no failure.
            Ok(ended) if ended.outcome.is_good() || ended.outcome == Outcome::Superseded => {}
            Ok(ended) => {
                let reason = ended.reason.as_deref().unwrap_or_default();
                tracing::warn!(%rule, outcome = %ended.outcome, reason, "A command of a rule did not succeed.");
            }
            Err(ControlError::Stopped) => {}
            Err(error) => tracing::warn!(%rule, %error, "A command of a rule could not be given."),
        }
    }
}

async fn run_scene(session: Session, rule: RuleId, scene: SceneId, cause: Cause) {
    match session.run_scene(scene, None, Some(cause)).await {
        Ok(run) if run.outcome.is_good() => {}
        Ok(run) => tracing::warn!(%rule, outcome = %run.outcome, "A scene of a rule did not wholly succeed."),
        Err(ControlError::Stopped) => {}
        Err(error) => tracing::warn!(%rule, %error, "A scene of a rule could not be run."),
    }
}

async fn publish(session: Session, rule: RuleId, message: Message) {
    let topic = message.topic.clone();
    if let Err(error) = session.publish(message).await {
        tracing::warn!(%rule, %topic, %error, "A message of a rule was not published.");
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
