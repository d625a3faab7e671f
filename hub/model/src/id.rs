//! Identities. Ours are UUID v7, so that they sort by the time of their making; a rule's is the name in its file.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use smol_str::SmolStr;
use uuid::Uuid;

/// An identity of one kind of thing; ids of different kinds don't mix.
pub struct Id<Of> {
    uuid: Uuid,
    of: PhantomData<fn() -> Of>,
}

/// The kinds of things that have an [`Id`].
pub mod kind {
    /// Names an [`Id`](super::Id) of a device.
    pub enum Device {}
    /// Names an [`Id`](super::Id) of a room.
    pub enum Room {}
    /// Names an [`Id`](super::Id) of a floor.
    pub enum Floor {}
    /// Names an [`Id`](super::Id) of a group of devices.
    pub enum Group {}
    /// Names an [`Id`](super::Id) of a scene.
    pub enum Scene {}
    /// Names an [`Id`](super::Id) of a person who lives here or visits.
    pub enum Person {}
    /// Names an [`Id`](super::Id) of an account: somebody's, or a program's, access to the hub.
    pub enum Account {}
    /// Names an [`Id`](super::Id) of a command.
    pub enum Command {}
    /// Names an [`Id`](super::Id) of one run of a scene or a rule.
    pub enum Run {}
    /// Names an [`Id`](super::Id) of something found nearby that could be added.
    pub enum Candidate {}
}

/// A device's id; it stays through renaming, moving and replacing.
pub type DeviceId = Id<kind::Device>;
/// A room's id.
pub type RoomId = Id<kind::Room>;
/// A floor's id.
pub type FloorId = Id<kind::Floor>;
/// A group's id.
pub type GroupId = Id<kind::Group>;
/// A scene's id.
pub type SceneId = Id<kind::Scene>;
/// A person's id.
pub type PersonId = Id<kind::Person>;
/// An account's id.
pub type AccountId = Id<kind::Account>;
/// A command's id.
pub type CommandId = Id<kind::Command>;
/// The id of one run of a scene or a rule.
pub type RunId = Id<kind::Run>;
/// The id of a candidate, and of the onboarding that it leads to.
pub type CandidateId = Id<kind::Candidate>;

/// A text that should have been an id and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id (a UUID such as 018f3c1e-7d5a-7000-8000-000000000001)")]
pub struct NotAnId(pub String);

impl<Of> Id<Of> {
    /// An id made of a UUID that was stored or sent before.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// A fresh id. It reads the wall clock and random numbers, so pure code takes ids as parameters instead.
    pub fn fresh() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The id that a name always leads to, for things that are found again at every start (UUID v8).
    pub fn named(name: &str) -> Self {
        Self::from_uuid(Uuid::from_u128(stable_hash(name)))
    }

    /// The bare UUID.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

/// FNV-1a with 128 bits: stable for ever, which the standard hasher does not promise.
fn stable_hash(name: &str) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = name.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    // Version 8 (custom) and the RFC 9562 variant, so that it is a valid UUID and can't meet a v7 one.
    (hash & !(0xf << 76) & !(0b11 << 62)) | (0x8 << 76) | (0b10 << 62)
}

impl<Of> Clone for Id<Of> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Of> Copy for Id<Of> {}
impl<Of> PartialEq for Id<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<Of> Eq for Id<Of> {}
impl<Of> PartialOrd for Id<Of> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<Of> Ord for Id<Of> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<Of> Hash for Id<Of> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<Of> fmt::Debug for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<Of> FromStr for Id<Of> {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| NotAnId(text.to_owned()))
    }
}
impl<Of> Serialize for Id<Of> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, Of> Deserialize<'de> for Id<Of> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A rule's id: the `id` in its file, or else its name as a slug (`hall-light-at-night`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub SmolStr);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_id_is_a_valid_uuid_and_always_the_same() {
        let id = DeviceId::named("simulated/bench-lamp");
        assert_eq!(id, DeviceId::named("simulated/bench-lamp"));
        assert_ne!(id, DeviceId::named("simulated/bench-lamb"));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.uuid().get_version_num(), 8);
    }

    #[test]
    fn what_is_no_id_is_named_in_the_error() {
        assert_eq!("hall-lamp".parse::<DeviceId>(), Err(NotAnId("hall-lamp".into())));
    }
}
