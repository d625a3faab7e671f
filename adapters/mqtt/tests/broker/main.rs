//! The adapter against a real mosquitto, started by the test on a free port. Without the program `mosquitto` these
//! tests fail: a hub that was never tried against a broker is not tested.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod kinds;
mod messages;
mod mosquitto;

use std::{sync::Arc, time::Duration};

use adapter_api::{
    Adapter, Context, FromAdapter, Secret, SecretError, Vault,
    harness::{Harness, MemoryVault},
};
use adapter_mqtt::{KIND, Mqtt, Settings, book::Timing};
use futures_util::future::BoxFuture;
use hub_model::{
    Actor, AdapterName, Cause, Command, CommandId, DeviceId, DeviceKey, EndpointId, Outcome, Property, Report, Said,
    Target, Value,
    capability::{brightness, on_off},
};
use mosquitto::{Client, Mosquitto};
use tokio_util::sync::CancellationToken;

const SOON: Duration = Duration::from_secs(10);

const LAMP: &str = r#"{"schema": "json", "stat_t": "lamp", "cmd_t": "lamp/set", "brightness": true,
    "brightness_scale": 254, "avty_t": "lamp/there", "uniq_id": "l1", "dev": {"ids": "lamp", "name": "Lamp"}}"#;

fn checked(settings: &str) -> adapter_api::Settings {
    adapter_api::Settings::check(toml::from_str(settings).unwrap(), KIND.fields).unwrap()
}

fn adapter(settings: &str) -> Arc<dyn Adapter> {
    (KIND.build)(&checked(settings)).unwrap()
}

fn start(settings: &str, vault: MemoryVault) -> Harness {
    Harness::start("mqtt", adapter(settings), vault)
}

fn lamp() -> DeviceKey {
    DeviceKey::new("lamp")
}

async fn wait_until_found(hub: &mut Harness) {
    hub.wait_for_report(SOON, |report| {
        matches!(&report.said, Said::Found(found) if found.name == "Lamp").then_some(())
    })
    .await;
}

async fn wait_until_reachable(hub: &mut Harness, wanted: bool) {
    hub.wait_for_report(SOON, |report| (report.said == Said::Reachable(wanted)).then_some(())).await;
}

fn reading(report: &Report, property: &Property) -> Option<Value> {
    let Said::Read(readings) = &report.said else { return None };
    readings.iter().find(|(_, known, _)| known == property).map(|(_, _, value)| value.clone())
}

fn command(set: Vec<(Property, Value)>) -> Command {
    Command {
        id: CommandId::fresh(),
        key: None,
        target: Target { device: DeviceId::named("lamp"), endpoint: EndpointId::first() },
        set,
        invoke: None,
        transition: Some(Duration::from_millis(1500)),
        cause: Cause::root(Actor::Hub),
        deadline: Duration::from_secs(5),
    }
}

