//! A hub in a folder of its own, with a small adapter.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use adapter_api::{
    Adapter, AdapterError, AdapterKind, Ask, AskKind, Candidate, Context, Delivery, Onboarding, OnboardingError, Order,
};
use futures_util::future::BoxFuture;
use hub_core::{Carried, Control, Edit, Edited, Hub, Moment, Session};
use hub_model::{
    AccountId, ActionOffer, Actor, DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Grant, Outcome, Principal,
    Product, PropertyOffer, Role, SceneId, SceneStep, Target, Value,
    capability::{PropertySpec, brightness, on_off},
};
use hub_store::{Options, Store};
use tokio::sync::{Notify, OnceCell};

/// A running hub.
pub struct House {
    pub hub: Hub,
    folder: tempfile::TempDir,
    devices: Arc<Devices>,
}

static KIND: AdapterKind = AdapterKind { name: "test", doc: "", fields: &[], build: |_| unreachable!() };

/// The devices of the house.
const HANDLES: [&str; 6] = ["lamp", "mute", "sleeper", "stubborn", "deaf", "shy"];

/// How many notes the adapter keeps when it is stopped.
const GOODBYES: usize = 5;

#[derive(Default)]
struct Devices {
    context: OnceCell<Context>,
    broken: Notify,
    mended: Notify,
    /// Every order, by the device's key.
    orders: Mutex<Vec<String>>,
    /// Devices that somebody wanted while they could not be reached.
    looked_for: Mutex<Vec<String>>,
    /// Devices that were given a name, and which.
    renamed: Mutex<Vec<(String, String)>>,
}

impl House {
    pub async fn open() -> Self {
        Self::start(tempfile::tempdir().unwrap(), true).await
    }

    pub async fn restart(self) -> Self {
        self.hub.stop().await;
        Self::start(self.folder, true).await
    }

    pub async fn restart_without_adapter(self) -> Self {
        self.hub.stop().await;
        Self::start(self.folder, false).await
    }

    async fn start(folder: tempfile::TempDir, with_adapter: bool) -> Self {
        let opened = Store::open(folder.path(), Options::default()).unwrap();
        let devices = Arc::new(Devices::default());
        let adapter: Arc<dyn Adapter> = Arc::<Devices>::clone(&devices);
        let carried = if with_adapter { vec![Carried { kind: &KIND, adapter }] } else { Vec::new() };
        let hub = Hub::start(opened, carried);
        let house = Self { hub, folder, devices };
        if with_adapter {
            house.settle().await;
        }
        house
    }

    /// Waits until every device is there.
    async fn settle(&self) {
        let session = self.hub.local();
        let mut watch = session.watch(None);
        let there =
            |session: &Session| session.view().devices().filter(|known| known.reachable).count() == HANDLES.len();
        while !there(&session) {
            assert!(matches!(watch.next().await, Some(Moment::Snapshot(_) | Moment::Event(_))));
        }
    }

    /// How many of its last notes the adapter of the run before could keep.
    pub fn goodbyes(&self) -> usize {
        let context = self.devices.context.get().unwrap();
        (0..GOODBYES).filter(|nth| context.recall(&format!("goodbye-{nth}")).unwrap().is_some()).count()
    }

    /// Lets the adapter fail. It does not come back before [`House::mend_adapter`].
    pub fn break_adapter(&self) {
        self.devices.broken.notify_one();
    }

    pub fn mend_adapter(&self) {
        self.devices.mended.notify_one();
    }

    pub fn person(&self, name: &str, role: Role, grants: Vec<Grant>) -> Session {
        let actor = Actor::Person { account: AccountId::named(name), name: name.into() };
        self.hub.session(Principal { actor, role, grants })
    }

    pub fn target(&self, handle: &str) -> Target {
        let device = self.hub.local().view().find(handle).expect("the device is there").device.id;
        Target { device, endpoint: EndpointId::first() }
    }

    pub fn set(&self, handle: &str, spec: &'static PropertySpec, value: impl Into<Value>) -> Control {
        Control { set: vec![(spec.into(), value.into())], ..Control::of(self.target(handle)) }
    }

    pub fn value(&self, handle: &str, spec: &'static PropertySpec) -> Value {
        let view = self.hub.local().view();
        view.find(handle).unwrap().reading(&EndpointId::first(), &spec.into()).unwrap().value.clone()
    }

    /// How many orders a device got.
    pub fn orders(&self, handle: &str) -> usize {
        self.devices.orders.lock().unwrap().iter().filter(|key| *key == handle).count()
    }

    /// A scene that sets these of each device.
    pub async fn scene(&self, name: &str, steps: Vec<SceneStep>) -> SceneId {
        let put = Edit::PutScene { id: None, handle: None, name: name.into(), icon: None, steps };
        let Ok(Edited::Scene(scene)) = self.hub.local().edit(put).await else { panic!("a scene is made") };
        scene
    }

