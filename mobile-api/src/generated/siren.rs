//! Written by `cargo xtask codegen` from the capability table: `siren`.

use async_graphql::{InputObject, OneofObject, SimpleObject};
use hub_model::{Invoke, Property, Value, capability::siren as table};

use crate::part::Part;
use crate::vendor::BadAction;

/// Makes a loud noise.
#[derive(Debug, SimpleObject)]
pub(crate) struct Siren {
    /// Whether it sounds.
    pub(crate) sounding: Option<bool>,
    /// The actions of it that this endpoint offers.
    pub(crate) actions: Vec<String>,
}

impl Siren {
    /// As the endpoint offers it, if it does.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        part.has(&table::CAPABILITY)
            .then(|| Self { sounding: part.bool(&table::SOUNDING), actions: part.actions(&table::CAPABILITY) })
    }
}

/// What to set of `siren`.
#[derive(Debug, InputObject)]
pub(crate) struct SirenInput {
    /// Whether it sounds.
    pub(crate) sounding: Option<bool>,
}

impl SirenInput {
    /// Adds what is given to a command.
    pub(crate) fn collect(self, set: &mut Vec<(Property, Value)>) {
        if let Some(sounding) = self.sounding {
            set.push((Property::from(&table::SOUNDING), Value::from(sounding)));
        }
    }
}

/// What to do with `siren`: exactly one.
#[derive(Debug, OneofObject)]
pub(crate) enum SirenAction {
    /// Sounds it.
    Sound(SirenSoundInput),
}

impl SirenAction {
    /// The action and what it is told.
    pub(crate) fn invoke(self) -> Result<Invoke, BadAction> {
        match self {
            Self::Sound(told) => Ok(told.invoke(Invoke::plain(&table::SOUND))),
        }
    }
}

/// What `siren.sound` may be told.
#[derive(Debug, InputObject)]
pub(crate) struct SirenSoundInput {
    /// At most 64 bytes.
    pub(crate) tone: Option<String>,
    /// From 0 to 100 %; a device may take less.
    pub(crate) volume: Option<f64>,
    /// From 1 to 3600 s; a device may take less.
    pub(crate) duration: Option<f64>,
}

impl SirenSoundInput {
    fn invoke(self, mut invoke: Invoke) -> Invoke {
        if let Some(tone) = self.tone {
            invoke.arguments.insert("tone".into(), Value::text(tone));
        }
        if let Some(volume) = self.volume {
            invoke.arguments.insert("volume".into(), Value::from(volume));
        }
        if let Some(duration) = self.duration {
            invoke.arguments.insert("duration".into(), Value::from(duration));
        }
        invoke
    }
}
