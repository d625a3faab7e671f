//! Commissioning: a device that waits becomes a node of the hub's fabric (Matter core specification, 5.5).
//!
//! Until the last step the device holds everything back behind its fail-safe: whatever ends in between, it forgets.

mod steps;

use std::{net::SocketAddr, time::Duration};

use embassy_futures::select::{Either, select};
use rs_matter::{
    crypto::Rng as _,
    transport::{exchange::Exchange, network::Address},
};
use tokio::sync::{mpsc, oneshot};

use super::{
    CallError, NodeId,
    attestation::{self, Trust},
    stack::Stack,
    talk,
    witness::Witness,
};
use crate::{discovery::Sighting, roots::Roots};
use steps::Steps;

/// For how long a device waits for the next step before it forgets all, in seconds; for the last one too.
const FAIL_SAFE: u16 = 60;

/// How often a device is asked for more time while somebody thinks.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a device may take to set up the secure channel; it is a second even on slow ones.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the library may take to close a session.
const CLOSING: Duration = Duration::from_millis(200);

/// How long a device may take to announce itself as a node of the fabric.
const ARRIVAL: Duration = Duration::from_secs(40);

/// A device to be commissioned.
pub(crate) struct Commission {
    /// Where it waits, the likeliest address first.
    pub(crate) addresses: Vec<SocketAddr>,
    /// What it announces of itself, such as how often it listens.
    pub(crate) text: Vec<(String, String)>,
    /// The secret of its code.
    pub(crate) passcode: u32,
    /// Which node it becomes.
    pub(crate) node: NodeId,
    /// Whose certificates are trusted.
    pub(crate) roots: std::sync::Arc<Roots>,
    /// How it goes. When nobody listens any more, the commissioning is given up.
    pub(crate) milestones: mpsc::Sender<Milestone>,
}

/// How far a commissioning has come.
#[derive(Debug)]
pub(crate) enum Milestone {
    /// Device and hub share a secure channel: the passcode is right.
    Secured,
    /// Its maker's certificates are being checked.
    Attesting,
    /// It can't prove what it is, for this reason; whoever adds it decides.
    Doubtful(String, oneshot::Sender<bool>),
    /// It gets its keys.
    Certifying,
    /// It has them, and is looked for under its new name.
    Joining,
}

/// Why a device could not be commissioned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommissionError {
    /// The passcode is another device's, or mistyped.
    #[error("the code does not fit this device")]
    WrongPasscode,
    /// It could not prove what it is, and nobody wanted it all the same.
    #[error("the device was not added: {0}")]
    Untrusted(String),
    /// It is there, and answers nobody. It may still be held by a try that was interrupted.
    #[error("the device does not answer ({0})")]
    Silent(String),
    /// Nobody listens any more.
    #[error("it was cancelled")]
    Cancelled,
    /// It refused a step.
    #[error("the device refuses to be added at the step \"{step}\": {reason}")]
    Refused {
        /// Which step.
        step: &'static str,
        /// What it says.
        reason: String,
    },
    /// It did not answer, or nonsense.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It took its keys and was not seen since.
    #[error(
        "the device took its keys but does not show itself on the network; it forgets them within a minute, then try again"
    )]
    NeverArrived,
    /// It may have joined, and its answer was lost.
    #[error("the device took its keys and fell silent ({0}); it shows up by itself if it has joined")]
    Unfinished(String),
    /// The hub can't note the new member.
    #[error("the new device can't be noted: {0}")]
    Unkept(#[from] adapter_api::SecretError),
}

/// Commissions a device. When it fails after the secure channel, the device is told to forget at once.
pub(super) async fn commission(stack: &Stack<'_>, order: &Commission) -> Result<(), CommissionError> {
    let (steps, challenge) = secure(stack, order).await?;
    let certified = certify(stack, order, &steps, challenge).await;
    let joined = match &certified {
        Ok(()) => join(stack, order).await,
        Err(_) => Ok(()),
    };
    if certified.is_ok() && joined.is_ok() {
        return Ok(());
    }
    // A device that is told so and says yes has forgotten; one that is gone forgets by itself, or has joined after all.
    let forgotten = steps.arm_fail_safe(0).await.is_ok();
    certified?;
    joined.map_err(|error| if forgotten { error } else { CommissionError::Unfinished(error.to_string()) })
}

/// The last word to a device that has its keys. It is most likely still where it was; its announcement takes seconds.
async fn join(stack: &Stack<'_>, order: &Commission) -> Result<(), CommissionError> {
    let guess = Sighting {
        addresses: order.addresses.clone(),
        port: order.addresses.first().map_or(0, SocketAddr::port),
        text: order.text.clone(),
    };
    if stack.sighting(order.node).is_none() {
        stack.note(order.node, guess.clone());
    }
    match steps::complete(stack, order.node).await {
        Err(CommissionError::Call(CallError::Unreachable(_))) => {
            if stack.sighting(order.node) == Some(guess) {
                stack.forget(order.node);
            }
            complete(stack, order.node).await
        }
        answered => answered,
    }
}

