//! Causes as history keeps them: short, as there may be one in every row.
//!
//! NULL is "the device itself". Who began it is a number from the table `actors`; with nothing before it, that number
//! as an INTEGER is all. Else a BLOB: the number (LEB128), the depth (one byte), and what it came from: `e` with epoch
//! and seq (LEB128 each), or `c` or `r` with the 16 bytes of the command's or the run's id, or nothing.

use std::collections::HashMap;

use hub_model::{Actor, Cause, Cursor, Source, id::Id};
use rusqlite::{Connection, OptionalExtension as _, types::Value as Owned, types::ValueRef};

/// The numbers of the actors that were written lately.
#[derive(Debug, Default)]
pub(crate) struct Actors {
    known: HashMap<Actor, i64>,
}

impl Actors {
    /// People, rules and scenes are few, and voices' names come from outside: beyond this, all are looked up anew.
    const MOST: usize = 4096;

    /// The column for a cause, with its actor in the table.
    pub(crate) fn column(&mut self, database: &Connection, cause: Option<&Cause>) -> rusqlite::Result<Owned> {
        let Some(cause) = cause else { return Ok(Owned::Null) };
        Ok(encode(self.number(database, &cause.actor)?, cause))
    }

    /// Forgets what a transaction that failed may have left here.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    fn number(&mut self, database: &Connection, actor: &Actor) -> rusqlite::Result<i64> {
        if let Some(number) = self.known.get(actor) {
            return Ok(*number);
        }
        let body = serde_json::to_string(actor).expect("an actor is plain data");
        let mut find = database.prepare_cached("SELECT id FROM actors WHERE body = ?1")?;
        let number = match find.query_row([&body], |row| row.get(0)).optional()? {
            Some(number) => number,
            None => {
                database.prepare_cached("INSERT INTO actors (body) VALUES (?1)")?.execute([&body])?;
                database.last_insert_rowid()
            }
        };
        if self.known.len() >= Self::MOST {
            self.known.clear();
        }
        self.known.insert(actor.clone(), number);
        Ok(number)
    }
}

/// The actor of a number.
pub(crate) fn actor(database: &Connection, number: i64) -> rusqlite::Result<Option<Actor>> {
    let mut find = database.prepare_cached("SELECT body FROM actors WHERE id = ?1")?;
    let body: Option<String> = find.query_row([number], |row| row.get(0)).optional()?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

fn encode(actor: i64, cause: &Cause) -> Owned {
    if cause.from.is_none() && cause.depth == 0 {
        return Owned::Integer(actor);
    }
    let mut bytes = Vec::with_capacity(24);
    put_number(&mut bytes, actor.unsigned_abs());
    bytes.push(cause.depth);
    match cause.from {
        None => {}
        Some(Source::Event(cursor)) => {
            bytes.push(b'e');
            put_number(&mut bytes, cursor.epoch);
            put_number(&mut bytes, cursor.seq);
        }
        Some(Source::Command(id)) => {
            bytes.push(b'c');
            bytes.extend_from_slice(id.uuid().as_bytes());
        }
        Some(Source::Run(id)) => {
            bytes.push(b'r');
            bytes.extend_from_slice(id.uuid().as_bytes());
        }
    }
    Owned::Blob(bytes)
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The cause in a column, with the number of its actor turned into the actor; `None` for the device itself, and for
/// what can't be read.
pub(crate) fn decode(column: ValueRef<'_>, actor: impl FnOnce(i64) -> Option<Actor>) -> Option<Cause> {
    match column {
        ValueRef::Integer(number) => actor(number).map(Cause::root),
        ValueRef::Blob(bytes) => {
            let (number, rest) = take_number(bytes)?;
            let (depth, rest) = rest.split_first()?;
            let from = if rest.is_empty() { None } else { Some(source(rest)?) };
            Some(Cause { actor: actor(i64::try_from(number).ok()?)?, from, depth: *depth })
        }
        _ => None,
    }
}

fn source(bytes: &[u8]) -> Option<Source> {
    let (kind, rest) = bytes.split_first()?;
    let uuid = || Some(uuid::Uuid::from_bytes(rest.try_into().ok()?));
    match kind {
        b'e' => {
            let (epoch, rest) = take_number(rest)?;
            let (seq, _) = take_number(rest)?;
            Some(Source::Event(Cursor { epoch, seq }))
        }
        b'c' => uuid().map(|uuid| Source::Command(Id::from_uuid(uuid))),
        b'r' => uuid().map(|uuid| Source::Run(Id::from_uuid(uuid))),
        _ => None,
    }
}

fn take_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests;
