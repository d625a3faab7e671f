//! A hub in a folder of its own, with a small adapter, and its API.

use std::sync::Arc;

use adapter_api::{
    Adapter, AdapterError, AdapterKind, Ask, AskKind, Candidate, Context, Delivery, Onboarding, OnboardingError, Order,
};
use automations::Automations;
use axum::Router;
use futures_util::future::BoxFuture;
use hub_core::{Carried, Hub, Moment};
use hub_model::{
    ActionOffer, DeviceKey, Endpoint, EndpointId, EndpointKind, Found, Limits, Product, PropertyOffer, Role, Said,
    Value,
    capability::{brightness, button, color, identify, lock, on_off, temperature},
};
use hub_store::{Options, Store};
use mobile_api::Pairing;
use tokio::sync::OnceCell;

/// A running hub and its API.
pub(crate) struct House {
    pub(crate) hub: Hub,
    pub(crate) pairing: Pairing,
    pub(crate) router: Router,
    pub(crate) local: Router,
    pub(crate) devices: Arc<Devices>,
    /// The owner's token.
    pub(crate) owner: String,
    _folder: tempfile::TempDir,
}

static KIND: AdapterKind = AdapterKind { name: "test", doc: "", fields: &[], build: |_| unreachable!() };

/// The devices of the house, each with its room.
const DEVICES: [(&str, &str); 4] =
    [("hall-lamp", "Hall"), ("front-door", "Hall"), ("thermometer", "Bedroom"), ("safe", "Bedroom")];

/// A rule of the house.
const BELL: &str = r#"
name = "Door bell"
[[when]]
occurs = { of = "front-door", what = "button.single" }
[[then]]
set = { target = "hall-lamp", "on_off.on" = true }
"#;

/// Rules that wait for people and programs.
const HEARING: &str = r#"
[[rule]]
name = "Good night"
[[rule.when]]
phrase = { en = "good night" }
[[rule.when]]
webhook = {}
[[rule.then]]
notify = { title = "night", text = "-", answers = [ { id = "stay-up", title = "Stay up" } ] }
"#;

/// The adapter.
#[derive(Default)]
pub(crate) struct Devices {
    context: OnceCell<Context>,
}

impl House {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opened = Store::open(folder.path(), Options::default()).unwrap();
        let devices = Arc::new(Devices::default());
        let adapter: Arc<dyn Adapter> = Arc::<Devices>::clone(&devices);
        let hub = Hub::start(opened, vec![Carried { kind: &KIND, adapter }]);
        settle(&hub).await;
        let rules = folder.path().join("automations");
        std::fs::create_dir(&rules).unwrap();
        std::fs::write(rules.join("bell.toml"), BELL).unwrap();
        std::fs::write(rules.join("hearing.toml"), HEARING).unwrap();
        let mut rules = Automations::start(hub.clone(), automations::Setup::of(rules));
        while rules.rules().is_empty() {
            rules.changed().await;
        }
        let pairing = Pairing::default();
        let router = mobile_api::router(hub.clone(), rules.clone(), pairing.clone());
        let local = mobile_api::local_router(hub.clone(), rules, pairing.clone());
        let owner = hub.local().create_token("Olga", Role::Owner).await.unwrap();
        Self { hub, pairing, router, local, devices, owner, _folder: folder }
    }

    /// A token of that role.
    pub(crate) async fn token(&self, name: &str, role: Role) -> String {
        self.hub.local().create_token(name, role).await.unwrap()
    }
}

/// Waits until every device is there and the thermometer has told its temperature.
async fn settle(hub: &Hub) {
    let session = hub.local();
    let mut watch = session.watch(None);
    loop {
        let view = session.view();
        let warm = view.find("thermometer").is_some_and(|known| known.readings[0].value != Value::Unknown);
        if warm && view.devices().count() == DEVICES.len() && !session.candidates().is_empty() {
            return;
        }
        assert!(matches!(watch.next().await, Some(Moment::Snapshot(_) | Moment::Event(_))));
    }
}

impl Devices {
    /// Lets a device tell something.
    pub(crate) async fn tell(&self, device: &str, said: Said) {
        self.context.get().unwrap().report(&DeviceKey::new(device), said).await;
    }

