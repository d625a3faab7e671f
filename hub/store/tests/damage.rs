//! Damaged files: the hub says what is wrong, keeps a copy and goes on with what it can.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use std::{fs, path::Path as Folder};

use common::*;

/// A folder with 200 devices, each with a reading and some history, left after a clean stop.
async fn home(folder: &Folder) -> Vec<Device> {
    let store = open(folder).store;
    let devices: Vec<Device> = (0..200).map(|number| device(&format!("lamp-{number}"), 1)).collect();
    store.commit(devices.iter().cloned().map(|device| Change::PutDevice(device.into())).collect()).await.unwrap();
    store.journal(devices.iter().map(|device| reading(device, 0, 42.0, 1)).collect());
    store.close().await;
    devices
}

fn files_named(folder: &Folder, start: &str) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(start) && !name.ends_with("-wal")).collect()
}

#[tokio::test]
async fn a_garbage_database_is_kept_and_the_last_good_copy_taken() {
    let folder = tempfile::tempdir().unwrap();
    let devices = home(folder.path()).await;
    fs::write(folder.path().join("hub.db"), "this is no database").unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.home.devices.len(), devices.len());
    assert_eq!(opened.home.devices[0].readings.len(), 1);
    let aside = files_named(folder.path(), "hub.db.damaged-");
    assert_eq!(fs::read_to_string(folder.path().join(&aside[0])).unwrap(), "this is no database");
    let text = &opened.notices[0].text;
    assert!(text.contains(&aside[0]) && text.contains("last good copy"), "{text}");
    opened.store.close().await;
    assert_eq!(open(folder.path()).notices, [], "it is repaired for good");
}

#[tokio::test]
async fn without_a_good_copy_the_hub_starts_empty_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    home(folder.path()).await;
    fs::remove_file(folder.path().join("hub.db.good")).unwrap();
    fs::write(folder.path().join("hub.db"), [7; 9000]).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.home.devices, []);
    assert!(opened.notices[0].text.contains("started empty"), "{}", opened.notices[0].text);
    assert!(!opened.first_start);
}

#[tokio::test]
async fn an_emptied_or_missing_database_is_taken_from_the_good_copy() {
    for emptied in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let devices = home(folder.path()).await;
        let file = folder.path().join("hub.db");
        if emptied {
            fs::write(&file, "").unwrap()
        } else {
            fs::remove_file(&file).unwrap()
        }
        let opened = open(folder.path());
        assert_eq!(opened.home.devices.len(), devices.len());
        assert_eq!(opened.notices.len(), 1);
    }
}

#[tokio::test]
async fn a_torn_database_gives_what_it_has_and_the_good_copy_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let devices = home(folder.path()).await;
    let store = open(folder.path()).store;
    let newer = Room { id: RoomId::named("new"), name: "New".into(), floor: None };
    store.commit(vec![Change::PutRoom(newer.clone())]).await.unwrap();
    // Without a clean stop, so that the good copy knows nothing of the room.
    let good = fs::read(folder.path().join("hub.db.good")).unwrap();
    store.close().await;
    fs::write(folder.path().join("hub.db.good"), good).unwrap();
    let file = folder.path().join("hub.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0xff);
    fs::write(&file, bytes).unwrap();

    let opened = open(folder.path());
    assert_eq!(opened.home.devices.len(), devices.len());
    assert!(opened.notices[0].text.contains("could be read was saved"), "{}", opened.notices[0].text);
}

#[tokio::test]
async fn a_token_that_was_taken_away_does_not_come_back_from_the_good_copy() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let token = |word| Token {
        hash: TokenHash::of(word),
        account: AccountId::named("a"),
        name: word.into(),
        created_at: at(0),
    };
    let puts = vec![
        Change::PutToken(token("stolen")),
        Change::PutToken(token("mine")),
        Change::PutDevice(device("lamp", 1).into()),
    ];
    store.commit(puts).await.unwrap();
    store.close().await;
    let good = fs::read(folder.path().join("hub.db.good")).unwrap();
    let store = open(folder.path()).store;
    store.commit(vec![Change::RemoveToken(TokenHash::of("stolen"))]).await.unwrap();
    store.close().await;
    fs::write(folder.path().join("hub.db.good"), good).unwrap();
    // The device's body is no JSON any more, in a file that is sound otherwise.
    let file = folder.path().join("hub.db");
    let mut bytes = fs::read(&file).unwrap();
    let word = b"\"handle\":\"lamp\"";
    let place = bytes.windows(word.len()).position(|window| window == word).unwrap();
    bytes[place] = b'#';
    fs::write(&file, bytes).unwrap();

    let opened = open(folder.path());
    assert_eq!(opened.home.devices.len(), 1, "{:?}", opened.notices);
    assert_eq!(opened.home.tokens, [token("mine")]);
}

