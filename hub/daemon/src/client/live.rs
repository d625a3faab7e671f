//! The home as it lives: a snapshot, then its events; and on from there after the connection was lost.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Client, Subscription,
    home::{DEVICE, Device, Home, home_fields},
};

/// How long to wait before another try; longer each time, up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// What is to be known next.
#[derive(Debug)]
pub(crate) enum Moment {
    /// The whole home: at first, and whenever the hub can't go on without a gap.
    Home(Box<Home>),
    /// Something happened.
    Event(Box<Event>),
    /// The connection was lost, or can't be made. It is tried again by itself, after a pause.
    Away(String),
}

/// An event as clients see it: one of the fields from `change` on is there.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Event {
    /// Its place in the order of all events.
    pub(crate) cursor: String,
    /// When.
    pub(crate) at: Timestamp,
    /// A value that changed.
    pub(crate) change: Option<Change>,
    /// Something that happened.
    pub(crate) occurrence: Option<Occurrence>,
    /// A device that came or went.
    pub(crate) reachability: Option<Reachability>,
    /// A device that was added, renamed, moved or removed.
    pub(crate) device: Option<DeviceChange>,
    /// Rooms or scenes changed.
    pub(crate) home: Option<bool>,
    /// All of it, as the hub said it.
    #[serde(skip)]
    pub(crate) raw: Value,
}

/// A value that changed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Change {
    /// The device's id.
    pub(crate) device: String,
    /// The endpoint's id.
    pub(crate) endpoint: String,
    /// The property's name.
    pub(crate) property: String,
    /// What it was.
    pub(crate) old: Value,
    /// What it is.
    pub(crate) new: Value,
}

/// Something that happened.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Occurrence {
    /// The device's id.
    pub(crate) device: String,
    /// The endpoint's id.
    pub(crate) endpoint: String,
    /// What.
    pub(crate) occurrence: String,
}

/// A device that came or went.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reachability {
    /// The device's id.
    pub(crate) device: String,
    /// Whether it can be reached now.
    pub(crate) reachable: bool,
}

/// A device that was added, renamed, moved or removed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeviceChange {
    /// The device's id.
    pub(crate) id: String,
    /// As it is now; `None` when it is gone.
    pub(crate) now: Option<Device>,
}

/// The home as it lives.
pub(crate) struct Live {
    client: Client,
    since: Option<String>,
    following: Option<Box<Subscription>>,
    pause: Duration,
}

impl Live {
    /// Follows a home; from the event after `since`, where one is given and the hub still has it.
    pub(crate) const fn new(client: Client, since: Option<String>) -> Self {
        Self { client, since, following: None, pause: Duration::ZERO }
    }

    /// What is to be known next. It never ends. A future that is dropped early may lose the connection, and no event.
    pub(crate) async fn next(&mut self) -> Moment {
        match self.advance().await {
            Ok(moment) => {
                self.pause = Duration::ZERO;
                moment
            }
            Err(error) => {
                self.following = None;
                self.pause = (self.pause * 2).clamp(PAUSE.0, PAUSE.1);
                Moment::Away(format!("{error:#}"))
            }
        }
    }

    async fn advance(&mut self) -> anyhow::Result<Moment> {
        let subscription = match &mut self.following {
            Some(subscription) => subscription,
            following => {
                tokio::time::sleep(self.pause).await;
                let begun = self.client.subscribe(&events(), json!({ "since": self.since })).await?;
                following.insert(Box::new(begun))
            }
        };
        let Some(mut raw) = subscription.next().await? else { anyhow::bail!("the hub ended the subscription") };
        self.since = raw["cursor"].as_str().map(str::to_owned);
        let snapshot = raw.as_object_mut().and_then(|fields| fields.remove("snapshot")).unwrap_or_default();
        if !snapshot.is_null() {
            return Ok(Moment::Home(serde_json::from_value(snapshot)?));
        }
        let event = Event { raw: raw.clone(), ..serde_json::from_value(raw)? };
        Ok(Moment::Event(Box::new(event)))
    }
}

fn events() -> String {
    format!(
        "subscription ($since: Cursor) {{ events(since: $since) {{ cursor at cause {{ actor name }} \
         change {{ device endpoint property old new }} occurrence {{ device endpoint occurrence }} \
         reachability {{ device reachable }} device {{ id now {DEVICE} }} home rules command {{ device outcome }} \
         scene {{ scene }} notice {{ title text }} snapshot {} }} }}",
        home_fields()
    )
}
