//! A folder of every schema that ever was is opened as if it were of today.
//!
//! The folders under `tests/fixtures` were each written by a hub of their time. To write one for the newest schema, run
//! this file's tests with `HUB_STORE_WRITE_FIXTURE=1`; a folder that is there is never written again.
#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use std::{fs, path::PathBuf};

use common::*;
use rusqlite::Connection;

const NEWEST: u32 = 4;

fn fixture(schema: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/schema-{schema}"))
}

/// What every fixture holds.
async fn write(folder: &std::path::Path) {
    let store = open(folder).store;
    let lamp = device("lamp", 2);
    let room = Room { id: RoomId::named("hall"), name: "Hall".into(), floor: None };
    let gone = device("gone", 1);
    let changes = vec![
        Change::PutRoom(room),
        Change::PutDevice(lamp.clone().into()),
        Change::PutDevice(gone.clone().into()),
        Change::RemoveDevice(gone.id, at(1)),
    ];
    store.commit(changes).await.unwrap();
    let key = Some(CommandKey("k1".into()));
    let (id, cause, outcome) = (CommandId::named("c"), Cause::root(Actor::Hub), Outcome::Done);
    store.journal(vec![
        reading(&lamp, 0, 30.0, 5),
        reading(&lamp, 0, 21.57, 6),
        Entry::Seen { device: lamp.id, at: at(7) },
        Entry::Command { id, key, device: lamp.id, text: "on".into(), cause, at: at(5), outcome },
        Entry::Run(run().into()),
    ]);
    store.put_secret("broker", "correct horse").await.unwrap();
    store.put_note(&AdapterName::new_static("mqtt"), "note", b"battery staple").await.unwrap();
    store.close().await;
}

/// A run of a scene; folders have it since schema 2.
fn run() -> RunRecord {
    let of = RunOf::Scene(SceneId::named("evening"));
    RunRecord::new(RunId::named("r"), of, "Evening".into(), at(4), Cause::root(Actor::Hub))
}

async fn check(folder: &std::path::Path, schema: u32) {
    let opened = open(folder);
    assert_eq!(opened.notices, []);
    let (home, store) = (opened.home, opened.store);
    assert_eq!((home.rooms[0].name.as_str(), home.tombstones.len()), ("Hall", 1));
    let lamp = &home.devices[0];
    assert_eq!((&lamp.device, lamp.last_seen), (&device("lamp", 2), Some(at(7))));
    assert_eq!(lamp.readings, [(1.into(), level(), known(21.57, 6))]);
    assert_eq!(store.command_by_key(&CommandKey("k1".into())).unwrap().outcome, Outcome::Done);
    assert_eq!(store.secret("broker").unwrap().as_deref(), Some("correct horse"));
    assert_eq!(
        store.note(&AdapterName::new_static("mqtt"), "note").unwrap().as_deref(),
        Some(b"battery staple".as_slice())
    );
    let points = store.history(query(&lamp.device, 0, 9)).await.unwrap();
    assert_eq!(points.iter().filter_map(|point| point.value.as_number()).collect::<Vec<_>>(), [30.0, 21.57]);
    assert_eq!(store.run(run().id).await.unwrap(), (schema >= 2).then(run));
    store.close().await;
}

fn tables(file: PathBuf) -> Vec<String> {
    let database = Connection::open(file).unwrap();
    let mut statement = database.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_folder_of_every_schema_opens_and_has_the_tables_of_today() {
    let newest = fixture(NEWEST);
    if std::env::var_os("HUB_STORE_WRITE_FIXTURE").is_some() && !newest.exists() {
        write(&newest).await;
        for name in ["hub.lock", "hub.db.good"] {
            fs::remove_file(newest.join(name)).unwrap();
        }
    }
    let fresh = tempfile::tempdir().unwrap();
    write(fresh.path()).await;
    check(fresh.path(), NEWEST).await;
    for schema in 1..=NEWEST {
        let copy = tempfile::tempdir().unwrap();
        for name in ["hub.db", "history.db", "key"] {
            fs::copy(fixture(schema).join(name), copy.path().join(name)).unwrap();
        }
        check(copy.path(), schema).await;
        for name in ["hub.db", "history.db"] {
            assert_eq!(tables(copy.path().join(name)), tables(fresh.path().join(name)), "schema {schema}, {name}");
        }
    }
}

#[test]
fn the_newest_schema_has_a_fixture() {
    // The schema's number stands at byte 60 of the file (SQLite file format, section 1.3).
    let version = |name: &str| {
        let bytes = fs::read(fixture(NEWEST).join(name)).unwrap();
        u32::from_be_bytes(bytes[60..64].try_into().unwrap())
    };
    let fresh = tempfile::tempdir().unwrap();
    drop(open(fresh.path()));
    for name in ["hub.db", "history.db"] {
        let database = Connection::open(fresh.path().join(name)).unwrap();
        let known: u32 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version(name), known, "{name} has a schema that no fixture has");
    }
}
