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
    let note = context.recall(NOTE).unwrap_or_default();
    let keys: Vec<String> = serde_json::from_slice(&note).unwrap_or_default();
    keys.iter().filter_map(|key| Waiting::of(key)).collect()
}

async fn keep(context: &Context, adopted: &[Waiting]) -> Result<(), OnboardingError> {
    let keys: Vec<DeviceKey> = adopted.iter().map(|waiting| waiting.key()).collect();
    let note = serde_json::to_vec(&keys).map_err(|error| OnboardingError::Failed(error.to_string()))?;
    let kept = context.keep(NOTE, &note).await;
    kept.map_err(|error| OnboardingError::Failed(format!("the hub could not remember it: {error}")))
}
