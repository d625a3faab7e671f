//! Adding one of the waiting devices: the steps that a person sees, and what they are asked. It knows no world; it ends
//! with the device that may come in.

use std::time::Duration;

use adapter_api::{Ask, AskKind, Onboarding, OnboardingError};
use tokio::time::sleep;

use crate::candidates::{BOX_PIN, SETUP_CODE, Waiting};

/// How long each step takes, so that it can be followed.
const STEP: Duration = Duration::from_millis(400);

/// Talks with the person until the device may come in.
pub(crate) async fn talk(onboarding: &mut Onboarding) -> Result<Waiting, OnboardingError> {
    let waiting = chosen(onboarding)?;
    doing(onboarding, format!("Connecting to the {}", waiting.name().to_lowercase())).await?;
    match waiting {
        Waiting::ReadingLamp => setup_code(onboarding).await?,
        Waiting::ParcelBox => pin(onboarding).await?,
        Waiting::Remote => press(onboarding).await?,
    }
    doing(onboarding, "Reading what it can do").await?;
    Ok(waiting)
}

/// The candidate that was picked; a code without one is the lamp's, as only it has one.
fn chosen(onboarding: &Onboarding) -> Result<Waiting, OnboardingError> {
    match (&onboarding.candidate, &onboarding.code) {
        (Some(key), _) => Waiting::of(&key.0).ok_or(OnboardingError::Vanished),
        (None, Some(_)) => Ok(Waiting::ReadingLamp),
        (None, None) => Err(OnboardingError::Wrong("say which device: pick a candidate, or give its code".into())),
    }
}

async fn doing(onboarding: &Onboarding, what: impl Into<String>) -> Result<(), OnboardingError> {
    onboarding.doing(what).await?;
    sleep(STEP).await;
    Ok(())
}

async fn setup_code(onboarding: &mut Onboarding) -> Result<(), OnboardingError> {
    let code = match onboarding.code.take() {
        Some(code) => code,
        None => answer(onboarding, "code", "The 11 digits on the lamp: 3497-011-2332", AskKind::Pin).await?,
    };
    let digits: String = code.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.len() != 11 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(OnboardingError::Wrong("a setup code has 11 digits, such as 3497-011-2332".into()));
    }
    doing(onboarding, "Checking the setup code").await?;
    if digits == SETUP_CODE {
        return doing(onboarding, "Giving the lamp its place in the home").await;
    }
    Err(OnboardingError::Wrong("the lamp has another setup code: read it from its label again".into()))
}

async fn pin(onboarding: &mut Onboarding) -> Result<(), OnboardingError> {
    let pin = answer(onboarding, "pin", "The PIN inside the lid: 2468", AskKind::Pin).await?;
    doing(onboarding, "Pairing").await?;
    if pin.trim() == BOX_PIN { Ok(()) } else { Err(OnboardingError::Wrong("the box has another PIN".into())) }
}

async fn press(onboarding: &mut Onboarding) -> Result<(), OnboardingError> {
    answer(onboarding, "pressed", "Press the upper button of the remote until its light blinks", AskKind::Confirm)
        .await?;
    doing(onboarding, "The remote was heard").await
}

async fn answer(
    onboarding: &mut Onboarding,
    name: &'static str,
    label: &'static str,
    kind: AskKind,
) -> Result<String, OnboardingError> {
    let mut answers = onboarding.ask(vec![Ask { name: name.into(), label: label.into(), kind }]).await?;
    Ok(answers.remove(name).unwrap_or_default())
}
