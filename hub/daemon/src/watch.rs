//! `hub watch`: the home live in the terminal.
//!
//! [`state`] decides, [`render`] draws, both pure; [`screen`] owns the terminal and the connection. It knows the hub only
//! as any client does.

mod deed;
mod render;
mod screen;
mod state;
mod summary;

pub(crate) use screen::run;
pub(crate) use summary::of as summary;

#[cfg(test)]
mod tests;
