//! Holds a rule against a home: every name has to be there and every value has to fit what the device offers.

mod conditions;
mod devices;
mod named;
mod orders;
mod steps;
mod telling;

use std::collections::BTreeSet;

use hub_model::{DeviceId, Handle, Home};

pub(crate) use self::named::Named;
use crate::{
    fault::{Fault, Spot},
    plan::{Plan, Watch},
    rule::{Change, Rule, Said, Test, Timing, Trigger},
};

/// Makes a rule's plan for this home.
///
/// # Errors
/// Every name that the home doesn't have and every value that a device doesn't take, with its place. The rule may
/// resolve later, when the home has changed.
pub fn resolve(rule: &Rule, home: &Home) -> Result<Plan, Vec<Fault>> {
    let mut resolver = Resolver {
        rule,
        home,
        faults: Vec::new(),
        devices: BTreeSet::new(),
        floating: false,
        program: Vec::new(),
        it: None,
    };
    let watches = rule.when.iter().map(|when| resolver.watch(&when.trigger)).collect();
    let condition = resolver.check(&rule.condition);
    resolver.steps(&rule.then);
    resolver.check_length(rule.id.spot);
    if resolver.faults.is_empty() {
        let Resolver { devices, floating, program, .. } = resolver;
        Ok(Plan { watches, condition, program, devices, floating })
    } else {
        Err(resolver.faults)
    }
}

/// What is gathered on the way.
struct Resolver<'a> {
    rule: &'a Rule,
    home: &'a Home,
    faults: Vec<Fault>,
    devices: BTreeSet<DeviceId>,
    floating: bool,
    program: Vec<crate::plan::Step>,
    /// The device that is called `it` just now.
    it: Option<Handle>,
}

impl Resolver<'_> {
    fn fault(&mut self, spot: Spot, message: impl Into<String>) {
        self.faults.push(Fault::new(&self.rule.file, spot, message));
    }

    fn watch(&mut self, trigger: &Trigger) -> Watch {
        match trigger {
            Trigger::Property { of, change, held, hysteresis } => {
                let test = if let Change::Becomes(test) = &change.value { Some((test, change.spot)) } else { None };
                let paths = self.paths(of, test);
                Watch::Property { paths, change: change.value.clone(), held: *held, hysteresis: *hysteresis }
            }
            Trigger::Occurs { of, what } => {
                Watch::Occurs { places: self.places(of, &what.value), what: what.value.clone() }
            }
            Trigger::Timed(timing) => {
                let needs_place = matches!(timing.value, Timing::Sun { .. });
                let place = if needs_place { self.place(timing.spot) } else { None };
                Watch::Timed { timing: timing.value.clone(), place }
            }
            Trigger::Reachable { of, is, held } => {
                Watch::Reachable { devices: self.whole_devices(of), is: *is, held: *held }
            }
            Trigger::Holds { condition, held } => Watch::Holds { check: self.check(condition), held: *held },
            // A scene that is not there was noted, so that no plan comes of it.
            Trigger::Scene(scene) => self.scene(scene).map_or(Watch::Started, Watch::Scene),
            Trigger::Message { topic, wording } => {
                self.needs_messages(topic.spot);
                Watch::Message { topic: topic.value.clone(), wording: wording.clone() }
            }
            Trigger::Rule(rule) => Watch::Rule(rule.value.clone()),
            Trigger::Phrase(phrases) => Watch::Phrase(phrases.clone()),
            Trigger::Webhook(methods) => Watch::Webhook(*methods),
            Trigger::Answer(id) => Watch::Answer(id.clone()),
            Trigger::Started => Watch::Started,
        }
    }

    /// Notes that a rule wants messages where there are none.
    fn needs_messages(&mut self, spot: Spot) {
        if !self.home.services.messages {
            self.fault(spot, "this home has no broker: `broker` below [mqtt] in hub.toml names one");
        }
    }

    /// The paths that a text means; a test must be one that at least one of them can pass.
    fn paths(&mut self, of: &Said<crate::rule::Of>, test: Option<(&Test, Spot)>) -> Vec<hub_model::Path> {
        let (place, property) = (&of.value.place, &of.value.property);
        let found = self.find(place, of.spot, &format!("`{property}`"), |endpoint| endpoint.offer(property).is_some());
        if let Some((Test::Is(value), spot)) = test {
            let misfits: Vec<_> =
                found.iter().filter_map(|(_, endpoint)| endpoint.offer(property)?.check(value).err()).collect();
            // Among several devices, one that can't be this is simply never this.
            if misfits.len() == found.len()
                && let Some(misfit) = misfits.first()
            {
                self.fault(spot, format!("{misfit}, of {place}"));
            }
        }
        let path = |(device, endpoint): (DeviceId, std::sync::Arc<hub_model::Endpoint>)| hub_model::Path {
            device,
            endpoint: endpoint.id.clone(),
            property: property.clone(),
        };
        found.into_iter().map(path).collect()
    }

    fn places(
        &mut self,
        of: &Said<crate::rule::Whereabouts>,
        what: &hub_model::Occurrence,
    ) -> Vec<(DeviceId, hub_model::EndpointId)> {
        let found =
            self.find_any(&of.value, of.spot, &format!("`{what}`"), |endpoint| endpoint.occurrences.contains(what));
        found.into_iter().map(|(device, endpoint)| (device, endpoint.id.clone())).collect()
    }
}

#[cfg(test)]
mod tests;
