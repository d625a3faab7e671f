//! Whether a command may be given, and what it is then. Pure: rights, offers and limits are looked up in a view.

use std::{sync::Arc, time::Duration};

use hub_model::{
    Actor, Cause, Command, CommandId, CommandKey, Endpoint, HomeDevice, Invoke, Outcome, Property, PropertyOffer,
    Target, Value, capability::Access, offer::Misfit, suggest::did_you_mean,
};

use crate::view::View;

/// What somebody wants of an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// For whom.
    pub target: Target,
    /// The properties to set, sent as one.
    pub set: Vec<(Property, Value)>,
    /// The action to take.
    pub invoke: Option<Invoke>,
    /// How long the change shall take.
    pub transition: Option<Duration>,
    /// The caller's own mark: sent again with the same key within an hour, it acts once.
    pub key: Option<CommandKey>,
    /// Why; `None` for the wish of the session's own principal.
    pub cause: Option<Cause>,
}

impl Control {
    /// A wish for an endpoint, with nothing in it yet.
    pub const fn of(target: Target) -> Self {
        Self { target, set: Vec::new(), invoke: None, transition: None, key: None, cause: None }
    }
}

/// A wish that names something that isn't there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such device, or none that the principal may see.
    #[error("there is no device `{0}`")]
    NoSuchDevice(String),
    /// The device has no such endpoint.
    #[error("{device} has no endpoint `{endpoint}`; it has {has}")]
    NoSuchEndpoint {
        /// The device's handle.
        device: String,
        /// What was named.
        endpoint: String,
        /// What there is.
        has: String,
    },
    /// No such scene.
    #[error("there is no scene `{0}`")]
    NoSuchScene(String),
    /// No such group.
    #[error("there is no group `{0}`")]
    NoSuchGroup(String),
    /// More runs go on than can be followed.
    #[error("the hub is busy with too many runs; try again in a moment")]
    Busy,
    /// Nothing to set and nothing to do.
    #[error("the command is empty: give `set` or `invoke`")]
    Empty,
    /// The hub is ending.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

/// A command that may go out, or how it ends at once.
#[derive(Debug)]
pub enum Checked {
    /// It may go to the device.
    Go(Arc<Command>, Arc<Endpoint>),
    /// It ends here.
    No(Arc<Command>, Outcome, String),
}

/// Checks a wish against what the principal of `view` may see and do and what the device offers. `within` is a deadline
/// that takes the place of the usual one.
pub fn check(control: Control, id: CommandId, view: &View, within: Option<Duration>) -> Result<Checked, ControlError> {
    let target = &control.target;
    // What is done for somebody who may not see the device is refused, and not denied: its record is for others.
    let is_known = |known: &&HomeDevice| view.may_view(&known.device) || on_behalf(&control, view).is_some();
    let known = view.home.device(target.device).filter(is_known);
    let known = known.ok_or_else(|| ControlError::NoSuchDevice(target.device.to_string()))?;
    let endpoint = known.device.endpoint(&target.endpoint).ok_or_else(|| no_such_endpoint(known, target))?;
    if control.set.is_empty() && control.invoke.is_none() {
        return Err(ControlError::Empty);
    }
    let endpoint = Arc::clone(endpoint);
    let refusal = refusal(&control, known, &endpoint, view);
    let deadline = within.unwrap_or_else(|| deadline(&control, &endpoint));
    let cause = control.cause.unwrap_or_else(|| Cause::root(view.principal.actor.clone()));
    let too_deep = cause.is_too_deep();
    let Control { target, set, invoke, transition, key, .. } = control;
    let command = Arc::new(Command { id, key, target, set, invoke, transition, cause, deadline });
    Ok(match refusal {
        Some((outcome, reason)) => Checked::No(command, outcome, reason),
        None if too_deep => {
            Checked::No(command, Outcome::Refused, "rules and scenes set each other off more than 8 deep".into())
        }
        None => Checked::Go(command, endpoint),
    })
}

