//! Floors, rooms and groups.

use std::sync::Arc;

use async_graphql::{ID, Object};
use hub_core::View;

use super::device::Device;
use crate::sight;

/// A storey.
pub(crate) struct Floor {
    view: Arc<View>,
    floor: Arc<hub_model::Floor>,
}

/// A room.
pub(crate) struct Room {
    view: Arc<View>,
    room: Arc<hub_model::Room>,
}

/// Devices that the owner put together.
pub(crate) struct Group {
    view: Arc<View>,
    group: Arc<hub_model::Group>,
}

impl Floor {
    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        sight::floors(view).into_iter().map(|floor| Self { view: Arc::clone(view), floor }).collect()
    }

    /// The one of that id.
    pub(crate) fn find(view: &Arc<View>, id: hub_model::FloorId) -> Option<Self> {
        view.home.floors.get(&id).map(|floor| Self { view: Arc::clone(view), floor: Arc::clone(floor) })
    }
}

impl Room {
    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        sight::rooms(view).into_iter().map(|room| Self { view: Arc::clone(view), room }).collect()
    }

    /// The one of that id, which a device that may be seen is in.
    pub(crate) fn find(view: &Arc<View>, id: hub_model::RoomId) -> Option<Self> {
        view.home.rooms.get(&id).map(|room| Self { view: Arc::clone(view), room: Arc::clone(room) })
    }
}

impl Group {
    /// Those that may be seen.
    pub(crate) fn all(view: &Arc<View>) -> Vec<Self> {
        sight::groups(view).into_iter().map(|group| Self { view: Arc::clone(view), group }).collect()
    }

    /// The one of that id.
    pub(crate) fn find(view: &Arc<View>, id: hub_model::GroupId) -> Option<Self> {
        view.home.groups.get(&id).map(|group| Self { view: Arc::clone(view), group: Arc::clone(group) })
    }
}

/// A storey.
#[Object]
impl Floor {
    /// Ours.
    async fn id(&self) -> ID {
        self.floor.id.into()
    }
    /// For people.
    async fn name(&self) -> &str {
        &self.floor.name
    }
    /// From the lowest to the highest; the ground floor is 0.
    async fn level(&self) -> i32 {
        self.floor.level
    }
    /// The rooms on it.
    #[graphql(complexity = "5 * child_complexity")]
    async fn rooms(&self) -> Vec<Room> {
        Room::all(&self.view).into_iter().filter(|it| it.room.floor == Some(self.floor.id)).collect()
    }
}

/// A room.
#[Object]
impl Room {
    /// Ours.
    async fn id(&self) -> ID {
        self.room.id.into()
    }
    /// For people.
    async fn name(&self) -> &str {
        &self.room.name
    }
    /// Its storey.
    async fn floor(&self) -> Option<Floor> {
        self.room.floor.and_then(|floor| Floor::find(&self.view, floor))
    }
    /// The devices in it.
    #[graphql(complexity = "20 * child_complexity")]
    async fn devices(&self) -> Vec<Device> {
        let here = self.view.devices().filter(|known| known.device.room == Some(self.room.id));
        here.map(|known| Device::new(&self.view, known)).collect()
    }
}

/// Devices that the owner put together.
#[Object]
impl Group {
    /// Ours.
    async fn id(&self) -> ID {
        self.group.id.into()
    }
    /// For people.
    async fn name(&self) -> &str {
        &self.group.name
    }
    /// Its members.
    #[graphql(complexity = "20 * child_complexity")]
    async fn devices(&self) -> Vec<Device> {
        let members = self.group.devices.iter().filter_map(|member| self.view.device(*member));
        members.map(|known| Device::new(&self.view, known)).collect()
    }
}
