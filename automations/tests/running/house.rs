//! A hub in a folder of its own, with the simulated home and a folder of rules.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use adapter_api::Settings;
use automations::{Automations, RuleSummary, Setup};
use hub_core::{Carried, Control, Hub, Moment, Session, Watch};
use hub_model::{DeviceId, EndpointId, Event, PathName, Target, Value, capability::on_off};
use hub_store::{Entry, Options, Store};
use tokio::time::timeout;

/// What takes longer has gone wrong; nothing waits for it otherwise.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct House {
    pub automations: Automations,
    pub session: Session,
    hub: Hub,
    rules: PathBuf,
    folder: tempfile::TempDir,
}

impl House {
    /// Opens it with these rule files; the home is there, the rules maybe not yet.
    pub async fn open(files: &[(&str, &str)]) -> Self {
        Self::open_to(files, &[]).await
    }

    /// The same, with hosts that rules may call.
    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub async fn open_to(files: &[(&str, &str)], hosts: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("automations");
        fs::create_dir(&rules).unwrap();
        for (name, text) in files {
            fs::write(rules.join(name), text).unwrap();
        }
        Self::start(folder, hosts).await
    }

    /// Ends the hub and starts it again on the same folder.
    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub async fn reopen(self) -> Self {
        self.automations.stop().await;
        self.hub.stop().await;
        Self::start(self.folder, &[]).await
    }

    /// The same, where history tells this as well.
    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub async fn reopen_with(self, past: Vec<Entry>) -> Self {
        self.automations.stop().await;
        self.hub.stop().await;
        let store = Store::open(self.folder.path(), Options::default()).unwrap().store;
        store.journal(past);
        store.close().await;
        Self::start(self.folder, &[]).await
    }

    async fn start(folder: tempfile::TempDir, hosts: &[&str]) -> Self {
        let rules = folder.path().join("automations");
        let opened = Store::open(folder.path(), Options::default()).unwrap();
        let kind = &adapter_simulated::KIND;
        let adapter = (kind.build)(&Settings::default()).unwrap();
        let house = &adapter_house::KIND;
        let rooms = (house.build)(&Settings::default()).unwrap();
        let hub = Hub::start(opened, vec![Carried { kind, adapter }, Carried { kind: house, adapter: rooms }]);
        let session = hub.local();
        let http_hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        let setup = Setup { http_hosts, ..Setup::of(rules.clone()) };
        let automations = Automations::start(hub.clone(), setup);
        let house = Self { automations, session, hub, rules, folder };
        house.settle().await;
        house
    }

    /// Waits until the lamp that the tests use has said what it is.
    async fn settle(&self) {
        let mut watch = self.session.watch(None);
        let path: PathName = "bench-lamp/on_off.on".parse().unwrap();
        let known = || {
            let view = self.session.view();
            let path = view.home.resolve(&path)?;
            view.home.reading(&path).map(|reading| reading.value != Value::Unknown)
        };
        while known() != Some(true) {
            timeout(PATIENCE, watch.next()).await.unwrap().unwrap();
        }
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.rules.join(name), text).unwrap();
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.rules.join(name)).unwrap()
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.rules.join(name)).unwrap();
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub fn device(&self, handle: &str) -> DeviceId {
        self.session.view().find(handle).unwrap().device.id
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    pub fn value(&self, name: &str) -> Value {
        let view = self.session.view();
        let path = view.home.resolve(&name.parse::<PathName>().unwrap()).unwrap();
        view.home.reading(&path).unwrap().value.clone()
    }

    #[allow(dead_code, reason = "each file of tests uses a part of this")]
    /// Switches a lamp and waits until it says so.
    pub async fn switch(&self, handle: &str, on: bool) {
        let target = Target { device: self.device(handle), endpoint: EndpointId::first() };
        let control = Control { set: vec![((&on_off::ON).into(), on.into())], ..Control::of(target) };
        let ended = timeout(PATIENCE, self.session.control(control)).await.unwrap().unwrap();
        assert!(ended.outcome.is_good(), "{ended:?}");
    }

    /// Waits until the list of rules is as wanted.
    pub async fn until_rules(&mut self, wanted: impl Fn(&[RuleSummary]) -> bool) -> Vec<RuleSummary> {
        loop {
            let rules = self.automations.rules();
            if wanted(&rules) {
                return rules;
            }
            assert!(timeout(PATIENCE, self.automations.changed()).await.is_ok(), "the rules stay {rules:#?}");
        }
    }

    pub async fn close(self) {
        self.automations.stop().await;
        self.hub.stop().await;
    }
}

/// The next event that is as wanted.
pub async fn find(watch: &mut Watch, wanted: impl Fn(&Event) -> bool) -> Arc<Event> {
    let found = timeout(PATIENCE, async {
        loop {
            match watch.next().await.unwrap() {
                Moment::Event(event) if wanted(&event) => return event,
                _ => {}
            }
        }
    });
    found.await.unwrap()
}
