//! Turns actions on devices into orders.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{
    Action as ActionName, Endpoint, Invoke, Limits, Path, Property, PropertyOffer, SceneId, Shape, Target, Value,
    capability::Access, suggest::did_you_mean,
};
use smol_str::SmolStr;

use super::{
    Resolver,
    devices::{Place, named},
};
use crate::{
    plan::{Nudge, Order},
    rule::{Said, Whereabouts},
};

impl Resolver<'_> {
    /// One order for each endpoint that has any of the properties. One device named alone has to have them all; of several, each
    /// is set what it has.
    pub(super) fn set(
        &mut self,
        target: &[Said<Whereabouts>],
        set: &[Said<(Property, Value)>],
        transition: Option<Duration>,
    ) -> Vec<Order> {
        let names: Vec<_> = set.iter().map(|said| format!("`{}`", said.value.0)).collect();
        let has =
            |endpoint: &hub_model::Endpoint, said: &Said<(Property, Value)>| endpoint.offer(&said.value.0).is_some();
        let is_one = matches!(target, [one] if one.value.selector.handle().is_some());
        let what = names.join(if is_one { " and " } else { " or " });
        let found = self.find_all(target, &what, |endpoint| {
            if is_one { set.iter().all(|said| has(endpoint, said)) } else { set.iter().any(|said| has(endpoint, said)) }
        });
        for said in set {
            self.check_settable(target, said, &found);
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
    fn check_settable(&mut self, target: &[Said<Whereabouts>], said: &Said<(Property, Value)>, found: &[Place]) {
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
            self.fault(said.spot, format!("{problem}, of {}", named(target)));
        }
    }

    pub(super) fn invoke(
        &mut self,
        target: &[Said<Whereabouts>],
        action: &Said<ActionName>,
        arguments: &BTreeMap<SmolStr, Value>,
    ) -> Vec<Order> {
        let what = format!("action `{}`", action.value);
        let found = self.find_all(target, &what, |endpoint| endpoint.action(&action.value).is_some());
        let invoke = Invoke { action: action.value.clone(), arguments: arguments.clone() };
        let order = |(device, endpoint): Place| Order {
            target: Target { device, endpoint: endpoint.id.clone() },
            set: Vec::new(),
            invoke: Some(invoke.clone()),
            transition: None,
        };
        found.into_iter().map(order).collect()
    }

    /// What is added to each endpoint that has any of the numbers.
    pub(super) fn nudges(
        &mut self,
        target: &[Said<Whereabouts>],
        by: &[Said<(Property, f64)>],
        transition: Option<Duration>,
    ) -> Vec<Nudge> {
        let names: Vec<_> = by.iter().map(|said| format!("`{}`", said.value.0)).collect();
        let limits = |endpoint: &Endpoint, property: &Property| -> Option<Limits> {
            let offer = endpoint.offer(property).filter(|offer| offer.access == Access::ReadWrite)?;
            if let Shape::Number(limits) = offer.shape { Some(limits) } else { None }
        };
        let found = self.find_all(target, &format!("{} to add to", names.join(" or ")), |endpoint| {
            by.iter().any(|said| limits(endpoint, &said.value.0).is_some())
        });
        let nudge = |(device, endpoint): Place| {
            let fitting = by.iter().filter_map(|said| {
                let (property, by) = &said.value;
                Some((property.clone(), *by, limits(&endpoint, property)?))
            });
            let target = Target { device, endpoint: endpoint.id.clone() };
            Nudge { target, by: fitting.collect(), transition }
        };
        found.into_iter().map(nudge).collect()
    }

    /// What is turned over.
    pub(super) fn toggles(&mut self, target: &[Said<Whereabouts>], property: &Said<Property>) -> Vec<Path> {
        let property = &property.value;
        let is_switch = |offer: &PropertyOffer| offer.access == Access::ReadWrite && offer.shape == Shape::Bool;
        let found = self.find_all(target, &format!("`{property}` to turn over"), |endpoint| {
            endpoint.offer(property).is_some_and(is_switch)
        });
        let path =
            |(device, endpoint): Place| Path { device, endpoint: endpoint.id.clone(), property: property.clone() };
        found.into_iter().map(path).collect()
    }

    pub(super) fn scene(&mut self, said: &Said<SmolStr>) -> Option<SceneId> {
        self.floating = true;
        let found = self.home.scene(&said.value).map(|scene| scene.id);
        if found.is_none() {
            let hint = did_you_mean(&said.value, self.home.scenes.values().map(|scene| scene.handle.as_str()));
            self.fault(said.spot, format!("there is no scene `{}`{hint}", said.value));
        }
        found
    }
}
