//! The `device` and `origin` of a configuration: which physical thing an entity is part of.

use hub_model::{DeviceKey, Product};
use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

use super::abbreviations::{Table, expand_keys};

/// What identifies a thing. Identifiers come before addresses, so that an address that is learnt later does not change
/// the key of a device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// An identifier, as its program gives it.
    Identifier(SmolStr),
    /// An address on a network: its kind and the address, `mac` and `aa:bb:..`, in lower case.
    Address(SmolStr, SmolStr),
}

/// The physical thing that an entity is part of, as one configuration describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceBlock {
    /// What identifies it, sorted. Never empty.
    pub marks: Vec<Mark>,
    /// The name that it goes by.
    pub name: Option<SmolStr>,
    /// Maker, model and so on.
    pub product: Product,
    /// A room that it suggests.
    pub room: Option<SmolStr>,
    /// The mark of the bridge that it hangs on.
    pub via: Option<SmolStr>,
    /// Whose vendor properties these are: the maker, else the program that published the configuration.
    pub vendor: SmolStr,
}

impl DeviceBlock {
    /// Reads the block out of a configuration. An entity without one is a device of its own, known by `lone`.
    pub fn parse(config: &Map<String, Json>, lone: &str) -> Self {
        let device = object(config, "device", Table::Device);
        let origin = object(config, "origin", Table::Origin);
        let text = |field: &str| text(device.get(field));
        let mut marks = identifiers(device.get("identifiers"));
        marks.extend(connections(device.get("connections")));
        marks.sort_unstable();
        marks.dedup();
        if marks.is_empty() {
            marks.push(Mark::Identifier(lone.into()));
        }
        let maker = text("manufacturer");
        let model = match (text("model"), text("model_id")) {
            (Some(model), Some(id)) if model != id => Some(format_smolstr!("{model} ({id})")),
            (model, id) => model.or(id),
        };
        Self {
            name: text("name"),
            room: text("suggested_area"),
            via: text("via_device"),
            vendor: maker.clone().or_else(|| self::text(origin.get("name"))).unwrap_or(SmolStr::new_static("mqtt")),
            product: Product { vendor: maker, model, firmware: text("sw_version"), serial: text("serial_number") },
            marks,
        }
    }

    /// The key of a device that is known by these marks: the first of them.
    pub fn key<'a>(marks: impl Iterator<Item = &'a Mark>) -> DeviceKey {
        DeviceKey::new(marks.min().map(Mark::to_text).unwrap_or_default())
    }
}

impl Mark {
    fn to_text(&self) -> SmolStr {
        match self {
            Self::Identifier(text) => text.clone(),
            Self::Address(kind, address) => format_smolstr!("{kind}:{address}"),
        }
    }

    /// The hardware address in it: the address itself, or the IEEE address that Zigbee2MQTT makes its identifiers of.
    pub fn hardware_address(&self) -> Option<SmolStr> {
        match self {
            Self::Address(_, address) => Some(address.clone()),
            Self::Identifier(text) => {
                let address = text.get(text.find("0x")?..)?;
                let sound = address.len() == 18 && address[2..].bytes().all(|byte| byte.is_ascii_hexdigit());
                sound.then(|| address.into())
            }
        }
    }
}

fn object(config: &Map<String, Json>, field: &str, table: Table) -> Map<String, Json> {
    let mut object = config.get(field).and_then(Json::as_object).cloned().unwrap_or_default();
    expand_keys(&mut object, table);
    object
}

/// The longest text that is taken from a device block, in bytes.
const LONGEST: usize = 200;

fn text(value: Option<&Json>) -> Option<SmolStr> {
    let text = match value? {
        Json::String(text) => text.trim().into(),
        Json::Number(number) => format_smolstr!("{number}"),
        _ => return None,
    };
    let cut = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST);
    let text = cut.map_or(text.clone(), |at| text[..at].into());
    (!text.is_empty()).then_some(text)
}

fn identifiers(value: Option<&Json>) -> Vec<Mark> {
    match value {
        Some(Json::Array(items)) => {
            items.iter().take(32).filter_map(|item| text(Some(item))).map(Mark::Identifier).collect()
        }
        single => text(single).map(Mark::Identifier).into_iter().collect(),
    }
}

/// `[["mac", "aa:bb:.."], ..]`, or one such pair by itself.
fn connections(value: Option<&Json>) -> Vec<Mark> {
    let Some(Json::Array(items)) = value else { return Vec::new() };
    let pair = |item: &[Json]| match item {
        [Json::String(kind), Json::String(address)] => {
            Some(Mark::Address(kind.to_ascii_lowercase().into(), address.to_ascii_lowercase().into()))
        }
        _ => None,
    };
    pair(items).map_or_else(
        || items.iter().take(32).filter_map(|item| item.as_array().and_then(|item| pair(item))).collect(),
        |single| vec![single],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: Json) -> DeviceBlock {
        DeviceBlock::parse(json.as_object().unwrap(), "lone")
    }

    #[test]
    fn identifiers_and_connections_are_marks() {
        let one = parse(serde_json::json!({"dev": 1, "device": {"ids": "py-1", "mf": "Maker", "mdl": "X", "sw": 2}}));
        let identifier = |text: &str| Mark::Identifier(text.into());
        assert_eq!(one.marks, [identifier("py-1")]);
        assert_eq!((one.vendor.as_str(), one.product.firmware.as_deref()), ("Maker", Some("2")));
        let two = parse(serde_json::json!({"device": {"identifiers": ["b", 7], "cns": [["mac", "AA:BB"]]}}));
        assert_eq!(two.marks, [identifier("7"), identifier("b"), Mark::Address("mac".into(), "aa:bb".into())]);
        assert_eq!(DeviceBlock::key(two.marks.iter()).0, "7");
    }

    #[test]
    fn an_entity_without_a_device_stands_alone() {
        let lone =
            parse(serde_json::json!({"origin": {"name": "rtl_433"}, "device": {"name": "x", "identifiers": []}}));
        assert_eq!((lone.marks.as_slice(), lone.vendor.as_str()), (&[Mark::Identifier("lone".into())][..], "rtl_433"));
    }

    #[test]
    fn hardware_addresses_are_serial_numbers() {
        let of = |mark: &str| Mark::Identifier(mark.into()).hardware_address();
        assert_eq!(of("zigbee2mqtt_0x0017880104e45524").as_deref(), Some("0x0017880104e45524"));
        assert_eq!((of("zigbee2mqtt_bridge"), of("0x00é17880104e4552"), of("0x12")), (None, None, None));
        assert_eq!(Mark::Address("mac".into(), "aa:bb".into()).hardware_address().as_deref(), Some("aa:bb"));
    }
}
