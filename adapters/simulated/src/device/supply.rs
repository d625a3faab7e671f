//! What many devices carry beside their purpose: a battery, and a program that can be updated.

use hub_model::{
    Outcome,
    capability::{battery, firmware},
};

use super::Refusal;
use crate::panel::Panel;

/// A battery that only sinks, until somebody changes it.
#[derive(Debug)]
pub(crate) struct Battery {
    level: f64,
    per_day: f64,
}

/// The program of a device.
#[derive(Debug)]
pub(crate) struct Update {
    installed: &'static str,
    latest: &'static str,
    /// How far an update has come, in %.
    progress: Option<f64>,
}

impl Battery {
    /// A battery with so many % in it that loses so many a day.
    pub(crate) const fn new(level: f64, per_day: f64) -> Self {
        Self { level, per_day }
    }

    pub(super) fn live(&mut self, panel: &mut Panel, dt: f64) {
        self.level -= self.per_day * dt / 86_400.0;
        // People change it when it is nearly empty, and only then does it rise.
        if self.level < 4.0 {
            self.level = 100.0;
        }
        panel.put(1, &battery::LEVEL, self.level.floor());
        panel.put(1, &battery::LOW, self.level < 15.0);
    }
}

impl Update {
    /// How long an update takes, in s.
    const TAKES: f64 = 60.0;

    /// A program of this version, of which there is that one.
    pub(crate) const fn new(installed: &'static str, latest: &'static str) -> Self {
        Self { installed, latest, progress: None }
    }

    pub(super) fn start(&mut self) -> Result<(), Refusal> {
        if self.installed == self.latest {
            return Err(Refusal(Outcome::Refused, "the newest version is installed already"));
        }
        self.progress.get_or_insert(0.0);
        Ok(())
    }

    pub(super) fn live(&mut self, panel: &mut Panel, dt: f64) {
        if let Some(progress) = &mut self.progress {
            *progress += 100.0 * dt / Self::TAKES;
            panel.put(1, &firmware::PROGRESS, progress.min(100.0).floor());
            if *progress >= 100.0 {
                (self.progress, self.installed) = (None, self.latest);
            }
        }
        panel.put(1, &firmware::INSTALLED, hub_model::Value::text(self.installed));
        panel.put(1, &firmware::LATEST, hub_model::Value::text(self.latest));
        panel.put(1, &firmware::AVAILABLE, self.installed != self.latest);
    }
}
