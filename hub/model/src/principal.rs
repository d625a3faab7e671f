//! Who asks, and what they may see and do.

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Actor, Device, DeviceId, RoomId};

/// Somebody or something that asks the hub: a person's phone, a rule, a voice.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// Who is named as the cause of what they do.
    pub actor: Actor,
    /// Their role.
    pub role: Role,
    /// What they may see and do beside what their role gives.
    pub grants: Vec<Grant>,
}

/// A role in the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees and does what the grants say, and nothing else.
    Guest,
    /// Sees and controls all devices.
    Member,
    /// Also changes the home: devices, rooms, scenes, rules.
    Admin,
    /// Also decides who has access, and holds the secrets and backups.
    Owner,
}

/// A right to some devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// To which.
    pub scope: Scope,
    /// To do what.
    pub level: Level,
    /// Only within these hours of the home's time; a span may cross midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<(Time, Time)>,
    /// Only until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The devices of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of them.
    Home,
    /// Those of a room.
    Room(RoomId),
    /// One.
    Device(DeviceId),
}

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Seeing.
    View,
    /// Seeing and controlling.
    Control,
}

impl Role {
    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Guest, Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.word() == word)
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl Principal {
    /// The hub itself, at start-up or by a timer.
    pub const fn hub() -> Self {
        Self { actor: Actor::Hub, role: Role::Owner, grants: Vec::new() }
    }

    /// Whether every device is open to them, so that nothing needs to be filtered.
    pub fn sees_all(&self) -> bool {
        self.role >= Role::Member
    }

    /// The most they may do with a device now; `None` when they may not even see it.
    pub fn level(&self, device: &Device, now: Timestamp, zone: &TimeZone) -> Option<Level> {
        if self.sees_all() {
            return Some(Level::Control);
        }
        let holds = |grant: &&Grant| grant.covers(device) && grant.holds_at(now, zone);
        self.grants.iter().filter(holds).map(|grant| grant.level).max()
    }

    /// Whether they may see a device now.
    pub fn may_view(&self, device: &Device, now: Timestamp, zone: &TimeZone) -> bool {
        self.level(device, now, zone).is_some()
    }

    /// Whether they may control a device now.
    pub fn may_control(&self, device: &Device, now: Timestamp, zone: &TimeZone) -> bool {
        self.level(device, now, zone) == Some(Level::Control)
    }
}

impl Grant {
    fn covers(&self, device: &Device) -> bool {
        match self.scope {
            Scope::Home => true,
            Scope::Room(room) => device.room == Some(room),
            Scope::Device(id) => device.id == id,
        }
    }

    fn holds_at(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let in_hours = self.hours.is_none_or(|(from, to)| {
            let time = now.to_zoned_datetime(zone.clone()).time();
            if from <= to { from <= time && time < to } else { from <= time || time < to }
        });
        in_hours && self.until.is_none_or(|until| now < until)
    }
}
