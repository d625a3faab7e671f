//! A rule as the review looks at it: its plan, what it may write, and how long it may take.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use hub_core::shown_by;
use hub_model::{Home, Invoke, Path, SceneId, Target, Value};

use super::solve::each_path;
use crate::{
    plan::{Check, Nudge, Order, Piece, Plan, Step, Watch},
    resolve::resolve,
    rule::Rule,
};

/// No rule is followed for longer than this.
const LONGEST: Duration = Duration::from_secs(25 * 3600);

/// A rule that is reviewed.
pub(crate) struct Subject {
    pub(super) rule: Arc<Rule>,
    pub(crate) plan: Plan,
    /// What it may write; `None` for a value that depends on what is.
    pub(crate) writes: Vec<(Path, Option<Value>)>,
    /// How long after its trigger it may still act, with the time that the trigger has to last.
    pub(super) span: Duration,
    /// After which of its waits it may act, counted from its trigger; 0 is one of them.
    pub(super) offsets: BTreeSet<Duration>,
}

impl Subject {
    /// A rule whose names the home has.
    pub(super) fn of(rule: &Arc<Rule>, home: &Home) -> Option<Self> {
        Some(Self::new(rule.clone(), resolve(rule, home).ok()?, home))
    }

    /// A rule with its plan.
    pub(crate) fn new(rule: Arc<Rule>, mut plan: Plan, home: &Home) -> Self {
        // When a rule acts is a condition like any other.
        if let Some(active) = rule.active {
            plan.condition = Check::All(vec![Check::within(active), plan.condition]);
        }
        let writes = plan.program.iter().flat_map(|step| writes(step, home)).collect();
        let held = plan.watches.iter().filter_map(held).max().unwrap_or_default();
        let (mut waited, mut offsets) = (Duration::ZERO, BTreeSet::from([Duration::ZERO]));
        for step in &plan.program {
            waited = waited.saturating_add(wait(step));
            offsets.insert(waited);
        }
        let span = held.saturating_add(waited).saturating_add(Duration::from_secs(1)).min(LONGEST);
        Self { rule, plan, writes, span, offsets }
    }

    /// Every property that it looks at, or that it names in what it says.
    pub(crate) fn looked_at(&self) -> BTreeSet<Path> {
        let mut paths: BTreeSet<Path> = self.watched().into_iter().cloned().collect();
        for check in self.plan.checks() {
            check.each_path(&mut |path| {
                paths.insert(path.clone());
            });
        }
        for step in &self.plan.program {
            let texts: &[&[Piece]] = match step {
                Step::Notify(telling) => &[&telling.title, &telling.text],
                Step::Speak { text, .. } => &[text],
                Step::Call(call) => &[call.body.as_deref().unwrap_or_default()],
                _ => &[],
            };
            let pieces = texts.iter().flat_map(|text| text.iter());
            paths.extend(
                pieces.filter_map(|piece| if let Piece::Reading(path) = piece { Some(path.clone()) } else { None }),
            );
        }
        paths
    }

    /// The conditions of its steps.
    pub(super) fn branches(&self) -> impl Iterator<Item = &Check> {
        self.plan.checks().skip(1)
    }

    /// The properties that trigger it.
    pub(super) fn watched(&self) -> Vec<&Path> {
        self.plan.watches.iter().flat_map(watched).collect()
    }

    /// Whether it does nothing but act at once, whatever is.
    pub(super) fn is_plain(&self) -> bool {
        self.plan.program.iter().all(|step| matches!(step, Step::Control(_) | Step::Scene(_) | Step::Notify(_)))
    }
}

/// How long a trigger has to last.
pub(super) const fn held(watch: &Watch) -> Option<Duration> {
    match watch {
        Watch::Property { held, .. } | Watch::Reachable { held, .. } | Watch::Holds { held, .. } => *held,
        _ => None,
    }
}

/// The properties that a trigger looks at.
pub(super) fn watched(watch: &Watch) -> Vec<&Path> {
    match watch {
        Watch::Property { paths, .. } => paths.iter().collect(),
        Watch::Holds { check, .. } => {
            let mut paths = Vec::new();
            each_path(check, &mut |path| paths.push(path));
            paths
        }
        _ => Vec::new(),
    }
}

fn wait(step: &Step) -> Duration {
    match step {
        Step::Wait(span) => *span,
        Step::WaitUntil(_, at_most, _) => at_most.unwrap_or(LONGEST),
        _ => Duration::ZERO,
    }
}

fn writes(step: &Step, home: &Home) -> Vec<(Path, Option<Value>)> {
    match step {
        Step::Control(orders) => orders.iter().flat_map(|order| order_writes(order, home)).collect(),
        // What these write depends on what is.
        Step::Toggle(paths) => paths.iter().map(|path| (path.clone(), None)).collect(),
        Step::Nudge(nudges) => nudges.iter().flat_map(nudged).map(|path| (path, None)).collect(),
        Step::Scene(scene) => scene_writes(*scene, home),
        _ => Vec::new(),
    }
}

/// What a scene writes.
pub(super) fn scene_writes(scene: SceneId, home: &Home) -> Vec<(Path, Option<Value>)> {
    let steps = home.scenes.get(&scene).map(|scene| scene.steps.as_slice()).unwrap_or_default();
    let order = |step: &hub_model::SceneStep| Order {
        target: step.target.clone(),
        set: step.set.clone(),
        invoke: step.invoke.clone(),
        transition: None,
    };
    steps.iter().flat_map(|step| order_writes(&order(step), home)).collect()
}

fn order_writes(order: &Order, home: &Home) -> Vec<(Path, Option<Value>)> {
    let Target { device, endpoint } = &order.target;
    let path = |property| Path { device: *device, endpoint: endpoint.clone(), property };
    let set = order.set.iter().map(|(property, value)| (path(property.clone()), Some(value.clone())));
    let known = home.device(*device);
    let shown = |invoke: &Invoke| {
        let known = known?;
        let (property, values) = shown_by(invoke, known.device.endpoint(endpoint)?, known)?;
        // What an action of this kind comes to depends on what is.
        let depends = matches!(invoke.action.as_str(), "on_off.toggle" | "brightness.step");
        Some((path(property), values.into_iter().next().filter(|_| !depends)))
    };
    set.chain(order.invoke.as_ref().and_then(shown)).collect()
}

fn nudged(nudge: &Nudge) -> impl Iterator<Item = Path> + '_ {
    let Target { device, endpoint } = &nudge.target;
    nudge.by.iter().map(|(property, ..)| Path {
        device: *device,
        endpoint: endpoint.clone(),
        property: property.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse::parse, sample};

    #[test]
    fn what_the_body_of_a_call_tells_is_looked_at() {
        let text = "name = \"A\"\nwhen = []\nthen = [ { http = { url = \"https://example.org\", \
                    body = \"{outdoor/temperature.measured}\" } } ]";
        let home = sample::home("UTC");
        let rule = parse(&std::path::Path::new("a.toml").into(), text).rules.remove(0).into();
        let looked_at = Subject::of(&rule, &home).unwrap().looked_at();
        assert_eq!(looked_at, [sample::path(&home, "outdoor/temperature.measured")].into());
    }
}
