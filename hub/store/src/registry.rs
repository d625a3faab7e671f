//! The registry lane in SQL: puts and removes rooms, devices, accounts and their like. Loading is in `load.rs`.

use hub_model::{Device, DeviceId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use crate::{Change, Token, TokenHash, Tombstone, versions};

/// The word for each kind of thing in the table `registry`.
pub(crate) mod kind {
    pub(crate) const SETTINGS: &str = "settings";
    pub(crate) const FLOOR: &str = "floor";
    pub(crate) const ROOM: &str = "room";
    pub(crate) const GROUP: &str = "group";
    pub(crate) const SCENE: &str = "scene";
    pub(crate) const PERSON: &str = "person";
    pub(crate) const DEVICE: &str = "device";
    pub(crate) const TOMBSTONE: &str = "tombstone";
    pub(crate) const ACCOUNT: &str = "account";
    pub(crate) const TOKEN: &str = "token";
}

/// Makes one change, within the caller's transaction.
pub(crate) fn apply(database: &Connection, change: &Change) -> rusqlite::Result<()> {
    match change {
        Change::PutSettings(settings) => put(database, kind::SETTINGS, &[], settings),
        Change::PutFloor(floor) => put(database, kind::FLOOR, floor.id.uuid().as_bytes(), floor),
        Change::RemoveFloor(id) => remove(database, kind::FLOOR, id.uuid().as_bytes()),
        Change::PutRoom(room) => put(database, kind::ROOM, room.id.uuid().as_bytes(), room),
        Change::RemoveRoom(id) => remove(database, kind::ROOM, id.uuid().as_bytes()),
        Change::PutGroup(group) => put(database, kind::GROUP, group.id.uuid().as_bytes(), group),
        Change::RemoveGroup(id) => remove(database, kind::GROUP, id.uuid().as_bytes()),
        Change::PutScene(scene) => put(database, kind::SCENE, scene.id.uuid().as_bytes(), scene),
        Change::RemoveScene(id) => remove(database, kind::SCENE, id.uuid().as_bytes()),
        Change::PutVersion(version) => versions::put(database, version),
        Change::PutPerson(person) => put(database, kind::PERSON, person.id.uuid().as_bytes(), person),
        Change::RemovePerson(id) => remove(database, kind::PERSON, id.uuid().as_bytes()),
        Change::PutDevice(device) => put_device(database, device),
        Change::RemoveDevice(id, at) => remove_device(database, *id, *at),
        Change::ForgetTombstone(id) => remove(database, kind::TOMBSTONE, id.uuid().as_bytes()),
        Change::PutAccount(account) => put(database, kind::ACCOUNT, account.id.uuid().as_bytes(), account),
        Change::RemoveAccount(id) => {
            remove(database, kind::ACCOUNT, id.uuid().as_bytes())?;
            let of_account = "DELETE FROM registry WHERE kind = 'token' AND body ->> 'account' = ?1";
            database.prepare_cached(of_account)?.execute([id.to_string()]).map(drop)
        }
        Change::PutToken(token @ Token { hash: TokenHash(hash), .. }) => put(database, kind::TOKEN, hash, token),
        Change::RemoveToken(TokenHash(hash)) => remove(database, kind::TOKEN, hash),
    }
}

fn put(database: &Connection, kind: &str, id: &[u8], thing: &impl Serialize) -> rusqlite::Result<()> {
    let body = serde_json::to_string(thing).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let sql =
        "INSERT INTO registry (kind, id, body) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = excluded.body";
    database.prepare_cached(sql)?.execute(params![kind, id, body]).map(drop)
}

fn remove(database: &Connection, kind: &str, id: &[u8]) -> rusqlite::Result<()> {
    database.prepare_cached("DELETE FROM registry WHERE kind = ?1 AND id = ?2")?.execute(params![kind, id]).map(drop)
}

fn put_device(database: &Connection, device: &Device) -> rusqlite::Result<()> {
    remove(database, kind::TOMBSTONE, device.id.uuid().as_bytes())?;
    put(database, kind::DEVICE, device.id.uuid().as_bytes(), device)
}

fn remove_device(database: &Connection, id: DeviceId, removed_at: Timestamp) -> rusqlite::Result<()> {
    let key = id.uuid();
    let mut find = database.prepare_cached("SELECT body FROM registry WHERE kind = 'device' AND id = ?1")?;
    let body: Option<String> = find.query_row([key.as_bytes().as_slice()], |row| row.get(0)).optional()?;
    // A body that can't be read leaves no tombstone: there is nothing to come back as.
    if let Some(device) = body.and_then(|body| serde_json::from_str::<Device>(&body).ok()) {
        put(database, kind::TOMBSTONE, key.as_bytes(), &Tombstone { device, removed_at })?;
    }
    remove(database, kind::DEVICE, key.as_bytes())?;
    for table in ["state", "heard"] {
        database
            .prepare_cached(&format!("DELETE FROM {table} WHERE device = ?1"))?
            .execute([key.as_bytes().as_slice()])?;
    }
    Ok(())
}
