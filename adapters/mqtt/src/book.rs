//! Everything that is known of the broker's devices, as a state machine without a clock or a connection: messages and
//! times go in, [`Effects`] come out.
//!
//! Owns which entity belongs to which device, which topic tells of what, and which device can be reached. Must not know
//! tokio, the client or the hub.

mod announce;
mod availability;
mod bundle;
mod change;
mod fades;
mod join;
mod plan;
mod tasmota;
mod topics;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use hub_model::{DeviceKey, Report, Said};
use jiff::{Timestamp, tz::TimeZone};
use smol_str::SmolStr;

pub use plan::{Plan, PlanError};

use crate::{
    discovery::{ConfigError, Entity, Mark, read_config},
    entity::Message,
    payload::Payload,
    template::Templates,
    topic::{DiscoveryTopic, TasmotaTopic},
};
use availability::Availabilities;
use fades::Fades;
use topics::Topics;

/// How long the book waits before it acts.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// A device is announced when no configuration of it came for so long: its entities come one by one.
    pub settle: Duration,
    /// But at the latest after this.
    pub settle_at_most: Duration,
    /// A device that lost its last entity is gone after this: one that is renamed comes back at once under other topics.
    pub gone: Duration,
    /// After a connection, reachability is told anew when the broker had so long to repeat what it keeps.
    pub resync: Duration,
    /// What devices said of themselves before a connection, and have not said again, holds from then on. A broker that
    /// was started anew has forgotten it, and those who said it take a moment to come back.
    pub trust: Duration,
    /// A configuration that the broker used to keep, and has not repeated so long after a connection, is gone. Programs
    /// that publish theirs again after a restart of the broker take up to half a minute.
    pub vanish: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            settle: Duration::from_millis(300),
            settle_at_most: Duration::from_secs(2),
            gone: Duration::from_secs(4),
            resync: Duration::from_millis(500),
            trust: Duration::from_secs(5),
            vanish: Duration::from_secs(90),
        }
    }
}

/// One message from the broker.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Its payload.
    pub payload: &'a [u8],
    /// The retain flag: for a state, the broker repeats what it kept; for a configuration, the broker keeps it.
    pub retain: bool,
}

/// What shall be done.
#[derive(Debug, Default)]
pub struct Effects {
    /// What the hub shall hear, in this order.
    pub reports: Vec<Report>,
    /// Topics that someone needs from now on, or nobody any more; [`Book::needs`] says which.
    pub topics: Vec<SmolStr>,
    /// Devices whose plan changed; `None` for one that is gone.
    pub plans: Vec<(DeviceKey, Option<Arc<Plan>>)>,
    /// What the owner should know, once each.
    pub complaints: Vec<Complaint>,
    /// Kinds of entities that this hub leaves out, once each.
    pub left_out: Vec<ConfigError>,
    /// Questions to devices that were found, to be sent when the topics are subscribed to.
    pub ask: Vec<Message>,
}

/// Something wrong that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The discovery topic of the entity.
    pub entity: SmolStr,
    /// What is wrong, and the remedy.
    pub problem: String,
}

/// How many complaints are remembered so that each is made once. Beyond it nothing more is complained of; a broker with
/// so many broken entities has been complained of enough.
const COMPLAINTS: usize = 4096;

/// How many entities are taken from one broker; further ones are passed over with a complaint.
const ENTITIES: usize = 200_000;

/// How many kinds of entities that are left out are named; beyond it, nothing more is said of them.
const LEFT_OUT: usize = 64;

/// One configured entity and what is known around it.
#[derive(Debug)]
struct Known {
    entity: Arc<Entity>,
    device: DeviceKey,
    /// Whether the broker keeps its configuration.
    retained: bool,
    /// The connection in which its configuration was last seen.
    seen: u64,
    /// How many messages had come before it.
    born: u64,
    /// The hash of its configuration, so that a repeated one changes nothing.
    fingerprint: u64,
}

/// One device and how far it is announced.
#[derive(Debug, Default)]
struct Device {
    /// Discovery topics of its entities.
    entities: BTreeSet<SmolStr>,
    /// What identifies it.
    marks: BTreeSet<Mark>,
    plan: Option<Arc<Plan>>,
    reachable: Option<bool>,
    /// When the first and the last change since its last announcement came.
    changed: Option<(Instant, Instant)>,
}

