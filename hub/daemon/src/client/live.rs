//! The home as it lives: a snapshot, then its events; and again after the connection was lost.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Client, Subscription,
    home::{HOME, Home},
};

const EVENTS: &str = "subscription ($since: Cursor) { events(since: $since) { cursor at cause { actor } \
     change { device endpoint property old new } occurrence { device endpoint name } \
     reachable { device reachable } } }";

/// How long to wait before another try; longer each time, up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// What is to be known next.
#[derive(Debug)]
pub(crate) enum Moment {
    /// The whole home: at first, and whenever the connection was made anew.
    Home(Box<Home>),
    /// Something happened.
    Event(Box<Event>),
    /// The connection was lost, or can't be made; it is tried again by itself.
    Away(String),
}

/// An event as clients see it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Event {
    /// Its place in the order of all events.
    pub(crate) cursor: String,
    /// When.
    pub(crate) at: jiff::Timestamp,
    /// Who began it.
    pub(crate) cause: Option<Cause>,
    /// A value that changed.
    pub(crate) change: Option<Change>,
    /// Something that happened.
    pub(crate) occurrence: Option<Occurrence>,
    /// A device that came or went.
    pub(crate) reachable: Option<Reachable>,
    /// All of it, as the hub said it.
    #[serde(skip)]
    pub(crate) raw: Value,
}

/// Something that happened.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Occurrence {
    /// The device's id.
    pub(crate) device: String,
    /// The endpoint's id.
    pub(crate) endpoint: String,
    /// What.
    pub(crate) name: String,
}

/// A device that came or went.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reachable {
    /// The device's id.
    pub(crate) device: String,
    /// Whether it can be reached now.
    pub(crate) reachable: bool,
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

/// Who began it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Cause {
    /// In a word.
    pub(crate) actor: Value,
}

/// The home as it lives.
pub(crate) struct Live {
    client: Client,
    since: Option<String>,
    stage: Stage,
    pause: Duration,
}

enum Stage {
    Apart,
    Greeted,
    Following(Box<Subscription>),
}

impl Live {
    /// Follows a home; from the event after `since`, where one is given and the hub still has it.
    pub(crate) const fn new(client: Client, since: Option<String>) -> Self {
        Self { client, since, stage: Stage::Apart, pause: PAUSE.0 }
    }

    /// Forgets what happened up to `cursor`; for who has taken in the snapshot of that moment.
    pub(crate) fn go_on_from(&mut self, cursor: &str) {
        self.since = Some(cursor.to_owned());
    }

    /// What is to be known next. It never ends. Dropped early it loses no event.
    pub(crate) async fn next(&mut self) -> Moment {
        match self.advance().await {
            Ok(moment) => moment,
            Err(error) => {
                self.stage = Stage::Apart;
                Moment::Away(format!("{error:#}"))
            }
        }
    }

    /// Waits before the next try, after [`Moment::Away`].
    pub(crate) async fn rest(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(PAUSE.1);
    }

    async fn advance(&mut self) -> anyhow::Result<Moment> {
        loop {
            match &mut self.stage {
                Stage::Apart => {
                    let home: Home = self.client.ask(HOME, json!({})).await?;
                    self.since.get_or_insert_with(|| home.home.cursor.clone());
                    self.stage = Stage::Greeted;
                    return Ok(Moment::Home(Box::new(home)));
                }
                Stage::Greeted => {
                    let subscription = self.client.subscribe(EVENTS, json!({ "since": self.since })).await?;
                    self.pause = PAUSE.0;
                    self.stage = Stage::Following(Box::new(subscription));
                }
                Stage::Following(subscription) => {
                    let Some(mut answer) = subscription.next().await? else {
                        anyhow::bail!("the hub ended the subscription");
                    };
                    let raw = answer["events"].take();
                    let event = Event { raw: raw.clone(), ..serde_json::from_value(raw)? };
                    self.since = Some(event.cursor.clone());
                    return Ok(Moment::Event(Box::new(event)));
                }
            }
        }
    }
}
