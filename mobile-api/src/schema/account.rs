//! Accounts: somebody's, or a program's, access to the hub.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use hub_model::{Scope, principal};
use jiff::civil::Time;

use super::word::Role;
use crate::{asker::Asker, find, scalar::DateTime};

/// Somebody's, or a program's, access to the hub.
#[derive(Debug, SimpleObject)]
pub(crate) struct Account {
    /// Ours.
    id: ID,
    /// For people.
    name: String,
    /// What it may do.
    role: Role,
    /// What a guest may see and do.
    grants: Vec<Grant>,
    /// When it was made.
    created_at: DateTime,
}

/// A right to some devices.
#[derive(Debug, SimpleObject)]
struct Grant {
    /// Only the devices of this room.
    room: Option<ID>,
    /// Only this device. Without a room and a device: all of them.
    device: Option<ID>,
    /// What it allows.
    level: Level,
    /// Only from this time of day on, by the home's clock.
    from: Option<String>,
    /// Only until this time of day; a span may cross midnight.
    to: Option<String>,
    /// Only until then.
    until: Option<DateTime>,
}

/// A right to give to a guest.
#[derive(Debug, InputObject)]
pub(crate) struct GrantInput {
    /// Only the devices of this room: an id or name.
    room: Option<ID>,
    /// Only this device: an id or handle. Without a room and a device: all of them.
    device: Option<ID>,
    /// What it allows.
    level: Level,
    /// Only from this time of day on, such as `08:00`, by the home's clock; `to` must be given too.
    from: Option<String>,
    /// Only until this time of day; a span may cross midnight.
    to: Option<String>,
    /// Only until then.
    until: Option<DateTime>,
}

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "hub_model::Level")]
enum Level {
    /// Seeing.
    View,
    /// Seeing and controlling.
    Control,
}

/// A grant that can't be given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadGrant {
    /// Both a room and a device.
    #[error("a grant is for a room or for a device; give two grants instead")]
    Both,
    /// Half a span of hours, or no hours at all.
    #[error("`from` and `to` are times of day such as 08:00, and belong together")]
    Hours,
    /// It names something that isn't there.
    #[error(transparent)]
    NoSuch(#[from] find::NoSuch),
}

impl GrantInput {
    /// The grant that is meant.
    pub(crate) fn grant(self, asker: &Asker) -> Result<principal::Grant, BadGrant> {
        let view = asker.fresh();
        let scope = match (self.room, self.device) {
            (None, None) => Scope::Home,
            (Some(room), None) => Scope::Room(find::room(&view, &room)?),
            (None, Some(device)) => Scope::Device(find::device(&view, &device)?.device.id),
            (Some(_), Some(_)) => return Err(BadGrant::Both),
        };
        let time = |text: String| text.parse::<Time>().map_err(|_| BadGrant::Hours);
        let hours = match (self.from.map(time).transpose()?, self.to.map(time).transpose()?) {
            (None, None) => None,
            (Some(from), Some(to)) => Some((from, to)),
            _ => return Err(BadGrant::Hours),
        };
        Ok(principal::Grant { scope, level: self.level.into(), hours, until: self.until.map(|until| until.0) })
    }
}

impl From<hub_core::Account> for Account {
    fn from(account: hub_core::Account) -> Self {
        Self {
            id: account.id.into(),
            name: account.name,
            role: account.role.into(),
            grants: account.grants.iter().map(Into::into).collect(),
            created_at: account.created_at.into(),
        }
    }
}

impl From<&principal::Grant> for Grant {
    fn from(grant: &principal::Grant) -> Self {
        let (room, device) = match grant.scope {
            Scope::Home => (None, None),
            Scope::Room(room) => (Some(room.into()), None),
            Scope::Device(device) => (None, Some(device.into())),
        };
        let (from, to) = grant.hours.unzip();
        Self {
            room,
            device,
            level: grant.level.into(),
            from: from.map(|time: Time| time.to_string()),
            to: to.map(|time: Time| time.to_string()),
            until: grant.until.map(DateTime),
        }
    }
}
