//! The Descriptor cluster: what an endpoint is and what it consists of (Core Specification §9.5).

use std::collections::BTreeSet;

use super::Mirror;
use crate::wire::{AttributePath, Tlv};

/// Its id.
pub(crate) const CLUSTER: u32 = 0x001D;

const DEVICE_TYPES: u32 = 0x0000;
const SERVERS: u32 = 0x0001;
/// The endpoints that it consists of.
pub(crate) const PARTS: u32 = 0x0003;
const TAGS: u32 = 0x0004;

/// The device types of an endpoint.
pub(crate) fn types(mirror: &Mirror, endpoint: u16) -> Vec<u32> {
    let listed = list(mirror, endpoint, DEVICE_TYPES).iter();
    listed.filter_map(|item| u32::try_from(item.field(0)?.as_uint()?).ok()).collect()
}

/// The clusters that an endpoint serves.
pub(crate) fn servers(mirror: &Mirror, endpoint: u16) -> impl Iterator<Item = u64> {
    list(mirror, endpoint, SERVERS).iter().filter_map(Tlv::as_uint)
}

/// The endpoints that an endpoint names as its parts; `None` where it hasn't said.
pub(crate) fn parts(mirror: &Mirror, endpoint: u16) -> Option<BTreeSet<u16>> {
    let listed = mirror.get(AttributePath::new(endpoint, CLUSTER, PARTS))?.items().iter();
    Some(listed.filter_map(|item| u16::try_from(item.as_uint()?).ok()).collect())
}

/// What tells an endpoint from its like.
pub(crate) struct Tag<'a> {
    /// Whether a maker's own namespace is meant.
    pub(crate) is_makers: bool,
    /// The namespace.
    pub(crate) namespace: u64,
    /// The tag in it.
    pub(crate) number: u64,
    /// The maker's word for it.
    pub(crate) label: Option<&'a str>,
}

/// The tags of an endpoint.
pub(crate) fn tags(mirror: &Mirror, endpoint: u16) -> impl Iterator<Item = Tag<'_>> {
    list(mirror, endpoint, TAGS).iter().filter_map(|item| {
        let is_makers = item.field(0).is_some_and(|maker| !maker.is_null());
        let label = item.field(3).and_then(Tlv::as_text);
        Some(Tag { is_makers, namespace: item.field(1)?.as_uint()?, number: item.field(2)?.as_uint()?, label })
    })
}

fn list(mirror: &Mirror, endpoint: u16, attribute: u32) -> &[Tlv] {
    mirror.get(AttributePath::new(endpoint, CLUSTER, attribute)).map_or(&[], Tlv::items)
}
