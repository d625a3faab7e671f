//! From what an adapter says to what changed: `apply` is the one place where reports become state. Pure.

use std::sync::Arc;

use hub_model::{
    AdapterName, Device, DeviceId, EndpointId, Found, Handle, Origin, Path, Property, PropertyOffer, Reading, Report,
    Said, Value, What, capability::Summary,
};
use jiff::Timestamp;

use crate::state::State;

/// What came of a report.
#[derive(Debug, Default, PartialEq)]
pub struct Applied {
    /// What changed, in order; the caller gives each its cursor and cause.
    pub changes: Vec<What>,
    /// Every sound reading that was reported, changed or not.
    pub readings: Vec<Heard>,
    /// What was dropped, and why; empty unless it should be logged now.
    pub grumble: Option<String>,
    /// How many values were dropped.
    pub dropped: u32,
}

/// A reading that a device reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Of which property.
    pub path: Path,
    /// What it is now.
    pub reading: Reading,
    /// Whether the value is another one than before.
    pub changed: bool,
    /// Whether history keeps this property.
    pub keep: bool,
}

/// Applies one report to the state.
pub fn apply(state: &mut State, adapter: &AdapterName, report: Report) -> Applied {
    let origin = Origin { adapter: adapter.clone(), key: report.key };
    if let Said::Found(found) = report.said {
        return apply_found(state, origin, *found, report.at);
    }
    let Some(id) = state.home.by_origin(&origin).map(|known| known.device.id) else {
        return Applied { dropped: 1, ..Applied::default() };
    };
    match report.said {
        Said::Found(_) => unreachable!("handled above"),
        Said::Read(readings) => apply_readings(state, id, readings, report.at),
        Said::Occurred(endpoint, occurrence) => {
            seen(state, id, report.at);
            changed(What::Occurred { device: id, endpoint, occurrence })
        }
        Said::Reachable(reachable) => set_reachable(state, id, reachable, report.at),
        Said::Gone => apply_gone(state, id),
    }
}

/// Marks an adapter's devices as unreachable, because it isn't running.
pub fn cast_adrift(state: &mut State, adapter: &AdapterName, at: Timestamp) -> Applied {
    let mut applied = Applied::default();
    for id in state.carried_by(adapter) {
        applied.changes.extend(set_reachable(state, id, false, at).changes);
        state.adrift.insert(id);
    }
    applied
}

fn changed(what: What) -> Applied {
    Applied { changes: vec![what], ..Applied::default() }
}

fn apply_found(state: &mut State, origin: Origin, found: Found, at: Timestamp) -> Applied {
    let known = state.home.by_origin(&origin).map(|known| Arc::clone(&known.device));
    let mut applied = Applied::default();
    let (device, is_new) = match known {
        Some(known) => (redescribed(&known, found), false),
        None => {
            let rooms = state.home.rooms.len();
            let device = welcome(state, origin, found);
            if state.home.rooms.len() > rooms {
                applied.changes.push(What::Home);
            }
            (device, true)
        }
    };
    let id = device.id;
    if is_new || state.home.device(id).is_none_or(|known| *known.device != device) {
        state.home.put(Arc::new(device));
        state.dirty.devices.insert(id);
        state.grumbled.remove(&id);
        applied.changes.push(What::Device(id));
    }
    if state.adrift.remove(&id) || is_new {
        applied.changes.extend(set_reachable(state, id, true, at).changes);
    }
    applied
}

/// A device that is known, as its adapter describes it now. What the owner decided stays.
fn redescribed(known: &Device, found: Found) -> Device {
    let endpoints = found.endpoints.into_iter().map(Arc::new).collect();
    Device { product: found.product, endpoints, ..known.clone() }
}

/// A device that is new, or comes back from its tombstone.
fn welcome(state: &mut State, origin: Origin, found: Found) -> Device {
    if let Some(tombstone) = state.tombstones.get(&origin).cloned() {
        for origin in &tombstone.origins {
            state.tombstones.remove(origin);
        }
        let device = redescribed(&tombstone, found);
        return Device { handle: state.home.free_handle(device.handle.clone()), ..device };
    }
    let handle = state.home.free_handle(Handle::from_words(&found.name, &origin.key.0));
    Device {
        id: DeviceId::fresh(),
        handle,
        name: found.name,
        aliases: Vec::new(),
        room: found.room.as_deref().filter(|name| !name.trim().is_empty()).map(|name| state.room_named(name.trim())),
        show_as: None,
        product: found.product,
        origins: vec![origin],
        endpoints: found.endpoints.into_iter().map(Arc::new).collect(),
    }
}

fn apply_readings(
    state: &mut State,
    id: DeviceId,
    readings: Vec<(EndpointId, Property, Value)>,
    at: Timestamp,
) -> Applied {
    let mut applied = Applied::default();
    let Some(known) = state.home.device_mut(id) else { return applied };
    known.last_seen = Some(at);
    let device = Arc::clone(&known.device);
    let slots = Arc::make_mut(&mut known.readings);
    for (endpoint, property, value) in readings {
        match place(&device, &endpoint, &property, &value) {
            Ok((slot, offer)) => {
                let path = Path { device: id, endpoint, property };
                hear(&mut applied, &mut slots[slot], offer, path, value, at);
            }
            Err(why) => {
                applied.dropped += 1;
                if state.grumbled.insert(id) {
                    applied.grumble = Some(format!("{}: {why}", device.handle));
                }
            }
        }
    }
    applied
}

/// Where a reported value belongs, or why it belongs nowhere.
fn place<'a>(
    device: &'a Device,
    endpoint: &EndpointId,
    property: &Property,
    value: &Value,
) -> Result<(usize, &'a PropertyOffer), String> {
    let slot = device
        .slot(endpoint, property)
        .ok_or_else(|| format!("it reports {endpoint}/{property}, which it does not offer"))?;
    let offer = device.endpoint(endpoint).and_then(|endpoint| endpoint.offer(property));
    let offer = offer.ok_or_else(|| format!("it reports {endpoint}/{property}, which it does not offer"))?;
    offer.check(value).map_err(|misfit| misfit.to_string())?;
    Ok((slot, offer))
}

fn hear(applied: &mut Applied, slot: &mut Reading, offer: &PropertyOffer, path: Path, value: Value, at: Timestamp) {
    let changed = slot.value != value;
    slot.reported_at = Some(at);
    if changed {
        slot.changed_at = Some(at);
        let old = std::mem::replace(&mut slot.value, value.clone());
        applied.changes.push(What::Changed { path: path.clone(), old, new: value });
    }
    let keep = offer.summary() != Summary::None;
    applied.readings.push(Heard { path, reading: slot.clone(), changed, keep });
}

fn seen(state: &mut State, id: DeviceId, at: Timestamp) {
    if let Some(known) = state.home.device_mut(id) {
        known.last_seen = Some(at);
    }
}

fn set_reachable(state: &mut State, id: DeviceId, reachable: bool, at: Timestamp) -> Applied {
    state.adrift.remove(&id);
    match state.home.device_mut(id) {
        Some(known) if known.reachable != reachable => {
            known.reachable = reachable;
            if reachable {
                known.last_seen = Some(at);
            }
            changed(What::Reachable { device: id, reachable })
        }
        _ => Applied::default(),
    }
}

fn apply_gone(state: &mut State, id: DeviceId) -> Applied {
    let Some(gone) = state.home.remove(id) else { return Applied::default() };
    state.bury(gone.device);
    state.adrift.remove(&id);
    state.dirty.devices.insert(id);
    changed(What::Device(id))
}

#[cfg(test)]
mod tests;
