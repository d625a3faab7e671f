//! Turns a rule's conditions into checks.

use hub_model::{Path, Property, Value, capability::presence, suggest::did_you_mean};
use smol_str::SmolStr;

use super::Resolver;
use crate::{
    fault::Spot,
    plan::Check,
    rule::{ByWhom, Condition, Of, Said, SunStands, Test, Who},
    sun::Place,
};

impl Resolver<'_> {
    pub(super) fn check(&mut self, condition: &Condition) -> Check {
        match condition {
            Condition::All(parts) => Check::All(parts.iter().map(|part| self.check(part)).collect()),
            Condition::Any(parts) => Check::Any(parts.iter().map(|part| self.check(part)).collect()),
            Condition::Not(inner) => Check::Not(Box::new(self.check(inner))),
            Condition::Property { of, every, test, held } => {
                let paths = self.paths(of, Some((&test.value, test.spot)));
                Check::Property { paths, every: *every, test: test.value.clone(), held: *held }
            }
            Condition::Between(from, to) => Check::Between(*from, *to),
            Condition::Days(days) => Check::Days(*days),
            Condition::Dates(from, to) => Check::Dates(*from, *to),
            Condition::Sun(stands) => self.sun(stands),
            Condition::Reachable { of, every, is } => {
                Check::Reachable { devices: self.whole_devices(of), every: *every, is: *is }
            }
            Condition::Presence { who, home, held } => self.presence(who, *home, *held),
            Condition::Trigger(ids) => Check::Trigger(ids.iter().filter_map(|id| self.trigger_called(id)).collect()),
            Condition::NotRunWithin { rule, span } => {
                Check::NotRunWithin { rule: rule.as_ref().map(|said| said.value.clone()), span: *span }
            }
            Condition::Compare { of, relation, to, by } => match (self.one_number(of), self.one_number(to)) {
                (Some(of), Some(to)) => Check::Compare { of, relation: *relation, to, by: *by },
                // What is wrong was noted, so that no plan comes of it.
                _ => Check::All(Vec::new()),
            },
            Condition::Mean { of, over, test } => {
                Check::Mean { paths: self.paths(of, None), over: *over, test: test.value.clone() }
            }
            Condition::Body { at, test } => Check::Body { at: at.clone(), test: test.clone() },
            Condition::Calendar { calendar, title } => {
                Check::Calendar { calendar: calendar.value.clone(), title: title.clone() }
            }
        }
    }

    fn sun(&mut self, stands: &Said<SunStands>) -> Check {
        let (above, below) = match stands.value {
            SunStands::Phase(phase) => phase.bounds(),
            SunStands::Elevation { above, below } => (above, below),
        };
        match self.place(stands.spot) {
            Some(place) => Check::Sun { above, below, place },
            None => Check::All(Vec::new()),
        }
    }

    /// Where the home is.
    pub(super) fn place(&mut self, spot: Spot) -> Option<Place> {
        self.floating = true;
        let place = Place::of(&self.home.settings);
        if place.is_none() {
            self.fault(spot, "nobody knows where this home is: set its latitude and longitude in its settings");
        }
        place
    }

    /// Of several people, those that have no device for their presence don't count.
    fn presence(&mut self, who: &Said<Who>, home: bool, held: Option<std::time::Duration>) -> Check {
        self.floating = true;
        let property = Property::from(&presence::HOME);
        let paths: Vec<_> = match &who.value {
            Who::Anyone | Who::Everyone => {
                let people = self.home.people.values();
                people.filter_map(|person| self.presence_of(person.device?, &property)).collect()
            }
            Who::Person(name) => {
                let wanted = name.to_lowercase();
                let person = self.home.people.values().find(|person| person.name.to_lowercase() == wanted).cloned();
                let Some(person) = person else {
                    let known = self.home.people.values().map(|person| person.name.as_str());
                    let hint = did_you_mean(name, known.chain(["anyone", "everyone"]));
                    self.fault(who.spot, format!("nobody here is called `{name}`{hint}"));
                    return Check::All(Vec::new());
                };
                person.device.and_then(|device| self.presence_of(device, &property)).into_iter().collect()
            }
        };
        if paths.is_empty() {
            let whom = if let Who::Person(name) = &who.value { name.as_str() } else { "anybody" };
            let message =
                format!("nothing tells whether {whom} is at home: give them a device that has `presence.home`");
            self.fault(who.spot, message);
        }
        self.devices.extend(paths.iter().map(|path| path.device));
        Check::Property { paths, every: who.value == Who::Everyone, test: Test::Is(Value::Bool(home)), held }
    }

    /// By whom a change has to be; whoever is named has to live here.
    pub(super) fn by_whom(&mut self, by: &[Said<ByWhom>]) -> Vec<ByWhom> {
        for said in by {
            let ByWhom::Named(name) = &said.value else { continue };
            self.floating = true;
            let wanted = name.to_lowercase();
            let names = || self.home.people.values().map(|person| person.name.as_str());
            if !names().any(|known| known.to_lowercase() == wanted) {
                let hint = did_you_mean(name, names().chain(ByWhom::WORDS));
                let words = ByWhom::WORDS.join(", ");
                self.fault(
                    said.spot,
                    format!("`by` takes {words}, or a person's name, and nobody here is called `{name}`{hint}"),
                );
            }
        }
        by.iter().map(|said| said.value.clone()).collect()
    }

    fn presence_of(&self, device: hub_model::DeviceId, property: &Property) -> Option<Path> {
        let device = &self.home.device(device)?.device;
        let endpoint = device.endpoints.iter().find(|endpoint| endpoint.offer(property).is_some())?;
        Some(Path { device: device.id, endpoint: endpoint.id.clone(), property: property.clone() })
    }

    /// The number of the trigger that has an id.
    fn trigger_called(&mut self, id: &Said<SmolStr>) -> Option<usize> {
        let ids = || self.rule.when.iter().map(|when| when.id.as_deref());
        let found = ids().position(|known| known == Some(id.value.as_str()));
        if found.is_none() {
            let hint = did_you_mean(&id.value, ids().flatten());
            self.fault(id.spot, format!("no trigger of this rule has `id = {:?}`{hint}", id.value.as_str()));
        }
        found
    }

    /// The one path that a text means.
    fn one_number(&mut self, of: &Said<Of>) -> Option<Path> {
        let mut paths = self.paths(std::slice::from_ref(of), None);
        if paths.len() > 1 {
            let message = format!("a comparison is of one device, and `{}` means {}", of.value.place, paths.len());
            self.fault(of.spot, message);
        }
        if paths.is_empty() { None } else { Some(paths.remove(0)) }
    }
}
