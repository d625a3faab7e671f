//! What the view shows, and what keys and news do to it. Pure: no terminal, no connection, no clock.

use std::collections::HashMap;

use serde_json::Value;

use super::deed::{self, Deed};
use crate::client::home::{Device, Home, Scene};

/// For how many beats a value that changed stands out.
const FRESH: u64 = 4;

/// Everything that is on the screen.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The home as it is now.
    pub(crate) home: Home,
    /// The order of the rows: by room, and within it as the hub lists them.
    rows: Vec<usize>,
    /// Which row is chosen.
    chosen: usize,
    /// Which scene is chosen, while scenes are shown.
    pub(crate) scene: Option<usize>,
    /// Why the hub can't be reached; `None` while it can.
    pub(crate) away: Option<String>,
    /// What the last key brought about.
    pub(crate) note: String,
    beat: u64,
    changed: HashMap<(String, String, String), u64>,
}

/// News of the hub.
#[derive(Debug)]
pub(crate) enum News {
    /// The whole home.
    Home(Box<Home>),
    /// One value.
    Changed { device: String, endpoint: String, property: String, value: Value },
    /// A device can be reached, or no longer.
    Reachable { device: String, reachable: bool },
    /// A device was added, renamed, moved or removed.
    Device { id: String, now: Option<Box<Device>> },
    /// The hub can't be reached.
    Away(String),
    /// What became of what was asked.
    Note(String),
    /// Half a second has passed.
    Beat,
}

/// What a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    Up,
    Down,
    PageUp,
    PageDown,
    Switch,
    More,
    Less,
    Scenes,
    Back,
    Quit,
}

/// What a press asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wish {
    /// Nothing beyond the screen.
    None,
    /// A command.
    Control(Deed),
    /// A scene, by id.
    Scene(String),
    /// The end.
    Quit,
}

impl State {
    /// Takes news in.
    pub(crate) fn take(&mut self, news: News) {
        match news {
            News::Home(home) => self.replace(*home),
            News::Changed { device, endpoint, property, value } => self.change(device, endpoint, property, value),
            News::Reachable { device, reachable } => {
                if let Some(device) = self.home.devices.iter_mut().find(|known| known.id == device) {
                    device.reachable = reachable;
                }
            }
            News::Device { id, now } => self.put(&id, now.map(|device| *device)),
            News::Away(why) => self.away = Some(why),
            News::Note(note) => self.note = note,
            News::Beat => {
                self.beat += 1;
                let beat = self.beat;
                self.changed.retain(|_, at| *at + FRESH > beat);
            }
        }
    }

    /// Takes a press, and says what it asks of the hub.
    pub(crate) fn press(&mut self, press: Press) -> Wish {
        if let Some(scene) = self.scene {
            return self.press_in_scenes(press, scene);
        }
        match press {
            Press::Up => self.move_by(-1),
            Press::Down => self.move_by(1),
            Press::PageUp => self.move_by(-10),
            Press::PageDown => self.move_by(10),
            Press::Scenes if self.home.scenes.is_empty() => self.note = "This home has no scenes yet.".into(),
            Press::Scenes => self.scene = Some(0),
            Press::Switch => return self.deed(deed::switch, "This can't be switched."),
            Press::More => return self.deed(|device| deed::step(device, 1.0), "This can't be dimmed."),
            Press::Less => return self.deed(|device| deed::step(device, -1.0), "This can't be dimmed."),
            Press::Back => {}
            Press::Quit => return Wish::Quit,
        }
        Wish::None
    }

    /// The devices in the order of the rows.
    pub(crate) fn devices(&self) -> impl Iterator<Item = &Device> {
        self.rows.iter().filter_map(|index| self.home.devices.get(*index))
    }

    /// The chosen device's place among the rows.
    pub(crate) const fn chosen(&self) -> usize {
        self.chosen
    }

    /// The chosen device.
    pub(crate) fn device(&self) -> Option<&Device> {
        self.rows.get(self.chosen).and_then(|index| self.home.devices.get(*index))
    }

    /// The chosen scene, while scenes are shown.
    pub(crate) fn chosen_scene(&self) -> Option<&Scene> {
        self.home.scenes.get(self.scene?)
    }

    /// Whether a value changed just now.
    pub(crate) fn is_fresh(&self, device: &str, endpoint: &str, property: &str) -> bool {
        self.changed.contains_key(&(device.to_owned(), endpoint.to_owned(), property.to_owned()))
    }

    /// Whether anything of a device changed just now.
    pub(crate) fn is_lively(&self, device: &str) -> bool {
        self.changed.keys().any(|(changed, ..)| changed == device)
    }

    fn press_in_scenes(&mut self, press: Press, scene: usize) -> Wish {
        let last = self.home.scenes.len().saturating_sub(1);
        match press {
            Press::Up | Press::PageUp => self.scene = Some(scene.saturating_sub(1)),
            Press::Down | Press::PageDown => self.scene = Some((scene + 1).min(last)),
            Press::Scenes | Press::Back => self.scene = None,
            Press::Switch => {
                let wish = self.chosen_scene().map_or(Wish::None, |scene| Wish::Scene(scene.id.clone()));
                self.scene = None;
                return wish;
            }
            Press::Quit => return Wish::Quit,
            Press::More | Press::Less => {}
        }
        Wish::None
    }

    fn deed(&mut self, find: impl Fn(&Device) -> Option<Deed>, otherwise: &str) -> Wish {
        let Some(device) = self.device() else { return Wish::None };
        if let Some(deed) = find(device) {
            self.note = format!("{} ...", deed.words);
            return Wish::Control(deed);
        }
        self.note = otherwise.into();
        Wish::None
    }

    fn move_by(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
    }

    fn replace(&mut self, home: Home) {
        self.rearrange(|known| *known = home);
        self.away = None;
        if self.home.scenes.is_empty() {
            self.scene = None;
        }
    }

    fn put(&mut self, id: &str, now: Option<Device>) {
        self.rearrange(|home| match (home.devices.iter().position(|device| device.id == id), now) {
            (Some(place), Some(device)) => home.devices[place] = device,
            (Some(place), None) => drop(home.devices.remove(place)),
            (None, Some(device)) => home.devices.push(device),
            (None, None) => {}
        });
    }

    /// Changes the home and lays the rows out anew; the chosen device stays chosen.
    fn rearrange(&mut self, change: impl FnOnce(&mut Home)) {
        let chosen = self.device().map(|device| device.id.clone());
        change(&mut self.home);
        let home = &self.home;
        let room = |device: &Device| {
            let room = device.room.as_ref().map(|room| &room.id);
            // Devices without a room come last.
            home.rooms.iter().position(|known| Some(&known.id) == room).unwrap_or(usize::MAX)
        };
        let mut rows: Vec<usize> = (0..home.devices.len()).collect();
        rows.sort_by_key(|index| room(&home.devices[*index]));
        self.rows = rows;
        let place = chosen.and_then(|id| self.devices().position(|device| device.id == id));
        self.chosen = place.unwrap_or(self.chosen).min(self.rows.len().saturating_sub(1));
    }

    fn change(&mut self, device: String, endpoint: String, property: String, value: Value) {
        let known = self.home.devices.iter_mut().find(|known| known.id == device);
        let part = known.and_then(|device| device.endpoints.iter_mut().find(|part| part.id == endpoint));
        let reading = part.and_then(|part| part.properties.iter_mut().find(|reading| reading.id == property));
        if let Some(reading) = reading {
            reading.value = value;
            self.changed.insert((device, endpoint, property), self.beat);
        }
    }
}