    /// A step of a scene.
    pub fn step(&self, handle: &str, spec: &'static PropertySpec, value: impl Into<Value>) -> SceneStep {
        let set = vec![(spec.into(), value.into())];
        SceneStep { target: self.target(handle), set, invoke: None, transition: None }
    }

    /// The devices that the adapter was told to look for.
    pub fn looked_for(&self) -> Vec<String> {
        self.devices.looked_for.lock().unwrap().clone()
    }

    /// The names that the adapter was told, each with its device.
    pub fn renamed(&self) -> Vec<(String, String)> {
        self.devices.renamed.lock().unwrap().clone()
    }

    /// Lets a device be lost, and waits until the hub knows.
    pub async fn lose(&self, handle: &str) {
        let mut watch = self.hub.local().watch(None);
        self.devices.context.get().unwrap().reachable(&DeviceKey::new(handle), false).await;
        while self.hub.local().view().find(handle).unwrap().reachable {
            watch.next().await;
        }
    }

    /// Lets a device say something of its own.
    pub async fn report(&self, handle: &str, spec: &'static PropertySpec, value: impl Into<Value>) {
        let reading = (EndpointId::first(), spec.into(), value.into());
        self.devices.context.get().unwrap().read(&DeviceKey::new(handle), vec![reading]).await;
    }

    pub fn new_room(&self, name: &str) -> Edit {
        Edit::PutRoom { id: None, name: name.into(), floor: None }
    }
}

impl Adapter for Devices {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            if self.context.initialized() {
                self.mended.notified().await;
            }
            for handle in HANDLES {
                context.found(&DeviceKey::new(handle), found(handle)).await;
            }
            context.candidate(near()).await;
            let _ = self.context.set(context.clone());
            tokio::select! {
                () = context.stopped() => {
                    // One after the other, as goodbyes to devices are said.
                    for nth in 0..GOODBYES {
                        context.keep(&format!("goodbye-{nth}"), b"said").await.unwrap();
                    }
                    Ok(())
                }
                () = self.broken.notified() => {
                    context.reachable(&DeviceKey::new("lamp"), true).await;
                    panic!("as the test wants, with a last word on its way")
                }
            }
        })
    }

    fn look_for(&self, key: DeviceKey) {
        self.looked_for.lock().unwrap().push(key.0.to_string());
    }

    fn renamed(&self, key: DeviceKey, name: String) {
        self.renamed.lock().unwrap().push((key.0.to_string(), name));
    }

    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            let before = {
                let mut orders = self.orders.lock().unwrap();
                let before = orders.iter().filter(|key| **key == order.key.0.as_str()).count();
                orders.push(order.key.0.to_string());
                before
            };
            match order.key.0.as_str() {
                // It takes to nobody at once.
                "shy" if before == 0 => {}
                "sleeper" => return Delivery::Queued,
                "stubborn" => return Delivery::Failed(Outcome::Refused, "it won't".into()),
                "lamp" | "shy" => {
                    let endpoint = &order.command.target.endpoint;
                    let readings =
                        order.command.set.iter().map(|(p, v)| (endpoint.clone(), p.clone(), v.clone())).collect();
                    self.context.get().unwrap().read(&order.key, readings).await;
                }
                _ => {}
            }
            Delivery::Sent
        })
    }

    fn onboard(self: Arc<Self>, mut onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            onboarding.doing("Looking").await?;
            let ask = Ask { name: "pin".into(), label: "The PIN".into(), kind: AskKind::Pin };
            let answers = onboarding.ask(vec![ask]).await?;
            if answers["pin"] != "1234" {
                return Err(OnboardingError::Wrong("the PIN is wrong".into()));
            }
            let key = DeviceKey::new("added");
            self.context.get().unwrap().found(&key, found("added")).await;
            Ok(key)
        })
    }
}

fn near() -> Candidate {
    let key = DeviceKey::new("added");
    Candidate { key, name: "Lock box".into(), kind: EndpointKind::Lock, vendor: None, model: None }
}

fn found(name: &str) -> Found {
    let on = PropertyOffer::new(&on_off::ON).within_time(Duration::from_millis(200));
    let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Light);
    endpoint.properties = match name {
        "lamp" => vec![on, PropertyOffer::new(&brightness::LEVEL)],
        "mute" => vec![on.silent()],
        "deaf" => {
            endpoint.actions = vec![ActionOffer::new(&on_off::TOGGLE).within_time(Duration::from_millis(200))];
            vec![on]
        }
        _ => vec![on],
    };
    Found { name: name.into(), room: None, product: Product::default(), endpoints: vec![endpoint] }
}
