//! A simulated home that behaves like one, for newcomers, the phone app and tests.
//!
//! At its heart is a pure world: rooms with their air and light, weather, people with their days, and devices that live
//! among them. The adapter lets its clock run beside the real one, or faster, and carries commands in and reports out.
//! It knows the adapters' interface and the vocabulary, and nothing of the hub.

mod adapter;
mod adopted;
mod blueprint;
mod candidates;
mod device;
mod home;
mod house;
mod moment;
mod onboarding;
mod panel;
mod people;
mod radio;
mod random;
mod weather;
mod world;

pub use adapter::KIND;
