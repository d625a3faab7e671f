//! Adding a device: from its code to a node that has described itself.

mod tries;

use std::{sync::Arc, time::Duration};

use adapter_api::{Ask as Question, AskKind, Onboarding, OnboardingError};
use hub_model::DeviceKey;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use self::tries::{Next, Silent, Tries};
use super::{house::House, life::candidate_key};
use crate::{
    discovery::Waiting,
    link::{Ask, Commission, CommissionError, Milestone, NodeId},
    members::{self, Standing},
    setup_code::{self, SetupCode},
};

/// How long a device is left alone that does not answer.
const PAUSE: Duration = Duration::from_secs(3);

/// How often a device that is looked for is called.
const CALL: Duration = Duration::from_secs(3);

/// How long a new node may take to describe itself.
const DESCRIPTION: Duration = Duration::from_secs(30);

/// How long somebody may think about a device that can't prove what it is.
const THOUGHT: Duration = Duration::from_secs(600);

/// How many milestones may wait to be shown; when it is full, the commissioning waits.
const MILESTONES: usize = 8;

/// The most nodes there can be. Every 52 of them have a thread of their own (`link/crew.rs`).
const MOST_NODES: usize = 256;

const HELD_BY_OTHERS: &str = "It does not answer. Somebody else may be adding it, or a try was interrupted: it is free \
    within a minute";

const ADD_ANYWAY: &str = "add anyway";
const STOP: &str = "stop";

const MISFIT: &str = "the code does not fit the device: read it from its label again";

const NOT_FOUND: &str = "no device with this code announces itself on the network. Is it switched on, and in its \
    pairing mode? A factory-new Wi-Fi or Thread device has to be brought onto the network by Bluetooth first, which this \
    hub can't do yet: add it with its maker's app, let that app share it, and use the code that it shows";

/// Adds what a candidate or a code stands for.
pub(super) async fn onboard(house: Arc<House>, mut onboarding: Onboarding) -> Result<DeviceKey, OnboardingError> {
    let code = code(&mut onboarding).await?;
    if house.members().of(Standing::Joined).len() >= MOST_NODES {
        return Err(OnboardingError::Failed(format!("this hub can carry {MOST_NODES} Matter nodes, and has them")));
    }
    let turn = match house.turn.try_acquire() {
        Ok(turn) => turn,
        Err(_) => {
            onboarding.doing("Waiting until another device is added").await?;
            house.turn.acquire().await.map_err(|_| OnboardingError::Cancelled)?
        }
    };
    let node = join_one(&house, &mut onboarding, code).await?;
    drop(turn);
    onboarding.doing("Reading what it can do").await?;
    tokio::time::timeout(DESCRIPTION, house.described(node)).await.map_err(|_| {
        OnboardingError::Failed("the device was added but does not describe itself; switch it off and on".into())
    })
}

/// Completes what an earlier try could not: a device has its keys, or was about to get them. One that does not show itself
/// may be without power just now, and is asked when it does.
pub(super) async fn complete_interrupted(house: Arc<House>, node: NodeId) {
    if !house.begins_joining(node) {
        return;
    }
    let completed = house.link.ask(|answer| Ask::Complete(node, answer)).await;
    house.ends_joining(node);
    match completed {
        Some(Ok(())) => {
            tracing::info!(node, "a Matter device whose adding was interrupted is a member now");
            joined(&house, node).await;
        }
        Some(Err(error @ CommissionError::Refused { .. })) => {
            tracing::info!(node, %error, "a Matter device whose adding was interrupted has not joined");
            house.link.tell(Ask::Unfollow(node)).await;
            house.set_standing(node, None).await;
        }
        Some(Err(error)) => {
            tracing::info!(node, %error, "a Matter device whose adding was interrupted is asked when it shows itself");
        }
        None => {}
    }
}

async fn joined(house: &Arc<House>, node: NodeId) {
    house.set_standing(node, Some(Standing::Joined)).await;
    house.link.tell(Ask::Follow(node, None)).await;
    tokio::spawn(Arc::clone(house).introduce(node));
}

