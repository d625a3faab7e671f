//! What people change about their home, and whether they may: from a wish to changes of the registry. Pure.

use std::sync::Arc;

use hub_model::{
    AccountId, Device, DeviceId, EndpointKind, Floor, FloorId, Group, GroupId, Handle, Home, HomeSettings, Person,
    PersonId, Room, RoomId, RunOf, Scene, SceneId, SceneStep, device::Alias,
};
use hub_store::Change;
use jiff::{Timestamp, tz::TimeZone};

/// A wish to change the home. An id of `None` makes a new thing.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of the things that they make")]
pub enum Edit {
    /// What holds for the whole home.
    Settings(HomeSettings),
    /// Makes or changes a storey.
    PutFloor { id: Option<FloorId>, name: String, level: i32 },
    /// Removes a storey; its rooms stay.
    RemoveFloor(FloorId),
    /// Makes or changes a room.
    PutRoom { id: Option<RoomId>, name: String, floor: Option<FloorId> },
    /// Removes a room; its devices stay.
    RemoveRoom(RoomId),
    /// Makes or changes a group.
    PutGroup { id: Option<GroupId>, name: String, devices: Vec<DeviceId> },
    /// Removes a group; its devices stay.
    RemoveGroup(GroupId),
    /// Makes or changes a scene.
    PutScene { id: Option<SceneId>, handle: Option<Handle>, name: String, icon: Option<String>, steps: Vec<SceneStep> },
    /// Puts scenes into an order; those that are not named come after.
    OrderScenes(Vec<SceneId>),
    /// Makes a scene what it was, also where it was removed.
    RestoreScene(Scene),
    /// Removes a scene.
    RemoveScene(SceneId),
    /// Makes or changes a person.
    PutPerson { id: Option<PersonId>, name: String, account: Option<AccountId>, device: Option<DeviceId> },
    /// Removes a person.
    RemovePerson(PersonId),
    /// Changes what the owner decides of a device; `None` leaves a field as it is.
    Device {
        id: DeviceId,
        name: Option<String>,
        handle: Option<Handle>,
        room: Option<Option<RoomId>>,
        show_as: Option<Option<EndpointKind>>,
        aliases: Option<Vec<Alias>>,
    },
    /// Removes a device; it leaves a tombstone and comes back with its room, name and history if it is found again.
    RemoveDevice(DeviceId),
}

/// What a wish made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each names the thing")]
pub enum Edited {
    Settings,
    Floor(FloorId),
    Room(RoomId),
    Group(GroupId),
    Scene(SceneId),
    Scenes,
    Person(PersonId),
    Device(DeviceId),
    Removed,
}

/// Why a wish can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The principal's role doesn't allow it.
    #[error("only an admin or the owner may change the home")]
    NotAllowed,
    /// It names something that isn't there.
    #[error("there is no {0}")]
    NoSuch(String),
    /// A scene with more steps than can be run as one.
    #[error("a scene has at most {} steps", RunOf::STEPS_OF_SCENE)]
    TooLong,
    /// Another one has that handle.
    #[error("the handle `{0}` is taken; choose another one")]
    Taken(Handle),
    /// A name that is empty or longer than 100 characters.
    #[error("a name has 1 to 100 characters")]
    Name,
    /// There is no such time zone.
    #[error("there is no time zone `{0}`; write one such as Europe/Berlin")]
    TimeZone(String),
    /// The adapter that carries the device does not let it go.
    #[error("the device can't be removed: {0}")]
    NotLetGo(String),
    /// Too many changes wait.
    #[error("the hub is busy writing; try again in a moment")]
    Busy,
    /// The store could not keep it.
    #[error("it could not be kept: {0}")]
    Store(String),
    /// The hub is ending.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