fn announce(client: &Client) {
    client.publish("homeassistant/light/l1/light/config", LAMP, true);
    client.publish("lamp/there", "online", true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lamp_is_found_read_and_switched() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    announce(&client);
    let mut hub = start(&broker.settings(), MemoryVault::default());
    wait_until_found(&mut hub).await;
    wait_until_reachable(&mut hub, true).await;

    client.publish("lamp", r#"{"state": "ON", "brightness": 127}"#, false);
    let level = Property::from(&brightness::LEVEL);
    assert_eq!(hub.wait_for_report(SOON, |report| reading(report, &level)).await, Value::Number(50.0));

    let listening = client.listen("lamp/set");
    hub.order(&lamp(), command(vec![(Property::from(&on_off::ON), true.into()), (level, 30.0.into())])).await;
    assert_eq!(listening.next(), r#"{"state":"ON","brightness":76,"transition":1.5}"#);

    client.publish("homeassistant/light/l1/light/config", "", true);
    hub.wait_for_report(SOON, |report| (report.said == Said::Gone).then_some(())).await;
    hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_killed_takes_its_devices_along_until_it_is_back() {
    let mut broker = Mosquitto::start("");
    announce(&broker.client());
    let mut hub = start(&broker.settings(), MemoryVault::default());
    wait_until_found(&mut hub).await;
    wait_until_reachable(&mut hub, true).await;

    broker.kill();
    wait_until_reachable(&mut hub, false).await;
    let order = command(vec![(Property::from(&on_off::ON), true.into())]);
    hub.order(&lamp(), order).await;
    let failed = hub
        .wait_for(SOON, |message| match message {
            FromAdapter::Delivered(_, adapter_api::Delivery::Failed(outcome, _)) => Some(*outcome),
            _ => None,
        })
        .await;
    assert_eq!(failed, Outcome::Unreachable);

    broker.restart();
    let client = broker.client();
    announce(&client);
    wait_until_reachable(&mut hub, true).await;
    client.publish("lamp", r#"{"state": "OFF"}"#, false);
    let on = Property::from(&on_off::ON);
    assert_eq!(hub.wait_for_report(SOON, |report| reading(report, &on)).await, Value::Bool(false));
    hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_a_secret_and_a_wrong_one_is_no_end() {
    let broker = Mosquitto::start_with_password("hearth", "right");
    announce(&broker.client());
    let settings = format!("{}\nusername = 'hearth'\npassword = {{ secret = 'broker' }}", broker.settings());
    let mut hub = start(&settings, MemoryVault::with_secrets([("broker", "right")]));
    wait_until_found(&mut hub).await;
    hub.stop().await.unwrap();

    let hub = start(&settings, MemoryVault::with_secrets([("broker", "wrong")]));
    broker.wait_for_log("not authorised").await;
    hub.stop().await.unwrap();

    let hub = start(&settings, MemoryVault::default());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let missing = hub.stop().await.unwrap_err();
    assert_eq!(missing.to_string(), "there is no secret `broker`: set it with `hub secret set broker`");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_trusts_the_named_authority_and_no_other() {
    let broker = Mosquitto::start_with_tls();
    announce(&broker.client());
    let ca = broker.file("ca.pem");
    let mut hub = start(&format!("{}\nca_file = '{ca}'", broker.settings()), MemoryVault::default());
    wait_until_found(&mut hub).await;
    hub.stop().await.unwrap();

    let other = broker.file("other.pem");
    let hub = start(&format!("{}\nca_file = '{other}'", broker.settings()), MemoryVault::default());
    broker.wait_for_log("alert").await;
    hub.stop().await.unwrap();
}

/// A store that outlives the adapter.
#[derive(Clone, Default)]
struct Kept(Arc<MemoryVault>);

impl Vault for Kept {
    fn secret(&self, name: &str) -> Result<Secret, SecretError> {
        self.0.secret(name)
    }
    fn recall(&self, adapter: &AdapterName, key: &str) -> Result<Option<Vec<u8>>, SecretError> {
        self.0.recall(adapter, key)
    }
    fn keep(&self, adapter: &AdapterName, key: &str, bytes: &[u8]) -> BoxFuture<'static, Result<(), SecretError>> {
        self.0.keep(adapter, key, bytes)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_deleted_while_the_hub_is_off_is_gone_at_its_next_start() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    announce(&client);
    let kept = Kept::default();
    let timing = Timing { vanish: Duration::from_millis(700), ..Timing::default() };
    for (words, said) in [("found", Said::Reachable(true)), ("gone", Said::Gone)] {
        let settings = Settings::read(&checked(&broker.settings())).unwrap();
        let (sender, mut inbox) = tokio::sync::mpsc::channel(64);
        let stop = CancellationToken::new();
        let context = Context::new(KIND.adapter_name(), sender, Arc::new(kept.clone()), stop.clone());
        let running = tokio::spawn(Arc::new(Mqtt::new(settings, timing)).run(context));
        let told = async {
            while let Some(message) = inbox.recv().await {
                if let FromAdapter::Reports(_, reports) = message
                    && reports.iter().any(|report| report.key == lamp() && report.said == said)
                {
                    return;
                }
            }
            panic!("the adapter ended")
        };
        tokio::time::timeout(SOON, told).await.expect(words);
        let noted = async {
            while kept.recall(&KIND.adapter_name(), "devices-0").unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, noted).await.expect("the device is noted");
        stop.cancel();
        running.await.unwrap().unwrap();
        client.publish("homeassistant/light/l1/light/config", "", true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_of_ten_megabytes_harms_nobody() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    announce(&client);
    client.publish("lamp", &"x".repeat(10_000_000), true);
    client.publish("homeassistant/light/big/x/config", &"[".repeat(10_000_000), true);
    let mut hub = start(&broker.settings(), MemoryVault::default());
    wait_until_found(&mut hub).await;
    client.publish("lamp", r#"{"state": "ON"}"#, false);
    let on = Property::from(&on_off::ON);
    assert_eq!(hub.wait_for_report(SOON, |report| reading(report, &on)).await, Value::Bool(true));
    hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_retained_devices_are_all_found() {
    let broker = Mosquitto::start("");
    let client = broker.client();
    let padding = " ".repeat(128);
    let configs = (0..2000).map(|number| {
        let config =
            format!(r#"{{"stat_t": "d/{number}", "cmd_t": "d/{number}/set", "dev": {{"ids": "d{number}"}}}}{padding}"#);
        (format!("homeassistant/switch/d{number}/switch/config"), config)
    });
    let states = (0..2000).map(|number| (format!("d/{number}"), format!("ON{padding}")));
    client.flood(configs.chain(states), true);
    let mut hub = start(&broker.settings(), MemoryVault::default());
    let (mut found, mut read) = (0, 0);
    hub.wait_for(Duration::from_secs(30), |message| {
        let FromAdapter::Reports(_, reports) = message else { return None };
        found += reports.iter().filter(|report| matches!(report.said, Said::Found(_))).count();
        read += reports.iter().filter(|report| matches!(report.said, Said::Read(_))).count();
        (found == 2000 && read == 2000).then_some(())
    })
    .await;
    hub.stop().await.unwrap();
}
