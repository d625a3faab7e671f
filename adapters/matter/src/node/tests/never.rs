//! Whatever a node says, in whatever order: nothing panics, and every value is one that its offer takes.

use std::{collections::BTreeMap, sync::LazyLock};

use hub_model::{
    Actor, Cause, Command, CommandId, DeviceId, DeviceKey, Found, Invoke, Said, Shape, Target, Value, capability,
};
use proptest::{collection::vec, prelude::*};

use super::dump;
use crate::{
    cluster::FAMILIES,
    node::Node,
    wire::{AttributePath, AttributeReport, EventReport, Tlv},
};

/// Any value, with trees as deep as the wire lets them be.
fn tlv() -> impl Strategy<Value = Tlv> {
    let leaf = prop_oneof![
        Just(Tlv::Null),
        any::<bool>().prop_map(Tlv::Bool),
        prop_oneof![any::<i64>(), -300i64..300].prop_map(Tlv::Int),
        prop_oneof![any::<u64>(), 0u64..300].prop_map(Tlv::Uint),
        any::<f64>().prop_map(Tlv::Float),
        ".{0,80}".prop_map(Tlv::text),
        vec(any::<u8>(), 0..40).prop_map(Tlv::Bytes),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        prop_oneof![vec(inner.clone(), 0..8).prop_map(Tlv::Array), vec((0u8..8, inner), 0..8).prop_map(Tlv::Struct),]
    })
}

/// The path of anything, mostly of what some family knows.
fn path() -> impl Strategy<Value = AttributePath> {
    let known: Vec<u32> =
        FAMILIES.iter().flat_map(|family| family.clusters).copied().chain([0x1D, 0x40, 0x9C]).collect();
    let cluster = prop_oneof![9 => proptest::sample::select(known), 1 => any::<u32>()];
    let attribute = prop_oneof![8 => 0u32..0x30, 1 => 0x4000u32..0x4012, 2 => 0xFFF8u32..=0xFFFD, 1 => any::<u32>()];
    (0u16..6, cluster, attribute)
        .prop_map(|(endpoint, cluster, attribute)| AttributePath::new(endpoint, cluster, attribute))
}

fn report() -> impl Strategy<Value = AttributeReport> {
    (path(), any::<u32>(), tlv()).prop_map(|(path, data_version, value)| AttributeReport { path, data_version, value })
}

fn event() -> impl Strategy<Value = EventReport> {
    (path(), 0u32..8, any::<u64>(), tlv()).prop_map(|(path, event, number, value)| EventReport {
        endpoint: path.endpoint,
        cluster: path.cluster,
        event,
        number,
        value,
    })
}

const KINDS: &[&str] = &[
    "color",
    "xy",
    "thermostat",
    "lock",
    "fan",
    "covering",
    "vacuum",
    "washer",
    "refrigerator",
    "bridge",
    "airquality",
    "button",
    "speaker",
    "tv",
    "plug",
];

/// What each kind tells, read once.
static DUMPS: LazyLock<BTreeMap<&str, Vec<AttributeReport>>> =
    LazyLock::new(|| KINDS.iter().map(|kind| (*kind, dump::reports(kind))).collect());

fn known(kind: &str) -> &'static Vec<AttributeReport> {
    &DUMPS[kind]
}

/// What the hub knows after all that was said; panics where something was said that the hub would drop.
#[derive(Default)]
struct Hub(BTreeMap<DeviceKey, Found>);

impl Hub {
    fn hear(&mut self, all: Vec<(DeviceKey, Said)>) {
        for (key, said) in all {
            match said {
                Said::Found(found) => drop(self.0.insert(key, *found)),
                Said::Gone => drop(self.0.remove(&key).expect("only what was found can go")),
                Said::Reachable(_) => assert!(self.0.contains_key(&key)),
                Said::Read(readings) => readings.iter().for_each(|(endpoint, property, value)| {
                    let known = self.0[&key].endpoints.iter().find(|known| known.id == *endpoint).unwrap();
                    known.offer(property).unwrap().check(value).unwrap();
                }),
                Said::Occurred(endpoint, occurrence) => {
                    let known = self.0[&key].endpoints.iter().find(|known| known.id == endpoint).unwrap();
                    assert!(known.occurrences.contains(&occurrence));
                }
            }
        }
        for found in self.0.values() {
            let ids: Vec<_> = found.endpoints.iter().map(|endpoint| &endpoint.id).collect();
            assert!(ids.iter().all(|id| ids.iter().filter(|other| other == &id).count() == 1), "{ids:?}");
            for endpoint in &found.endpoints {
                let names = || endpoint.properties.iter().map(|offer| &offer.property);
                assert!(names().all(|name| names().filter(|other| *other == name).count() == 1));
            }
        }
    }
}

