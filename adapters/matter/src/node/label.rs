//! What devices and their endpoints are called: by their labels, and by the tags that tell one from its like (Core
//! Specification §9.5.5, §9.8, §9.9 and §11.1).

use hub_model::Product;
use smol_str::SmolStr;

use super::{Mirror, descriptor, group::Group, namespace};
use crate::{
    cluster::{Cluster, Refusal},
    wire::{AttributePath, Request, Tlv},
};

/// Of Basic Information, the node's and the bridged device's alike.
const VENDOR_NAME: u32 = 0x0001;
const PRODUCT_NAME: u32 = 0x0003;
const NODE_LABEL: u32 = 0x0005;
const VERSION: u32 = 0x000A;
const PRODUCT_LABEL: u32 = 0x000E;
const SERIAL_NUMBER: u32 = 0x000F;

/// Fixed Label and User Label; what the owner wrote comes first.
pub(super) const LABELS: [u32; 2] = [0x0041, 0x0040];
const LABEL_LIST: u32 = 0x0000;

/// The longest name that is taken, in characters.
const LONGEST: usize = 96;

/// The longest label that a device takes, in octets (§11.1.5.6).
const LONGEST_LABEL: usize = 32;

/// What a device goes by: its label, else what its maker calls it. `basic` is the cluster that tells.
pub(super) fn device_name(mirror: &Mirror, endpoint: u16, basic: u32) -> String {
    let told = |attribute| text(mirror, AttributePath::new(endpoint, basic, attribute));
    let name = [NODE_LABEL, PRODUCT_LABEL, PRODUCT_NAME, VENDOR_NAME].into_iter().find_map(told);
    name.map_or_else(|| "Matter device".into(), |name| name.to_string())
}

/// A name as a device takes it for its label: of what is too long, as many whole characters as there is room for.
pub(crate) fn label_of(name: &str) -> SmolStr {
    let name = name.trim();
    name[..name.floor_char_boundary(LONGEST_LABEL)].trim_end().into()
}

/// The request that gives a device a label; `None` where it has that one already. A bridged device need not have a place
/// for one (§9.13).
pub(super) fn relabel(mirror: &Mirror, group: &Group, label: &str) -> Result<Option<Request>, Refusal> {
    let (endpoint, basic) = group.basic();
    let basic = Cluster::new(mirror, endpoint, basic);
    if !basic.has(NODE_LABEL) {
        return Err(Refusal::Unsupported("a name".into()));
    }
    let is_so = basic.get(NODE_LABEL).and_then(Tlv::as_text) == Some(label);
    let write = || Request::Write { path: basic.path(NODE_LABEL), value: Tlv::text(label), timed: None };
    Ok((!is_so).then(write))
}

/// What its maker says of it.
pub(super) fn product(mirror: &Mirror, endpoint: u16, basic: u32) -> Product {
    let told = |attribute| text(mirror, AttributePath::new(endpoint, basic, attribute));
    Product {
        vendor: told(VENDOR_NAME),
        model: told(PRODUCT_NAME),
        firmware: told(VERSION),
        serial: told(SERIAL_NUMBER),
    }
}

/// The room that a label of one of these endpoints names.
pub(super) fn room(mirror: &Mirror, endpoints: &[u16]) -> Option<String> {
    let labels = LABELS.iter().flat_map(|cluster| endpoints.iter().map(move |endpoint| (*endpoint, *cluster)));
    labels.into_iter().find_map(|(endpoint, cluster)| label(mirror, endpoint, cluster, "room")).map(Into::into)
}

/// What tells an endpoint from its like.
pub(super) fn endpoint_name(mirror: &Mirror, endpoint: u16) -> Option<SmolStr> {
    let label = LABELS.iter().find_map(|cluster| label(mirror, endpoint, *cluster, "name"));
    if label.is_some() {
        return label;
    }
    let words: Vec<String> = descriptor::tags(mirror, endpoint).filter_map(word).collect();
    (!words.is_empty()).then(|| cut(&words.join(" ")))
}

/// The word for a tag: the maker's own, else the standard's.
fn word(tag: descriptor::Tag<'_>) -> Option<String> {
    if let Some(own) = tag.label.filter(|label| !label.trim().is_empty()) {
        return Some(own.to_owned());
    }
    if tag.is_makers { None } else { namespace::word(tag.namespace, tag.number) }
}

fn label(mirror: &Mirror, endpoint: u16, cluster: u32, wanted: &str) -> Option<SmolStr> {
    let list = mirror.get(AttributePath::new(endpoint, cluster, LABEL_LIST)).map_or(&[][..], Tlv::items);
    let of = |item: &Tlv| Some((item.field(0)?.as_text()?.to_owned(), item.field(1)?.as_text()?.to_owned()));
    let (_, value) = list.iter().filter_map(of).find(|(label, _)| label.eq_ignore_ascii_case(wanted))?;
    (!value.trim().is_empty()).then(|| cut(&value))
}

fn text(mirror: &Mirror, path: AttributePath) -> Option<SmolStr> {
    mirror.get(path)?.as_text().filter(|text| !text.trim().is_empty()).map(cut)
}

fn cut(text: &str) -> SmolStr {
    text.trim().chars().take(LONGEST).collect()
}
