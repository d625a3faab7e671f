//! What was promised is there after a restart.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use common::*;

fn everything() -> StoredHome {
    let lamp = device("lamp", 2);
    let gone = device("gone", 1);
    let room = Room { id: RoomId::named("hall"), name: "Hall".into(), floor: Some(FloorId::named("ground")) };
    let account = Account {
        id: AccountId::named("ann"),
        name: "Ann".into(),
        role: Role::Guest,
        grants: vec![Grant { scope: Scope::Room(room.id), level: Level::View, hours: None, until: Some(at(9)) }],
        created_at: at(0),
    };
    let step = SceneStep {
        target: Target { device: lamp.id, endpoint: EndpointId::first() },
        set: vec![(level(), Value::Number(30.0))],
        invoke: None,
        transition: Some(Duration::from_millis(1500)),
    };
    StoredHome {
        settings: HomeSettings { name: "Cottage".into(), latitude: Some(52.52), ..HomeSettings::default() },
        floors: vec![Floor { id: FloorId::named("ground"), name: "Ground".into(), level: 0 }],
        groups: vec![Group { id: GroupId::named("all"), name: "All".into(), devices: vec![lamp.id] }],
        scenes: vec![Scene {
            id: SceneId::named("night"),
            handle: "night".parse().unwrap(),
            name: "Night".into(),
            icon: None,
            position: 0,
            steps: vec![step],
        }],
        people: vec![Person {
            id: PersonId::named("ann"),
            name: "Ann".into(),
            account: Some(account.id),
            device: None,
        }],
        tokens: vec![Token { hash: TokenHash::of("t"), account: account.id, name: "phone".into(), created_at: at(1) }],
        devices: vec![StoredDevice { device: lamp, reachable: false, last_seen: None, readings: Vec::new() }],
        tombstones: vec![Tombstone { device: gone, removed_at: at(3) }],
        rooms: vec![room],
        accounts: vec![account],
    }
}

/// The changes that lead to a home.
fn puts(home: &StoredHome) -> Vec<Change> {
    let mut changes = vec![Change::PutSettings(home.settings.clone())];
    changes.extend(home.floors.iter().cloned().map(Change::PutFloor));
    changes.extend(home.rooms.iter().cloned().map(Change::PutRoom));
    changes.extend(home.groups.iter().cloned().map(Change::PutGroup));
    changes.extend(home.scenes.iter().cloned().map(Change::PutScene));
    changes.extend(home.people.iter().cloned().map(Change::PutPerson));
    changes.extend(home.accounts.iter().cloned().map(Change::PutAccount));
    changes.extend(home.tokens.iter().cloned().map(Change::PutToken));
    changes.extend(home.devices.iter().map(|known| Change::PutDevice(known.device.clone().into())));
    for Tombstone { device, removed_at } in &home.tombstones {
        changes.extend([Change::PutDevice(device.clone().into()), Change::RemoveDevice(device.id, *removed_at)]);
    }
    changes
}

#[tokio::test]
async fn a_home_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    assert!(opened.first_start);
    assert_eq!(opened.home, StoredHome::default());
    let home = everything();
    opened.store.commit(puts(&home)).await.unwrap();
    opened.store.close().await;

    let again = open(folder.path());
    assert!(!again.first_start);
    assert!(again.epoch > opened.epoch);
    assert_eq!(again.notices, []);
    assert_eq!(again.home, home);
}

#[tokio::test]
async fn what_is_removed_stays_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let home = everything();
    store.commit(puts(&home)).await.unwrap();
    let removes = vec![
        Change::RemoveFloor(home.floors[0].id),
        Change::RemoveRoom(home.rooms[0].id),
        Change::RemoveGroup(home.groups[0].id),
        Change::RemoveScene(home.scenes[0].id),
        Change::RemovePerson(home.people[0].id),
        Change::RemoveAccount(home.accounts[0].id),
        Change::RemoveDevice(home.devices[0].device.id, at(5)),
        Change::ForgetTombstone(home.tombstones[0].device.id),
        Change::RemoveToken(TokenHash::of("never there")),
    ];
    store.commit(removes).await.unwrap();
    store.close().await;
    let tombstones = vec![Tombstone { device: home.devices[0].device.clone(), removed_at: at(5) }];
    let left = StoredHome { settings: home.settings, tombstones, ..StoredHome::default() };
    assert_eq!(open(folder.path()).home, left, "the account's token went with it");
}

#[tokio::test]
async fn the_last_state_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 2);
    store.journal(vec![reading(&lamp, 0, 10.0, 1), Entry::Seen { device: lamp.id, at: at(7) }]);
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    store.journal(vec![reading(&lamp, 0, 30.0, 5), reading(&lamp, 1, 2.5, 6)]);
    store.journal(vec![Entry::Reachable { device: lamp.id, reachable: true, at: at(6) }]);
    store.close().await;

    let mut home = open(folder.path()).home;
    let back = &mut home.devices[0];
    back.readings.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!((back.reachable, back.last_seen), (true, Some(at(7))));
    let expected = [(1.into(), level(), known(30.0, 5)), (2.into(), level(), known(2.5, 6))];
    assert_eq!(back.readings, expected);
}

#[tokio::test]
async fn a_removed_device_comes_back_without_its_old_readings() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let lamp = device("lamp", 1);
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    store.journal(vec![reading(&lamp, 0, 10.0, 1)]);
    store.commit(vec![Change::RemoveDevice(lamp.id, at(2))]).await.unwrap();
    store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    store.close().await;
    let home = open(folder.path()).home;
    assert_eq!(home.devices[0].readings, []);
    assert_eq!(home.tombstones, []);
}

