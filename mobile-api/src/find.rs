//! From the ids, handles and names that people give to ids. Only what the asker may see is found or suggested.

use std::{str::FromStr, sync::Arc};

use async_graphql::ID;
use hub_core::View;
use hub_model::{
    Device, DeviceId, EndpointId, FloorId, GroupId, HomeDevice, PersonId, RoomId, Scene,
    handle::{NotAHandle, slug},
    id::Id,
    suggest::did_you_mean,
};

use crate::sight;

/// Something that was named and isn't there, or may not be seen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{name}`{hint}")]
pub(crate) struct NoSuch {
    what: &'static str,
    name: String,
    hint: String,
}

impl NoSuch {
    fn new<'a>(what: &'static str, name: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        Self { what, name: name.chars().take(60).collect(), hint: did_you_mean(name, words) }
    }
}

/// The device of an id or handle.
pub(crate) fn device<'a>(view: &'a View, named: &ID) -> Result<&'a HomeDevice, NoSuch> {
    let handles = || view.devices().map(|known| known.device.handle.as_str());
    view.find(named).ok_or_else(|| NoSuch::new("device", named, handles()))
}

/// The ids of devices that are named by ids or handles.
pub(crate) fn devices(view: &View, named: &[ID]) -> Result<Vec<DeviceId>, NoSuch> {
    named.iter().map(|named| device(view, named).map(|known| known.device.id)).collect()
}

/// The endpoint of a device.
pub(crate) fn endpoint(device: &Device, named: &ID) -> Result<EndpointId, NoSuch> {
    let ids = || device.endpoints.iter().map(|endpoint| endpoint.id.as_str());
    let wanted: Result<EndpointId, NotAHandle> = named.parse();
    let found = wanted.ok().filter(|wanted| device.endpoint(wanted).is_some());
    found.ok_or_else(|| NoSuch::new("endpoint", &format!("{}/{}", device.handle, named.as_str()), ids()))
}

/// The scene of an id or handle.
pub(crate) fn scene(view: &View, named: &ID) -> Result<Arc<Scene>, NoSuch> {
    let found = view.home.scene(named).filter(|scene| sight::shows_scene(view, scene));
    let shown = sight::scenes(view);
    found.cloned().ok_or_else(|| NoSuch::new("scene", named, shown.iter().map(|scene| scene.handle.as_str())))
}

/// The room of an id or name.
pub(crate) fn room(view: &View, named: &ID) -> Result<RoomId, NoSuch> {
    by_name("room", named, sight::rooms(view).iter().map(|room| (room.id, room.name.as_str())))
}

/// The storey of an id or name.
pub(crate) fn floor(view: &View, named: &ID) -> Result<FloorId, NoSuch> {
    by_name("floor", named, sight::floors(view).iter().map(|floor| (floor.id, floor.name.as_str())))
}

/// The group of an id or name.
pub(crate) fn group(view: &View, named: &ID) -> Result<GroupId, NoSuch> {
    by_name("group", named, sight::groups(view).iter().map(|group| (group.id, group.name.as_str())))
}

/// The person of an id or name.
pub(crate) fn person(view: &View, named: &ID) -> Result<PersonId, NoSuch> {
    by_name("person", named, sight::people(view).iter().map(|person| (person.id, person.name.as_str())))
}

/// An id that can't be looked up here.
pub(crate) fn id<T: FromStr>(what: &'static str, named: &ID) -> Result<T, NoSuch> {
    named.parse().map_err(|_| NoSuch::new(what, named, []))
}

fn by_name<'a, Of>(
    what: &'static str,
    named: &ID,
    things: impl Iterator<Item = (Id<Of>, &'a str)> + Clone,
) -> Result<Id<Of>, NoSuch> {
    let wanted = named.parse().ok();
    let is_meant =
        |(id, name): &(Id<Of>, &str)| Some(*id) == wanted || *name == named.as_str() || slug(name) == named.as_str();
    let found = things.clone().find(is_meant);
    found.map(|(id, _)| id).ok_or_else(|| NoSuch::new(what, named, things.map(|(_, name)| name)))
}
