//! The waiting devices that were added: remembered from run to run, and no longer offered.

use adapter_api::{Context, OnboardingError};
use hub_model::{DeviceKey, Said};

use crate::{adapter::report, candidates::Waiting, world::World};

/// The note that lists the keys of what was added, as JSON.
const NOTE: &str = "adopted";

/// Puts back what was added before, and offers the rest.
pub(crate) async fn return_home(context: &Context, world: &mut World) {
    let adopted = recall(context);
    for waiting in Waiting::ALL {
        if adopted.contains(&waiting) {
            put(waiting, context, world).await;
        } else {
            context.candidate(waiting.candidate()).await;
        }
    }
}

/// Adds one for good. Added again, it only says who it is.
pub(crate) async fn adopt(
    waiting: Waiting,
    context: &Context,
    world: &mut World,
) -> Result<DeviceKey, OnboardingError> {
    let mut adopted = recall(context);
    if !adopted.contains(&waiting) {
        adopted.push(waiting);
        keep(context, &adopted).await?;
        put(waiting, context, world).await;
    }
    context.candidate_gone(waiting.key()).await;
    Ok(waiting.key())
}

async fn put(waiting: Waiting, context: &Context, world: &mut World) {
    let (key, found) = world.put(waiting.blueprint());
    report(context, vec![(key, Said::Found(Box::new(found)))]).await;
}

/// A note that can't be read, or names what is not known here, counts as none.
fn recall(context: &Context) -> Vec<Waiting> {
    let note = context.recall_lightly(NOTE).unwrap_or_default();
    let keys: Vec<String> = serde_json::from_slice(&note).unwrap_or_default();
    keys.iter().filter_map(|key| Waiting::of(key)).collect()
}

async fn keep(context: &Context, adopted: &[Waiting]) -> Result<(), OnboardingError> {
    let keys: Vec<DeviceKey> = adopted.iter().map(|waiting| waiting.key()).collect();
    let note = serde_json::to_vec(&keys).map_err(|error| OnboardingError::Failed(error.to_string()))?;
    let kept = context.keep(NOTE, &note).await;
    kept.map_err(|error| OnboardingError::Failed(format!("the hub could not remember it: {error}")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use adapter_api::{FromAdapter, harness::MemoryVault};
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::{adapter::KIND, moment::Moment, world::Recipe};

    fn world() -> World {
        World::new(Recipe { seed: 1, plain: 0, drop_off: true }, Moment(0.0)).0
    }

    #[tokio::test]
    async fn what_was_added_is_there_again_in_the_next_run_and_no_longer_offered() {
        let (sender, mut inbox) = mpsc::channel(Context::INBOX);
        let vault = Arc::new(MemoryVault::default());
        let context = Context::new(KIND.adapter_name(), sender, vault, CancellationToken::new());
        for _ in 0..2 {
            assert_eq!(adopt(Waiting::Remote, &context, &mut world()).await, Ok(Waiting::Remote.key()));
        }
        while inbox.try_recv().is_ok() {}
        return_home(&context, &mut world()).await;
        drop(context);
        let (mut found, mut offered) = (Vec::new(), Vec::new());
        while let Some(message) = inbox.recv().await {
            match message {
                FromAdapter::Reports(_, reports) => found.extend(reports.into_iter().map(|report| report.key)),
                FromAdapter::Candidate(_, candidate) => offered.push(candidate.key),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(found, [Waiting::Remote.key()]);
        assert_eq!(offered, [Waiting::ReadingLamp.key(), Waiting::ParcelBox.key()]);
    }
}
