//! What of the home somebody may see beside its devices. Devices are filtered by their [`View`]; rooms, groups, scenes
//! and people follow from the devices that it shows. Pure.

use std::{collections::BTreeSet, sync::Arc};

use hub_core::View;
use hub_model::{Actor, Floor, Group, Notice, Person, Role, Room, RoomId, Scene};

/// The rooms: all, or for a guest those where a device may be seen.
pub(crate) fn rooms(view: &View) -> Vec<Arc<Room>> {
    let open = open_rooms(view);
    let shown = |room: &&Arc<Room>| open.as_ref().is_none_or(|open| open.contains(&room.id));
    view.home.rooms.values().filter(shown).cloned().collect()
}

/// The storeys: all, or for a guest those of the rooms that may be seen.
pub(crate) fn floors(view: &View) -> Vec<Arc<Floor>> {
    let open: Option<BTreeSet<_>> =
        (!sees_all(view)).then(|| rooms(view).iter().filter_map(|room| room.floor).collect());
    let shown = |floor: &&Arc<Floor>| open.as_ref().is_none_or(|open| open.contains(&floor.id));
    let mut floors: Vec<_> = view.home.floors.values().filter(shown).cloned().collect();
    floors.sort_by_key(|floor| floor.level);
    floors
}

/// The groups: all, or for a guest those with a member that may be seen.
pub(crate) fn groups(view: &View) -> Vec<Arc<Group>> {
    let shown =
        |group: &&Arc<Group>| sees_all(view) || group.devices.iter().any(|member| view.device(*member).is_some());
    view.home.groups.values().filter(shown).cloned().collect()
}

/// The scenes: all, or for a guest those that touch nothing but devices that the guest may control.
pub(crate) fn scenes(view: &View) -> Vec<Arc<Scene>> {
    let mut scenes: Vec<_> = view.home.scenes.values().filter(|scene| shows_scene(view, scene)).cloned().collect();
    scenes.sort_by_key(|scene| scene.position);
    scenes
}

/// Whether a scene may be seen, and so be run.
pub(crate) fn shows_scene(view: &View, scene: &Scene) -> bool {
    let open = |step: &hub_model::SceneStep| {
        view.device(step.target.device).is_some_and(|known| view.may_control(&known.device))
    };
    sees_all(view) || (!scene.steps.is_empty() && scene.steps.iter().all(open))
}

/// The people: all, or for a guest the one that they are.
pub(crate) fn people(view: &View) -> Vec<Arc<Person>> {
    let account = if let Actor::Person { account, .. } = &view.principal.actor { Some(*account) } else { None };
    let shown = |person: &&Arc<Person>| sees_all(view) || (account.is_some() && person.account == account);
    view.home.people.values().filter(shown).cloned().collect()
}

/// Whether a notice is for whoever asks: everything for admins, else what is for everyone or for them by name; a guest
/// is not everyone.
pub(crate) fn shows_notice(view: &View, notice: &Notice) -> bool {
    let named = matches!(&view.principal.actor, Actor::Person { name, .. } if notice.to.iter().any(|to| to == name));
    view.principal.role >= Role::Admin || named || (sees_all(view) && notice.to.is_empty())
}

/// Whether nothing has to be hidden.
pub(crate) fn sees_all(view: &View) -> bool {
    view.principal.sees_all()
}

fn open_rooms(view: &View) -> Option<BTreeSet<RoomId>> {
    (!sees_all(view)).then(|| view.devices().filter_map(|known| known.device.room).collect())
}
