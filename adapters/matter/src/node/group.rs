//! Which endpoints of a node are one device (Core Specification §9.2 and §9.12): each bridged node with its parts is one,
//! all the rest is the node itself.

use std::collections::{BTreeMap, BTreeSet};

use hub_model::DeviceKey;
use smol_str::format_smolstr;

use super::{Mirror, descriptor};
use crate::{
    utility::{BASIC, ROOT as ROOT_ENDPOINT},
    wire::{AttributePath, Tlv},
};

/// The Bridged Device Basic Information cluster, by which a bridged node is known.
pub(super) const BRIDGED: u32 = 0x0039;
const UNIQUE_ID: u32 = 0x0012;

/// The device type of an endpoint whose parts are bridged nodes.
pub(super) const AGGREGATOR: u32 = 0x000E;
/// The device type of a node's first endpoint.
pub(super) const ROOT: u32 = 0x0016;

/// The longest unique id that makes a key; one that is longer breaks the specification.
const LONGEST_ID: usize = 64;

/// The endpoints of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// In the order of their numbers.
    pub(super) endpoints: Vec<u16>,
    /// The endpoint of the bridged node, unless it is the node itself.
    pub(super) bridged: Option<u16>,
}

impl Group {
    /// Where the device's own Basic Information stands: endpoint and cluster.
    pub(super) fn basic(&self) -> (u16, u32) {
        self.bridged.map_or((ROOT_ENDPOINT, BASIC), |root| (root, BRIDGED))
    }
}

/// Whether an attribute decides which endpoints are one device.
pub(super) fn decides(path: &AttributePath) -> bool {
    path.cluster == descriptor::CLUSTER || (path.cluster == BRIDGED && path.attribute == UNIQUE_ID)
}

/// The key of a node itself.
pub(super) fn node_key(node: u64) -> DeviceKey {
    DeviceKey(format_smolstr!("{node:x}"))
}

/// The devices of a node. A node that hasn't yet told what its root is has none.
pub(super) fn groups(mirror: &Mirror, node: u64) -> BTreeMap<DeviceKey, Group> {
    let endpoints = mirror.endpoints();
    if descriptor::parts(mirror, 0).is_none() {
        return BTreeMap::new();
    }
    let bridged: BTreeSet<u16> =
        endpoints.iter().copied().filter(|endpoint| *endpoint != 0 && mirror.has_cluster(*endpoint, BRIDGED)).collect();
    let owners = owners(mirror, &endpoints, &bridged);
    let mut groups = BTreeMap::new();
    for (root, key) in keys(mirror, node, &bridged) {
        let own = endpoints.iter().copied().filter(|endpoint| owners.get(endpoint) == Some(&root)).collect();
        groups.insert(key, Group { endpoints: own, bridged: Some(root) });
    }
    let rest = endpoints.iter().copied().filter(|endpoint| !owners.contains_key(endpoint)).collect();
    groups.insert(node_key(node), Group { endpoints: rest, bridged: None });
    groups
}

/// The bridged node to which each endpoint belongs: itself, or the nearest that names it as its part, directly or not.
fn owners(mirror: &Mirror, endpoints: &[u16], bridged: &BTreeSet<u16>) -> BTreeMap<u16, u16> {
    let mut owners: BTreeMap<u16, u16> = bridged.iter().map(|root| (*root, *root)).collect();
    for root in bridged {
        let mut open = vec![*root];
        while let Some(endpoint) = open.pop() {
            // The parts of an aggregator are devices of their own, and those of a root are everything.
            let types = descriptor::types(mirror, endpoint);
            if endpoint != *root && (types.contains(&AGGREGATOR) || types.contains(&ROOT)) {
                continue;
            }
            for part in descriptor::parts(mirror, endpoint).unwrap_or_default() {
                // What has an owner is not visited again, so that parts in a circle come to an end.
                if part != 0 && endpoints.contains(&part) && !owners.contains_key(&part) {
                    owners.insert(part, *root);
                    open.push(part);
                }
            }
        }
    }
    owners
}

/// A key for each bridged node: by its unique id, which it keeps when it comes back on another endpoint; by its endpoint
/// where it has none, or shares it with another.
fn keys(mirror: &Mirror, node: u64, bridged: &BTreeSet<u16>) -> Vec<(u16, DeviceKey)> {
    let unique = |endpoint: &u16| {
        let id = mirror.get(AttributePath::new(*endpoint, BRIDGED, UNIQUE_ID)).and_then(Tlv::as_text);
        id.filter(|id| !id.trim().is_empty() && id.len() <= LONGEST_ID)
    };
    let is_alone = |id: &str| bridged.iter().filter(|endpoint| unique(endpoint) == Some(id)).count() == 1;
    let key = |endpoint: &u16| match unique(endpoint).filter(|id| is_alone(id)) {
        Some(id) => DeviceKey(format_smolstr!("{node:x}/{id}")),
        None => DeviceKey(format_smolstr!("{node:x}/#{endpoint}")),
    };
    bridged.iter().map(|endpoint| (*endpoint, key(endpoint))).collect()
}
