use std::path::Path as FolderPath;

use hub_model::{DeviceId, EndpointId, Path, Reading, Value, capability};
use jiff::Timestamp;

use tokio::sync::oneshot;

use super::*;
use crate::{
    Change, CommitError, Entry,
    key::MasterKey,
    repair::{open_history, open_hub},
    vault::Sealed,
};

/// A writer without its thread, so that each step is the test's.
struct Bench {
    writer: Writer,
    mailbox: Arc<Mailbox>,
    warnings: mpsc::Receiver<Notice>,
}

fn bench(path: &FolderPath) -> Bench {
    let folder = Folder::take(path).unwrap();
    let (hub, history) = (open_hub(&folder).unwrap().connection, open_history(&folder).unwrap().0);
    let vault = Vault::new(MasterKey::find(path, None).unwrap(), Sealed::default());
    let (mailbox, health) = (Arc::<Mailbox>::default(), Arc::default());
    let (warn, warnings) = mpsc::channel(16);
    let options = Options { keep: Duration::from_secs(1000), ..Options::default() };
    let parts = Parts {
        mailbox: Arc::clone(&mailbox),
        health,
        warnings: warn,
        vault,
        options,
        hub,
        history,
        folder,
        copy_at_start: false,
    };
    Bench { writer: Writer::new(parts), mailbox, warnings }
}

fn entry(endpoint: u16, second: i64) -> Entry {
    let property = (&capability::temperature::MEASURED).into();
    let path = Path { device: DeviceId::named("meter"), endpoint: EndpointId::from(endpoint), property };
    let at = Timestamp::from_second(second).ok();
    let reading = Reading { value: Value::Number(second as f64), changed_at: at, reported_at: at };
    Entry::Reading { path, reading, keep: true, cause: None }
}

fn count(database: &rusqlite::Connection, table: &str) -> i64 {
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// Lets a database grow no further, or again.
fn limit(database: &rusqlite::Connection, pages: i64) {
    let now: i64 = database.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    database.pragma_update(None, "max_page_count", now + pages).unwrap();
}

#[test]
fn history_stops_on_a_full_disk_and_goes_on_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, mailbox, mut warnings } = bench(folder.path());
    limit(&writer.history.connection, 0);
    mailbox.put((0..2000).map(|second| entry(1, second)).collect());
    for _ in 0..3 {
        assert!(writer.write_batch(Safety::Journal).is_err());
    }
    assert!(writer.health().history_stopped);
    assert!(writer.health().last_error.as_deref().unwrap().contains("full"));
    assert!(rows_due(&mailbox.lock(), &writer.history.lane, Duration::ZERO).unwrap() > Instant::now());
    writer.write_state(Safety::Journal).unwrap();
    assert_eq!(count(&writer.hub.connection, "state"), 1, "the state is written all the same");

    limit(&writer.history.connection, 10_000);
    writer.write_batch(Safety::Journal).unwrap();
    assert!(!writer.health().history_stopped);
    assert_eq!(count(&writer.history.connection, "history"), 2000, "nothing is lost, nothing is there twice");
    assert_eq!(warnings.try_recv().unwrap().title, "History has stopped");
    assert_eq!(warnings.try_recv().unwrap().title, "History goes on");
    assert!(warnings.try_recv().is_err(), "it is said once");
}

#[test]
fn the_state_stays_in_memory_while_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, mailbox, mut warnings } = bench(folder.path());
    limit(&writer.hub.connection, 0);
    mailbox.put((0..500).map(|endpoint| entry(endpoint, 1)).collect());
    assert!(writer.write_state(Safety::Journal).is_err());
    let (reply, mut answer) = oneshot::channel();
    let room = hub_model::Room { id: hub_model::RoomId::named("hall"), name: "Hall".repeat(5000), floor: None };
    writer.commit(vec![(vec![Write::Change(Change::PutRoom(room))], reply)]);
    assert_eq!(answer.try_recv().unwrap(), Err(CommitError::Full { file: "hub.db" }));
    mailbox.put((0..500).map(|endpoint| entry(endpoint, 2)).collect());

    limit(&writer.hub.connection, 10_000);
    writer.write_state(Safety::Journal).unwrap();
    assert!(!writer.health().state_stopped);
    let at: i64 = writer.hub.connection.query_row("SELECT min(reported_at) FROM state", [], |row| row.get(0)).unwrap();
    assert_eq!((count(&writer.hub.connection, "state"), at), (500, 2_000_000), "the newest of every path");
    assert_eq!(warnings.try_recv().unwrap().title, "The hub can't save its state");
}

