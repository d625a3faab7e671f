//! Matter devices, with the hub as a controller of its own fabric.
//!
//! Two halves meet at [`wire`]. One speaks the protocol on a thread of its own; the other is pure: it knows what
//! clusters mean, and nothing of sessions, sockets or time.

mod adapter;
mod clock;
mod cluster;
mod discovery;
mod link;
mod members;
pub mod node;
mod roots;
mod settings;
mod setup_code;
pub mod strangers;
mod utility;
mod vendors;
pub mod wire;

pub use cluster::Refusal;
pub use roots::{Root, RootError, root};

/// The row by which the hub knows this adapter.
pub const KIND: adapter_api::AdapterKind = adapter_api::AdapterKind {
    name: "matter",
    doc: "Matter devices on the network, with the hub as a controller of its own fabric.",
    fields: settings::FIELDS,
    build: adapter::build,
};
