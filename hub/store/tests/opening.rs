//! Who may open a folder, and what a start refuses.

#![allow(clippy::unwrap_used, reason = "a test ends where it goes wrong")]

#[path = "common/folder.rs"]
mod common;
use std::{fs, os::unix::fs::PermissionsExt as _};

use common::*;

#[tokio::test]
async fn a_second_hub_is_refused_and_told_who_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let second = Store::open(folder.path(), options()).unwrap_err();
    let OpenError::InUse { pid, .. } = &second else { panic!("{second}") };
    assert_eq!(*pid, std::process::id().to_string());
    first.store.close().await;
    open(folder.path());
}

#[tokio::test]
async fn a_new_folder_is_the_owners_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep/home");
    open(&folder).store.close().await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in ["key", "hub.db", "hub.db.good", "history.db", "hub.lock"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn what_is_read_only_is_named_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).store.close().await;
    for name in ["hub.db", "history.db", ""] {
        let path = if name.is_empty() { folder.path().to_owned() } else { folder.path().join(name) };
        let before = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o500)).unwrap();
        let error = Store::open(folder.path(), options()).unwrap_err();
        assert!(matches!(&error, OpenError::ReadOnly { file } if *file == path), "{error}");
        assert!(error.to_string().contains("is read-only: make it writable"));
        fs::set_permissions(&path, before).unwrap();
    }
    open(folder.path());
}

#[tokio::test]
async fn a_file_in_the_place_of_the_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(Store::open(&file, options()), Err(OpenError::Disk { .. })));
}

#[tokio::test]
async fn a_database_of_a_newer_hub_is_refused_and_left_as_it_is() {
    for name in ["hub.db", "history.db"] {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).store.close().await;
        let file = folder.path().join(name);
        // The schema's number stands at byte 60 of the file (SQLite file format, section 1.3).
        let mut bytes = fs::read(&file).unwrap();
        bytes[60..64].copy_from_slice(&99i32.to_be_bytes());
        fs::write(&file, &bytes).unwrap();
        let error = Store::open(folder.path(), options()).unwrap_err();
        assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
}

#[tokio::test]
async fn every_start_has_a_new_epoch_even_when_the_database_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut epochs = Vec::new();
    for _ in 0..3 {
        let opened = open(folder.path());
        epochs.push(opened.epoch);
        opened.store.close().await;
    }
    fs::remove_file(folder.path().join("hub.db")).unwrap();
    fs::remove_file(folder.path().join("hub.db.good")).unwrap();
    epochs.push(open(folder.path()).epoch);
    assert_eq!(epochs, [1, 2, 3, 4]);
}