#[tokio::test]
async fn a_command_key_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let (id, device, outcome) = (CommandId::named("c"), DeviceId::named("lamp"), Outcome::Done);
    let (key, cause) = (CommandKey("k1".into()), Cause::root(Actor::Hub));
    let text = "brightness.level = 30".to_owned();
    store.journal(vec![Entry::Command { id, key: Some(key.clone()), device, text, cause, at: at(1), outcome }]);
    let known = Some(KnownCommand { id, device, outcome, at: at(1) });
    assert_eq!(store.command_by_key(&key), known);
    store.close().await;
    let store = open(folder.path()).store;
    assert_eq!(store.command_by_key(&key), known);
    assert_eq!(store.command_by_key(&CommandKey("k2".into())), None);
}

#[tokio::test]
async fn secrets_and_notes_come_back_and_lie_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let mqtt = AdapterName::new_static("mqtt");
    store.put_secret("broker", "correct horse").await.unwrap();
    store.put_secret("gone", "x").await.unwrap();
    store.remove_secret("gone").await.unwrap();
    store.put_note(&mqtt, "fabric", b"battery staple").await.unwrap();
    store.put_note(&mqtt, "gone", b"x").await.unwrap();
    store.put_note(&mqtt, "gone", b"").await.unwrap();
    let long = vec![0; 65_537];
    assert!(matches!(store.put_note(&mqtt, "long", &long).await, Err(SecretError::TooLong { length: 65_537, .. })));
    store.close().await;

    let store = open(folder.path()).store;
    assert_eq!(store.secret("broker").unwrap().as_deref(), Some("correct horse"));
    assert_eq!(store.secret_names(), ["broker"]);
    assert_eq!(store.note(&mqtt, "fabric").unwrap().as_deref(), Some(b"battery staple".as_slice()));
    assert_eq!(store.note(&mqtt, "gone"), Ok(None));
    assert_eq!(store.note(&AdapterName::new_static("ble"), "fabric"), Ok(None));
    store.close().await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(13).any(|window| window == b"correct horse" || window == b"battery stapl"));
    }
}

#[tokio::test]
async fn another_key_is_noticed_and_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let matter = AdapterName::new_static("matter");
    store.put_secret("broker", "correct horse").await.unwrap();
    store.put_note(&matter, "fabric", b"battery staple").await.unwrap();
    store.close().await;
    std::fs::remove_file(folder.path().join("key")).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.notices[0].title, "Secrets can't be read");
    assert!(matches!(opened.store.secret("broker"), Err(SecretError::WrongKey { .. })));
    let kept = opened.store.note(&matter, "fabric");
    assert!(matches!(kept, Err(SecretError::Locked { .. })), "it is there, and can't be read");
    assert_eq!(opened.store.note(&matter, "other"), Ok(None));
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let other = store.clone();
    store.close().await;
    assert_eq!(other.commit(vec![Change::RemoveRoom(RoomId::named("hall"))]).await, Err(CommitError::Closed));
    assert_eq!(other.flush().await, Err(CommitError::Closed));
    assert_eq!(other.history(query(&device("lamp", 1), 0, 9)).await, Err(ReadError::Closed));
}

#[tokio::test]
async fn a_dropped_store_has_written_everything_and_frees_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let slow = Options { flush: Duration::from_secs(3600), ..Options::default() };
    let lamp = device("lamp", 1);
    let opened = Store::open(folder.path(), slow).unwrap();
    opened.store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    opened.store.journal(vec![reading(&lamp, 0, 10.0, 1)]);
    drop(opened);
    let again = open(folder.path());
    assert_eq!(again.home.devices[0].readings.len(), 1);
    assert_eq!(again.store.history(query(&lamp, 0, 9)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_backup_is_a_whole_folder_with_what_was_just_journaled() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let slow = Options { flush: Duration::from_secs(3600), ..Options::default() };
    let opened = Store::open(folder.path(), slow).unwrap();
    let lamp = device("lamp", 1);
    opened.store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    opened.store.put_secret("broker", "correct horse").await.unwrap();
    opened.store.journal(vec![reading(&lamp, 0, 10.0, 1)]);
    let to = copy.path().join("backup");
    opened.store.backup(to.clone()).await.unwrap();
    assert!(matches!(opened.store.backup(to.clone()).await, Err(BackupError::NotEmpty { .. })));

    let restored = open(&to);
    assert_eq!(restored.notices, []);
    assert_eq!(restored.home.devices[0].readings[0].2, known(10.0, 1));
    assert_eq!(restored.store.secret("broker").unwrap().as_deref(), Some("correct horse"));
    assert_eq!(restored.store.history(query(&lamp, 0, 9)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_latest_notices_are_read_at_a_start_and_no_more_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let notice = |number: usize| Notice::to_all(Severity::Info, number.to_string(), "");
    let told = |number: usize| Entry::Notice { notice: notice(number), at: at(number as i64) };
    let came =
        |number: usize| Entry::Reachable { device: device("lamp", 1).id, reachable: true, at: at(number as i64) };
    store.journal((0..Opened::PAST + 5).flat_map(|number| [told(number), came(number)]).collect());
    store.close().await;
    let past = open(folder.path()).past;
    let titles: Vec<String> = past.into_iter().map(|(_, notice)| notice.title).collect();
    let expected: Vec<String> = (5..Opened::PAST + 5).map(|number| number.to_string()).collect();
    assert_eq!(titles, expected);
}
