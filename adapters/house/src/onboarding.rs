//! Making a variable, or forgetting one: the code is its name, and what it is, is asked.

use std::future::Future;

use adapter_api::{Ask, AskKind, Onboarding, OnboardingError};
use hub_model::{DeviceKey, Value};
use smol_str::SmolStr;

use crate::book::Book;

/// What the owner wants.
pub(crate) enum Wish {
    /// A variable of this name with this value.
    Put { key: DeviceKey, name: String, value: Value },
    /// No such variable any more.
    Forget(DeviceKey),
}

const FLAG: &str = "true or false";
const NUMBER: &str = "number";
const TEXT: &str = "text";
const FORGET: &str = "forget it";

/// Talks with the owner until it is known what they want.
pub(crate) async fn talk<F: Future<Output = bool>>(
    onboarding: &mut Onboarding,
    has: impl FnOnce(DeviceKey) -> F,
) -> Result<Wish, OnboardingError> {
    let wrong = |why: String| OnboardingError::Wrong(why);
    let name = match onboarding.code.take() {
        Some(code) => code,
        None => ask(onboarding, "name", "What shall the variable be called?", AskKind::Text).await?,
    };
    let name = name.trim().to_owned();
    let key = Book::key(&name).filter(|_| name.chars().count() <= 50);
    let key = key.ok_or_else(|| wrong("a variable's name has 1 to 50 characters, with a letter or digit".into()))?;
    let mut kinds = vec![FLAG, NUMBER, TEXT];
    if has(key.clone()).await {
        kinds.push(FORGET);
    }
    let kinds = kinds.into_iter().map(SmolStr::new_static).collect();
    let kind = ask(onboarding, "kind", "What is it?", AskKind::Choice(kinds)).await?;
    if kind == FORGET {
        return Ok(Wish::Forget(key));
    }
    let text = ask(onboarding, "value", "What is it at first?", AskKind::Text).await?;
    let value = value(&kind, text.trim()).map_err(wrong)?;
    Ok(Wish::Put { key, name, value })
}

async fn ask(onboarding: &mut Onboarding, name: &str, label: &str, kind: AskKind) -> Result<String, OnboardingError> {
    let mut answers = onboarding.ask(vec![Ask { name: name.into(), label: label.into(), kind }]).await?;
    // That every name was answered is seen to.
    Ok(answers.remove(name).unwrap_or_default())
}

fn value(kind: &str, text: &str) -> Result<Value, String> {
    match kind {
        FLAG => match text {
            "true" | "yes" | "on" => Ok(Value::Bool(true)),
            "" | "false" | "no" | "off" => Ok(Value::Bool(false)),
            _ => Err(format!("`{text}` is neither true nor false")),
        },
        NUMBER if text.is_empty() => Ok(Value::Number(0.0)),
        NUMBER => {
            let number = text.parse().ok().filter(|number: &f64| number.abs() <= 1e12);
            number.map(Value::Number).ok_or_else(|| format!("`{text}` is no number"))
        }
        TEXT => Ok(Value::text(text)),
        _ => Err(format!("a variable is {FLAG}, a {NUMBER} or a {TEXT}")),
    }
}
