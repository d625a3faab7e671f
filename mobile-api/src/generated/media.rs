//! Written by `cargo xtask codegen` from the capability table: `media`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::media as table};

use crate::part::{NumberLimits, Part};
use crate::vendor::BadAction;

/// Plays sound or pictures.
#[derive(Debug, SimpleObject)]
pub(crate) struct Media {
    /// What it does just now.
    pub(crate) state: Option<String>,
    /// The words that `state` takes on this device.
    pub(crate) choices: Option<Vec<String>>,
    /// How loud it plays. In %.
    pub(crate) volume: Option<f64>,
    /// What `volume` takes on this device.
    pub(crate) limits: Option<NumberLimits>,
    /// Whether it is muted.
    pub(crate) muted: Option<bool>,
    /// What it plays.
    pub(crate) title: Option<String>,
    /// Where the sound or picture comes from.
    pub(crate) source: Option<String>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Media {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY).then(|| Self {
            state: part.text(&table::STATE),
            choices: part.choices(&table::STATE),
            volume: part.number(&table::VOLUME),
            limits: part.limits(&table::VOLUME),
            muted: part.bool(&table::MUTED),
            title: part.text(&table::TITLE),
            source: part.text(&table::SOURCE),
            actions: part.actions(&table::CAPABILITY),
        })
    }
}

/// What to set of `media`.
#[derive(Debug, InputObject)]
pub(crate) struct MediaInput {
    /// How loud it plays. From 0 to 100 %; a device may take less.
    pub(crate) volume: Option<f64>,
    /// Whether it is muted.
    pub(crate) muted: Option<bool>,
    /// Where the sound or picture comes from.
    pub(crate) source: Option<String>,
}

impl MediaInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(volume) = self.volume {
            set.push((Property::from(&table::VOLUME), Value::from(volume)));
        }
        if let Some(muted) = self.muted {
            set.push((Property::from(&table::MUTED), Value::from(muted)));
        }
        if let Some(source) = self.source {
            set.push((Property::from(&table::SOURCE), Value::text(source)));
        }
    }
}

/// What to do with `media`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum MediaAction {
    /// Plays on, or plays something.
    Play(MediaPlayInput),
    /// Pauses. Say `true`.
    Pause(bool),
    /// Stops. Say `true`.
    Stop(bool),
    /// Plays the next one. Say `true`.
    Next(bool),
    /// Plays the one before. Say `true`.
    Previous(bool),
    /// Presses a key of its remote control.
    Key(MediaKeyInput),
}

impl MediaAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Play(told) => Ok(told.invoke(Invoke::plain(&table::PLAY))),
            Self::Pause(told) => BadAction::unless_true(told, Invoke::plain(&table::PAUSE)),
            Self::Stop(told) => BadAction::unless_true(told, Invoke::plain(&table::STOP)),
            Self::Next(told) => BadAction::unless_true(told, Invoke::plain(&table::NEXT)),
            Self::Previous(told) => BadAction::unless_true(told, Invoke::plain(&table::PREVIOUS)),
            Self::Key(told) => Ok(told.invoke(Invoke::plain(&table::KEY))),
        }
    }
}

/// What `media.play` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct MediaPlayInput {
    /// At most 2048 bytes.
    pub(crate) what: Option<String>,
}

impl MediaPlayInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(what) = self.what {
            invoke.arguments.insert("what".into(), Value::text(what));
        }
        invoke
    }
}

/// What `media.key` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct MediaKeyInput {
    /// One of select, up, down, left, right, home, menu, back, channel_up, channel_down, volume_up, volume_down, mute.
    pub(crate) key: String,
}

impl MediaKeyInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        invoke.arguments.insert("key".into(), Value::text(self.key));
        invoke
    }
}
