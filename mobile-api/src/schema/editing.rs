//! Changing the home: settings, floors, rooms, groups, people, scenes, devices. For admins.

mod input;

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use hub_core::{Edit, Edited, View};
use hub_model::Role;

use super::{
    control::transition_of,
    device::Device,
    home::Home,
    person::Person,
    place::{Floor, Group, Room},
    scene::Scene,
};
use crate::{asker::Asker, find};
use input::{DeviceInput, HomeInput, SceneStepInput};

/// Changes of the home. Each is durable when it is answered.
#[derive(Debug, Default)]
pub(crate) struct EditingMutation;

#[Object]
impl EditingMutation {
    /// Changes what holds for the whole home; what is left out stays.
    async fn set_home(&self, context: &Context<'_>, set: HomeInput) -> Result<Home, Error> {
        let view = admin(context)?;
        let settings = set.over(&view.home.settings);
        edit(context, Edit::Settings(settings)).await?;
        Ok(Home(now(context)))
    }

    /// Makes a storey, or changes the one of `id`.
    async fn put_floor(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        name: String,
        #[graphql(default)] level: i32,
    ) -> Result<Floor, Error> {
        let view = admin(context)?;
        let id = id.map(|id| find::floor(&view, &id)).transpose()?;
        let edited = edit(context, Edit::PutFloor { id, name, level }).await?;
        made(edited, |edited| if let Edited::Floor(id) = edited { Floor::find(&now(context), id) } else { None })
    }

    /// Removes a storey; its rooms stay.
    async fn remove_floor(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let floor = find::floor(&*admin(context)?, &id)?;
        remove(context, Edit::RemoveFloor(floor)).await
    }

    /// Makes a room, or changes the one of `id`.
    async fn put_room(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        name: String,
        floor: Option<ID>,
    ) -> Result<Room, Error> {
        let view = admin(context)?;
        let id = id.map(|id| find::room(&view, &id)).transpose()?;
        let floor = floor.map(|floor| find::floor(&view, &floor)).transpose()?;
        let edited = edit(context, Edit::PutRoom { id, name, floor }).await?;
        made(edited, |edited| if let Edited::Room(id) = edited { Room::find(&now(context), id) } else { None })
    }

    /// Removes a room; its devices stay.
    async fn remove_room(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let room = find::room(&*admin(context)?, &id)?;
        remove(context, Edit::RemoveRoom(room)).await
    }

    /// Makes a group, or changes the one of `id`.
    async fn put_group(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        name: String,
        devices: Vec<ID>,
    ) -> Result<Group, Error> {
        let view = admin(context)?;
        let id = id.map(|id| find::group(&view, &id)).transpose()?;
        let devices = find::devices(&view, &devices)?;
        let edited = edit(context, Edit::PutGroup { id, name, devices }).await?;
        made(edited, |edited| if let Edited::Group(id) = edited { Group::find(&now(context), id) } else { None })
    }

    /// Removes a group; its devices stay.
    async fn remove_group(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let group = find::group(&*admin(context)?, &id)?;
        remove(context, Edit::RemoveGroup(group)).await
    }

    /// Makes a person, or changes the one of `id`. `device` carries their presence.
    async fn put_person(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        name: String,
        account: Option<ID>,
        device: Option<ID>,
    ) -> Result<Person, Error> {
        let view = admin(context)?;
        let id = id.map(|id| find::person(&view, &id)).transpose()?;
        let account = account.map(|account| find::id("account", &account)).transpose()?;
        let device = device.map(|device| find::device(&view, &device)).transpose()?.map(|known| known.device.id);
        let edited = edit(context, Edit::PutPerson { id, name, account, device }).await?;
        made(edited, |edited| if let Edited::Person(id) = edited { Person::find(&now(context), id) } else { None })
    }

    /// Removes a person.
    async fn remove_person(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let person = find::person(&*admin(context)?, &id)?;
        remove(context, Edit::RemovePerson(person)).await
    }

    /// Makes a scene, or changes the one of `id`. Without a `handle` it keeps its own, or gets one from its name.
    async fn put_scene(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        handle: Option<String>,
        name: String,
        icon: Option<String>,
        steps: Vec<SceneStepInput>,
    ) -> Result<Scene, Error> {
        let view = admin(context)?;
        let id = id.map(|id| find::scene(&view, &id)).transpose()?.map(|scene| scene.id);
        let handle = handle.map(|handle| handle.parse()).transpose()?;
        let steps = steps.into_iter().map(|step| step.step(Asker::of(context))).collect::<Result<_, _>>()?;
        let edited = edit(context, Edit::PutScene { id, handle, name, icon, steps }).await?;
        made(edited, |edited| if let Edited::Scene(id) = edited { Scene::find(&now(context), id) } else { None })
    }