/// The code that was given, or is asked for.
async fn code(onboarding: &mut Onboarding) -> Result<SetupCode, OnboardingError> {
    let text = match onboarding.code.take() {
        Some(code) if onboarding.candidate.is_none() && !setup_code::looks_like_one(&code) => {
            return Err(OnboardingError::Unsupported);
        }
        Some(code) => code,
        None if onboarding.candidate.is_none() => return Err(OnboardingError::Unsupported),
        None => {
            let label = "The device's setup code: the digits below its QR code, or the QR code's text".to_owned();
            let asked = vec![Question { name: "code".into(), label, kind: AskKind::Text }];
            onboarding.ask(asked).await?.remove("code").unwrap_or_default()
        }
    };
    SetupCode::parse(&text).map_err(|error| OnboardingError::Wrong(error.to_string()))
}

/// Tries the devices that the code may mean, one after the other, until one takes it.
async fn join_one(house: &Arc<House>, onboarding: &mut Onboarding, code: SetupCode) -> Result<NodeId, OnboardingError> {
    onboarding.doing("Looking for the device").await?;
    let mut tries = Tries::begin(Instant::now());
    loop {
        let next = next_match(house, onboarding.candidate.as_ref(), code, &tries);
        let Ok(waiting) = tokio::time::timeout_at(tries.until, next).await else {
            return Err(match tries.count() {
                0 => OnboardingError::Failed(NOT_FOUND.into()),
                1 => OnboardingError::Wrong(MISFIT.into()),
                many => OnboardingError::Wrong(format!("the code fits none of the {many} devices that it may mean")),
            });
        };
        let instance = waiting.instance.clone();
        tries.tries(&instance);
        let name = waiting.name.clone().unwrap_or_else(|| "a device".into());
        onboarding.doing(format!("Found {name}; connecting")).await?;
        let (error, is_silent) = match join(house, onboarding, code, waiting).await {
            Ok(node) => return Ok(node),
            Err(error @ CommissionError::Silent(_)) => (error, Silent::Yes),
            Err(error @ CommissionError::WrongPasscode) if onboarding.candidate.is_none() => (error, Silent::No),
            Err(error) => return Err(failed(error)),
        };
        let is_another_there = is_there(house, onboarding.candidate.as_ref(), code, &tries);
        match tries.in_vain(&instance, is_silent, is_another_there, Instant::now()) {
            Next::Another => {}
            Next::Again => {
                onboarding.doing(HELD_BY_OTHERS).await?;
                tokio::time::sleep(PAUSE).await;
            }
            Next::GiveUp => return Err(failed(error)),
        }
    }
}

fn failed(error: CommissionError) -> OnboardingError {
    match error {
        CommissionError::WrongPasscode => OnboardingError::Wrong(MISFIT.into()),
        CommissionError::Cancelled => OnboardingError::Cancelled,
        other => OnboardingError::Failed(other.to_string()),
    }
}

/// The next device that waits, fits the code and was not tried.
async fn next_match(house: &House, candidate: Option<&DeviceKey>, code: SetupCode, tries: &Tries) -> Waiting {
    let mut waiting = house.waiting.subscribe();
    loop {
        let found = waiting.borrow_and_update().values().find(|one| fits(one, candidate, code, tries)).cloned();
        if let Some(found) = found {
            return found;
        }
        house.call.notify_one();
        // The sender is part of the house.
        let _ = tokio::time::timeout(CALL, waiting.changed()).await;
    }
}

/// Whether such a device waits just now.
fn is_there(house: &House, candidate: Option<&DeviceKey>, code: SetupCode, tries: &Tries) -> bool {
    house.waiting.borrow().values().any(|one| fits(one, candidate, code, tries))
}

