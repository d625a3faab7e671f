//! Whether a node itself runs on a battery, from what it reports. Pure.
//!
//! Power sources of bridged devices are not the bridge's own: a mains-powered bridge with one battery sensor behind it
//! answers at once and is asked as often as any other.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    node::{descriptor, global},
    utility::ROOT,
    wire::{AttributeReport, Tlv},
};

/// Power Source (11.7), its map of features, and their bits for mains and for batteries.
const POWER_SOURCE: u32 = 0x002F;
const WIRED: u64 = 1 << 0;
const BATTERY: u64 = 1 << 1;

/// ICD Management (9.16), which only devices have that sleep.
const ICD_MANAGEMENT: u32 = 0x0046;

/// Bridged Device Basic Information (9.13), by which the root of a bridged device is known.
const BRIDGED: u32 = 0x0039;

/// What a node's reports said of its power so far.
#[derive(Debug, Default)]
pub(super) struct Power {
    /// The features of each endpoint's power source.
    sources: BTreeMap<u16, u64>,
    /// The endpoints that each endpoint has below it.
    below: BTreeMap<u16, BTreeSet<u16>>,
    bridged: BTreeSet<u16>,
    sleeps: bool,
}

impl Power {
    /// Takes in what a report says; what it leaves out stays as it was.
    pub(super) fn learn(&mut self, attributes: &[AttributeReport]) {
        for AttributeReport { path, value, .. } in attributes {
            match (path.cluster, path.attribute) {
                (POWER_SOURCE, global::FEATURES) => {
                    self.sources.insert(path.endpoint, value.as_uint().unwrap_or(0));
                }
                (ICD_MANAGEMENT, _) => self.sleeps |= path.endpoint == ROOT,
                (BRIDGED, _) => {
                    self.bridged.insert(path.endpoint);
                }
                (descriptor::CLUSTER, descriptor::PARTS) => {
                    let parts = value.items().iter().filter_map(Tlv::as_uint);
                    let parts = parts.filter_map(|part| u16::try_from(part).ok()).collect();
                    self.below.insert(path.endpoint, parts);
                }
                _ => {}
            }
        }
    }

    /// Whether the node itself runs on a battery. One that has mains as well keeps its battery for when that fails.
    pub(super) fn is_battery(&self) -> bool {
        let foreign: BTreeSet<u16> = self.bridged.iter().flat_map(|root| self.with_those_below(*root)).collect();
        let left =
            |endpoint: u16| endpoint != ROOT && self.below.get(&ROOT).is_some_and(|parts| !parts.contains(&endpoint));
        let own = self.sources.iter().filter(|(endpoint, _)| !foreign.contains(endpoint) && !left(**endpoint));
        let features = own.fold(0, |all, (_, features)| all | features);
        self.sleeps || (features & BATTERY != 0 && features & WIRED == 0)
    }

    fn with_those_below(&self, root: u16) -> BTreeSet<u16> {
        let (mut found, mut next) = (BTreeSet::new(), vec![root]);
        while let Some(endpoint) = next.pop() {
            if found.insert(endpoint) {
                next.extend(self.below.get(&endpoint).into_iter().flatten());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::AttributePath;

    fn said(endpoint: u16, cluster: u32, attribute: u32, value: Tlv) -> AttributeReport {
        AttributeReport { path: AttributePath { endpoint, cluster, attribute }, data_version: 1, value }
    }

    fn source(endpoint: u16, features: u64) -> AttributeReport {
        said(endpoint, POWER_SOURCE, global::FEATURES, Tlv::Uint(features))
    }

    fn parts(endpoint: u16, parts: &[u64]) -> AttributeReport {
        let parts = parts.iter().map(|part| Tlv::Uint(*part)).collect();
        said(endpoint, descriptor::CLUSTER, descriptor::PARTS, Tlv::Array(parts))
    }

    fn bridged(endpoint: u16) -> AttributeReport {
        said(endpoint, BRIDGED, 0x11, Tlv::Bool(true))
    }

    fn is_battery(reports: &[AttributeReport]) -> bool {
        let mut power = Power::default();
        power.learn(reports);
        power.is_battery()
    }

    #[test]
    fn a_battery_behind_a_bridge_is_not_the_bridge_s() {
        let behind = [parts(0, &[1, 2, 3]), parts(1, &[2, 3]), parts(2, &[3]), bridged(2), source(3, BATTERY)];
        assert!(!is_battery(&behind));
        assert!(!is_battery(&[bridged(2), source(2, BATTERY)]));
        assert!(is_battery(&[bridged(2), source(2, BATTERY), source(0, BATTERY)]));
    }

    #[test]
    fn a_node_on_a_battery_is_known_by_its_own_source_or_by_its_sleep() {
        assert!(is_battery(&[source(0, BATTERY)]));
        assert!(is_battery(&[parts(0, &[1]), source(1, BATTERY)]), "some have their source beside the root");
        assert!(is_battery(&[said(0, ICD_MANAGEMENT, 0, Tlv::Uint(1))]));
        assert!(!is_battery(&[source(0, WIRED), source(1, BATTERY)]), "a battery for when the mains fail");
        assert!(!is_battery(&[]));
    }

    #[test]
    fn what_was_learnt_stays_until_the_node_says_otherwise() {
        let mut power = Power::default();
        power.learn(&[parts(0, &[1]), source(1, BATTERY)]);
        power.learn(&[]);
        assert!(power.is_battery());
        power.learn(&[parts(0, &[])]);
        assert!(!power.is_battery(), "its endpoint left");
    }
}
