//! Lists of modes: those derived from Mode Base (Application Cluster Specification §1.10) and Mode Select (§1.9).

use hub_model::{PropertyOffer, Shape, Unit, Value, capability::appliance};
use smol_str::SmolStr;

use super::{Cluster, Family, Refusal, Row, Wanted};
use crate::wire::Tlv;

/// The command of every such cluster.
pub(super) const CHANGE_TO: u32 = 0x00;

const SUPPORTED: u32 = 0x0000;
pub(super) const CURRENT: u32 = 0x0001;

/// Mode Select has two attributes before these.
const SELECT: u32 = 0x0050;
const SELECT_SUPPORTED: u32 = 0x0002;
const SELECT_CURRENT: u32 = 0x0003;

/// The microwave oven, whose mode is chosen together with its time.
const MICROWAVE: u32 = 0x005E;

/// One of the modes that a device has.
pub(super) struct Choice<'a> {
    /// The device's own word for it.
    pub(super) label: &'a str,
    /// The number that stands for it.
    pub(super) number: u64,
    /// What it is good for, by the specification's tags.
    pub(super) tags: Vec<u64>,
}

/// The programmes of washers, dryers, dishwashers, refrigerators and ovens.
pub(super) static PROGRAMME: Family = Family {
    clusters: &[0x0051, 0x0052, 0x0059, 0x0049, MICROWAVE],
    rows: &[Row::of(
        &[CURRENT],
        |cluster| {
            let offer = PropertyOffer::new(&appliance::PROGRAMME).words(labels(cluster));
            let offer = if cluster.id == MICROWAVE { offer.read_only() } else { offer };
            (!options(cluster).is_empty()).then_some(offer)
        },
        read,
    )],
    plan: |cluster, wanted| match wanted.take_text(&appliance::PROGRAMME) {
        Some(label) => change(cluster, wanted, &label),
        None => Ok(()),
    },
    ..Family::OF_NOTHING
};

/// Modes of a device's own, and those of energy and water heating, for which there is no row.
pub(super) static SELECT_ONE: Family = Family {
    clusters: &[SELECT, 0x009D, 0x009E, 0x009F],
    rows: &[
        Row::of(&[SELECT_CURRENT, SELECT_SUPPORTED], |cluster| (cluster.id == SELECT).then(|| own(cluster))?, read),
        Row::of(&[CURRENT, SUPPORTED], |cluster| (cluster.id != SELECT).then(|| own(cluster))?, read),
    ],
    plan: |cluster, wanted| match wanted.take_named(&cluster.own("mode")) {
        Some(Value::Text(label)) => change(cluster, wanted, &label),
        _ => Ok(()),
    },
    ..Family::OF_NOTHING
};

fn own(cluster: &Cluster<'_>) -> Option<PropertyOffer> {
    let labels = labels(cluster);
    (!labels.is_empty()).then(|| cluster.own_offer("mode", Shape::Choice(labels), Unit::None).settable())
}

/// The modes that a device has; those without a label are left out.
pub(super) fn options<'a>(cluster: &Cluster<'a>) -> Vec<Choice<'a>> {
    let attribute = if cluster.id == SELECT { SELECT_SUPPORTED } else { SUPPORTED };
    let listed = cluster.get(attribute).map_or(&[][..], Tlv::items);
    let option = |item: &'a Tlv| {
        let label = item.field(0)?.as_text().map(str::trim).filter(|label| !label.is_empty())?;
        let tags = item.field(2).map_or(&[][..], Tlv::items).iter();
        let tags = tags.filter_map(|tag| tag.field(1)?.as_uint()).collect();
        Some(Choice { label, number: item.field(1)?.as_uint()?, tags })
    };
    listed.iter().filter_map(option).collect()
}

/// The words of a list of modes, each once.
pub(super) fn labels(cluster: &Cluster<'_>) -> Vec<SmolStr> {
    let mut labels: Vec<SmolStr> = Vec::new();
    for option in options(cluster) {
        if !labels.iter().any(|label| label == option.label) {
            labels.push(option.label.into());
        }
    }
    labels
}

/// The mode that is on, by its word.
pub(super) fn read(cluster: &Cluster<'_>) -> Value {
    let attribute = if cluster.id == SELECT { SELECT_CURRENT } else { CURRENT };
    let current = cluster.uint(attribute);
    let option = options(cluster).into_iter().find(|option| Some(option.number) == current);
    option.map_or(Value::Unknown, |option| Value::text(option.label))
}

/// Changes to the mode of that word.
pub(super) fn change(cluster: &Cluster<'_>, wanted: &mut Wanted, label: &str) -> Result<(), Refusal> {
    let option = options(cluster).into_iter().find(|option| option.label == label);
    let option = option.ok_or_else(|| Refusal::OutOfRange(format!("there is no mode `{label}`")))?;
    wanted.invoke(cluster, CHANGE_TO, vec![(0, Tlv::Uint(option.number))]);
    Ok(())
}

/// Changes to the first mode that has a tag; whether there is one.
pub(super) fn change_to_tag(cluster: &Cluster<'_>, wanted: &mut Wanted, tag: u64) -> bool {
    let option = options(cluster).into_iter().find(|option| option.tags.contains(&tag));
    if let Some(option) = &option {
        wanted.invoke(cluster, CHANGE_TO, vec![(0, Tlv::Uint(option.number))]);
    }
    option.is_some()
}