/// Some value of a shape: an end of its span, a word of its list.
fn some(shape: &Shape, at: usize) -> Value {
    match shape {
        Shape::Bool => at.is_multiple_of(2).into(),
        Shape::Number(limits) => [limits.min, limits.max, (limits.min + limits.max) / 2.0][at % 3].into(),
        Shape::Choice(words) => words.get(at % words.len().max(1)).cloned().map_or(Value::Unknown, Value::Text),
        Shape::Text(_) => Value::text("x"),
        Shape::Color => hub_model::Color::new(at as f64 * 50.0, 70.0).into(),
    }
}

/// Every offer that can be set, and every action, is one that can be planned or is refused with a reason.
fn drive(node: &mut Node, hub: &Hub, at: usize) {
    for (key, found) in &hub.0 {
        for endpoint in &found.endpoints {
            let command = |set, invoke| Command {
                id: CommandId::named("any"),
                key: None,
                target: Target { device: DeviceId::named("any"), endpoint: endpoint.id.clone() },
                set,
                invoke,
                transition: None,
                cause: Cause::root(Actor::Hub),
                deadline: std::time::Duration::from_secs(1),
            };
            for offer in endpoint.properties.iter().filter(|offer| offer.access == capability::Access::ReadWrite) {
                let set = vec![(offer.property.clone(), some(&offer.shape, at))];
                let planned = node.plan(key, &command(set, None));
                assert!(planned.is_err() || !planned.unwrap().is_empty(), "{}", offer.property);
            }
            for offer in &endpoint.actions {
                let invoke = Invoke { action: offer.action.clone(), arguments: BTreeMap::new() };
                let _ = node.plan(key, &command(Vec::new(), Some(invoke)));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn anything_at_all(batches in vec((vec(report(), 0..40), vec(event(), 0..6)), 1..6)) {
        let (mut node, mut hub) = (Node::new(1, None), Hub::default());
        node.established();
        // Without a root there are no devices, so that there is one.
        let root = AttributeReport { path: AttributePath::new(0, 0x1D, 3), data_version: 0, value: Tlv::Array((1..5).map(Tlv::Uint).collect()) };
        hub.hear(node.update(vec![root], Vec::new()));
        for (reports, events) in batches {
            hub.hear(node.update(reports, events));
            drive(&mut node, &hub, 1);
        }
    }

    #[test]
    fn a_real_device_that_goes_mad(
        kind in proptest::sample::select(KINDS),
        places in vec((any::<proptest::sample::Index>(), tlv()), 1..12),
        events in vec(event(), 0..6),
    ) {
        let reports = known(kind);
        let (mut node, mut hub) = (Node::new(1, None), Hub::default());
        hub.hear(node.update(reports.clone(), Vec::new()));
        node.established();
        for (at, (place, value)) in places.into_iter().enumerate() {
            let mad = AttributeReport { value, ..place.get(reports).clone() };
            hub.hear(node.update(vec![mad], Vec::new()));
            drive(&mut node, &hub, at);
        }
        hub.hear(node.update(Vec::new(), events));
    }

    #[test]
    fn the_order_in_which_a_device_tells_itself_does_not_matter(
        kind in proptest::sample::select(KINDS),
        seed in any::<u64>(),
        size in 1usize..40,
    ) {
        let mut reports = known(kind).clone();
        let (mut all, mut hub) = (Node::new(1, None), Hub::default());
        hub.hear(all.update(reports.clone(), Vec::new()));
        // A shuffle that needs no random generator: by a hash of each place.
        reports.sort_by_key(|report| (u64::from(report.path.attribute) + u64::from(report.path.cluster) * 7919).wrapping_mul(seed | 1));
        let (mut parts, mut shuffled) = (Node::new(1, None), Hub::default());
        for chunk in reports.chunks(size) {
            shuffled.hear(parts.update(chunk.to_vec(), Vec::new()));
        }
        prop_assert_eq!(hub.0, shuffled.0);
    }
}
