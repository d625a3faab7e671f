//! Matter devices, with the hub as a controller of its own fabric.
//!
//! Two halves meet at [`wire`]. One speaks the protocol on a thread of its own; the other is pure: it knows what
//! clusters mean, and nothing of sessions, sockets or time.

#[cfg(feature = "stack")]
mod adapter;
mod cluster;
#[cfg(feature = "stack")]
mod discovery;
#[cfg(feature = "stack")]
mod link;
#[cfg(feature = "stack")]
mod members;
pub mod node;
#[cfg(feature = "stack")]
mod roots;
#[cfg(feature = "stack")]
mod settings;
#[cfg(feature = "stack")]
mod setup_code;
#[cfg(feature = "stack")]
mod vendors;
pub mod wire;

pub use cluster::Refusal;
#[cfg(feature = "stack")]
pub use roots::{Root, RootError, root};

/// The row by which the hub knows this adapter.
#[cfg(feature = "stack")]
pub const KIND: adapter_api::AdapterKind = adapter_api::AdapterKind {
    name: "matter",
    doc: "Matter devices on the network, with the hub as a controller of its own fabric.",
    fields: settings::FIELDS,
    build: adapter::build,
};
