//! The home as a whole, and the lists that are in it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use hub_core::View;

use super::{
    cards::Cards,
    device::Device,
    person::Person,
    place::{Floor, Group, Room},
    scene::Scene,
    word::Units,
};
use crate::{asker::Asker, scalar::Cursor, sight};

/// What holds for the whole home.
pub(crate) struct Home(pub(crate) Arc<View>);

/// What holds for the whole home.
#[Object]
impl Home {
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.home.settings.name
    }
    /// The last event that is in this answer; `events(since:)` goes on from it.
    async fn cursor(&self) -> Cursor {
        Cursor(self.0.home.cursor)
    }
    /// An IANA time zone, such as `Europe/Berlin`.
    async fn time_zone(&self) -> &str {
        &self.0.home.settings.time_zone
    }
    /// Degrees north, where the owner set it.
    async fn latitude(&self) -> Option<f64> {
        self.0.home.settings.latitude.filter(|_| sight::sees_all(&self.0))
    }
    /// Degrees east, where the owner set it.
    async fn longitude(&self) -> Option<f64> {
        self.0.home.settings.longitude.filter(|_| sight::sees_all(&self.0))
    }
    /// How numbers are to be shown; values are metric everywhere.
    async fn units(&self) -> Units {
        self.0.home.settings.units.into()
    }
    /// ISO 4217, such as `EUR`.
    async fn currency(&self) -> &str {
        &self.0.home.settings.currency
    }
    /// A language tag, such as `en`.
    async fn language(&self) -> &str {
        &self.0.home.settings.language
    }
}

/// Everything that may be seen, at one cursor.
pub(crate) struct Snapshot(pub(crate) Arc<View>);

/// Everything that may be seen, at one cursor.
#[Object]
impl Snapshot {
    /// What holds for the whole home.
    async fn home(&self) -> Home {
        Home(Arc::clone(&self.0))
    }
    /// Storeys, from the lowest to the highest.
    async fn floors(&self) -> Vec<Floor> {
        Floor::all(&self.0)
    }
    /// Rooms.
    async fn rooms(&self) -> Vec<Room> {
        Room::all(&self.0)
    }
    /// Devices that the owner put together.
    async fn groups(&self) -> Vec<Group> {
        Group::all(&self.0)
    }
    /// Scenes.
    async fn scenes(&self) -> Vec<Scene> {
        Scene::all(&self.0)
    }
    /// Who lives here or visits.
    async fn people(&self) -> Vec<Person> {
        Person::all(&self.0)
    }
    /// Devices with their state, oldest first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn devices(&self) -> Vec<Device> {
        Device::all(&self.0)
    }
}

/// Queries of the home as it is. A document reads one moment only.
#[derive(Debug, Default)]
pub(crate) struct HomeQuery;

#[Object]
impl HomeQuery {
    /// What holds for the whole home.
    async fn home(&self, context: &Context<'_>) -> Home {
        Home(Arc::clone(Asker::of(context).view()))
    }
    /// Storeys, from the lowest to the highest.
    async fn floors(&self, context: &Context<'_>) -> Vec<Floor> {
        Floor::all(Asker::of(context).view())
    }
    /// Rooms.
    async fn rooms(&self, context: &Context<'_>) -> Vec<Room> {
        Room::all(Asker::of(context).view())
    }
    /// Devices that the owner put together.
    async fn groups(&self, context: &Context<'_>) -> Vec<Group> {
        Group::all(Asker::of(context).view())
    }
    /// Scenes.
    async fn scenes(&self, context: &Context<'_>) -> Vec<Scene> {
        Scene::all(Asker::of(context).view())
    }
    /// Who lives here or visits.
    async fn people(&self, context: &Context<'_>) -> Vec<Person> {
        Person::all(Asker::of(context).view())
    }
    /// Devices with their state, oldest first.
    #[graphql(complexity = "20 * child_complexity")]
    async fn devices(&self, context: &Context<'_>) -> Cards {
        Cards(Arc::clone(Asker::of(context).view()))
    }
    /// The device of an id or handle; null where there is none.
    async fn device(&self, context: &Context<'_>, id: ID) -> Option<Device> {
        let view = Asker::of(context).view();
        view.find(&id).map(|known| Device::new(view, known))
    }
}
