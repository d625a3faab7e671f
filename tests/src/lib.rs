//! The running hub from outside, against real peers: what the tests of this package stand on.
//!
//! [`TestHome`] is a hub of its own, with its data in a temporary folder. [`Broker`], [`Zigbee2Mqtt`], [`Discoverable`],
//! [`MatterDevice`] and [`CircuitMatter`] are real software of others. Everything listens on a port of its own, ends with its test, and shows what it logged
//! when the test fails. Nothing here knows a crate of the hub: what a test can see, a stranger can see.
//!
//! The pieces panic where they don't get what they wait for, and say what it was: a test wants no errors to pass on.

mod adding;
mod answer;
mod api;
mod clock;
mod disk;
mod event;
mod home;
mod mqtt;
mod network;
mod patience;
mod peer;
mod port;
mod process;
mod proxy;
mod stalls;
mod subscription;

pub use adding::{Adding, with_matter, with_matter_in};
pub use answer::{Answer, Problems};
pub use api::Api;
pub use clock::FalseClock;
pub use disk::{Ailment, Disk};
pub use event::{came_or_went, changed, occurred};
pub use home::{HomePlan, Said, TestHome, hub_binary, value_in};
pub use mqtt::{Message, Mqtt};
pub use network::{Network, in_own_network, readdress};
pub use patience::{PATIENCE, eventually, eventually_within, in_time};
pub use peer::{Broker, CircuitMatter, Discoverable, MatterDevice, Peer, Zigbee2Mqtt};
pub use port::Port;
pub use process::Process;
pub use proxy::{Proxy, Weather};
pub use stalls::{Stalls, waited_for_processor};
pub use subscription::Subscription;
