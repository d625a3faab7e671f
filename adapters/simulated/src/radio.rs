//! How a device is heard: always, asleep most of the time, never, or not just now. It knows no device.

use hub_model::Command;

use crate::moment::Moment;

/// A device's radio.
#[derive(Debug)]
pub(crate) struct Radio {
    kind: RadioKind,
    lost_until: Option<Moment>,
    /// Whether it changed between reachable and not, and nobody was told.
    news: bool,
    awake: bool,
}

/// How a device listens and speaks.
#[derive(Debug)]
pub(crate) enum RadioKind {
    /// It listens always; it drops off now and then.
    Usual,
    /// It listens always and is never lost.
    Steady,
    /// It hears and never speaks.
    Silent,
    /// It wakes every so many seconds, and takes what waits for it then.
    Sleeper {
        /// s from one waking to the next.
        every: f64,
        /// When it wakes next.
        wakes: Moment,
        /// What waits. One more than [`Radio::WAITING`] pushes the oldest out, as in the parent of a real sleeper.
        waiting: Vec<Command>,
    },
}

impl Radio {
    /// How many commands may wait for a sleeper.
    const WAITING: usize = 16;

    /// A radio that is heard now, which is news at first.
    pub(crate) const fn new(kind: RadioKind) -> Self {
        Self { kind, lost_until: None, news: true, awake: true }
    }

    /// Whether it can be lost by chance.
    pub(crate) const fn can_drop(&self) -> bool {
        matches!(self.kind, RadioKind::Usual) && self.lost_until.is_none()
    }

    /// Loses it until then.
    pub(crate) const fn drop_until(&mut self, until: Moment) {
        self.lost_until = Some(until);
        self.news = true;
    }

    /// Finds it again if it is time.
    pub(crate) fn find(&mut self, now: Moment) {
        if self.lost_until.is_some_and(|until| until <= now) {
            self.lost_until = None;
            self.news = true;
        }
    }

    /// Whether it can be reached.
    pub(crate) const fn is_reachable(&self) -> bool {
        self.lost_until.is_none()
    }

    /// Whether what it says now is heard.
    pub(crate) const fn is_heard(&self) -> bool {
        self.is_reachable() && self.awake && !matches!(self.kind, RadioKind::Silent)
    }

    /// Keeps a command if the device is a sleeper.
    pub(crate) fn keeps(&mut self, command: &Command) -> bool {
        let RadioKind::Sleeper { waiting, .. } = &mut self.kind else { return false };
        if waiting.len() == Self::WAITING {
            waiting.remove(0);
        }
        waiting.push(command.clone());
        true
    }

    /// What a sleeper takes, if it wakes now. Between its wakings it is not heard.
    pub(crate) fn wake(&mut self, now: Moment) -> Vec<Command> {
        let reachable = self.is_reachable();
        let RadioKind::Sleeper { every, wakes, waiting } = &mut self.kind else { return Vec::new() };
        self.awake = reachable && now >= *wakes;
        if !self.awake {
            return Vec::new();
        }
        *wakes = now.after(*every);
        std::mem::take(waiting)
    }

    /// Whether it can be reached, if that is news.
    pub(crate) fn news(&mut self) -> Option<bool> {
        std::mem::take(&mut self.news).then_some(self.lost_until.is_none())
    }
}
