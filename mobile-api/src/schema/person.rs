//! People: who lives here or visits, and who is asking.

use std::sync::Arc;

use async_graphql::{ID, Object};
use hub_core::View;

use super::device::Device;
use crate::sight;

/// Somebody who lives here or visits.
pub(crate) struct Person {
    view: Arc<View>,
    person: Arc<hub_model::Person>,
}

impl Person {
    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        sight::people(view).into_iter().map(|person| Self { view: Arc::clone(view), person }).collect()
    }

    /// The one of that id.
    pub(crate) fn find(view: &Arc<View>, id: hub_model::PersonId) -> Option<Self> {
        view.home.people.get(&id).map(|person| Self { view: Arc::clone(view), person: Arc::clone(person) })
    }
}

/// Somebody who lives here or visits.
#[Object]
impl Person {
    /// Ours.
    async fn id(&self) -> ID {
        self.person.id.into()
    }
    /// Their name.
    async fn name(&self) -> &str {
        &self.person.name
    }
    /// The account by which they reach the hub.
    async fn account(&self) -> Option<ID> {
        self.person.account.map(ID::from)
    }
    /// The device that carries their presence.
    async fn device(&self) -> Option<Device> {
        let known = self.person.device.and_then(|device| self.view.device(device));
        known.map(|known| Device::new(&self.view, known))
    }
}
