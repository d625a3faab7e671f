//! One step of a transaction: asked, verified, and asked again while the device is silent.

use std::time::Duration;

use hub_model::{Cause, Outcome, Path, RunId, SceneStep, run::Taken};
use jiff::Timestamp;
use tokio::time::{Instant, timeout};

use crate::{
    check::{Control, deadline},
    given::{given, note_end},
    session::{Ended, Session},
    view::View,
};

/// How often a step is sent at most, all within the one deadline that it has. Only what sets is sent again, as it is
/// the same however often it comes; what acts is sent once.
const TRIES: u32 = 3;

/// When a step is sent again, and when it is given up.
struct Pace {
    /// When it has to be done.
    until: Instant,
    /// Between two tries.
    pause: Duration,
    /// How long the change itself takes, in which silence is usual.
    transition: Duration,
}

impl Session {
    /// Brings one step about, as far as the device allows. It is a step of the run.
    pub(super) async fn attempt(&self, step: &SceneStep, cause: &Cause, run: RunId) -> Outcome {
        let mut control = Control {
            target: step.target.clone(),
            set: step.set.clone(),
            invoke: step.invoke.clone(),
            transition: step.transition,
            key: None,
            cause: Some(cause.clone()),
        };
        let view = self.view();
        let open = self.shared.runs.open(run, Taken::Command(given(&control, &view)));
        let pace = Pace::of(&control, &view);
        let mut tries = 1;
        let ended = loop {
            let sent_at = Timestamp::now();
            let within = pace.until.saturating_duration_since(Instant::now());
            let sent = self.send(control.clone(), self.view(), Some(within));
            let is_last = tries == TRIES || control.invoke.is_some();
            let Some(ended) = self.outcome(sent, &control, sent_at, &pace, is_last).await else {
                tries += 1;
                // What it was to take is over; what is left of it would only end later still.
                control.transition = None;
                open.iter().for_each(|open| open.change_command(|given| given.tries = tries));
                continue;
            };
            break ended;
        };
        let outcome = ended.as_ref().map_or(Outcome::Unreachable, |ended| ended.outcome);
        open.iter().for_each(|open| open.change_command(|given| note_end(given, &ended)));
        outcome
    }

    /// The outcome of a try; nothing where it is to be sent again.
    async fn outcome(
        &self,
        sent: impl Future<Output = Result<Ended, crate::ControlError>>,
        control: &Control,
        sent_at: Timestamp,
        pace: &Pace,
        is_last: bool,
    ) -> Option<Result<Ended, crate::ControlError>> {
        if is_last {
            return Some(sent.await);
        }
        let mut sent = Box::pin(sent);
        let patience = pace.pause + control.transition.unwrap_or_default().min(pace.transition);
        let next = Instant::now() + patience;
        match timeout(patience, &mut sent).await {
            // The connection may be back at the next try.
            Ok(Ok(Ended { outcome: Outcome::Unreachable, .. })) if next < pace.until => {
                tokio::time::sleep_until(next).await;
                None
            }
            Ok(ended) => Some(ended),
            // It is on its way there, and wants no second push.
            Err(_) if is_moving(&self.view(), control, sent_at) => Some(sent.await),
            Err(_) => None,
        }
    }
}

impl Pace {
    fn of(control: &Control, view: &View) -> Self {
        let endpoint =
            view.device(control.target.device).and_then(|known| known.device.endpoint(&control.target.endpoint));
        let transition = control.transition.unwrap_or_default();
        let deadline = endpoint.map_or(transition, |endpoint| deadline(control, endpoint));
        let pause = deadline.saturating_sub(transition) / TRIES;
        Self { until: Instant::now() + deadline, pause, transition }
    }
}

/// Whether anything of what it was asked has changed since then.
fn is_moving(view: &View, control: &Control, since: Timestamp) -> bool {
    control.set.iter().any(|(property, _)| {
        let (device, endpoint) = (control.target.device, control.target.endpoint.clone());
        let reading = view.home.reading(&Path { device, endpoint, property: property.clone() });
        reading.and_then(|reading| reading.changed_at).is_some_and(|at| at > since)
    })
}
