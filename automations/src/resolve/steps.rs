//! Turns a rule's actions into its program.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{
    Action as ActionName, Invoke, Notice, Property, Target, Value, capability::Access, suggest::did_you_mean,
};
use smol_str::SmolStr;

use super::{Resolver, devices::Place};
use crate::{
    plan::{Order, Step},
    rule::{Action, Said, Whereabouts},
};

impl Resolver<'_> {
    pub(super) fn steps(&mut self, actions: &[Action]) {
        for action in actions {
            self.step(action);
        }
    }

    fn step(&mut self, action: &Action) {
        let step = match action {
            Action::Set { target, set, transition } => Step::Control(self.set(target, set, *transition)),
            Action::Invoke { target, action, arguments } => Step::Control(self.invoke(target, action, arguments)),
            Action::Scene(scene) => match self.scene(scene) {
                Some(step) => step,
                None => return,
            },
            Action::Wait(span) => Step::Wait(*span),
            Action::WaitUntil { condition, at_most } => Step::WaitUntil(self.check(condition), *at_most),
            Action::Notify { to, title, text, severity } => {
                let to = self.people(to);
                Step::Notify(Notice { severity: *severity, title: title.clone(), text: text.clone(), to })
            }
            Action::Publish(message) => {
                self.needs_messages(message.spot);
                Step::Publish(message.value.clone())
            }
            Action::If { condition, then, otherwise } => {
                let check = self.check(condition);
                return self.branch(check, then, otherwise);
            }
        };
        self.program.push(step);
    }

    fn branch(&mut self, check: crate::plan::Check, then: &[Action], otherwise: &[Action]) {
        let unless = self.program.len();
        self.program.push(Step::Unless(check, usize::MAX));
        self.steps(then);
        if !otherwise.is_empty() {
            let jump = self.program.len();
            self.program.push(Step::Jump(usize::MAX));
            self.aim(unless);
            self.steps(otherwise);
            self.aim(jump);
        } else {
            self.aim(unless);
        }
    }

    /// Makes the jump at a place lead to the end of the program so far.
    fn aim(&mut self, at: usize) {
        let end = self.program.len();
        if let Step::Unless(_, to) | Step::Jump(to) = &mut self.program[at] {
            *to = end;
        }
    }

    /// One order for each endpoint that has any of the properties. One device has to have them all; of several, each
    /// is set what it has.
    fn set(
        &mut self,
        target: &Said<Whereabouts>,
        set: &[Said<(Property, Value)>],
        transition: Option<Duration>,
    ) -> Vec<Order> {
        let names: Vec<_> = set.iter().map(|said| format!("`{}`", said.value.0)).collect();
        let has =
            |endpoint: &hub_model::Endpoint, said: &Said<(Property, Value)>| endpoint.offer(&said.value.0).is_some();
        let is_one = target.value.selector.handle().is_some();
        let what = names.join(if is_one { " and " } else { " or " });
        let found = self.find(&target.value, target.spot, &what, |endpoint| {
            if is_one { set.iter().all(|said| has(endpoint, said)) } else { set.iter().any(|said| has(endpoint, said)) }
        });
        for said in set {
            self.check_settable(&target.value, said, &found);
        }
        let order = |(device, endpoint): Place| {
            let fitting = set.iter().filter(|said| has(&endpoint, said)).map(|said| said.value.clone());
            let target = Target { device, endpoint: endpoint.id.clone() };
            Order { target, set: fitting.collect(), invoke: None, transition }
        };
        found.into_iter().map(order).collect()
    }

    /// Notes a value that none of the endpoints takes. Where only some don't, they answer for themselves when the
    /// command comes, so that a new lamp in a room never stops the others.
    fn check_settable(&mut self, place: &Whereabouts, said: &Said<(Property, Value)>, found: &[Place]) {
        let (property, value) = &said.value;
        let offers: Vec<_> = found.iter().filter_map(|(_, endpoint)| endpoint.offer(property)).collect();
        let problem = |offer: &&hub_model::PropertyOffer| {
            if offer.access == Access::Read {
                return Some(format!("{property} can't be set"));
            }
            offer.check(value).err().map(|misfit| misfit.to_string())
        };
        let problems: Vec<_> = offers.iter().filter_map(problem).collect();
        if problems.len() == offers.len()
            && let Some(problem) = problems.first()
        {
            self.fault(said.spot, format!("{problem}, of {place}"));
        }
    }

    fn invoke(
        &mut self,
        target: &Said<Whereabouts>,
        action: &Said<ActionName>,
        arguments: &BTreeMap<SmolStr, Value>,
    ) -> Vec<Order> {
        let what = format!("action `{}`", action.value);
        let found = self.find(&target.value, target.spot, &what, |endpoint| endpoint.action(&action.value).is_some());
        let invoke = Invoke { action: action.value.clone(), arguments: arguments.clone() };
        let order = |(device, endpoint): Place| Order {
            target: Target { device, endpoint: endpoint.id.clone() },
            set: Vec::new(),
            invoke: Some(invoke.clone()),
            transition: None,
        };
        found.into_iter().map(order).collect()
    }

    fn scene(&mut self, said: &Said<SmolStr>) -> Option<Step> {
        self.floating = true;
        let found = self.home.scene(&said.value).map(|scene| Step::Scene(scene.id));
        if found.is_none() {
            let hint = did_you_mean(&said.value, self.home.scenes.values().map(|scene| scene.handle.as_str()));
            self.fault(said.spot, format!("there is no scene `{}`{hint}", said.value));
        }
        found
    }

    fn people(&mut self, to: &[Said<SmolStr>]) -> Vec<String> {
        let mut names = Vec::new();
        for said in to {
            self.floating = true;
            let home = self.home;
            match home.people.values().find(|person| person.name.to_lowercase() == said.value.to_lowercase()) {
                Some(person) => names.push(person.name.clone()),
                None => {
                    let known = home.people.values().map(|person| person.name.as_str()).chain(["everyone"]);
                    let hint = did_you_mean(&said.value, known);
                    self.fault(said.spot, format!("nobody here is called `{}`{hint}", said.value));
                }
            }
        }
        names
    }
}
