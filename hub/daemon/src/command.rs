//! The commands, one file each: the arguments with their help, and the deed.

pub(crate) mod add;
pub(crate) mod backup;
pub(crate) mod blueprints;
pub(crate) mod check;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod invite;
#[cfg(feature = "matter")]
pub(crate) mod matter;
pub(crate) mod rehearse;
pub(crate) mod restore;
mod role;
pub(crate) mod rooms;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod say;
pub(crate) mod scene;
pub(crate) mod secret;
pub(crate) mod set;
pub(crate) mod token;
mod version;
pub(crate) mod watch;
pub(crate) mod what_if;
pub(crate) mod why;