fn fits(one: &Waiting, candidate: Option<&DeviceKey>, code: SetupCode, tries: &Tries) -> bool {
    let is_chosen = candidate.is_none_or(|key| *key == candidate_key(&one.instance));
    let product_fits = code.product.is_none_or(|(vendor, product)| {
        // Zero says nothing, in codes as in announcements.
        let same = |wanted: u16, said: Option<u16>| wanted == 0 || said.is_none_or(|said| said == wanted);
        same(vendor, one.vendor) && same(product, one.product)
    });
    is_chosen && product_fits && code.discriminator.fits(one.discriminator) && tries.may(&one.instance)
}

/// Commissions one device. What happens on the thread is carried to its end by a task of its own, so that a person who
/// gives up at the last moment leaves no half member behind.
async fn join(
    house: &Arc<House>,
    onboarding: &mut Onboarding,
    code: SetupCode,
    waiting: Waiting,
) -> Result<NodeId, CommissionError> {
    let (milestones, mut reached) = mpsc::channel(MILESTONES);
    let mut task = tokio::spawn(commission(Arc::clone(house), code.passcode, waiting, milestones));
    while let Some(milestone) = reached.recv().await {
        tokio::select! {
            biased;
            shown = show(onboarding, milestone) => shown?,
            // Nobody has to answer about a device that has gone.
            ended = &mut task => return ended.unwrap_or(Err(CommissionError::Cancelled)),
        }
    }
    task.await.unwrap_or(Err(CommissionError::Cancelled))
}

async fn commission(
    house: Arc<House>,
    passcode: u32,
    waiting: Waiting,
    milestones: mpsc::Sender<Milestone>,
) -> Result<NodeId, CommissionError> {
    let node = {
        let _turn = house.numbers.lock().await;
        members::fresh(&house.context).await?
    };
    house.begins_joining(node);
    house.members().set(node, Some(Standing::Joining));
    let addresses = waiting.sighting.reachable_first().collect();
    let (roots, text) = (Arc::clone(&house.roots), waiting.sighting.text);
    let order = Commission { addresses, text, passcode, node, roots, milestones };
    let done = house.link.ask(|answer| Ask::Commission(order, answer)).await;
    house.ends_joining(node);
    match done {
        Some(Ok(())) => {
            joined(&house, node).await;
            Ok(node)
        }
        // It may have heard the last word all the same.
        Some(Err(error @ CommissionError::Unfinished(_))) => {
            tokio::spawn(complete_interrupted(house, node));
            Err(error)
        }
        Some(Err(error)) => {
            // Its place is free for another.
            house.link.tell(Ask::Unfollow(node)).await;
            house.set_standing(node, None).await;
            Err(error)
        }
        None => Err(CommissionError::Cancelled),
    }
}

async fn show(onboarding: &mut Onboarding, milestone: Milestone) -> Result<(), CommissionError> {
    let shown = match milestone {
        Milestone::Secured => onboarding.doing("Secure channel").await,
        Milestone::Attesting => onboarding.doing("Checking its maker's certificates").await,
        Milestone::Certifying => onboarding.doing("Giving it its keys").await,
        Milestone::Joining => onboarding.doing("Waiting for it on the network").await,
        Milestone::Doubtful(reason, decide) => return doubt(onboarding, reason, decide).await,
    };
    shown.map_err(|_| CommissionError::Cancelled)
}

async fn doubt(
    onboarding: &mut Onboarding,
    reason: String,
    decide: oneshot::Sender<bool>,
) -> Result<(), CommissionError> {
    let label = format!("This device can't prove what it is: {reason}. It may be a fake, or a maker's prototype");
    let kind = AskKind::Choice(vec![STOP.into(), ADD_ANYWAY.into()]);
    let asked = vec![Question { name: "trust".into(), label, kind }];
    let wanted = match tokio::time::timeout(THOUGHT, onboarding.ask(asked)).await {
        Ok(answers) => {
            let answers = answers.map_err(|_| CommissionError::Cancelled)?;
            answers.get("trust").is_some_and(|answer| answer == ADD_ANYWAY)
        }
        // Others want to be added, too.
        Err(_) => false,
    };
    // The commissioning waits for it, or has ended meanwhile and says so by its result.
    let _ = decide.send(wanted);
    Ok(())
}