/// What a wish comes to: changes of the registry, and what to answer when they are durable.
pub fn plan(edit: Edit, home: &Home, now: Timestamp) -> Result<(Vec<Change>, Edited), EditError> {
    match edit {
        Edit::Settings(settings) => plan_settings(settings),
        Edit::PutFloor { id, name, level } => {
            let id = existing_or_fresh(id, |id| home.floors.contains_key(id), "floor")?;
            Ok((vec![Change::PutFloor(Floor { id, name: checked(name)?, level })], Edited::Floor(id)))
        }
        Edit::PutRoom { id, name, floor } => {
            let id = existing_or_fresh(id, |id| home.rooms.contains_key(id), "room")?;
            known(floor, |floor| home.floors.contains_key(floor), "floor")?;
            Ok((vec![Change::PutRoom(Room { id, name: checked(name)?, floor })], Edited::Room(id)))
        }
        Edit::PutGroup { id, name, devices } => {
            let id = existing_or_fresh(id, |id| home.groups.contains_key(id), "group")?;
            devices
                .iter()
                .try_for_each(|device| known(Some(*device), |device| home.device(*device).is_some(), "device"))?;
            Ok((vec![Change::PutGroup(Group { id, name: checked(name)?, devices })], Edited::Group(id)))
        }
        Edit::PutPerson { id, name, account, device } => {
            let id = existing_or_fresh(id, |id| home.people.contains_key(id), "person")?;
            known(device, |device| home.device(*device).is_some(), "device")?;
            Ok((vec![Change::PutPerson(Person { id, name: checked(name)?, account, device })], Edited::Person(id)))
        }
        Edit::PutScene { id, handle, name, icon, steps } => plan_scene(home, id, handle, checked(name)?, icon, steps),
        Edit::RestoreScene(scene) => plan_restored(home, scene),
        Edit::OrderScenes(order) => Ok((plan_order(home, &order), Edited::Scenes)),
        Edit::Device { .. } => plan_device(edit, home),
        removal => Ok((plan_removal(removal, home, now)?, Edited::Removed)),
    }
}

fn plan_settings(settings: HomeSettings) -> Result<(Vec<Change>, Edited), EditError> {
    TimeZone::get(&settings.time_zone).map_err(|_| EditError::TimeZone(settings.time_zone.to_string()))?;
    let settings = HomeSettings { name: checked(settings.name)?, ..settings };
    Ok((vec![Change::PutSettings(settings)], Edited::Settings))
}

fn plan_scene(
    home: &Home,
    id: Option<SceneId>,
    handle: Option<Handle>,
    name: String,
    icon: Option<String>,
    steps: Vec<SceneStep>,
) -> Result<(Vec<Change>, Edited), EditError> {
    let id = existing_or_fresh(id, |id| home.scenes.contains_key(id), "scene")?;
    if steps.len() > RunOf::STEPS_OF_SCENE {
        return Err(EditError::TooLong);
    }
    for step in &steps {
        known(Some(step.target.device), |device| home.device(*device).is_some(), "device")?;
    }
    let taken = |handle: &Handle| home.scenes.values().any(|scene| scene.handle == *handle && scene.id != id);
    let handle = match (handle, home.scenes.get(&id)) {
        (Some(handle), _) if taken(&handle) => return Err(EditError::Taken(handle)),
        (Some(handle), _) => handle,
        (None, Some(scene)) => scene.handle.clone(),
        (None, None) => {
            let plain = Handle::from_words(&name, "scene");
            let numbered = (2..).map(|number| plain.numbered(number));
            std::iter::once(plain.clone()).chain(numbered).find(|handle| !taken(handle)).unwrap_or(plain)
        }
    };
    let last = home.scenes.values().map(|scene| scene.position.saturating_add(1)).max();
    let position = home.scenes.get(&id).map_or(last.unwrap_or(0), |scene| scene.position);
    Ok((vec![Change::PutScene(Scene { id, handle, name, icon, position, steps })], Edited::Scene(id)))
}

/// A scene that comes back keeps its id; its handle may be another's by now.
fn plan_restored(home: &Home, scene: Scene) -> Result<(Vec<Change>, Edited), EditError> {
    let is_other = |other: &Scene| other.handle == scene.handle && other.id != scene.id;
    if home.scenes.values().any(|other| is_other(other)) {
        return Err(EditError::Taken(scene.handle));
    }
    let position = home.scenes.get(&scene.id).map_or(scene.position, |now| now.position);
    let id = scene.id;
    Ok((vec![Change::PutScene(Scene { position, ..scene })], Edited::Scene(id)))
}

/// Only scenes whose place becomes another are written.
fn plan_order(home: &Home, order: &[SceneId]) -> Vec<Change> {
    let place = |scene: &Scene| order.iter().position(|id| *id == scene.id).unwrap_or(order.len());
    let mut scenes: Vec<_> = home.scenes.values().collect();
    scenes.sort_by_key(|scene| (place(scene), scene.position));
    let placed = scenes.into_iter().zip(0..).filter(|(scene, position)| scene.position != *position);
    placed.map(|(scene, position)| Change::PutScene(Scene { position, ..Scene::clone(scene) })).collect()
}

