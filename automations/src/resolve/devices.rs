//! Finds what selectors mean.

use std::{
    collections::{BTreeSet, HashSet},
    hash::Hash,
    sync::Arc,
};

use hub_model::{Device, DeviceId, Endpoint, EndpointId, Handle, HomeDevice, handle::slug, suggest::did_you_mean};

use super::Resolver;
use crate::{
    fault::{Fault, Spot},
    rule::{Said, Selector, Term, Whereabouts},
};

/// An endpoint and whose it is.
pub(super) type Place = (DeviceId, Arc<Endpoint>);

impl Resolver<'_> {
    /// What each of several texts means, all together. One that means nothing just now is no mistake as long as another
    /// means something: `["kind:door", "kind:window"]` is right in a home without windows.
    pub(super) fn each_of<T, P, K: Eq + Hash>(
        &mut self,
        several: &[Said<T>],
        mut find: impl FnMut(&mut Self, &Said<T>) -> Vec<P>,
        key: impl Fn(&P) -> K,
    ) -> Vec<P> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for said in several {
            // What is meant twice is there once, where it stands first.
            found.extend(find(self, said).into_iter().filter(|one| seen.insert(key(one))));
        }
        let nothing = std::mem::take(&mut self.nothing);
        if found.is_empty() {
            self.faults.extend(nothing);
        }
        found
    }

    /// The endpoints that texts mean and that offer something.
    pub(super) fn find_all(
        &mut self,
        places: &[Said<Whereabouts>],
        what: &str,
        offers: impl Fn(&Endpoint) -> bool,
    ) -> Vec<Place> {
        self.each_of(places, |resolver, said| resolver.find(&said.value, said.spot, what, &offers), by_ids)
    }

    /// The endpoints that a text means and that offer something. Of one device named by its handle alone, that is its
    /// first endpoint, or else the only one that does.
    pub(super) fn find(
        &mut self,
        place: &Whereabouts,
        spot: Spot,
        what: &str,
        offers: impl Fn(&Endpoint) -> bool,
    ) -> Vec<Place> {
        let found = self.find_any(place, spot, what, offers);
        if place.endpoint.is_some() || place.selector.handle().is_none() {
            return found;
        }
        let first = EndpointId::first();
        if let Some(place) = found.iter().find(|(_, endpoint)| endpoint.id == first) {
            return vec![place.clone()];
        }
        if found.len() > 1 {
            let ways: Vec<_> = found.iter().map(|(_, endpoint)| format!("`{place}/{}`", endpoint.id)).collect();
            self.fault(spot, format!("several parts of `{place}` have {what}: write {}", ways.join(" or ")));
        }
        found
    }

    /// The endpoints that a text means and that offer something, whichever they are.
    pub(super) fn find_any(
        &mut self,
        place: &Whereabouts,
        spot: Spot,
        what: &str,
        offers: impl Fn(&Endpoint) -> bool,
    ) -> Vec<Place> {
        let faults = self.faults.len();
        let endpoints = self.endpoints(place, spot);
        let found: Vec<_> = endpoints.iter().filter(|(_, endpoint)| offers(endpoint)).cloned().collect();
        if found.is_empty() && self.faults.len() == faults {
            let message = self.offers_nothing(place, &endpoints, what);
            if place.selector.handle().is_some() {
                self.fault(spot, message);
            } else {
                self.nothing.push(Fault::new(&self.rule.file, spot, message));
            }
        }
        found
    }

    fn offers_nothing(&self, place: &Whereabouts, endpoints: &[Place], what: &str) -> String {
        if endpoints.is_empty() {
            return format!("`{place}` means no device just now");
        }
        if place.selector.handle().is_none() {
            return format!("no device of `{place}` has {what}");
        }
        let names = endpoints.iter().flat_map(|(_, endpoint)| {
            let properties = endpoint.properties.iter().map(|offer| offer.property.as_str());
            let actions = endpoint.actions.iter().map(|offer| offer.action.as_str());
            properties.chain(actions).chain(endpoint.occurrences.iter().map(|occurrence| occurrence.as_str()))
        });
        let names: Vec<_> = names.take(12).collect();
        let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        format!("`{place}` has no {what}; it has {names}")
    }

    /// The devices that texts mean, as wholes.
    pub(super) fn whole_devices(&mut self, of: &[Said<Whereabouts>]) -> Vec<DeviceId> {
        let find =
            |resolver: &mut Self, said: &Said<Whereabouts>| resolver.find_any(&said.value, said.spot, "part", |_| true);
        let found = self.each_of(of, find, by_ids);
        let found: BTreeSet<_> = found.into_iter().map(|(id, _)| id).collect();
        found.into_iter().collect()
    }

    /// The text with the device that is called `it` just now.
    fn meant(&self, place: &Whereabouts) -> Option<Whereabouts> {
        let it = self.it.as_ref()?;
        let is_it = place.selector.handle().is_some_and(|handle| handle.as_str() == "it");
        is_it.then(|| Whereabouts { selector: Selector::of(it.clone()), endpoint: place.endpoint.clone() })
    }

    /// Every endpoint that a text means, whatever it offers.
    pub(super) fn endpoints(&mut self, place: &Whereabouts, spot: Spot) -> Vec<Place> {
        let meant = self.meant(place);
        let place = meant.as_ref().unwrap_or(place);
        if let Some(handle) = place.selector.handle() {
            return self.endpoints_of(handle, place, spot);
        }
        self.floating = true;
        if !self.terms_exist(&place.selector, spot) {
            return Vec::new();
        }
        let home = self.home;
        let mut found = Vec::new();
        for HomeDevice { device, .. } in home.devices() {
            let chosen = device.endpoints.iter().enumerate().filter(|(at, endpoint)| {
                let named = place.endpoint.as_ref().is_none_or(|wanted| endpoint.id == *wanted);
                named && place.selector.terms().iter().all(|term| self.holds(term, device, *at))
            });
            found.extend(chosen.map(|(_, endpoint)| (device.id, endpoint.clone())));
        }
        self.devices.extend(found.iter().map(|(device, _)| *device));
        found
    }

    fn endpoints_of(&mut self, handle: &Handle, place: &Whereabouts, spot: Spot) -> Vec<Place> {
        let Some(HomeDevice { device, .. }) = self.home.by_handle(handle.as_str()) else {
            let message = self.no_device(handle);
            self.fault(spot, message);
            return Vec::new();
        };
        self.devices.insert(device.id);
        let Some(wanted) = &place.endpoint else {
            return device.endpoints.iter().map(|endpoint| (device.id, endpoint.clone())).collect();
        };
        let found: Vec<_> = device.endpoint(wanted).map(|endpoint| (device.id, endpoint.clone())).into_iter().collect();
        if found.is_empty() {
            let ids: Vec<_> = device.endpoints.iter().map(|endpoint| endpoint.id.to_string()).collect();
            self.fault(spot, format!("`{handle}` has no endpoint `{wanted}`; it has {}", ids.join(", ")));
        }
        found
    }

    fn no_device(&self, handle: &Handle) -> String {
        let handles = self.home.devices().map(|device| device.device.handle.as_str());
        format!("there is no device `{handle}`{}", did_you_mean(handle.as_str(), handles))
    }

    /// Whether a term holds of the endpoint at a place of a device.
    fn holds(&self, term: &Term, device: &Device, at: usize) -> bool {
        match term {
            Term::Handle(handle) => device.handle == *handle,
            Term::Room(room) => {
                let room = self.home.room_by_slug(room);
                room.is_some_and(|room| device.room == Some(room.id))
            }
            Term::Group(group) => {
                let group = self.home.group_by_slug(group);
                group.is_some_and(|group| group.devices.contains(&device.id))
            }
            // "Show as" speaks for the first endpoint.
            Term::Kind(kind) if at == 0 => device.kind() == *kind,
            Term::Any => true,
            Term::Kind(kind) => device.endpoints.get(at).is_some_and(|endpoint| endpoint.kind == *kind),
        }
    }

    fn terms_exist(&mut self, selector: &Selector, spot: Spot) -> bool {
        let mut all = true;
        for term in selector.terms() {
            let home = self.home;
            let message = match term {
                Term::Room(room) if home.room_by_slug(room).is_none() => {
                    let rooms: Vec<_> = home.rooms.values().map(|room| slug(&room.name)).collect();
                    format!("there is no room `{room}`{}", did_you_mean(room, rooms.iter().map(String::as_str)))
                }
                Term::Group(group) if home.group_by_slug(group).is_none() => {
                    let groups: Vec<_> = home.groups.values().map(|group| slug(&group.name)).collect();
                    format!("there is no group `{group}`{}", did_you_mean(group, groups.iter().map(String::as_str)))
                }
                Term::Handle(handle) if home.by_handle(handle.as_str()).is_none() => self.no_device(handle),
                _ => continue,
            };
            self.fault(spot, message);
            all = false;
        }
        all
    }
}

/// By what two places are the same.
pub(super) fn by_ids((device, endpoint): &Place) -> (DeviceId, EndpointId) {
    (*device, endpoint.id.clone())
}

/// Texts that choose devices, for messages.
pub(super) fn named<T: std::fmt::Display>(several: &[Said<T>]) -> String {
    several.iter().map(|said| said.value.to_string()).collect::<Vec<_>>().join(" or ")
}