/// Completes what was interrupted: the hub ended, or the device's answer was lost, after the device got its keys.
pub(super) async fn complete(stack: &Stack<'_>, node: NodeId) -> Result<(), CommissionError> {
    let seen = select(stack.seen_elsewhere(node, None), async_io::Timer::after(ARRIVAL));
    if let Either::Second(_) = seen.await {
        return Err(CommissionError::NeverArrived);
    }
    steps::complete(stack, node).await
}

/// The first of the addresses at which the passcode fits.
async fn secure<'s>(stack: &'s Stack<'_>, order: &Commission) -> Result<(Steps<'s>, [u8; 16]), CommissionError> {
    let mut last = String::from("it has no address");
    for address in order.addresses.iter().map(|address| Address::Udp(*address)) {
        let challenge = match shake_hands(stack, address, order.passcode).await {
            // It was a session of an earlier try, which the device may have ended.
            Ok(None) => shake_hands(stack, address, order.passcode).await,
            other => other,
        };
        match challenge {
            Ok(Some(challenge)) => return Ok((Steps::new(stack, address, order.passcode), challenge)),
            Ok(None) => last = "an earlier session can't be closed".into(),
            Err(CallError::Unreachable(why)) => last = why,
            // It answered, and its half of the proof is wrong, or it says that ours is.
            Err(_) => return Err(CommissionError::WrongPasscode),
        }
    }
    Err(CommissionError::Silent(last))
}

/// Sets up a secure channel, and gives its challenge; `None` where there was one already, which is closed.
async fn shake_hands(stack: &Stack<'_>, address: Address, passcode: u32) -> Result<Option<[u8; 16]>, CallError> {
    let witness = Witness::new(stack.crypto);
    let exchange = Exchange::initiate_pase(stack.matter, &witness, address, passcode);
    let exchange = match select(exchange, async_io::Timer::after(HANDSHAKE)).await {
        Either::First(Ok(exchange)) => exchange,
        // It said no before the passcode came into play: it is busy with somebody else.
        Either::First(Err(error)) if !witness.has_hashed() => {
            return Err(CallError::Unreachable(format!("the device lets nobody in just now ({error})")));
        }
        Either::First(Err(error)) => return Err(error.into()),
        Either::Second(_) => return Err(CallError::Unreachable("the device does not answer".into())),
    };
    let challenge = witness.challenge();
    if challenge.is_none() {
        close(exchange).await;
    }
    Ok(challenge)
}

/// Closes the session of an exchange. The library has no word for it, but does so when a packet is given up on its way.
async fn close(exchange: Exchange<'_>) {
    let everything = talk::read(exchange, (None, None, None));
    select(everything, async_io::Timer::after(Duration::from_millis(1))).await;
    async_io::Timer::after(CLOSING).await;
}

/// Everything over the secure channel: the device gets its keys if it is what it says it is.
async fn certify(
    stack: &Stack<'_>,
    order: &Commission,
    steps: &Steps<'_>,
    challenge: [u8; 16],
) -> Result<(), CommissionError> {
    order.reached(Milestone::Secured).await?;
    steps.arm_fail_safe(FAIL_SAFE).await?;
    order.reached(Milestone::Attesting).await?;
    let evidence = steps.evidence(random(stack)?, challenge).await?;
    let trust = match attestation::verify(&evidence, &order.roots, stack.crypto) {
        Ok(()) => Trust::Proven,
        Err(doubt) => {
            order.ask(doubt.to_string(), steps).await?;
            Trust::Given
        }
    };
    order.reached(Milestone::Certifying).await?;
    steps.regulate().await;
    let nonce = random(stack)?;
    let request = steps.certificate_request(&nonce, &evidence, trust).await?;
    let certificate = stack.authority.certify(stack.crypto, &request, order.node).map_err(CallError::from)?;
    steps.add_root(stack.authority.root_certificate()).await?;
    steps.add_certificate(stack.authority, &certificate).await?;
    order.reached(Milestone::Joining).await
}

fn random(stack: &Stack<'_>) -> Result<[u8; 32], CommissionError> {
    use rs_matter::crypto::Crypto as _;
    let mut bytes = [0; 32];
    stack.crypto.rand().map_err(CallError::from)?.fill_bytes(&mut bytes);
    Ok(bytes)
}

impl Commission {
    async fn reached(&self, milestone: Milestone) -> Result<(), CommissionError> {
        self.milestones.send(milestone).await.map_err(|_| CommissionError::Cancelled)
    }

    /// Lets whoever adds the device decide, while the device is kept waiting.
    async fn ask(&self, reason: String, steps: &Steps<'_>) -> Result<(), CommissionError> {
        let (decide, mut decided) = oneshot::channel();
        self.reached(Milestone::Doubtful(reason.clone(), decide)).await?;
        loop {
            match select(&mut decided, async_io::Timer::after(PATIENCE)).await {
                Either::First(Ok(true)) => return steps.arm_fail_safe(FAIL_SAFE).await,
                Either::First(Ok(false)) => return Err(CommissionError::Untrusted(reason)),
                Either::First(Err(_)) => return Err(CommissionError::Cancelled),
                Either::Second(_) => steps.arm_fail_safe(FAIL_SAFE).await?,
            }
        }
    }
}