fn plan_device(edit: Edit, home: &Home) -> Result<(Vec<Change>, Edited), EditError> {
    let Edit::Device { id, name, handle, room, show_as, aliases } = edit else {
        return Err(EditError::NoSuch("device".into()));
    };
    let known_device = home.device(id).ok_or_else(|| EditError::NoSuch(format!("device {id}")))?;
    known(room.flatten(), |room| home.rooms.contains_key(room), "room")?;
    if let Some(handle) =
        handle.as_ref().filter(|handle| home.by_handle(handle.as_str()).is_some_and(|it| it.device.id != id))
    {
        return Err(EditError::Taken(handle.clone()));
    }
    let device = Device::clone(&known_device.device);
    let device = Device {
        name: name.map(checked).transpose()?.unwrap_or(device.name),
        handle: handle.unwrap_or(device.handle),
        room: room.unwrap_or(device.room),
        show_as: show_as.unwrap_or(device.show_as),
        aliases: aliases.unwrap_or(device.aliases),
        ..device
    };
    Ok((vec![Change::PutDevice(Arc::new(device))], Edited::Device(id)))
}

/// Removing something takes it out of everything that names it.
fn plan_removal(edit: Edit, home: &Home, now: Timestamp) -> Result<Vec<Change>, EditError> {
    let gone = |there: bool, what: &str| if there { Ok(()) } else { Err(EditError::NoSuch(what.into())) };
    Ok(match edit {
        Edit::RemoveFloor(id) => {
            gone(home.floors.contains_key(&id), "floor")?;
            let rooms = home.rooms.values().filter(|room| room.floor == Some(id));
            let rooms = rooms.map(|room| Change::PutRoom(Room { floor: None, ..Room::clone(room) }));
            rooms.chain([Change::RemoveFloor(id)]).collect()
        }
        Edit::RemoveRoom(id) => {
            gone(home.rooms.contains_key(&id), "room")?;
            let devices = home.devices().filter(|known| known.device.room == Some(id));
            let devices =
                devices.map(|known| Change::PutDevice(Arc::new(Device { room: None, ..Device::clone(&known.device) })));
            devices.chain([Change::RemoveRoom(id)]).collect()
        }
        Edit::RemoveGroup(id) => {
            gone(home.groups.contains_key(&id), "group").map(|()| vec![Change::RemoveGroup(id)])?
        }
        Edit::RemoveScene(id) => {
            gone(home.scenes.contains_key(&id), "scene").map(|()| vec![Change::RemoveScene(id)])?
        }
        Edit::RemovePerson(id) => {
            gone(home.people.contains_key(&id), "person").map(|()| vec![Change::RemovePerson(id)])?
        }
        Edit::RemoveDevice(id) => {
            gone(home.device(id).is_some(), "device")?;
            without_device(home, id).chain([Change::RemoveDevice(id, now)]).collect()
        }
        _ => Vec::new(),
    })
}

/// Groups keep a device that goes out of their list; scenes and people keep its id, for when it comes back.
fn without_device(home: &Home, id: DeviceId) -> impl Iterator<Item = Change> {
    let groups = home.groups.values().filter(move |group| group.devices.contains(&id));
    groups.map(move |group| {
        let devices = group.devices.iter().copied().filter(|member| *member != id).collect();
        Change::PutGroup(Group { devices, ..Group::clone(group) })
    })
}

fn existing_or_fresh<Of>(
    id: Option<hub_model::id::Id<Of>>,
    exists: impl Fn(&hub_model::id::Id<Of>) -> bool,
    what: &str,
) -> Result<hub_model::id::Id<Of>, EditError> {
    match id {
        Some(id) if exists(&id) => Ok(id),
        Some(id) => Err(EditError::NoSuch(format!("{what} {id}"))),
        None => Ok(hub_model::id::Id::fresh()),
    }
}

fn known<T: std::fmt::Display>(thing: Option<T>, exists: impl Fn(&T) -> bool, what: &str) -> Result<(), EditError> {
    match thing {
        Some(thing) if !exists(&thing) => Err(EditError::NoSuch(format!("{what} {thing}"))),
        _ => Ok(()),
    }
}

fn checked(name: String) -> Result<String, EditError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 { Err(EditError::Name) } else { Ok(name.to_owned()) }
}
