//! What a node last told, attribute by attribute.

use std::collections::BTreeMap;

use super::descriptor;
use crate::wire::{AttributePath, AttributeReport, Tlv};

/// The ids of the attributes that every cluster has (Core Specification §7.13).
pub(crate) mod global {
    /// The commands that it takes.
    pub(crate) const COMMANDS: u32 = 0xFFF9;
    /// The attributes that it has.
    pub(crate) const ATTRIBUTES: u32 = 0xFFFB;
    /// Its features, one bit each.
    pub(crate) const FEATURES: u32 = 0xFFFC;
    /// The first of them all.
    pub(crate) const FIRST: u32 = 0xFFF8;
}

/// Clusters that say nothing of what a device does: access, keys, groups, networks, clocks and logs. They are not kept.
const SILENT: &[u32] = &[
    0x001E, 0x001F, 0x0025, 0x0029, 0x002B, 0x002C, 0x002D, 0x002E, 0x0030, 0x0031, 0x0032, 0x0034, 0x0037, 0x0038,
    0x003C, 0x003E, 0x003F, 0x0046, 0x0004, 0x0005, 0x0062, 0x0750, 0x0751, 0x0801, 0x0802,
];

/// The attributes of a node.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    attributes: BTreeMap<AttributePath, Tlv>,
    versions: BTreeMap<(u16, u32), u32>,
    levels: BTreeMap<u16, u64>,
}

impl Mirror {
    /// How many attributes of a node are kept; a bridge with a hundred children has about 4,000. When it is full, new
    /// ones are not taken in, and those that are there go on.
    const MOST: usize = 16_384;

    /// Takes a report in. Whether the attribute is another one than before.
    pub(crate) fn put(&mut self, report: AttributeReport) -> bool {
        let AttributeReport { path, data_version, value } = report;
        if SILENT.contains(&path.cluster) {
            return false;
        }
        if self.attributes.len() >= Self::MOST && !self.attributes.contains_key(&path) {
            return false;
        }
        self.versions.insert((path.endpoint, path.cluster), data_version);
        if self.attributes.get(&path) == Some(&value) {
            return false;
        }
        self.attributes.insert(path, value);
        true
    }

    /// An attribute as it was last told.
    pub(crate) fn get(&self, path: AttributePath) -> Option<&Tlv> {
        self.attributes.get(&path)
    }

    /// Whether anything was told of a cluster.
    pub(crate) fn has_cluster(&self, endpoint: u16, cluster: u32) -> bool {
        self.attributes_of(endpoint, cluster).next().is_some()
    }

    /// What was told of a cluster, in the order of the attributes' ids.
    pub(crate) fn attributes_of(&self, endpoint: u16, cluster: u32) -> impl Iterator<Item = (u32, &Tlv)> {
        let path = |attribute| AttributePath::new(endpoint, cluster, attribute);
        self.attributes.range(path(0)..=path(u32::MAX)).map(|(path, value)| (path.attribute, value))
    }

    /// The clusters of an endpoint of which something was told, in the order of their ids.
    pub(crate) fn clusters_of(&self, endpoint: u16) -> Vec<u32> {
        let span = AttributePath::new(endpoint, 0, 0)..=AttributePath::new(endpoint, u32::MAX, u32::MAX);
        let mut clusters: Vec<u32> = self.attributes.range(span).map(|(path, _)| path.cluster).collect();
        clusters.dedup();
        clusters
    }

    /// The endpoints that described themselves, in the order of their numbers.
    pub(crate) fn endpoints(&self) -> Vec<u16> {
        let described = |path: &AttributePath| path.cluster == descriptor::CLUSTER;
        let mut endpoints: Vec<u16> =
            self.attributes.keys().filter(|path| described(path)).map(|path| path.endpoint).collect();
        endpoints.dedup();
        endpoints
    }

    /// The level that an endpoint had before it was faded out.
    pub(crate) fn level_before(&self, endpoint: u16) -> Option<u64> {
        self.levels.get(&endpoint).copied()
    }

    /// Remembers the level that an endpoint had before it is faded out.
    pub(crate) fn remember_level(&mut self, endpoint: u16, level: u64) {
        self.levels.insert(endpoint, level);
    }

    /// Keeps only these endpoints.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(u16) -> bool) {
        self.attributes.retain(|path, _| stays(path.endpoint));
        self.versions.retain(|(endpoint, _), _| stays(*endpoint));
        self.levels.retain(|endpoint, _| stays(*endpoint));
    }

    /// The version of each cluster's data that was last told.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (u16, u32, u32)> {
        self.versions.iter().map(|((endpoint, cluster), version)| (*endpoint, *cluster, *version))
    }
}
