//! A hub with the simulated home, connected with a broker and mirrored there.

use std::time::Duration;

use adapter_api::Settings;
use hub_core::{Carried, Control, Edit, Hub, Moment, Session, Watch};
use hub_mirror::Mirror;
use hub_model::{Actor, DeviceId, EndpointId, Path, PathName, Target, Value, What, capability::on_off};
use hub_store::{Options, Store};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::broker::Broker;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct House {
    pub session: Session,
    hub: Hub,
    _mirror: Option<Mirror>,
    _folder: TempDir,
}

impl House {
    pub async fn open(broker: &Broker, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opened = Store::open(folder.path(), Options::default()).unwrap();
        let simulated = Carried {
            kind: &adapter_simulated::KIND,
            adapter: (adapter_simulated::KIND.build)(&Settings::default()).unwrap(),
        };
        let table = toml::from_str(&format!("{}\n{more}", broker.settings())).unwrap();
        let settings = Settings::check(table, adapter_mqtt::KIND.fields).unwrap();
        let mqtt = Carried { kind: &adapter_mqtt::KIND, adapter: (adapter_mqtt::KIND.build)(&settings).unwrap() };
        let hub = Hub::start(opened, vec![simulated, mqtt]);
        let session = hub.local();
        let mirror = Mirror::start(&hub);
        assert_eq!(mirror.is_some(), more.contains("publish"));
        let house = Self { session, hub, _mirror: mirror, _folder: folder };
        house.until_there("bench-lamp").await;
        house
    }

    async fn until<T>(&self, what: &str, find: impl Fn(&Self) -> Option<T>) -> T {
        let mut watch = self.session.watch(None);
        let looking = async {
            loop {
                if let Some(found) = find(self) {
                    return found;
                }
                watch.next().await.unwrap();
            }
        };
        timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("there never is {what}"))
    }

    pub async fn until_there(&self, handle: &str) {
        self.until(handle, |house| house.session.view().find(handle).filter(|known| known.reachable).map(|_| ())).await;
    }

    pub async fn until_value(&self, path: &str, value: Value) {
        let is = |house: &Self| {
            let view = house.session.view();
            let reading = view.home.reading(&house.path(path))?;
            (reading.value == value).then_some(())
        };
        self.until(&format!("{path} {value}"), is).await;
    }

    pub fn device(&self, handle: &str) -> DeviceId {
        self.session.view().find(handle).unwrap().device.id
    }

    pub fn path(&self, name: &str) -> Path {
        self.session.view().home.resolve(&name.parse::<PathName>().unwrap()).unwrap()
    }

    /// The names of the devices that an adapter carries.
    pub fn carried_by(&self, adapter: &str) -> Vec<String> {
        let view = self.session.view();
        let is_it =
            |device: &hub_model::Device| device.origins.iter().any(|origin| origin.adapter.to_string() == adapter);
        view.devices().filter(|known| is_it(&known.device)).map(|known| known.device.name.clone()).collect()
    }

    pub async fn switch(&self, handle: &str, on: bool) {
        let target = Target { device: self.device(handle), endpoint: EndpointId::first() };
        let control = Control { set: vec![((&on_off::ON).into(), on.into())], ..Control::of(target) };
        let ended = timeout(PATIENCE, self.session.control(control)).await.unwrap().unwrap();
        assert!(ended.outcome.is_good(), "{ended:?}");
    }

    pub async fn rename(&self, handle: &str, new: &str) {
        let (id, handle) = (self.device(handle), Some(new.parse().unwrap()));
        let edit = Edit::Device { id, name: None, handle, room: None, show_as: None, aliases: None };
        self.session.edit(edit).await.unwrap();
    }

    pub async fn remove(&self, handle: &str) {
        self.session.edit(Edit::RemoveDevice(self.device(handle))).await.unwrap();
    }

    pub async fn close(self) {
        self.hub.stop().await;
    }
}

/// Who began the change of a property to a value.
pub async fn cause_of_change(watch: &mut Watch, wanted: Path, value: &Value) -> Actor {
    let waiting = async {
        loop {
            let Some(Moment::Event(event)) = watch.next().await else { continue };
            if matches!(&event.what, What::Changed { path, new, .. } if *path == wanted && new == value) {
                return event.cause.actor.clone();
            }
        }
    };
    timeout(PATIENCE, waiting).await.unwrap()
}
