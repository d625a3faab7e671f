//! Matter devices, with the hub as a controller of its own fabric.
//!
//! Two halves meet at [`wire`]. One speaks the protocol on a thread of its own; the other is pure: it knows what
//! clusters mean, and nothing of sessions, sockets or time.

mod cluster;
pub mod node;
pub mod wire;

pub use cluster::Refusal;
