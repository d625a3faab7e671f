//! Rule files and the engine that runs them.
//!
//! A file becomes typed rules ([`parse`]), a rule and a home become a plan ([`resolve`]), and the engine ([`engine`])
//! turns events and time into effects. These three are pure. The tokio shell around them ([`run`]) watches the folder,
//! carries events in and effects out.

pub mod blueprint;
pub mod calendar;
pub mod check;
pub mod days;
pub mod engine;
pub mod fault;
mod fnv;
pub mod folder;
mod keys;
pub mod message;
mod missing;
pub mod parse;
mod past;
pub mod phrase;
pub mod plan;
pub mod rehearse;
pub mod resolve;
pub mod review;
pub mod rule;
pub mod run;
#[cfg(test)]
mod sample;
pub mod schedule;
mod schema;
mod selector;
pub mod sun;
pub mod twin;
pub mod what_if;

pub use check::{check, check_all, check_text};
pub use engine::{Effect, Engine, Input};
pub use fault::Fault;
pub use folder::{EnableError, Renamed, SaveError, Wish, rule_files};
pub use missing::NoSuchRule;
pub use run::{Automations, ByHandError, CallError, Hook, Meant, RuleSummary, Saved, SayError, Setup, StudyError};
pub use schema::{blueprint_schema, json_schema};