/// What is known of a broker's devices.
#[derive(Debug)]
pub struct Book {
    prefix: String,
    timing: Timing,
    templates: Templates,
    entities: HashMap<SmolStr, Known>,
    devices: HashMap<DeviceKey, Device>,
    /// The entities that one message configures, by its topic.
    bundles: HashMap<SmolStr, BTreeSet<SmolStr>>,
    /// What Tasmota devices said of themselves, by their addresses.
    tasmotas: HashMap<SmolStr, tasmota::Announced>,
    /// Which device a mark identifies.
    marks: HashMap<Mark, DeviceKey>,
    topics: Topics,
    availabilities: Availabilities,
    fades: Fades,
    /// Devices with changes that are not announced yet.
    unsettled: HashSet<DeviceKey>,
    /// When to look through them next.
    settle_at: Option<Instant>,
    connected: bool,
    connection: u64,
    /// How many messages have come.
    messages: u64,
    resync_at: Option<Instant>,
    trust_at: Option<Instant>,
    vanish_at: Option<Instant>,
    complained: HashSet<SmolStr>,
    left_out: HashSet<SmolStr>,
    /// How many messages and values were passed over because something was wrong with them.
    dropped: u64,
}

impl Book {
    /// An empty book for discovery below `prefix`.
    pub fn new(prefix: impl Into<String>, timing: Timing) -> Self {
        Self {
            prefix: prefix.into(),
            timing,
            templates: Templates::default(),
            entities: HashMap::new(),
            bundles: HashMap::new(),
            tasmotas: HashMap::new(),
            devices: HashMap::new(),
            marks: HashMap::new(),
            topics: Topics::default(),
            availabilities: Availabilities::default(),
            fades: Fades::default(),
            unsettled: HashSet::new(),
            settle_at: None,
            connected: false,
            connection: 0,
            messages: 0,
            resync_at: None,
            trust_at: None,
            vanish_at: None,
            complained: HashSet::new(),
            left_out: HashSet::new(),
            dropped: 0,
        }
    }

    /// Says where the home is; times in templates go by it.
    pub fn set_zone(&self, zone: TimeZone) {
        self.templates.zone.set(zone);
    }

    /// How many messages and values were passed over because something was wrong with them.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Every topic that the broker shall send, for a new connection.
    pub fn topics(&self) -> Vec<SmolStr> {
        self.topics.all()
    }

    /// Whether the broker shall send this topic.
    pub fn needs(&self, topic: &str) -> bool {
        self.topics.has(topic)
    }

    /// Whether all is known that the broker keeps: connected long enough, and every device announced.
    pub fn is_settled(&self) -> bool {
        self.connected && self.vanish_at.is_none() && self.unsettled.is_empty()
    }

    /// Whether there is a device of that key.
    pub fn has(&self, key: &DeviceKey) -> bool {
        self.devices.contains_key(key)
    }

    /// The keys of all devices whose configurations the broker keeps.
    pub fn kept_devices(&self) -> impl Iterator<Item = &DeviceKey> {
        let kept = |device: &Device| {
            device.plan.is_some()
                && device.entities.iter().all(|id| self.entities.get(id).is_some_and(|known| known.retained))
        };
        self.devices.iter().filter(move |(_, device)| kept(device)).map(|(key, _)| key)
    }

    /// Takes in one message.
    pub fn handle(&mut self, message: Incoming<'_>, now: Instant, at: Timestamp, effects: &mut Effects) {
        self.messages += 1;
        // A copy of the prefix would be made for every message otherwise.
        let prefix = std::mem::take(&mut self.prefix);
        match DiscoveryTopic::parse(&prefix, message.topic) {
            Some(topic) if topic.component == "device" => self.bundle(topic, message, now, effects),
            Some(topic) => self.config(topic, message, now, effects),
            None => match TasmotaTopic::parse(message.topic) {
                Some(topic) => self.tasmota(topic, message, now, effects),
                None => self.state(message, now, at, effects),
            },
        }
        self.prefix = prefix;
    }

    fn config(&mut self, topic: DiscoveryTopic<'_>, message: Incoming<'_>, now: Instant, effects: &mut Effects) {
        let id = SmolStr::from(message.topic);
        if message.payload.iter().all(u8::is_ascii_whitespace) {
            self.remove(&id, now, effects);
            return;
        }
        let fingerprint = change::fingerprint(message.payload);
        let read = |templates: &mut Templates| read_config(topic, message.payload, templates);
        self.configure(id, fingerprint, message.retain, read, now, effects);
    }

