//! Messages for others than the devices, with a real broker.

use std::sync::Arc;

use adapter_api::{Followed, Messaging};
use hub_model::{Message, Qos, TopicFilter};

use super::*;

struct Following {
    broker: Mosquitto,
    hub: Harness,
    messaging: Arc<dyn Messaging>,
    followed: Followed,
}

impl Following {
    /// A hub with the lamp, whose follower follows these filters.
    async fn start(filters: &[&str]) -> Self {
        let broker = Mosquitto::start("");
        announce(&broker.client());
        let adapter = adapter(&broker.settings());
        let messaging = Arc::clone(&adapter).messaging().expect("MQTT has messages");
        let followed = messaging.followers().follow();
        followed.turn_to(filters.iter().map(|filter| filter.parse::<TopicFilter>().unwrap()));
        let mut hub = Harness::start("mqtt", adapter, MemoryVault::default());
        wait_until_found(&mut hub).await;
        wait_until_reachable(&mut hub, true).await;
        let following = Self { broker, hub, messaging, followed };
        for filter in filters {
            following.broker.wait_for_log(&format!("\t{filter} (")).await;
        }
        following
    }

    async fn next(&mut self) -> (String, String, bool) {
        let heard = tokio::time::timeout(SOON, self.followed.next()).await.expect("a message comes");
        let payload = String::from_utf8(heard.message.payload.to_vec()).unwrap();
        (heard.filter.as_str().to_owned(), format!("{} {payload}", heard.message.topic), heard.message.retain)
    }
}

fn message(topic: &str, payload: &str) -> Message {
    Message { topic: topic.parse().unwrap(), payload: payload.as_bytes().into(), retain: false, qos: Qos::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn overlapping_filters_get_each_message_once_and_so_does_the_lamp() {
    let mut following = Following::start(&["#", "lamp", "lamp/#"]).await;
    let client = following.broker.client();
    client.publish("lamp", r#"{"state": "ON"}"#, false);
    client.publish("other", "1", false);
    let mut heard = Vec::new();
    while heard.last().is_none_or(|(filter, text, _): &(String, String, bool)| text != "other 1" || filter != "#") {
        heard.push(following.next().await);
    }
    heard.sort();
    let lamp = r#"lamp {"state": "ON"}"#.to_owned();
    let wanted = [("#", &lamp), ("#", &"other 1".to_owned()), ("lamp", &lamp), ("lamp/#", &lamp)];
    let states = heard.iter().filter(|(_, text, _)| !text.starts_with("homeassistant") && !text.contains("there"));
    assert_eq!(
        states.map(|(filter, text, _)| (filter.as_str(), text)).collect::<Vec<_>>(),
        wanted,
        "all that came: {heard:?}"
    );
    // The lamp heard it once: the next it says of itself is the next message.
    client.publish("lamp", r#"{"state": "OFF"}"#, false);
    let on = Property::from(&on_off::ON);
    for wanted in [true, false] {
        assert_eq!(following.hub.wait_for_report(SOON, |report| reading(report, &on)).await, Value::Bool(wanted));
    }
    following.hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_follows_any_more_is_unsubscribed_but_for_the_lamp() {
    let mut following = Following::start(&["lamp", "bell"]).await;
    following.followed.turn_to(["other"].map(|filter| filter.parse::<TopicFilter>().unwrap()));
    following.broker.wait_for_log("\tother (").await;
    following.broker.wait_for_log("Received UNSUBSCRIBE").await;
    let client = following.broker.client();
    client.publish("bell", "1", false);
    client.publish("lamp", r#"{"state": "ON"}"#, false);
    client.publish("other", "2", false);
    assert_eq!(following.next().await.1, "other 2");
    let on = Property::from(&on_off::ON);
    assert_eq!(following.hub.wait_for_report(SOON, |report| reading(report, &on)).await, Value::Bool(true));
    following.hub.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_kept_is_not_repeated_to_followers_and_they_follow_after_its_restart() {
    let mut following = Following::start(&["bell"]).await;
    following.broker.kill();
    wait_until_reachable(&mut following.hub, false).await;
    assert!(following.messaging.publish(message("a", "lost")).await.is_err());
    following.broker.restart();
    let client = following.broker.client();
    announce(&client);
    wait_until_reachable(&mut following.hub, true).await;
    following.broker.wait_for_log("\tbell (").await;
    client.publish("bell", "rings", true);
    assert_eq!(following.next().await, ("bell".into(), "bell rings".into(), false));
    // Followed anew, the kept one would come first.
    following.followed.turn_to(Vec::<TopicFilter>::new());
    following.broker.wait_for_log("Received UNSUBSCRIBE").await;
    following.followed.turn_to(["bell"].map(|filter| filter.parse::<TopicFilter>().unwrap()));
    let listening = client.listen("said");
    following.messaging.publish(message("said", "by the hub")).await.unwrap();
    assert_eq!(listening.next(), "by the hub");
    client.publish("bell", "again", false);
    assert_eq!(following.next().await.1, "bell again");
    following.hub.stop().await.unwrap();
}
