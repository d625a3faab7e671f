//! What the hub remembers, in SQLite: the registry, the current state, accounts, secrets and history.
//!
//! A folder holds two databases, because they want opposite things:
//!
//! - `hub.db` is small and precious: rooms, devices, accounts, secrets, the last value of every property. It is checked
//!   whole at every start, which takes milliseconds, and copied to `hub.db.good` after a good start and a clean stop.
//! - `history.db` is large and can be spared: damage there never costs the state, and a start never reads through it.
//!
//! One thread owns both and does all writing, in two lanes. The *registry* lane ([`Store::commit`]) is durable before
//! the caller gets its answer. The *journal* lane ([`Store::journal`]) never blocks and never fails: the last value of
//! every path waits in a map, history in a bounded ring, and the thread commits them in groups. A slow, full or broken
//! disk therefore never delays a light switch. History is read over connections of its own.
//!
//! This crate knows no adapters, no rules and no rights; it keeps what it is given. It reads the wall clock only to
//! name a damaged file and to find out which history is too old.

mod account;
mod backup;
mod change;
mod commands;
mod database;
mod encode;
mod entry;
mod error;
mod folder;
mod health;
mod history;
mod inbox;
mod key;
mod load;
mod log;
mod migrate;
mod open;
mod registry;
mod repair;
mod replay;
mod runs;
mod salvage;
mod store;
mod stored;
mod thin;
mod vault;
mod versions;
mod why;
mod writer;

pub use account::{Account, Token, TokenHash, fresh_token};
pub use change::Change;
pub use commands::KnownCommand;
pub use entry::Entry;
pub use error::{BackupError, CommitError, OpenError, ReadError, SecretError};
pub use health::Health;
pub use history::{ChangeOfValue, HistoryQuery, Point};
pub use log::{LogLine, LogQuery, Logged};
pub use open::{Opened, Options};
pub use replay::{Beginning, Recorded, RecordedWhat, Replay, ReplayQuery};
pub use runs::RunQuery;
pub use store::Store;
pub use stored::{StoredDevice, StoredHome, Tombstone};
