//! What devices make of what rules want, where every device that can be reached does at once what it is asked.

use hub_core::shown_by;
use hub_model::{
    Actor, Cause, Home, Invoke, Outcome, Path, Property, RuleId, RunId, SceneStep, Source, Target, Value, What,
};

use crate::engine::{Deed, Effect};

/// Something that happens in the home, and who began it.
pub(super) type Happens = (What, Cause);

/// What one endpoint is asked.
struct Asked<'a> {
    target: &'a Target,
    set: &'a [(Property, Value)],
    invoke: Option<&'a Invoke>,
}

/// How an effect ends, and what happens with it.
pub(super) fn results(home: &Home, effect: &Effect) -> (Outcome, Vec<Happens>) {
    let Some(cause) = cause(effect) else { return (Outcome::Done, Vec::new()) };
    let (mut outcome, mut happens) = (Outcome::Done, Vec::new());
    if let Effect::Scene { by, scene } = effect {
        happens.push((What::Scene { scene: *scene, run: by.run }, by.cause.clone()));
    }
    for asked in each(home, effect) {
        let done = possible(home, &asked);
        if done.is_good() {
            let change = |(path, new): (Path, Value)| {
                let old = home.reading(&path).map_or(Value::Unknown, |reading| reading.value.clone());
                (What::Changed { path, old, new }, cause.clone())
            };
            happens.extend(asked.values(home).into_iter().map(change));
        } else if outcome.is_good() {
            outcome = done;
        }
    }
    (outcome, happens)
}

/// The rule and the run that want an effect, where devices are asked something.
pub(crate) const fn wanted_by(effect: &Effect) -> Option<(&RuleId, RunId)> {
    match effect {
        Effect::Control { by, .. } | Effect::Scene { by, .. } => Some((&by.rule, by.run)),
        _ => None,
    }
}

/// What a run waits for to hear of, if it does.
pub(super) const fn awaited(effect: &Effect) -> Option<Deed> {
    match effect {
        Effect::Control { by, .. }
        | Effect::Scene { by, .. }
        | Effect::Speak { by, .. }
        | Effect::Publish { by, .. }
        | Effect::Call { by, .. }
        | Effect::Enable { by, .. } => by.deed,
        Effect::Notify { .. } | Effect::Trace(_) => None,
    }
}

/// What properties shall be for an effect, whether or not the devices can be reached.
pub(crate) fn asked(home: &Home, effect: &Effect) -> Vec<(Path, Value)> {
    each(home, effect).iter().flat_map(|asked| asked.values(home)).collect()
}

/// The cause of what devices report then.
fn cause(effect: &Effect) -> Option<Cause> {
    match effect {
        Effect::Control { by, .. } => Some(by.cause.clone()),
        Effect::Scene { by, scene } => Some(by.cause.then(Actor::Scene(*scene), Source::Run(by.run))),
        _ => None,
    }
}

fn each<'a>(home: &'a Home, effect: &'a Effect) -> Vec<Asked<'a>> {
    match effect {
        Effect::Control { order, .. } => {
            vec![Asked { target: &order.target, set: &order.set, invoke: order.invoke.as_ref() }]
        }
        Effect::Scene { scene, .. } => {
            let steps = home.scenes.get(scene).map(|scene| scene.steps.as_slice()).unwrap_or_default();
            let asked =
                |step: &'a SceneStep| Asked { target: &step.target, set: &step.set, invoke: step.invoke.as_ref() };
            steps.iter().map(asked).collect()
        }
        _ => Vec::new(),
    }
}

impl Asked<'_> {
    /// What the endpoint's properties shall be.
    fn values(&self, home: &Home) -> Vec<(Path, Value)> {
        let Target { device, endpoint } = self.target;
        let shown = || {
            let known = home.device(*device)?;
            let (property, values) = shown_by(self.invoke?, known.device.endpoint(endpoint)?, known)?;
            Some((property, values.into_iter().next()?))
        };
        let path = |property| Path { device: *device, endpoint: endpoint.clone(), property };
        self.set.iter().cloned().chain(shown()).map(|(property, value)| (path(property), value)).collect()
    }
}

/// What the hub and the device would say to it.
fn possible(home: &Home, Asked { target, set, invoke }: &Asked<'_>) -> Outcome {
    let Some(known) = home.device(target.device) else { return Outcome::Unreachable };
    let Some(endpoint) = known.device.endpoint(&target.endpoint) else { return Outcome::Unsupported };
    if !known.reachable {
        return Outcome::Unreachable;
    }
    if invoke.is_some_and(|invoke| endpoint.action(&invoke.action).is_none()) {
        return Outcome::Unsupported;
    }
    let misfits = |(property, value): &&(Property, Value)| {
        endpoint.offer(property).is_none_or(|offer| offer.check(value).is_err())
    };
    match set.iter().find(misfits) {
        Some((property, _)) if endpoint.offer(property).is_some() => Outcome::OutOfRange,
        Some(_) => Outcome::Unsupported,
        None => Outcome::Done,
    }
}
