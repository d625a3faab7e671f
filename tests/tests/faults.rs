//! What goes wrong around a hub, and that the hub goes on: disks, networks, clocks, senders of nonsense and slow readers.

#[path = "faults/broker.rs"]
mod broker;
#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/devices.rs"]
mod devices;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/nonsense.rs"]
mod nonsense;
#[path = "faults/phones.rs"]
mod phones;
#[path = "faults/well.rs"]
mod well;