    /// Makes a scene of how devices are just now, or makes the one of `id` anew. What is dangerous to bring about unseen
    /// (valves, sirens, locks) is left out.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the mutation")]
    async fn capture_scene(
        &self,
        context: &Context<'_>,
        id: Option<ID>,
        #[graphql(desc = "Its name; where it is left out, that of `id` stays.")] name: Option<String>,
        #[graphql(desc = "The name of an icon; where it is left out, that of `id` stays.")] icon: Option<String>,
        #[graphql(desc = "These devices, by id or handle.", default)] devices: Vec<ID>,
        #[graphql(desc = "All devices of these rooms, by id or name.", default)] rooms: Vec<ID>,
        #[graphql(desc = "How long each change shall take where it can, in s.")] transition: Option<f64>,
    ) -> Result<Scene, Error> {
        let view = admin(context)?;
        let old = id.map(|id| find::scene(&view, &id)).transpose()?;
        let devices = find::devices(&view, &devices)?;
        let rooms: Vec<_> = rooms.iter().map(|room| find::room(&view, room)).collect::<Result<_, _>>()?;
        let transition = transition.map(transition_of).transpose()?;
        let steps = Asker::of(context).session.capture(&devices, &rooms, transition)?;
        let none = || Error::new("`name` is missing: a new scene has one");
        let name = name.or_else(|| old.as_ref().map(|old| old.name.clone())).ok_or_else(none)?;
        let icon = icon.or_else(|| old.as_ref().and_then(|old| old.icon.clone()));
        let put = Edit::PutScene { id: old.map(|old| old.id), handle: None, name, icon, steps };
        let edited = edit(context, put).await?;
        made(edited, |edited| if let Edited::Scene(id) = edited { Scene::find(&now(context), id) } else { None })
    }

    /// Puts the scenes into an order; those that are not named come after.
    async fn order_scenes(&self, context: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Scene>, Error> {
        let view = admin(context)?;
        let scenes = ids.iter().map(|id| find::scene(&view, id).map(|scene| scene.id)).collect::<Result<_, _>>()?;
        edit(context, Edit::OrderScenes(scenes)).await?;
        Ok(Scene::all(&now(context)))
    }

    /// Removes a scene.
    async fn remove_scene(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let scene = find::scene(&*admin(context)?, &id)?;
        remove(context, Edit::RemoveScene(scene.id)).await
    }

    /// Changes what the owner decides of a device; what is left out stays.
    async fn edit_device(&self, context: &Context<'_>, id: ID, set: DeviceInput) -> Result<Device, Error> {
        let view = admin(context)?;
        let device = find::device(&view, &id)?.device.id;
        edit(context, set.edit(device, &view)?).await?;
        let view = now(context);
        let known = view.device(device).ok_or_else(|| Error::new("the device is gone; read `devices` again"))?;
        Ok(Device::new(&view, known))
    }

    /// Removes a device. If it is found again, it comes back with its room, name and history.
    async fn remove_device(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let device = find::device(&*admin(context)?, &id)?.device.id;
        remove(context, Edit::RemoveDevice(device)).await
    }
}

/// The home as it is now, for an admin.
fn admin(context: &Context<'_>) -> Result<Arc<View>, Error> {
    let asker = Asker::of(context);
    asker.at_least(Role::Admin)?;
    Ok(asker.fresh())
}

fn now(context: &Context<'_>) -> Arc<View> {
    Asker::of(context).fresh()
}

async fn edit(context: &Context<'_>, edit: Edit) -> Result<Edited, Error> {
    Ok(Asker::of(context).session.edit(edit).await?)
}

async fn remove(context: &Context<'_>, removal: Edit) -> Result<bool, Error> {
    edit(context, removal).await.map(|_| true)
}

/// What was made, as it is now; somebody else may have removed it in between.
fn made<T>(edited: Edited, find: impl FnOnce(Edited) -> Option<T>) -> Result<T, Error> {
    find(edited).ok_or_else(|| Error::new("it was made, and removed again by somebody else"))
}
