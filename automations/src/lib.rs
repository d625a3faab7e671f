//! Rule files and the engine that runs them.
//!
//! A file becomes typed rules ([`parse`]), a rule and a home become a plan ([`resolve`]), and the engine ([`engine`])
//! turns events and time into effects. These three are pure. The tokio shell around them ([`run`]) watches the folder,
//! carries events in and effects out.

pub mod days;
pub mod engine;
pub mod fault;
mod keys;
pub mod parse;
pub mod plan;
pub mod resolve;
pub mod rule;
#[cfg(test)]
mod sample;
pub mod schedule;
mod schema;
mod selector;

pub use engine::{Effect, Engine, Input};
pub use fault::Fault;
pub use schema::json_schema;
