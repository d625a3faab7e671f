//! A device: its panel, its body, its battery and its radio. It knows the house only through its body.

pub(crate) mod alarm;
pub(crate) mod button;
pub(crate) mod climate;
pub(crate) mod contact;
pub(crate) mod covering;
pub(crate) mod lamp;
pub(crate) mod lock;
pub(crate) mod meter;
pub(crate) mod motion;
pub(crate) mod person;
pub(crate) mod plug;
pub(crate) mod purifier;
pub(crate) mod sound;
pub(crate) mod supply;
pub(crate) mod switch;
pub(crate) mod thermostat;
pub(crate) mod vacuum;
pub(crate) mod valve;
pub(crate) mod washer;
pub(crate) mod weather_station;

use hub_model::{
    Command, DeviceKey, Outcome, Said, Value,
    capability::{ActionSpec, PropertySpec, firmware, identify},
};

use crate::{
    house::{Hand, House},
    moment::Moment,
    panel::{Panel, number_of},
    radio::Radio,
};

use self::supply::{Battery, Update};

/// What makes a device do what it does.
pub(crate) trait Body: Send {
    /// Puts the first values.
    fn begin(&mut self, _panel: &mut Panel, _house: &mut House) {}

    /// Lives through the house's step: reads the house, presses on it, and puts what changed.
    fn live(&mut self, _panel: &mut Panel, _house: &mut House) {}

    /// Does what is asked. What it sets it tells, changed or not; it says no before it does anything.
    fn obey(&mut self, panel: &mut Panel, asked: &Asked<'_>, _house: &mut House) -> Result<(), Refusal> {
        asked.take_over(panel)
    }

    /// Notices a hand.
    fn touched(&mut self, _panel: &mut Panel, _hand: Hand, _house: &mut House) {}

    /// Whether it moves, so that time shall pass in small steps.
    fn is_moving(&self) -> bool {
        false
    }
}

/// A command for one of the device's endpoints.
pub(crate) struct Asked<'a> {
    /// The endpoint.
    pub(crate) endpoint: u16,
    /// What is asked of it.
    pub(crate) command: &'a Command,
}

/// Why a device doesn't do as it is asked: the outcome, and the reason for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) Outcome, pub(crate) &'static str);

/// How far a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The device has it.
    Now,
    /// It waits until the device wakes.
    WhenAwake,
}

/// One simulated device.
pub(crate) struct Device {
    /// Its key.
    pub(crate) key: DeviceKey,
    /// What it shows.
    pub(crate) panel: Panel,
    /// How it is heard.
    pub(crate) radio: Radio,
    /// What makes it do what it does.
    pub(crate) body: Box<dyn Body>,
    /// What it runs on, unless it is on the mains.
    pub(crate) battery: Option<Battery>,
    /// Its program, where it can be updated.
    pub(crate) update: Option<Update>,
    /// Whether it lives only when it reports, or somebody asks; for the many plain ones.
    pub(crate) plain: bool,
    /// It is left alone until then.
    pub(crate) idle_until: Option<Moment>,
}

impl Asked<'_> {
    /// The value that is asked for a property.
    pub(crate) fn value(&self, property: &'static PropertySpec) -> Option<&Value> {
        let found = self.command.set.iter().find(|(set, _)| set.known().is_some_and(|set| std::ptr::eq(set, property)));
        found.map(|(_, value)| value)
    }

    /// The number that is asked for a property.
    pub(crate) fn number(&self, property: &'static PropertySpec) -> Option<f64> {
        self.value(property)?.as_number()
    }

    /// The truth that is asked for a property.
    pub(crate) fn bool(&self, property: &'static PropertySpec) -> Option<bool> {
        self.value(property)?.as_bool()
    }

    /// Whether this action is asked for.
    pub(crate) fn invokes(&self, action: &'static ActionSpec) -> bool {
        self.command
            .invoke
            .as_ref()
            .and_then(|invoke| invoke.action.known())
            .is_some_and(|asked| std::ptr::eq(asked, action))
    }

    /// What the action is told.
    pub(crate) fn argument(&self, parameter: &str) -> Option<&Value> {
        self.command.invoke.as_ref()?.arguments.get(parameter)
    }

    /// Puts and tells every property as it is asked.
    pub(crate) fn take_over(&self, panel: &mut Panel) -> Result<(), Refusal> {
        for (property, value) in &self.command.set {
            if let Some(known) = property.known() {
                panel.tell(self.endpoint, known, value.clone());
            }
        }
        Ok(())
    }
}

impl Device {
    /// Lives through the house's step.
    pub(crate) fn live(&mut self, house: &mut House) {
        self.body.live(&mut self.panel, house);
        if let Some(battery) = &mut self.battery {
            battery.live(&mut self.panel, house.dt);
        }
        if let Some(update) = &mut self.update {
            update.live(&mut self.panel, house.dt);
        }
    }

    /// Notices a hand.
    pub(crate) fn touched(&mut self, hand: Hand, house: &mut House) {
        self.idle_until = None;
        self.body.touched(&mut self.panel, hand, house);
    }

    /// Takes a command, if it can be reached and has what is asked.
    pub(crate) fn command(&mut self, command: &Command, house: &mut House) -> Result<Taken, Refusal> {
        if !self.radio.is_reachable() {
            return Err(Refusal(Outcome::Unreachable, "the device does not answer"));
        }
        let endpoint = number_of(&command.target.endpoint).ok_or(UNSUPPORTED)?;
        if !command.set.iter().all(|(property, _)| self.panel.has(endpoint, property)) {
            return Err(UNSUPPORTED);
        }
        if self.radio.keeps(command) {
            return Ok(Taken::WhenAwake);
        }
        self.obey(command, house)?;
        Ok(Taken::Now)
    }

    /// What it reports now; nothing while nobody hears it.
    pub(crate) fn says(&mut self, house: &mut House) -> Vec<Said> {
        for command in self.radio.wake(house.now) {
            // The sleeper took it unseen: a refusal shows by the report that never comes.
            let _ = self.obey(&command, house);
        }
        let mut said = Vec::new();
        match self.radio.news() {
            Some(reachable) => {
                self.panel.tell_all();
                said.push(Said::Reachable(reachable));
            }
            None if self.radio.is_reachable() => {}
            None => self.panel.forget_occurrences(),
        }
        if self.radio.is_heard() {
            said.extend(self.panel.due(house.now));
        }
        if self.plain && !self.body.is_moving() {
            self.idle_until = Some(self.panel.beat());
        }
        said
    }

    fn obey(&mut self, command: &Command, house: &mut House) -> Result<(), Refusal> {
        self.idle_until = None;
        let endpoint = number_of(&command.target.endpoint).ok_or(UNSUPPORTED)?;
        let asked = Asked { endpoint, command };
        if command.invoke.is_some() {
            // Whoever takes an action says how things stand, whether it changed anything or not.
            self.panel.tell_all();
        }
        if asked.invokes(&identify::IDENTIFY) {
            return Ok(());
        }
        if asked.invokes(&firmware::UPDATE) {
            return self.update.as_mut().ok_or(UNSUPPORTED)?.start();
        }
        self.body.obey(&mut self.panel, &asked, house)
    }
}

/// The hub checks what a device offers, so that only a description that changed meanwhile leads here.
pub(crate) const UNSUPPORTED: Refusal = Refusal(Outcome::Unsupported, "the device has no such thing");
