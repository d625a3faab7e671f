//! Reads `hub.db` at a start. It counts what can't be read and goes on; what to do about it is `repair.rs`.

use std::collections::HashMap;

use hub_model::{CommandKey, Device, DeviceId, Property, Reading, Value};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    KnownCommand, StoredDevice, StoredHome,
    commands::{KnownCommands, outcome_of},
    encode::decode,
    registry::kind,
    vault::Sealed,
};

/// All that `hub.db` holds.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) home: StoredHome,
    pub(crate) sealed: Sealed,
    pub(crate) commands: KnownCommands,
    /// How many rows of the registry hold something that this hub can't have written.
    pub(crate) unreadable: usize,
}

/// Reads everything.
pub(crate) fn load(database: &Connection) -> rusqlite::Result<Loaded> {
    let mut loaded = Loaded::default();
    load_registry(database, &mut loaded)?;
    load_state(database, &mut loaded)?;
    load_commands(database, &mut loaded)?;
    loaded.sealed = Sealed::load(database)?;
    Ok(loaded)
}

/// Whether a registry row holds what its kind says.
pub(crate) fn is_sound(kind: &str, body: &str) -> bool {
    place(&mut StoredHome::default(), kind, body).is_some()
}

fn load_registry(database: &Connection, loaded: &mut Loaded) -> rusqlite::Result<()> {
    let mut statement = database.prepare("SELECT kind, body FROM registry ORDER BY kind, id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column).ok().and_then(|column| column.as_str().ok());
        let placed = text(0).zip(text(1)).and_then(|(kind, body)| place(&mut loaded.home, kind, body));
        loaded.unreadable += usize::from(placed.is_none());
    }
    Ok(())
}

fn place(home: &mut StoredHome, word: &str, body: &str) -> Option<()> {
    match word {
        kind::SETTINGS => home.settings = read(body)?,
        kind::FLOOR => home.floors.push(read(body)?),
        kind::ROOM => home.rooms.push(read(body)?),
        kind::GROUP => home.groups.push(read(body)?),
        kind::SCENE => home.scenes.push(read(body)?),
        kind::PERSON => home.people.push(read(body)?),
        kind::DEVICE => home.devices.push(silent(read(body)?)),
        kind::TOMBSTONE => home.tombstones.push(read(body)?),
        kind::ACCOUNT => home.accounts.push(read(body)?),
        kind::TOKEN => home.tokens.push(read(body)?),
        _ => return None,
    }
    Some(())
}

fn read<T: DeserializeOwned>(body: &str) -> Option<T> {
    serde_json::from_str(body).ok()
}

const fn silent(device: Device) -> StoredDevice {
    StoredDevice { device, reachable: false, last_seen: None, readings: Vec::new() }
}

fn load_state(database: &Connection, loaded: &mut Loaded) -> rusqlite::Result<()> {
    let devices = &mut loaded.home.devices;
    let index: HashMap<DeviceId, usize> = devices.iter().enumerate().map(|(at, known)| (known.device.id, at)).collect();
    // What is left of a device that was removed meanwhile is nobody's, and no damage.
    let mut heard = database.prepare("SELECT device, reachable, last_seen FROM heard")?;
    let mut rows = heard.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(at) = device_id(row, 0).and_then(|id| index.get(&id)) {
            devices[*at].reachable = row.get(1)?;
            devices[*at].last_seen = time(row, 2);
        }
    }
    let mut state = database.prepare("SELECT device, endpoint, property, value, changed_at, reported_at FROM state")?;
    let mut rows = state.query([])?;
    let mut names = HashMap::new();
    while let Some(row) = rows.next()? {
        let Some(at) = device_id(row, 0).and_then(|id| index.get(&id)) else { continue };
        // A property that this hub no longer knows was known to the one that wrote it, and is no damage.
        let Some(property) = property(&mut names, row)? else { continue };
        let endpoint = row.get_ref(1)?.as_str().ok().and_then(|text| text.parse().ok());
        // A reading that can't be read is left out: the device's next report heals it.
        if let Some((endpoint, value)) = endpoint.zip(value(row, 3)) {
            let reading = Reading { value, changed_at: time(row, 4), reported_at: time(row, 5) };
            devices[*at].readings.push((endpoint, property, reading));
        }
    }
    Ok(())
}

/// Finding a name in the table takes a while, and the same few stand in thousands of rows.
fn property(names: &mut HashMap<String, Option<Property>>, row: &Row<'_>) -> rusqlite::Result<Option<Property>> {
    let Ok(name) = row.get_ref(2)?.as_str() else { return Ok(None) };
    if let Some(known) = names.get(name) {
        return Ok(known.clone());
    }
    let property: Option<Property> = name.parse().ok();
    names.insert(name.to_owned(), property.clone());
    Ok(property)
}

fn load_commands(database: &Connection, loaded: &mut Loaded) -> rusqlite::Result<()> {
    let newest =
        "SELECT * FROM (SELECT key, id, device, outcome, at FROM command_keys ORDER BY at DESC LIMIT ?1) ORDER BY at";
    let mut statement = database.prepare(newest)?;
    let mut rows = statement.query([KnownCommands::MOST as i64])?;
    while let Some(row) = rows.next()? {
        if let Some((key, command)) = known_command(row) {
            loaded.commands.insert(key, command);
        }
    }
    Ok(())
}

fn known_command(row: &Row<'_>) -> Option<(CommandKey, KnownCommand)> {
    let key = CommandKey(row.get_ref(0).ok()?.as_str().ok()?.into());
    let id = uuid(row, 1).map(hub_model::CommandId::from_uuid)?;
    let outcome = outcome_of(row.get_ref(3).ok()?.as_str().ok()?)?;
    Some((key, KnownCommand { id, device: device_id(row, 2)?, outcome, at: time(row, 4)? }))
}

fn value(row: &Row<'_>, column: usize) -> Option<Value> {
    decode(row.get_ref(column).ok()?)
}

fn uuid(row: &Row<'_>, column: usize) -> Option<Uuid> {
    Uuid::from_slice(row.get_ref(column).ok()?.as_blob().ok()?).ok()
}

fn device_id(row: &Row<'_>, column: usize) -> Option<DeviceId> {
    uuid(row, column).map(DeviceId::from_uuid)
}

fn time(row: &Row<'_>, column: usize) -> Option<Timestamp> {
    Timestamp::from_microsecond(row.get_ref(column).ok()?.as_i64().ok()?).ok()
}