/// With whose rights something else than they themselves acts: a rule that they edited, or its scene.
fn on_behalf<'a>(control: &Control, view: &'a View) -> Option<&'a str> {
    let acts = control.cause.as_ref().map_or(&view.principal.actor, |cause| &cause.actor);
    match &view.principal.actor {
        Actor::Person { name, .. } if *acts != view.principal.actor => Some(name),
        _ => None,
    }
}

fn no_such_endpoint(known: &HomeDevice, target: &Target) -> ControlError {
    let has: Vec<_> = known.device.endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
    ControlError::NoSuchEndpoint {
        device: known.device.handle.to_string(),
        endpoint: target.endpoint.to_string(),
        has: has.join(", "),
    }
}

fn refusal(control: &Control, known: &HomeDevice, endpoint: &Endpoint, view: &View) -> Option<(Outcome, String)> {
    if !view.may_control(&known.device) {
        let name = &known.device.name;
        let reason = match on_behalf(control, view) {
            Some(who) => format!("{who}, with whose rights this acts, may not control {name}"),
            None => format!("you may see {name} but not control it"),
        };
        return Some((Outcome::Refused, reason));
    }
    let misfit = control.set.iter().find_map(|(property, value)| set_refusal(endpoint, property, value));
    let misfit = misfit.or_else(|| control.invoke.as_ref().and_then(|invoke| invoke_refusal(endpoint, invoke)));
    misfit.or_else(|| {
        (!known.reachable).then(|| (Outcome::Unreachable, format!("{} can't be reached", known.device.name)))
    })
}

fn set_refusal(endpoint: &Endpoint, property: &Property, value: &Value) -> Option<(Outcome, String)> {
    let Some(offer) = endpoint.offer(property) else {
        let offered = endpoint.properties.iter().map(|offer| offer.property.as_str());
        let hint = did_you_mean(property.as_str(), offered);
        return Some((Outcome::Unsupported, format!("it has no {property}{hint}")));
    };
    if offer.access == Access::Read {
        return Some((Outcome::Unsupported, format!("{property} can't be set")));
    }
    if *value == Value::Unknown {
        return Some((Outcome::OutOfRange, format!("{property} can't be set to null")));
    }
    offer.check(value).err().map(|misfit| (misfit_outcome(&misfit), misfit.to_string()))
}

fn invoke_refusal(endpoint: &Endpoint, invoke: &Invoke) -> Option<(Outcome, String)> {
    if endpoint.action(&invoke.action).is_none() {
        return Some((Outcome::Unsupported, format!("it has no {}", invoke.action)));
    }
    let spec = invoke.action.known()?;
    for (name, value) in &invoke.arguments {
        let Some(parameter) = spec.parameters.iter().find(|parameter| parameter.name == name) else {
            let hint = did_you_mean(name, spec.parameters.iter().map(|parameter| parameter.name));
            return Some((Outcome::Unsupported, format!("{} takes no `{name}`{hint}", spec.name)));
        };
        if let Err(misfit) = parameter.check(value) {
            // The value may be a secret, so that the message of the misfit must not show it.
            let reason = if parameter.secret { format!("`{name}` does not fit") } else { misfit.to_string() };
            return Some((misfit_outcome(&misfit), reason));
        }
    }
    let missing = spec
        .parameters
        .iter()
        .find(|parameter| parameter.required && !invoke.arguments.contains_key(parameter.name))?;
    Some((Outcome::OutOfRange, format!("{} needs `{}`", spec.name, missing.name)))
}

const fn misfit_outcome(misfit: &Misfit) -> Outcome {
    match misfit {
        Misfit::OutOfRange { .. } | Misfit::WrongKind { .. } => Outcome::OutOfRange,
    }
}

/// The longest time that anything in the command may take, and the transition on top.
pub fn deadline(control: &Control, endpoint: &Endpoint) -> Duration {
    let set = control.set.iter().filter_map(|(property, _)| endpoint.offer(property)?.deadline);
    let invoke = control.invoke.as_ref().and_then(|invoke| endpoint.action(&invoke.action)?.deadline);
    let longest = set.chain(invoke).max().unwrap_or(PropertyOffer::USUAL_DEADLINE);
    longest + control.transition.unwrap_or_default().min(Duration::from_secs(3600))
}
