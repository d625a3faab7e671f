//! The vocabulary of Hearth: what a home is made of and what can happen in it.
//!
//! This crate holds no I/O, no runtime and no clock: time always comes in as a parameter. Everyone else speaks in its
//! types. Values are in human units (%, °C, K, lx, W, kWh); adapters convert at their border.

pub mod capability;
pub mod color;
pub mod command;
pub mod device;
pub mod event;
pub mod handle;
pub mod home;
pub mod id;
pub mod list;
pub mod message;
pub mod notice;
pub mod offer;
pub mod path;
pub mod place;
pub mod principal;
pub mod property;
pub mod report;
pub mod run;
pub mod scene;
pub mod signal;
pub mod suggest;
pub mod unit;
pub mod value;
pub mod version;

pub use color::Color;
pub use command::{Command, CommandKey, Invoke, Outcome, Target};
pub use device::{Device, Endpoint, EndpointKind, Origin, Product};
pub use event::{Actor, Cause, Cursor, Event, Source, What};
pub use handle::{EndpointId, Handle};
pub use home::{Home, HomeDevice, Reading, Services};
pub use id::{AccountId, CandidateId, CommandId, DeviceId, FloorId, GroupId, PersonId, RoomId, RuleId, RunId, SceneId};
pub use message::{Message, Qos, Topic, TopicError, TopicFilter};
pub use notice::{Answer, Notice, Severity};
pub use offer::{ActionOffer, PropertyOffer, Shape};
pub use path::{Path, PathName};
pub use place::{Floor, Group, HomeSettings, Person, Room};
pub use principal::{Grant, Level, Principal, Role, Scope};
pub use property::{Action, Occurrence, Property};
pub use report::{AdapterName, DeviceKey, Found, FoundEndpoint, Report, Said};
pub use run::{RunEnd, RunOf, RunRecord, RunStep, SkipReason, Trace};
pub use scene::{Scene, SceneStep};
pub use signal::Signal;
pub use unit::{Limits, Unit};
pub use value::Value;
pub use version::{Author, Version};
