//! A snapshot of the home as one principal may see it.

use std::sync::Arc;

use hub_model::{Device, DeviceId, Event, Home, HomeDevice, Principal, What};
use jiff::Timestamp;

/// The home at one moment, seen with somebody's rights. Making one costs nothing.
#[derive(Debug, Clone)]
pub struct View {
    /// The whole home. Devices are read through the view, which knows the rights; rooms, floors, groups, scenes, people
    /// and settings have names only and may be read here.
    pub home: Arc<Home>,
    /// Who sees it.
    pub principal: Arc<Principal>,
    /// When, for rights that hold at some hours only.
    pub now: Timestamp,
}

impl View {
    /// Every device that the principal may see, oldest first.
    pub fn devices(&self) -> impl Iterator<Item = &HomeDevice> {
        self.home.devices().filter(|known| self.may_view(&known.device))
    }

    /// The device that an id or a handle names.
    pub fn find(&self, id_or_handle: &str) -> Option<&HomeDevice> {
        self.home.find(id_or_handle).filter(|known| self.may_view(&known.device))
    }

    /// The device of that id.
    pub fn device(&self, id: DeviceId) -> Option<&HomeDevice> {
        self.home.device(id).filter(|known| self.may_view(&known.device))
    }

    /// Whether the principal may control a device now.
    pub fn may_control(&self, device: &Device) -> bool {
        self.principal.may_control(device, self.now, &self.home.zone)
    }

    pub(crate) fn may_view(&self, device: &Device) -> bool {
        self.principal.may_view(device, self.now, &self.home.zone)
    }

    /// Whether the principal may know of an event.
    pub fn shows(&self, event: &Event) -> bool {
        if self.principal.sees_all() {
            return true;
        }
        match &event.what {
            What::Changed { path, .. } => self.device(path.device).is_some(),
            What::Occurred { device, .. } | What::Reachable { device, .. } | What::Command { device, .. } => {
                self.device(*device).is_some()
            }
            // A device that is gone can't be looked up, and its bare id tells a guest nothing.
            What::Device(_) | What::Home => true,
            What::Rules | What::Scene { .. } | What::Notice(_) => false,
        }
    }
}
