//! What happened, in words for people. Devices that the view doesn't show have no name here. Pure.

use hub_model::{
    DeviceId, EndpointId, Path, Severity, Value, What,
    run::{Prompted, Trigger},
};

use jiff::ZonedDateTime;

use crate::view::View;

impl View {
    /// The name of a device.
    pub fn device_name(&self, id: DeviceId) -> &str {
        match (self.device(id), self.home.device(id)) {
            (Some(known), _) => &known.device.name,
            (None, Some(_)) => "another device",
            (None, None) => "a device that is gone",
        }
    }

    /// A property as rule files write it, `hall-lamp/on_off.on`.
    pub fn path_name(&self, path: &Path) -> String {
        let handle = self.device(path.device).map_or("another-device", |known| known.device.handle.as_str());
        if path.endpoint == EndpointId::first() {
            format!("{handle}/{}", path.property)
        } else {
            format!("{handle}/{}/{}", path.endpoint, path.property)
        }
    }

    /// What an event tells, such as `hall-motion/occupancy.occupied became true`.
    pub fn event_text(&self, what: &What) -> String {
        match what {
            What::Changed { path, old: Value::Unknown, new } => format!("{} became {new}", self.path_name(path)),
            What::Changed { path, old, new } => format!("{} became {new} (was {old})", self.path_name(path)),
            What::Occurred { device, occurrence, .. } => format!("{occurrence} at {}", self.device_name(*device)),
            What::Reachable { device, reachable: true } => {
                format!("{} could be reached again", self.device_name(*device))
            }
            What::Reachable { device, .. } => format!("{} could no longer be reached", self.device_name(*device)),
            What::Device(device) => format!("{} was changed", self.device_name(*device)),
            What::Home => "the home was changed".into(),
            What::Rules => "the rules were loaded".into(),
            What::Command { device, outcome, .. } => {
                format!("a command to {} ended {outcome}", self.device_name(*device))
            }
            What::Scene { scene, .. } => {
                let name = self.home.scenes.get(scene).map_or("a scene that is gone", |scene| &scene.name);
                format!("the scene {name} was run")
            }
            What::Notice(notice) => match notice.severity {
                Severity::Alarm => format!("the alarm `{}`", notice.title),
                Severity::Info | Severity::Warning => format!("the message `{}`", notice.title),
            },
        }
    }

    /// What triggered a rule.
    pub fn trigger_text(&self, trigger: &Trigger) -> String {
        match (&trigger.event, &trigger.prompt) {
            (Some(event), _) => self.event_text(&event.what),
            (None, Some(prompt)) => self.prompt_text(&prompt.what),
            (None, None) => {
                let entry = trigger.entry.as_ref().filter(|_| self.principal.sees_all());
                let of_entry = entry.map_or_else(String::new, |entry| format!(", by the calendar's `{entry}`"));
                let time = ZonedDateTime::new(trigger.due, self.home.zone.clone());
                format!("it was {}{of_entry}", time.strftime("%H:%M:%S"))
            }
        }
    }

    /// What was said to a rule.
    pub(crate) fn prompt_text(&self, what: &Prompted) -> String {
        if !self.principal.sees_all() {
            return "something was said to it".into();
        }
        match what {
            Prompted::Phrase(words) => format!("somebody said \"{words}\""),
            Prompted::Call => "its address was called".into(),
            Prompted::Answer(answer) => format!("the answer `{answer}` was chosen"),
            Prompted::Message(filter) => format!("a message came for `{filter}`"),
            Prompted::Started => "the hub started".into(),
            Prompted::Run(rule) => format!("the rule `{rule}` ran"),
            Prompted::ByHand => "it was run by hand".into(),
        }
    }
}
