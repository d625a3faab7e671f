//! What was promised is there after a restart.

mod common;
use common::*;

#[tokio::test]
async fn a_commit_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    assert!(opened.first_start);
    let lamp = device("lamp", 2);
    opened.store.commit(vec![Change::PutDevice(lamp.clone().into())]).await.unwrap();
    opened.store.journal(vec![reading(&lamp, 0, 30.0, 5)]);
    opened.store.close().await;

    let again = open(folder.path());
    assert!(!again.first_start);
    assert!(again.epoch > opened.epoch);
    assert_eq!(again.notices, []);
    assert_eq!(again.home.devices.len(), 1);
    assert_eq!(again.home.devices[0].device, lamp);
    assert_eq!(again.home.devices[0].readings, [(EndpointId::from(1), level(), known(30.0, 5))]);
}
