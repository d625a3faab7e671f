//! The registry lane: what a caller wants to be sure of.

use std::sync::Arc;

use hub_model::{
    AccountId, Device, DeviceId, Floor, FloorId, Group, GroupId, HomeSettings, Person, PersonId, Room, RoomId, Scene,
    SceneId, Version,
};
use jiff::Timestamp;

use crate::{Account, Token, TokenHash};

/// One change to the registry. Putting replaces; removing what is not there is no error.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// What holds for the whole home.
    PutSettings(HomeSettings),
    /// A storey.
    PutFloor(Floor),
    /// A storey goes.
    RemoveFloor(FloorId),
    /// A room.
    PutRoom(Room),
    /// A room goes.
    RemoveRoom(RoomId),
    /// A group.
    PutGroup(Group),
    /// A group goes.
    RemoveGroup(GroupId),
    /// A scene.
    PutScene(Scene),
    /// A scene goes.
    RemoveScene(SceneId),
    /// What a rule or a scene is from now on, with who made it so. The latest 50 of each are kept.
    PutVersion(Version),
    /// A person.
    PutPerson(Person),
    /// A person goes.
    RemovePerson(PersonId),
    /// A device, new or described anew; a tombstone of the same id goes.
    PutDevice(Arc<Device>),
    /// A device goes: it leaves a tombstone, its readings go, its history stays.
    RemoveDevice(DeviceId, Timestamp),
    /// A tombstone goes.
    ForgetTombstone(DeviceId),
    /// An account.
    PutAccount(Account),
    /// An account goes, and all its tokens with it.
    RemoveAccount(AccountId),
    /// A token.
    PutToken(Token),
    /// A token goes.
    RemoveToken(TokenHash),
}
