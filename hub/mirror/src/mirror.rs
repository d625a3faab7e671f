//! The task: what happens at home goes out, what others ask for comes in.

use std::collections::{BTreeSet, HashMap};

use hub_core::{Control, Follow, Followed, Heard, Hub, Moment, Session, Uplink};
use hub_model::{Actor, AdapterName, DeviceId, Event, Message, Principal, Qos, Role, What};
use smol_str::SmolStr;
use tokio::task::JoinHandle;

use crate::{
    asked::asked,
    face::HAPPENED,
    places::Places,
    shown::{Kept, announcements, is_shown, states},
};

/// The running mirror of a home. It ends when it is dropped.
#[derive(Debug)]
pub struct Mirror(JoinHandle<()>);

/// What is published of one device.
#[derive(Debug, Default)]
struct Shown {
    announcements: Kept,
    states: Kept,
}

struct Task {
    session: Session,
    places: Places,
    carrier: AdapterName,
    /// Whether the broker can be reached; what happens meanwhile is published when it can be again.
    connected: bool,
    shown: HashMap<DeviceId, Shown>,
    /// Whether every device was shown since the broker came.
    complete: bool,
    /// Topics that the broker had kept. What of them is no more is known when everything is shown.
    kept: BTreeSet<String>,
}

/// How many kept topics are looked at for what is no more; further ones stay until the next connection.
const KEPT: usize = 100_000;