    /// Lets the thermometer tell its temperature.
    pub(crate) async fn warm(&self, degrees: f64) {
        let reading = (EndpointId::first(), (&temperature::MEASURED).into(), Value::from(degrees));
        self.tell("thermometer", Said::Read(vec![reading])).await;
    }
}

impl Adapter for Devices {
    fn run(self: Arc<Self>, context: Context) -> BoxFuture<'static, Result<(), AdapterError>> {
        Box::pin(async move {
            let _ = self.context.set(context.clone());
            let key = DeviceKey::new("added");
            let near = Candidate { key, name: "Box".into(), kind: EndpointKind::Lock, vendor: None, model: None };
            context.candidate(near).await;
            for (handle, room) in DEVICES {
                context.found(&DeviceKey::new(handle), found(handle, room)).await;
            }
            self.warm(20.5).await;
            context.stopped().await;
            Ok(())
        })
    }

    /// Does what is asked, and says so. The door only opens to the right PIN.
    fn execute(&self, order: Order) -> BoxFuture<'_, Delivery> {
        Box::pin(async move {
            let (endpoint, context) = (&order.command.target.endpoint, self.context.get().unwrap());
            let mut readings: Vec<_> =
                order.command.set.iter().map(|(p, v)| (endpoint.clone(), p.clone(), v.clone())).collect();
            if let Some(invoke) = &order.command.invoke
                && invoke.action == (&lock::UNLOCK).into()
            {
                if invoke.arguments.get("pin") != Some(&Value::text("1234")) {
                    return Delivery::Failed(hub_model::Outcome::Refused, "the PIN is wrong".into());
                }
                readings.push((endpoint.clone(), (&lock::STATE).into(), Value::text("unlocked")));
            }
            context.read(&order.key, readings).await;
            Delivery::Sent
        })
    }

    fn onboard(self: Arc<Self>, mut onboarding: Onboarding) -> BoxFuture<'static, Result<DeviceKey, OnboardingError>> {
        Box::pin(async move {
            onboarding.doing("Looking").await?;
            let ask = Ask { name: "pin".into(), label: "The PIN".into(), kind: AskKind::Pin };
            if onboarding.ask(vec![ask]).await?["pin"] != "1234" {
                return Err(OnboardingError::Wrong("the PIN is wrong".into()));
            }
            let key = DeviceKey::new("added");
            self.context.get().unwrap().found(&key, found("added", "Hall")).await;
            Ok(key)
        })
    }
}

fn found(name: &str, room: &str) -> Found {
    let mut endpoint = Endpoint::new(EndpointId::first(), EndpointKind::Light);
    let on = PropertyOffer::new(&on_off::ON);
    match name {
        "hall-lamp" => {
            let level = PropertyOffer::new(&brightness::LEVEL).within(Limits::new(1.0, 100.0).by(0.5));
            let effect = hub_model::Shape::Choice(vec!["candle".into(), "party".into()]);
            let effect = PropertyOffer::vendor("test", "effect", effect, hub_model::Unit::None).settable();
            endpoint.properties =
                vec![on.with_transition(), level.with_transition(), PropertyOffer::new(&color::VALUE), effect];
            endpoint.actions = vec![ActionOffer::new(&identify::IDENTIFY), ActionOffer::new(&on_off::TOGGLE)];
        }
        "front-door" => {
            endpoint.kind = EndpointKind::Lock;
            endpoint.properties = vec![PropertyOffer::new(&lock::STATE)];
            endpoint.actions = vec![ActionOffer::new(&lock::UNLOCK), ActionOffer::new(&lock::LOCK)];
            endpoint.occurrences = vec![(&button::SINGLE).into()];
        }
        "thermometer" => {
            endpoint.kind = EndpointKind::Sensor;
            endpoint.properties = vec![PropertyOffer::new(&temperature::MEASURED)];
        }
        _ => endpoint.properties = vec![on],
    }
    Found { name: name.into(), room: Some(room.into()), product: Product::default(), endpoints: vec![endpoint] }
}
