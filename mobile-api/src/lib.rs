//! GraphQL for the phone app: schema, subscriptions, pairing.

mod answer;
mod answers;
mod api;
mod asker;
mod cards;
mod document;
mod find;
mod generated;
mod hook;
mod json;
mod metrics;
mod pair;
mod pairing;
mod part;
mod question;
mod refusal;
mod router;
mod scalar;
mod schema;
mod sight;
mod socket;
mod telling;
mod vendor;

pub use pairing::{Invitation, Pairing, PairingError};
pub use router::{local_router, router};
pub use schema::sdl;
