//! The API as an app sees it, over a real store, a small adapter and real sockets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "api/client.rs"]
mod client;
#[path = "api/documents.rs"]
mod documents;
#[path = "api/edits.rs"]
mod edits;
#[path = "api/house.rs"]
mod house;
#[path = "api/limits.rs"]
mod limits;
#[path = "api/pairing.rs"]
mod pairing;
#[path = "api/rights.rs"]
mod rights;
#[path = "api/rules.rs"]
mod rules;
#[path = "api/runs.rs"]
mod runs;
#[path = "api/schema.rs"]
mod schema;
#[path = "api/shared.rs"]
mod shared;
#[path = "api/sockets.rs"]
mod sockets;
#[path = "api/versions.rs"]
mod versions;
