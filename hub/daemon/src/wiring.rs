//! How the parts of the hub are put together. Nothing here decides; it hands one part to the next.

use adapter_api::{AdapterKind, Settings};
use automations::Automations;
use axum::Router;
use hub_core::{Carried, Hub};
use mobile_api::Pairing;

use crate::{config::Planned, local};

/// The adapters that this hub has. An adapter runs when its table stands in the settings.
pub(crate) const ADAPTERS: &[&AdapterKind] = &[
    &adapter_simulated::KIND,
    &adapter_mqtt::KIND,
    #[cfg(feature = "matter")]
    &adapter_matter::KIND,
];

/// The planned adapters, as the hub takes them, and the house, which every hub has. Who adds something by a code asks them
/// in this order; the house is the last, as any words may be the name of a variable.
pub(crate) fn carried(planned: Vec<Planned>) -> Vec<Carried> {
    let planned = planned.into_iter().map(|Planned { kind, adapter }| Carried { kind, adapter });
    // The house has no settings, so that it can always be built.
    let house = (adapter_house::KIND.build)(&Settings::default());
    let house = house.into_iter().map(|adapter| Carried { kind: &adapter_house::KIND, adapter });
    planned.chain(house).collect()
}

/// The two doors of a hub: what phones reach, and what commands on this machine reach.
pub(crate) struct Doors {
    /// For phones, with tokens.
    pub(crate) phones: Router,
    /// For who can open the socket: the owner.
    pub(crate) local: Router,
}

/// Puts the API on a hub and its rules.
pub(crate) fn doors(hub: &Hub, rules: &Automations, pairing: &Pairing) -> Doors {
    let phones = mobile_api::router(hub.clone(), rules.clone(), pairing.clone());
    let local = mobile_api::local_router(hub.clone(), rules.clone(), pairing.clone());
    Doors { phones, local: local.merge(local::routes(hub.clone(), rules.clone())) }
}
