//! Devices.

use std::sync::Arc;

use async_graphql::{ID, InputObject, Object, SimpleObject};
use hub_core::View;
use hub_model::HomeDevice;

use super::{endpoint::Endpoint, place::Room, word::Kind};
use crate::{part::Part, scalar::DateTime};

/// One physical thing, or a person or group that acts like one.
pub(crate) struct Device {
    view: Arc<View>,
    known: HomeDevice,
}

/// Another name of a device, for voice.
#[derive(Debug, SimpleObject, InputObject)]
#[graphql(input_name = "AliasInput")]
pub(crate) struct Alias {
    /// A language tag; null for every language.
    language: Option<String>,
    /// The name.
    name: String,
}

/// What a maker says of a product.
#[derive(Debug, SimpleObject)]
struct Product {
    /// The maker.
    vendor: Option<String>,
    /// The model's name.
    model: Option<String>,
    /// The version of its program.
    firmware: Option<String>,
    /// The serial number or hardware address.
    serial: Option<String>,
}

impl Device {
    /// A device as a view shows it.
    pub(crate) fn new(view: &Arc<View>, known: &HomeDevice) -> Self {
        Self { view: Arc::clone(view), known: known.clone() }
    }

    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        view.devices().map(|known| Self::new(view, known)).collect()
    }
}

impl From<Alias> for hub_model::device::Alias {
    fn from(alias: Alias) -> Self {
        Self { language: alias.language.map(Into::into), name: alias.name }
    }
}

/// One physical thing, or a person or group that acts like one.
#[Object]
impl Device {
    /// Ours, for ever.
    async fn id(&self) -> ID {
        self.known.device.id.into()
    }
    /// For rules and scripts; wherever an id is taken, this is too.
    async fn handle(&self) -> &str {
        self.known.device.handle.as_str()
    }
    /// For people.
    async fn name(&self) -> &str {
        &self.known.device.name
    }
    /// Other names, for voice.
    async fn aliases(&self) -> Vec<Alias> {
        let alias = |alias: &hub_model::device::Alias| Alias {
            language: alias.language.as_ref().map(ToString::to_string),
            name: alias.name.clone(),
        };
        self.known.device.aliases.iter().map(alias).collect()
    }
    /// Where it is.
    async fn room(&self) -> Option<Room> {
        self.known.device.room.and_then(|room| Room::find(&self.view, room))
    }
    /// What it is to people: what the owner says, else what its first endpoint is.
    async fn kind(&self) -> Kind {
        self.known.device.kind().into()
    }
    /// What the owner says it is; null to believe the device.
    async fn show_as(&self) -> Option<Kind> {
        self.known.device.show_as.map(Into::into)
    }
    /// What its maker says it is.
    async fn product(&self) -> Product {
        let product = &self.known.device.product;
        let text = |text: &Option<smol_str::SmolStr>| text.as_ref().map(ToString::to_string);
        Product {
            vendor: text(&product.vendor),
            model: text(&product.model),
            firmware: text(&product.firmware),
            serial: text(&product.serial),
        }
    }
    /// The adapters that carry it.
    async fn adapters(&self) -> Vec<String> {
        self.known.device.origins.iter().map(|origin| origin.adapter.to_string()).collect()
    }
    /// Whether it can be reached.
    async fn reachable(&self) -> bool {
        self.known.reachable
    }
    /// When it was last heard.
    async fn last_seen(&self) -> Option<DateTime> {
        self.known.last_seen.map(DateTime)
    }
    /// Whether whoever asks may control it now.
    async fn controllable(&self) -> bool {
        self.view.may_control(&self.known.device)
    }
    /// Its parts.
    #[graphql(complexity = "2 * child_complexity")]
    async fn endpoints(&self) -> Vec<Endpoint> {
        Part::all(&self.known).map(Endpoint::new).collect()
    }
}