    /// Takes in the configuration of one entity, unless it is the one that is known.
    fn configure(
        &mut self,
        id: SmolStr,
        fingerprint: u64,
        retained: bool,
        read: impl FnOnce(&mut Templates) -> Result<Entity, ConfigError>,
        now: Instant,
        effects: &mut Effects,
    ) {
        if let Some(known) = self.entities.get_mut(&id) {
            known.seen = self.connection;
            known.retained |= retained;
            if known.fingerprint == fingerprint {
                return;
            }
        }
        if self.entities.len() >= ENTITIES && !self.entities.contains_key(&id) {
            self.complain(&id, || format!("there are more than {ENTITIES} entities on this broker"), effects);
            return;
        }
        match read(&mut self.templates) {
            Ok(entity) => {
                self.complained.remove(&id);
                let (seen, born) = (self.connection, self.messages);
                self.insert(
                    id,
                    entity,
                    |entity, device| Known { entity, device, retained, seen, born, fingerprint },
                    now,
                    effects,
                );
            }
            Err(error) => self.refuse(&id, error, now, effects),
        }
    }

    /// A configuration gives no entity; the one that was known by its topic is gone.
    fn refuse(&mut self, id: &SmolStr, error: ConfigError, now: Instant, effects: &mut Effects) {
        // Its next configuration comes under another topic.
        if error == ConfigError::Migrating {
            return;
        }
        self.remove(id, now, effects);
        match error {
            // Left out on purpose.
            ConfigError::Secret => {}
            // Not the fault of anybody, and nothing that the owner could mend.
            ConfigError::LeftOut { component, why } => {
                if self.left_out.len() < LEFT_OUT && self.left_out.insert(component.as_str().into()) {
                    effects.left_out.push(ConfigError::LeftOut { component, why });
                }
            }
            error => self.complain(id, || error.to_string(), effects),
        }
    }

    fn state(&mut self, message: Incoming<'_>, now: Instant, at: Timestamp, effects: &mut Effects) {
        let Some(topic) = self.topics.get_mut(message.topic) else { return };
        topic.keep(message.payload, if message.retain { 0 } else { self.messages });
        let payload = Payload::new(message.payload);
        if payload.text().is_none() {
            let entity = topic.first_entity().cloned();
            let problem = || {
                format!(
                    "a message on `{}` is no UTF-8 text, and was passed over: only text is understood",
                    message.topic
                )
            };
            return entity.into_iter().for_each(|entity| self.complain(&entity, problem, effects));
        }
        let read = topic.read(&payload, message.retain);
        for (beacon, said) in topic.beacons(&payload) {
            for key in self.availabilities.said(beacon, said) {
                if self.resync_at.is_none() {
                    self.judge(&key, at, effects);
                }
            }
        }
        for (key, heard) in read {
            self.report(&key, heard, now, at, effects);
        }
    }

    fn report(&mut self, key: &DeviceKey, heard: plan::Read, now: Instant, at: Timestamp, effects: &mut Effects) {
        for (entity, fade) in heard.fading {
            self.fades.set(&entity, fade.map(|(time, value)| (now + time, value)));
        }
        for (entity, attributes) in heard.grown {
            self.grow(&entity, &attributes, now);
        }
        for (entity, value) in heard.strange {
            let problem = || {
                format!("`{value}` is no value that this entity can have: correct its value template, unit or payloads")
            };
            self.complain(&entity, problem, effects);
        }
        if !heard.readings.is_empty() {
            effects.reports.push(Report { key: key.clone(), at, said: Said::Read(heard.readings) });
        }
        let happened = heard.occurrences.into_iter();
        effects.reports.extend(happened.map(|(endpoint, occurrence)| Report {
            key: key.clone(),
            at,
            said: Said::Occurred(endpoint, occurrence),
        }));
    }

    fn complain(&mut self, entity: &SmolStr, problem: impl FnOnce() -> String, effects: &mut Effects) {
        self.dropped += 1;
        if self.complained.len() < COMPLAINTS && self.complained.insert(entity.clone()) {
            effects.complaints.push(Complaint { entity: entity.clone(), problem: problem() });
        }
    }
}

#[cfg(test)]
mod tests;
