//! From the endpoints of a device to the device that the hub knows.

use hub_model::{EndpointId, Found, FoundEndpoint, Property, Said, Value};

use super::{
    Mirror, descriptor,
    group::{BRIDGED, Group},
    kind, label,
    mirror::global,
    part::{POWER_TOPOLOGY, Part, Sketch},
};
use crate::{
    cluster::{Cluster, Heard, family},
    utility::BASIC,
    wire::{AttributePath, EventReport, Tlv},
};

/// A bridged device's own word on whether it can be reached.
const REACHABLE: u32 = 0x0011;

/// How many endpoints a device may have. What is beyond is not shown: no thing that people use has so many.
const MOST_ENDPOINTS: usize = 64;

/// A device as it was described to the hub, with what is needed to read and to drive it.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) group: Group,
    pub(super) found: Found,
    pub(super) parts: Vec<Part>,
}

impl Built {
    /// The device of these endpoints.
    pub(super) fn of(mirror: &Mirror, group: Group) -> Self {
        let (at, basic) = group.basic();
        let sketches = arranged(mirror, &group.endpoints);
        let several = sketches.len() > 1;
        let (mut endpoints, mut parts) = (Vec::new(), Vec::new());
        for (place, (number, sketch)) in sketches.into_iter().enumerate() {
            let id = id(number, place == 0);
            let mut endpoint = FoundEndpoint::new(id.clone(), kind::kind(mirror, number));
            endpoint.name = several.then(|| label::endpoint_name(mirror, number)).flatten();
            endpoint.properties = sketch.bound.iter().map(|bound| bound.offer.clone()).collect();
            endpoint.actions = sketch.actions;
            endpoint.occurrences = sketch.occurrences;
            endpoints.push(endpoint);
            parts.push(Part { id, clusters: sketch.clusters, bound: sketch.bound });
        }
        let found = Found {
            name: label::device_name(mirror, at, basic),
            room: label::room(mirror, &group.endpoints),
            product: label::product(mirror, at, basic),
            endpoints,
        };
        Self { group, found, parts }
    }

    /// Whether the device can be reached, if it is bridged, says so, and said it now.
    pub(super) fn reachable(&self, mirror: &Mirror, touched: impl Fn(AttributePath) -> bool) -> Option<bool> {
        let path = AttributePath::new(self.group.bridged?, BRIDGED, REACHABLE);
        mirror.get(path).filter(|_| touched(path)).and_then(Tlv::as_bool)
    }

    /// What the properties are that are read from attributes which `touched` knows of.
    pub(super) fn readings(
        &self,
        mirror: &Mirror,
        touched: impl Fn(AttributePath) -> bool + Copy,
    ) -> Vec<(EndpointId, Property, Value)> {
        let mut readings = Vec::new();
        for part in &self.parts {
            for bound in part.bound.iter().filter(|bound| bound.is_touched(touched)) {
                readings.push((part.id.clone(), bound.offer.property.clone(), bound.read(mirror)));
            }
        }
        readings
    }

    /// Whether a change of this attribute may change what the device is, rather than only how it is.
    pub(super) fn is_shaped_by(&self, path: &AttributePath) -> bool {
        if !self.group.endpoints.contains(&path.endpoint) {
            return false;
        }
        if (global::FIRST..=0xFFFF).contains(&path.attribute) {
            return true;
        }
        if path.cluster == BRIDGED && path.attribute == REACHABLE {
            return false;
        }
        let names = [descriptor::CLUSTER, BASIC, BRIDGED, label::LABELS[0], label::LABELS[1]];
        let is_reading = || self.parts.iter().flat_map(|part| &part.bound).any(|bound| bound.is_read_from(path));
        names.contains(&path.cluster) || !is_reading()
    }

    /// What an event means, if it is of this device and means something.
    pub(super) fn hear(&self, mirror: &Mirror, event: &EventReport) -> Option<Said> {
        let is_of = |part: &Part| part.clusters.contains(&(event.endpoint, event.cluster));
        let at = self.parts.iter().position(is_of)?;
        let (part, endpoint) = (&self.parts[at], &self.found.endpoints[at]);
        let cluster = Cluster::new(mirror, event.endpoint, event.cluster);
        match (family(event.cluster)?.hear)(&cluster, event)? {
            Heard::Occurred(occurrence) => {
                endpoint.occurrences.contains(&occurrence).then(|| Said::Occurred(part.id.clone(), occurrence))
            }
            Heard::Read(mut read) => {
                read.retain(|(property, value)| {
                    endpoint.offer(property).is_some_and(|offer| *value == Value::Unknown || offer.check(value).is_ok())
                });
                let read: Vec<_> =
                    read.into_iter().map(|(property, value)| (part.id.clone(), property, value)).collect();
                (!read.is_empty()).then_some(Said::Read(read))
            }
        }
    }
}

/// The endpoints that people see, the first of them first. What only carries something for others is laid into the one
/// that it is for.
fn arranged(mirror: &Mirror, endpoints: &[u16]) -> Vec<(u16, Sketch)> {
    let (utilities, own): (Vec<u16>, Vec<u16>) =
        endpoints.iter().partition(|endpoint| kind::is_utility(mirror, **endpoint));
    let mut seen: Vec<(u16, Sketch)> =
        own.into_iter().map(|endpoint| (endpoint, Sketch::of(mirror, endpoint))).collect();
    if seen.iter().any(|(_, sketch)| !sketch.is_empty()) {
        seen.retain(|(_, sketch)| !sketch.is_empty());
    }
    seen.truncate(MOST_ENDPOINTS);
    // The root comes last, so that what is nearer to the thing itself is told rather than what is of the whole node.
    for utility in utilities.into_iter().rev() {
        let sketch = Sketch::of(mirror, utility);
        let served = served(mirror, utility);
        let place = seen.iter().position(|(endpoint, _)| Some(*endpoint) == served).unwrap_or(0);
        let (is_bare, has_room) = (seen.is_empty(), seen.len() < MOST_ENDPOINTS);
        match seen.get_mut(place).filter(|(_, host)| utility == 0 || !host.meets(&sketch)) {
            Some((_, host)) => host.merge(sketch),
            None if is_bare || (has_room && !sketch.is_empty()) => seen.push((utility, sketch)),
            None => {}
        }
    }
    seen
}

/// The one endpoint for which a utility says that it is: a meter by its topology, a battery by its list.
fn served(mirror: &Mirror, utility: u16) -> Option<u16> {
    const METERED: AttributePath = AttributePath::new(0, POWER_TOPOLOGY, 0x0000);
    const POWERED: AttributePath = AttributePath::new(0, 0x002F, 0x001F);
    let list = [METERED, POWERED].into_iter().find_map(|path| mirror.get(AttributePath { endpoint: utility, ..path }));
    match list.map_or(&[][..], Tlv::items) {
        [one] => u16::try_from(one.as_uint()?).ok(),
        _ => None,
    }
}

/// `1` is the first one's; the others have the node's own numbers.
fn id(number: u16, is_first: bool) -> EndpointId {
    if is_first {
        return EndpointId::first();
    }
    if number != 1 {
        return number.into();
    }
    "1-1".parse().expect("digits and a hyphen are an id")
}