/// The two halves of "at most 100 ms old": it is due after half of that, and when it is due nothing comes before it that
/// is longer than one batch of history, which `cargo xtask bench --micro` holds below the other half.
#[test]
fn state_that_is_due_waits_for_one_batch_of_history_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, mailbox, .. } = bench(folder.path());
    let backlog = 3 * crate::inbox::BATCH as i64;
    mailbox.put((0..backlog).map(|second| entry(1, second)).collect());
    let since = mailbox.lock().state_since.unwrap();
    assert_eq!(state_due(&mailbox.lock(), &writer.hub.lane), Some(since + Duration::from_millis(50)));

    mailbox.lock().state_since = Some(Instant::now() - LINGER);
    writer.turn();
    assert_eq!(count(&writer.hub.connection, "state"), 1, "the backlog comes after what is due");
    assert_eq!(count(&writer.history.connection, "history"), crate::inbox::BATCH as i64, "batch by batch");
}

#[test]
fn a_failed_commit_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, .. } = bench(folder.path());
    limit(&writer.hub.connection, 1);
    let room = |name: &str| hub_model::Room { id: hub_model::RoomId::named(name), name: name.into(), floor: None };
    let writes =
        [Write::Change(Change::PutRoom(room("small"))), Write::Change(Change::PutRoom(room(&"large".repeat(5000))))];
    assert_eq!(writer.commit_writes(&writes), Err(CommitError::Full { file: "hub.db" }));
    assert_eq!(count(&writer.hub.connection, "registry"), 0);
}

#[test]
fn old_history_goes_slice_by_slice_and_the_rest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, mailbox, .. } = bench(folder.path());
    let notice = Notice::to_all(Severity::Info, "Old", "");
    mailbox.put((0..3000).flat_map(|second| [entry(1, second), entry(2, second)]).collect());
    mailbox.put(vec![Entry::Notice { notice, at: Timestamp::UNIX_EPOCH }]);
    writer.write_rows(Safety::Journal).unwrap();
    // Kept are 1000 seconds, so that all before the second 1500 goes.
    let (now, mut slices) = (Timestamp::from_second(2500).unwrap(), 0);
    let instant = Instant::now();
    let mut left = count(&writer.history.connection, "history");
    loop {
        writer.purge.slice(&mut writer.history.connection, now, instant).unwrap();
        slices += 1;
        let before = std::mem::replace(&mut left, count(&writer.history.connection, "history"));
        assert!(before - left <= 1000, "a slice is small");
        if writer.purge.due() > instant + Duration::from_secs(60) {
            break;
        }
    }
    assert_eq!(left, 3000);
    assert_eq!(count(&writer.history.connection, "history WHERE at < 1500000000"), 0);
    assert_eq!(count(&writer.history.connection, "log"), 0);
    assert!(slices >= 3);
}

#[test]
fn the_newest_runs_of_each_thing_outlive_history_for_a_year() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, .. } = bench(folder.path());
    let database = &mut writer.history.connection;
    let put = |of: &str, numbers: std::ops::Range<i64>, skipped: bool| {
        let sql = "INSERT INTO runs (id, of, began, skipped, body) VALUES (randomblob(16), ?1, ?2, ?3, '')";
        for number in numbers {
            database.execute(sql, rusqlite::params![of, number * 1_000_000, skipped]).unwrap();
        }
    };
    put("rule busy", 0..300, false);
    put("rule quiet", 0..3, false);
    put("rule quiet", 3..200, true);
    put("scene fresh", 1800..1900, false);
    let mut purge = |second: i64| {
        let instant = Instant::now();
        loop {
            writer.purge.slice(database, Timestamp::from_second(second).unwrap(), instant).unwrap();
            if writer.purge.due() > instant + Duration::from_secs(60) {
                break;
            }
        }
        ["rule busy", "rule quiet", "scene fresh"].map(|of| count(database, &format!("runs WHERE of = '{of}'")))
    };
    // Kept are 1000 seconds.
    assert_eq!(purge(2500), [50, 3, 100]);
    assert_eq!(purge(2500 + 366 * 24 * 3600), [0, 0, 0]);
}

#[test]
fn old_command_keys_go() {
    let folder = tempfile::tempdir().unwrap();
    let Bench { mut writer, mailbox, .. } = bench(folder.path());
    let command = |number: i64| Entry::Command {
        id: hub_model::CommandId::named("c"),
        key: Some(hub_model::CommandKey(number.to_string().into())),
        device: DeviceId::named("lamp"),
        text: String::new(),
        cause: hub_model::Cause::root(hub_model::Actor::Hub),
        at: Timestamp::from_second(number).unwrap(),
        outcome: hub_model::Outcome::Done,
    };
    mailbox.put((0..10).map(command).collect());
    writer.write_state(Safety::Journal).unwrap();
    writer.hub.purge_commands(Timestamp::from_second(7).unwrap()).unwrap();
    assert_eq!(count(&writer.hub.connection, "command_keys"), 3);
}