impl Mirror {
    /// Begins to show a home, where the settings want it; else there is nothing to do.
    pub fn start(hub: &Hub) -> Option<Self> {
        let actor = Actor::Program(SmolStr::new_static("MQTT"));
        let session = hub.session(Principal { actor, role: Role::Admin, grants: Vec::new() });
        let window = session.window().ok()??;
        let (followed, link) = (session.follow().ok()?, session.link().ok()?);
        let places = Places { discovery: window.discovery, base: window.base };
        let task = Task {
            session,
            places,
            carrier: window.carrier,
            connected: false,
            shown: HashMap::new(),
            complete: false,
            kept: BTreeSet::new(),
        };
        Some(Self(tokio::spawn(task.run(followed, link))))
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Task {
    /// Runs until the hub ends. A broker that is slow delays only this: what cannot be told step by step is told by a
    /// fresh snapshot, of which only what is other than before goes out.
    async fn run(mut self, mut followed: Followed, mut link: Uplink) {
        let commands = self.places.commands().into_iter().map(|filter| (filter, false));
        let kept = self.places.kept().into_iter().map(|filter| (filter, true));
        let follow =
            commands.chain(kept).filter_map(|(filter, kept)| Some(Follow { filter: filter.parse().ok()?, kept }));
        followed.turn_to(follow);
        let mut watch = self.session.watch(None);
        loop {
            tokio::select! {
                heard = followed.next() => self.hear(&heard).await,
                connected = link.changed() => {
                    self.connected = connected;
                    // The broker may have forgotten everything, or kept more than there is.
                    self.shown.clear();
                    self.complete = false;
                    watch = self.session.watch(None);
                }
                moment = watch.next() => match moment {
                    Some(moment) => self.see(&moment).await,
                    None => return,
                },
            }
        }
    }

    async fn see(&mut self, moment: &Moment) {
        if !self.connected {
            return;
        }
        match moment {
            Moment::Snapshot(_) => self.show_all().await,
            Moment::Event(event) => self.event(event).await,
        }
    }

    async fn event(&mut self, event: &Event) {
        match &event.what {
            What::Changed { path, .. } => self.show(path.device, false).await,
            What::Reachable { device, .. } => self.show(*device, false).await,
            What::Device(device) => self.show(*device, true).await,
            // Rooms and their names are part of what is announced.
            What::Home => self.show_all().await,
            What::Occurred { device, endpoint, occurrence } => {
                let view = self.session.view();
                let Some(known) = view.device(*device).filter(|known| is_shown(&known.device, &self.carrier)) else {
                    return;
                };
                let topic = self.places.state(&known.device.handle, endpoint, HAPPENED);
                let payload = serde_json::json!({ "event_type": occurrence.as_str() }).to_string();
                self.publish(&topic, &payload, false).await;
            }
            What::Rules | What::Command { .. } | What::Scene { .. } | What::Notice(_) => {}
        }
    }

    async fn show_all(&mut self) {
        let mut devices: Vec<DeviceId> = self.session.view().devices().map(|known| known.device.id).collect();
        devices.extend(self.shown.keys());
        devices.sort_unstable();
        devices.dedup();
        for device in devices {
            self.show(device, true).await;
        }
        self.complete = true;
        self.tidy().await;
    }

    /// Publishes what of a device is other than it was, and takes back what is no more. Its states come before its
    /// announcements, so that nobody hears of an entity without a state.
    async fn show(&mut self, device: DeviceId, anew: bool) {
        let view = self.session.view();
        let known = view.device(device).filter(|known| is_shown(&known.device, &self.carrier));
        let before = self.shown.remove(&device);
        let now = known.map(|known| Shown {
            states: states(&self.places, known),
            announcements: match &before {
                Some(before) if !anew => before.announcements.clone(),
                _ => announcements(&self.places, &view.home, known),
            },
        });
        let before = before.unwrap_or_default();
        let empty = Shown::default();
        let after = now.as_ref().unwrap_or(&empty);
        self.turn(&before.states, &after.states).await;
        self.turn(&before.announcements, &after.announcements).await;
        if let Some(now) = now {
            self.shown.insert(device, now);
        }
    }

    async fn turn(&self, before: &Kept, after: &Kept) {
        for (topic, payload) in after.iter().filter(|(topic, payload)| before.get(*topic) != Some(payload)) {
            self.publish(topic, payload, true).await;
        }
        for topic in before.keys().filter(|topic| !after.contains_key(*topic)) {
            self.publish(topic, "", true).await;
        }
    }

    async fn hear(&mut self, heard: &Heard) {
        let message = &heard.message;
        let topic = message.topic.as_str();
        if message.retain {
            if self.kept.len() < KEPT {
                self.kept.insert(topic.to_owned());
            }
            return self.tidy().await;
        }
        if self.places.asking(topic).is_none() || !self.places.commands().iter().any(|own| own == heard.filter.as_str())
        {
            return;
        }
        match asked(&self.places, &self.session.view().home, topic, &message.payload) {
            Ok(control) if self.may_command(&control) => self.command(control, topic),
            Ok(_) => {}
            Err(error) => tracing::info!(topic, %error, "A message by MQTT is no command."),
        }
    }

    /// Gives a command; what became of it is shown by the device's state. Its way into the hub is bounded there.
    fn command(&self, control: Control, topic: &str) {
        let (submitted, topic) = (self.session.submit(control), topic.to_owned());
        tokio::spawn(async move {
            match submitted.await {
                Ok(ended) if ended.outcome.is_good() => {}
                Ok(ended) => {
                    let reason = ended.reason.unwrap_or_default();
                    tracing::info!(topic, outcome = %ended.outcome, reason, "A command by MQTT did not succeed.");
                }
                Err(error) => tracing::info!(topic, %error, "A command by MQTT could not be given."),
            }
        });
    }

    /// Only what is shown can be commanded.
    fn may_command(&self, control: &Control) -> bool {
        self.session.view().device(control.target.device).is_some_and(|known| is_shown(&known.device, &self.carrier))
    }

    /// Takes back what the broker kept from earlier and is no more.
    async fn tidy(&mut self) {
        if !self.complete {
            return;
        }
        for topic in std::mem::take(&mut self.kept) {
            let is_shown =
                |shown: &Shown| shown.states.contains_key(&topic) || shown.announcements.contains_key(&topic);
            if topic != self.places.hub() && !self.shown.values().any(is_shown) {
                self.publish(&topic, "", true).await;
            }
        }
    }

    async fn publish(&self, topic: &str, payload: &str, retain: bool) {
        let Ok(topic) = topic.parse() else { return };
        let message = Message { topic, payload: payload.as_bytes().into(), retain, qos: Qos::AtMostOnce };
        if let Err(error) = self.session.publish(message).await {
            tracing::debug!(%error, "A state was not published; all are when the broker is back.");
        }
    }
}