#[tokio::test]
async fn damaged_history_is_set_aside_and_costs_no_state() {
    for damage in [0, 100, 5000, 12_000] {
        let folder = tempfile::tempdir().unwrap();
        let devices = home(folder.path()).await;
        let file = folder.path().join("history.db");
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, [&vec![0xa5; damage], &bytes[damage..bytes.len() / 2]].concat()).unwrap();
        let opened = open(folder.path());
        assert_eq!(opened.home.devices.len(), devices.len());
        assert_eq!(files_named(folder.path(), "history.db.damaged-").len(), 1);
        assert_eq!(opened.notices[0].title, "History was damaged");
        opened.store.journal(vec![reading(&devices[0], 0, 1.0, 5)]);
        opened.store.flush().await.unwrap();
        assert_eq!(opened.store.history(query(&devices[0], 0, 9)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn history_that_turns_out_damaged_while_running_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let devices = home(folder.path()).await;
    let file = folder.path().join("history.db");
    let root = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'history'";
    let place = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u32>(0)? as usize, row.get::<_, u32>(1)? as usize));
    let (page, size) = rusqlite::Connection::open(&file).unwrap().query_row(root, [], place).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    // Only the rows themselves, which no start looks at.
    bytes[(page - 1) * size..page * size].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    let mut opened = open(folder.path());
    opened.store.journal(devices.iter().map(|device| reading(device, 0, 1.0, 5)).collect());
    assert_eq!(opened.notices, []);
    let titles = [opened.warnings.recv().await.unwrap().title, opened.warnings.recv().await.unwrap().title];
    assert_eq!(titles, ["History has stopped", "History was damaged"]);
    opened.store.flush().await.unwrap();
    assert!(!opened.store.health().history_stopped);
    for device in &devices {
        assert_eq!(opened.store.history(query(device, 0, 9)).await.unwrap().len(), 1, "nothing that waited is lost");
    }
}

/// Whatever bytes change, a start neither panics nor refuses nor comes up without saying so; and it is repaired then.
#[tokio::test]
async fn random_damage_never_stops_a_start() {
    let original = tempfile::tempdir().unwrap();
    let devices = home(original.path()).await;
    let sound = ["hub.db", "hub.db.good", "history.db", "key"]
        .map(|name| (name, fs::read(original.path().join(name)).unwrap()));
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for round in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &sound {
            let mut bytes = bytes.clone();
            if *name == "hub.db" || *name == "history.db" {
                match round % 3 {
                    0 => bytes.truncate(next(bytes.len())),
                    1 => (0..1 + next(8))
                        .for_each(|_| bytes[next(sound[0].1.len().min(sound[2].1.len()))] = next(256) as u8),
                    _ => {
                        let (start, length) = (next(bytes.len()), next(6000));
                        let end = (start + length).min(bytes.len());
                        bytes[start..end].fill(next(256) as u8);
                    }
                }
            }
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        // A changed schema number may stand for a newer hub, which is refused for good reason.
        let opened = match Store::open(folder.path(), options()) {
            Err(OpenError::Newer { .. }) => continue,
            opened => opened.unwrap(),
        };
        assert_eq!(opened.home.devices.len(), devices.len(), "round {round}: {:?}", opened.notices);
        opened.store.close().await;
        let again = open(folder.path());
        assert_eq!(again.home.devices.len(), devices.len(), "round {round}, again");
        assert!(
            again.notices.iter().all(|notice| notice.title.contains("History")),
            "round {round}: {:?}",
            again.notices
        );
    }
}
