//! The house itself as a device: its mode, and the variables that its owner keeps.
//!
//! They are devices like any other, so that rules, scenes, phones and history need nothing of their own for them. What
//! they are is kept by the hub and holds after a restart. It knows the adapters' interface and the vocabulary alone.

mod adapter;
mod book;
mod onboarding;

pub use adapter::KIND;
