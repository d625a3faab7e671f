//! Nodes that matter.js played, as they told themselves on the wire (`tests/data`), and what the hub makes of them.

mod areas;
mod bridge;
mod commands;
mod dump;
mod events;
mod kinds;
mod never;
