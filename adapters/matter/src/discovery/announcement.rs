//! The names and texts of announcements (Matter core specification, 4.3). Pure.

use super::Sighting;

/// A device that waits to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Its instance's name: random, and another one whenever it begins to wait.
    pub(crate) instance: String,
    /// Its 12 bits.
    pub(crate) discriminator: u16,
    /// Its maker, by number.
    pub(crate) vendor: Option<u16>,
    /// Its product, by number.
    pub(crate) product: Option<u16>,
    /// What it is, by the number of a device type.
    pub(crate) device_type: Option<u32>,
    /// What it calls itself.
    pub(crate) name: Option<String>,
    /// Where it is.
    pub(crate) sighting: Sighting,
}

/// A node of some fabric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operational {
    /// The fabric's compressed id.
    pub(crate) fabric: u64,
    /// The node's id within it.
    pub(crate) node: u64,
    /// Where it is.
    pub(crate) sighting: Sighting,
}

/// Reads what a device says that waits; `None` for one that doesn't wait now, or makes no sense.
pub(super) fn waiting(instance: &str, sighting: Sighting) -> Option<Waiting> {
    let value = |key: &str| {
        let found = sighting.text.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let discriminator = value("D")?.parse().ok().filter(|discriminator| *discriminator < 1 << 12)?;
    // 0 is a device that can be seen, but whose window is closed.
    if value("CM").is_none_or(|mode| mode == "0") || sighting.addresses.is_empty() {
        return None;
    }
    let (vendor, product) = match value("VP").map(|both| both.split_once('+').unwrap_or((both, ""))) {
        Some((vendor, product)) => (vendor.parse().ok(), product.parse().ok()),
        None => (None, None),
    };
    let device_type = value("DT").and_then(|number| number.parse().ok());
    let name = value("DN").map(str::to_owned);
    Some(Waiting { instance: instance.to_owned(), discriminator, vendor, product, device_type, name, sighting })
}

/// Reads whose node this is.
pub(super) fn operational(instance: &str, sighting: Sighting) -> Option<Operational> {
    let (fabric, node) = name(instance)?;
    (!sighting.addresses.is_empty()).then_some(Operational { fabric, node, sighting })
}

/// The fabric and the id that a node's instance is called after (4.3.2.1).
pub(super) fn name(instance: &str) -> Option<(u64, u64)> {
    let (fabric, node) = instance.split_once('-')?;
    let number = |hex: &str| (hex.len() == 16).then(|| u64::from_str_radix(hex, 16).ok()).flatten();
    Some((number(fabric)?, number(node)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(text: &[(&str, &str)]) -> Sighting {
        let text = text.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Sighting { addresses: vec!["[fd00::1]:5540".parse().unwrap()], port: 5540, text }
    }

    #[test]
    fn a_device_that_waits_says_what_it_is() {
        let said = sighting(&[("D", "840"), ("CM", "2"), ("VP", "4996+22"), ("DT", "266"), ("DN", "Kitchen Plug")]);
        let waiting = waiting("DD200C20D25AE5F7", said).unwrap();
        assert_eq!((waiting.discriminator, waiting.vendor, waiting.product), (840, Some(4996), Some(22)));
        assert_eq!((waiting.device_type, waiting.name.as_deref()), (Some(266), Some("Kitchen Plug")));
    }

    #[test]
    fn one_that_does_not_wait_or_makes_no_sense_is_passed_over() {
        for text in [&[("D", "840"), ("CM", "0")][..], &[("D", "4096"), ("CM", "1")], &[("CM", "1")], &[("D", "1")]] {
            assert_eq!(waiting("A", sighting(text)), None, "{text:?}");
        }
    }

    #[test]
    fn nodes_are_told_by_fabric_and_number() {
        let node = operational("2906C908D115D362-8FC7772401CD0696", sighting(&[])).unwrap();
        assert_eq!((node.fabric, node.node), (0x2906_C908_D115_D362, 0x8FC7_7724_01CD_0696));
        for name in ["", "-", "2906C908D115D362", "XX06C908D115D362-8FC7772401CD0696", "1-2"] {
            assert_eq!(operational(name, sighting(&[])), None, "{name}");
        }
    }
}
