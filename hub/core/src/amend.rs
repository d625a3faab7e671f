//! Changes of the registry, brought into the state once they are durable. Pure.

use std::sync::Arc;

use hub_model::{Device, DeviceId, What};
use hub_store::Change;
use jiff::tz::TimeZone;

use crate::state::State;

/// Brings one durable change into the state, and says what watchers should read again.
pub fn amend(state: &mut State, change: Change) -> Option<What> {
    let home = &mut state.home;
    match change {
        Change::PutSettings(settings) => {
            home.zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
            home.settings = Arc::new(settings);
        }
        Change::PutFloor(floor) => drop(home.floors.insert(floor.id, Arc::new(floor))),
        Change::RemoveFloor(id) => drop(home.floors.remove(&id)),
        Change::PutRoom(room) => drop(home.rooms.insert(room.id, Arc::new(room))),
        Change::RemoveRoom(id) => drop(home.rooms.remove(&id)),
        Change::PutGroup(group) => drop(home.groups.insert(group.id, Arc::new(group))),
        Change::RemoveGroup(id) => drop(home.groups.remove(&id)),
        Change::PutScene(scene) => drop(home.scenes.insert(scene.id, Arc::new(scene))),
        Change::RemoveScene(id) => drop(home.scenes.remove(&id)),
        Change::PutPerson(person) => drop(home.people.insert(person.id, Arc::new(person))),
        Change::RemovePerson(id) => drop(home.people.remove(&id)),
        Change::PutDevice(device) => return Some(amend_device(state, &device)),
        Change::RemoveDevice(id, _) => return remove_device(state, id),
        // Accounts and tokens are no part of the home.
        Change::ForgetTombstone(_)
        | Change::PutAccount(_)
        | Change::RemoveAccount(_)
        | Change::PutVersion(_)
        | Change::PutToken(_)
        | Change::RemoveToken(_) => return None,
    }
    Some(What::Home)
}

/// What the owner decided, over the device as its adapter describes it by now: it may have been described anew while
/// the change was being written. Then the store gets the newer description too.
fn amend_device(state: &mut State, edited: &Arc<Device>) -> What {
    let id = edited.id;
    let device = match state.home.device(id).map(|known| Arc::clone(&known.device)) {
        Some(now) if now.endpoints != edited.endpoints || now.product != edited.product => {
            state.dirty.devices.insert(id);
            Arc::new(Device {
                product: now.product.clone(),
                endpoints: now.endpoints.clone(),
                origins: now.origins.clone(),
                ..Device::clone(edited)
            })
        }
        _ => Arc::clone(edited),
    };
    state.home.put(device);
    What::Device(id)
}

fn remove_device(state: &mut State, id: DeviceId) -> Option<What> {
    let gone = state.home.remove(id)?;
    state.bury(gone.device);
    Some(What::Device(id))
}
