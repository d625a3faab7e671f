//! Holds a rule against a home: every name has to be there and every value has to fit what the device offers.

mod conditions;
mod devices;
mod named;
mod orders;
mod steps;
mod telling;

use std::collections::BTreeSet;

use hub_model::{DeviceId, Handle, Home, Path};

pub(crate) use self::named::Named;
use crate::{
    fault::{Fault, Spot},
    plan::{Plan, Print, Watch},
    rule::{Change, Of, Rule, Said, Test, Timing, Trigger},
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
        nothing: Vec::new(),
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
        let (program_print, watches_print) = (Print::default(), Print::default());
        Ok(Plan { watches, condition, program, devices, floating, program_print, watches_print })
    } else {
        Err(resolver.faults)
    }
}

/// What is gathered on the way.
struct Resolver<'a> {
    rule: &'a Rule,
    home: &'a Home,
    faults: Vec<Fault>,
    /// What texts that choose devices mean nothing just now; a mistake only where all of several are like that.
    nothing: Vec<Fault>,
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
            Trigger::Property { of, from, change, by, held, hysteresis } => {
                let test = if let Change::Becomes(test) = &change.value { Some((test, change.spot)) } else { None };
                let paths = self.paths(of, test);
                if let Some(from) = from {
                    self.check_values(of, &paths, &from.value, from.spot);
                }
                let (from, change) = (from.as_ref().map(|from| from.value.clone()), change.value.clone());
                let by = self.by_whom(by);
                Watch::Property { paths, from, change, by, held: *held, hysteresis: *hysteresis }
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
            Trigger::Holds { condition, held } => {
                // Nothing runs that asks, so that the last run of the rule itself is any that was.
                Watch::Holds { check: self.check(condition).of_rule(&self.rule.id.value), held: *held }
            }
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

    /// The paths that texts mean; a test must be one that at least one of them can pass.
    fn paths(&mut self, of: &[Said<Of>], test: Option<(&Test, Spot)>) -> Vec<Path> {
        let find = |resolver: &mut Self, said: &Said<Of>| {
            let Of { place, property } = &said.value;
            let what = format!("`{property}`");
            let found = resolver.find(place, said.spot, &what, |endpoint| endpoint.offer(property).is_some());
            let path = |(device, endpoint): devices::Place| Path {
                device,
                endpoint: endpoint.id.clone(),
                property: property.clone(),
            };
            found.into_iter().map(path).collect()
        };
        let paths = self.each_of(of, find, Path::clone);
        if let Some((test, spot)) = test {
            self.check_values(of, &paths, test, spot);
        }
        paths
    }

    /// Notes a value that none of these properties can be. Among several, one that can't be this is simply never this.
    fn check_values(&mut self, of: &[Said<Of>], paths: &[Path], test: &Test, spot: Spot) {
        let Test::Is(value) = test else { return };
        let misfit = |path: &Path| {
            let endpoint = self.home.device(path.device)?.device.endpoint(&path.endpoint)?;
            endpoint.offer(&path.property)?.check(value).err()
        };
        let misfits: Vec<_> = paths.iter().filter_map(misfit).collect();
        if misfits.len() == paths.len()
            && let Some(misfit) = misfits.first()
        {
            let places: Vec<_> = of.iter().map(|said| said.value.place.to_string()).collect();
            self.fault(spot, format!("{misfit}, of {}", places.join(" or ")));
        }
    }

    fn places(
        &mut self,
        of: &[Said<crate::rule::Whereabouts>],
        what: &hub_model::Occurrence,
    ) -> Vec<(DeviceId, hub_model::EndpointId)> {
        let happens = format!("`{what}`");
        let find = |resolver: &mut Self, said: &Said<crate::rule::Whereabouts>| {
            resolver.find_any(&said.value, said.spot, &happens, |endpoint| endpoint.occurrences.contains(what))
        };
        self.each_of(of, find, devices::by_ids).iter().map(devices::by_ids).collect()
    }
}

#[cfg(test)]
mod tests;
