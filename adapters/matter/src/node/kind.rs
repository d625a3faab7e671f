//! What endpoints are to people, by their device types (Matter 1.4 Device Library).

use hub_model::EndpointKind as Kind;

use super::{Mirror, descriptor};
use crate::cluster::{Cluster, covering_kind};

/// Device types that carry something for others and are nothing by themselves: root, aggregator, power source, update
/// requestor, bridged node, network interface, electrical sensor, device energy management.
const UTILITIES: &[u32] = &[0x0016, 0x000E, 0x0011, 0x0012, 0x0013, 0x0014, 0x0019, 0x0510, 0x050D, 0x0090, 0x0091];

/// Device types, and what they are. Where an endpoint is of several, the first in this table counts.
const KINDS: &[(u32, Kind)] = &[
    (0x0100, Kind::Light),
    (0x0101, Kind::Light),
    (0x010C, Kind::Light),
    (0x010D, Kind::Light),
    (0x000A, Kind::Lock),
    (0x0202, Kind::Blind),
    (0x0230, Kind::Blind),
    (0x0301, Kind::Thermostat),
    (0x0072, Kind::Thermostat),
    (0x050F, Kind::Thermostat),
    (0x002D, Kind::Purifier),
    (0x002B, Kind::Fan),
    (0x0042, Kind::Valve),
    (0x0303, Kind::Valve),
    (0x0074, Kind::Vacuum),
    (0x0028, Kind::Media),
    (0x0023, Kind::Media),
    (0x0022, Kind::Media),
    (0x0024, Kind::Media),
    (0x0070, Kind::Appliance),
    (0x0071, Kind::Appliance),
    (0x0073, Kind::Appliance),
    (0x0075, Kind::Appliance),
    (0x0077, Kind::Appliance),
    (0x0078, Kind::Appliance),
    (0x0079, Kind::Appliance),
    (0x007A, Kind::Appliance),
    (0x007B, Kind::Appliance),
    (0x007C, Kind::Appliance),
    (0x050C, Kind::Appliance),
    (0x0309, Kind::Appliance),
    (0x0142, Kind::Camera),
    (0x0144, Kind::Camera),
    (0x0145, Kind::Camera),
    (0x0143, Kind::Camera),
    (0x0141, Kind::Button),
    (0x0148, Kind::Button),
    (0x010A, Kind::Plug),
    (0x010B, Kind::Plug),
    (0x010F, Kind::Switch),
    (0x0110, Kind::Switch),
    (0x000F, Kind::Button),
    (0x0103, Kind::Switch),
    (0x0104, Kind::Switch),
    (0x0105, Kind::Switch),
    (0x0076, Kind::Alarm),
    (0x0043, Kind::Alarm),
    (0x0015, Kind::Sensor),
    (0x0041, Kind::Sensor),
    (0x0044, Kind::Sensor),
    (0x0045, Kind::Sensor),
    (0x002C, Kind::Sensor),
    (0x0106, Kind::Sensor),
    (0x0107, Kind::Sensor),
    (0x0302, Kind::Sensor),
    (0x0305, Kind::Sensor),
    (0x0306, Kind::Sensor),
    (0x0307, Kind::Sensor),
    (0x0850, Kind::Sensor),
    (0x0510, Kind::Sensor),
    (0x0017, Kind::Sensor),
    (0x0018, Kind::Sensor),
];

/// Whether an endpoint only carries something for others.
pub(super) fn is_utility(mirror: &Mirror, endpoint: u16) -> bool {
    endpoint == 0 || descriptor::types(mirror, endpoint).iter().all(|device_type| UTILITIES.contains(device_type))
}

/// What an endpoint is.
pub(super) fn kind(mirror: &Mirror, endpoint: u16) -> Kind {
    let types = descriptor::types(mirror, endpoint);
    let known = KINDS.iter().find(|(device_type, _)| types.contains(device_type)).map(|(_, kind)| *kind);
    match known {
        Some(Kind::Blind) => covering_kind(&Cluster::new(mirror, endpoint, 0)),
        Some(kind) => kind,
        None => Kind::Other,
    }
}

/// What a device type that is advertised by a device to be commissioned seems to be.
pub fn kind_of_type(device_type: u32) -> Kind {
    KINDS.iter().find(|(known, _)| *known == device_type).map_or(Kind::Other, |(_, kind)| *kind)
}
