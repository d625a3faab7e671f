//! What is given to change the home.

use async_graphql::{Error, ID, InputObject, MaybeUndefined};
use hub_core::{Edit, View};
use hub_model::{DeviceId, HomeSettings, SceneStep};

use crate::{
    asker::Asker,
    find,
    generated::{InvokeInput, SetInput},
    schema::{
        control::{first, target, transition_of},
        device::Alias,
        word::{Kind, Units},
    },
};

/// Settings of the home; what is left out stays.
#[derive(Debug, InputObject)]
pub(super) struct HomeInput {
    /// Its name.
    name: Option<String>,
    /// An IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// Degrees north; null forgets it.
    latitude: MaybeUndefined<f64>,
    /// Degrees east; null forgets it.
    longitude: MaybeUndefined<f64>,
    /// How numbers are shown.
    units: Option<Units>,
    /// ISO 4217, such as `EUR`.
    currency: Option<String>,
    /// A language tag, such as `en`.
    language: Option<String>,
}

/// One endpoint's part of a scene.
#[derive(Debug, InputObject)]
pub(super) struct SceneStepInput {
    /// The device's id or handle.
    device: ID,
    /// Its endpoint.
    #[graphql(default_with = "first()")]
    endpoint: ID,
    /// What to set.
    set: Option<SetInput>,
    /// What to do.
    invoke: Option<InvokeInput>,
    /// How long the change shall take, in s.
    transition: Option<f64>,
}

/// What the owner decides of a device; what is left out stays.
#[derive(Debug, InputObject)]
pub(super) struct DeviceInput {
    /// For people.
    name: Option<String>,
    /// For rules and scripts; rules that use the old one must be changed by hand.
    handle: Option<String>,
    /// Where it is: a room's id or name; null for nowhere.
    room: MaybeUndefined<ID>,
    /// What it is to people; null to believe the device.
    show_as: MaybeUndefined<Kind>,
    /// Other names, for voice.
    aliases: Option<Vec<Alias>>,
}

impl HomeInput {
    /// The settings with what is given.
    pub(super) fn over(self, settings: &HomeSettings) -> HomeSettings {
        let old = settings.clone();
        HomeSettings {
            name: self.name.unwrap_or(old.name),
            time_zone: self.time_zone.map_or(old.time_zone, Into::into),
            latitude: given(self.latitude).unwrap_or(old.latitude),
            longitude: given(self.longitude).unwrap_or(old.longitude),
            units: self.units.map_or(old.units, Into::into),
            currency: self.currency.map_or(old.currency, Into::into),
            language: self.language.map_or(old.language, Into::into),
        }
    }
}

impl SceneStepInput {
    /// The step that is meant.
    pub(super) fn step(self, asker: &Asker) -> Result<SceneStep, Error> {
        Ok(SceneStep {
            target: target(asker, &self.device, &self.endpoint)?,
            set: self.set.map(SetInput::pairs).transpose()?.unwrap_or_default(),
            invoke: self.invoke.map(InvokeInput::invoke).transpose()?,
            transition: self.transition.map(transition_of).transpose()?,
        })
    }
}

impl DeviceInput {
    /// The edit that is meant.
    pub(super) fn edit(self, id: DeviceId, view: &View) -> Result<Edit, Error> {
        let room = match given(self.room) {
            Some(Some(room)) => Some(Some(find::room(view, &room)?)),
            other => other.map(|_| None),
        };
        Ok(Edit::Device {
            id,
            name: self.name,
            handle: self.handle.map(|handle| handle.parse()).transpose()?,
            room,
            show_as: given(self.show_as).map(|kind| kind.map(Into::into)),
            aliases: self.aliases.map(|aliases| aliases.into_iter().map(Into::into).collect()),
        })
    }
}

/// What was given: nothing, null, or something.
fn given<T>(input: MaybeUndefined<T>) -> Option<Option<T>> {
    match input {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
