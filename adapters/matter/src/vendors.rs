//! The makers and ecosystems that people meet most, by the numbers that the Connectivity Standards Alliance gave them.

use smol_str::{SmolStr, format_smolstr};

const KNOWN: &[(u16, &str)] = &[
    (0x100B, "Signify"),
    (0x1015, "Develco"),
    (0x1021, "Legrand"),
    (0x102C, "Siemens"),
    (0x102E, "LG"),
    (0x105E, "Schneider Electric"),
    (0x105F, "Eaton"),
    (0x1080, "ecobee"),
    (0x109B, "Leviton"),
    (0x10B4, "Belkin"),
    (0x10D6, "Google Nest"),
    (0x10DC, "GE Appliances"),
    (0x10E1, "Samsung"),
    (0x10E4, "Huawei"),
    (0x10F2, "ubisys"),
    (0x110A, "Samsung SmartThings"),
    (0x1124, "Jasco"),
    (0x1129, "Miele"),
    (0x112E, "Busch-Jaeger"),
    (0x1133, "Bosch"),
    (0x1144, "Lutron"),
    (0x115A, "Nanoleaf"),
    (0x115C, "Danalock"),
    (0x115F, "Aqara"),
    (0x1160, "Sengled"),
    (0x1166, "innr"),
    (0x1168, "Leedarson"),
    (0x1175, "D-Link"),
    (0x117C, "IKEA"),
    (0x1188, "TP-Link"),
    (0x1189, "LEDVANCE"),
    (0x118C, "Midea"),
    (0x119C, "Sinopé"),
    (0x1209, "Bosch"),
    (0x120B, "HEIMAN"),
    (0x1217, "Amazon"),
    (0x1218, "Paulmann"),
    (0x1219, "ORVIBO"),
    (0x121B, "Müller-Licht"),
    (0x1220, "Somfy"),
    (0x1221, "Viessmann"),
    (0x1224, "Sunricher"),
    (0x1233, "Third Reality"),
    (0x1236, "Schlage"),
    (0x1246, "Danfoss"),
    (0x124F, "GLEDOPTO"),
    (0x1252, "Arlo"),
    (0x125D, "Tuya"),
    (0x125F, "Niko"),
    (0x126E, "Xiaomi"),
    (0x1277, "ADEO"),
    (0x1284, "Delta Dore"),
    (0x1285, "Hager"),
    (0x1286, "eWeLink"),
    (0x128B, "NodOn"),
    (0x128F, "EGLO"),
    (0x1295, "AVM"),
    (0x1299, "Namron"),
    (0x129A, "Rademacher"),
    (0x129F, "Level"),
    (0x1306, "LIFX"),
    (0x1307, "Grundfos"),
    (0x130A, "Eve"),
    (0x130E, "Wyze"),
    (0x1310, "Aeotec"),
    (0x1312, "Yeelight"),
    (0x1314, "Fibaro"),
    (0x1317, "Logitech"),
    (0x131A, "Resideo"),
    (0x131B, "Espressif"),
    (0x1321, "SONOFF"),
    (0x1327, "Mill"),
    (0x1328, "HomeWizard"),
    (0x132F, "Yandex"),
    (0x1344, "Eltako"),
    (0x1345, "Meross"),
    (0x1348, "Haier"),
    (0x1349, "Apple"),
    (0x134B, "Nabu Casa"),
    (0x134E, "tado°"),
    (0x135D, "Nuki"),
    (0x1361, "Inovelli"),
    (0x1384, "Apple Keychain"),
    (0x1392, "TP-Link"),
    (0x1490, "Shelly"),
    (0x6006, "Google"),
];

/// The test vendors, by whose numbers software devices and controllers like this one go.
const TEST: std::ops::RangeInclusive<u16> = 0xFFF1..=0xFFF4;

/// A maker's name; its number where that is all there is.
pub(crate) fn name(vendor: u16) -> SmolStr {
    let known = KNOWN.binary_search_by_key(&vendor, |(number, _)| *number);
    match known {
        Ok(found) => SmolStr::new_static(KNOWN[found].1),
        Err(_) if TEST.contains(&vendor) => SmolStr::new_static("Matter test vendor"),
        Err(_) => format_smolstr!("vendor {vendor:#06X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_in_order_and_found() {
        assert!(KNOWN.is_sorted_by_key(|(number, _)| *number));
        assert!(KNOWN.iter().all(|(number, maker)| name(*number) == *maker));
        assert_eq!((name(0xFFF1).as_str(), name(0x4242).as_str()), ("Matter test vendor", "vendor 0x4242"));
    }
}
