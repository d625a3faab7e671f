//! What each kind of entity means: which rows of the capability table it offers, what its messages say, and which
//! messages carry out a command.
//!
//! Pure. One file per kind, and one row in `COMPONENTS`. A part numbers its properties and actions from 0 (slots); it
//! does not know at which endpoint of which device they stand.

mod alarm;
mod attributes;
mod binary_sensor;
mod button;
mod climate;
mod cover;
mod echo;
mod event;
mod facet;
mod fan;
mod gesture;
mod light;
mod lock;
mod measure;
mod number;
mod off_on;
mod robot;
mod select;
mod sensor;
mod sink;
mod siren;
mod span;
mod switch;
mod text;
mod tracker;
mod trigger;
mod update;
mod valve;

use std::{collections::BTreeMap, fmt::Debug, sync::Arc, time::Duration};

use hub_model::{ActionOffer, EndpointKind, PropertyOffer, Shape, Value};
use smol_str::SmolStr;

pub use echo::echoing;
pub use gesture::Gesture;
pub use sink::{Message, Sink};

use crate::{
    discovery::{Category, ConfigError, Fields},
    payload::Payload,
    template::{Answer, Template},
};

/// What a part may know of its entity.
#[derive(Debug, Clone)]
pub struct About {
    /// The entity's name within its device, as a slug.
    pub label: SmolStr,
    /// Whose vendor properties these are.
    pub vendor: SmolStr,
    /// What the entity is for.
    pub category: Category,
    /// What Home Assistant would show it as.
    pub device_class: Option<SmolStr>,
}

/// A topic that tells something of an entity, and how to read it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The topic.
    pub topic: SmolStr,
    /// Picks the value out of the payload.
    pub template: Option<Template>,
}

/// Something that a message told.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// The property of that slot has this value.
    Reading(usize, Value),
    /// What stands at this place among the part's gestures happened.
    Happened(usize),
    /// The message was meant for the entity, but its value is none that the entity can have.
    Strange(SmolStr),
    /// Attributes that were not known before, by name; [`Part::grown`] makes properties of them.
    Attributes(Vec<(SmolStr, Shape)>),
}

/// What becomes of the value of a part's first property when nothing more is heard of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Fade {
    /// The part's values never fade.
    Never,
    /// This value stays.
    Stays,
    /// After this time it is this one.
    After(Duration, Value),
}

impl Heard {
    fn strange(answer: &Answer<'_>) -> Self {
        Self::Strange(answer.text().chars().take(60).collect())
    }
}

/// What a command asks of one part.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The properties to set, by slot.
    pub values: Vec<(usize, Value)>,
    /// How long the change shall take.
    pub transition: Option<Duration>,
}

/// Why a command cannot be turned into messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The entity has no topic for it.
    #[error("the device gives no topic to set this by")]
    NotSettable,
    /// The code that the configuration asks for is missing or another one.
    #[error("the code is wrong or missing: give it as `code`")]
    WrongCode,
    /// Its command template fails on this value.
    #[error("the device's command template gives nothing for this value: correct it in the device's own settings")]
    Template,
}

/// What one kind of entity can do.
pub trait Part: Debug + Send + Sync {
    /// What an endpoint is that has this part as its main one.
    fn kind(&self) -> EndpointKind;
    /// Its properties; the place is the slot.
    fn offers(&self) -> &[PropertyOffer] {
        &[]
    }
    /// Its actions; the place is the slot.
    fn actions(&self) -> &[ActionOffer] {
        &[]
    }
    /// What can happen at it, and at which of the device's buttons.
    fn gestures(&self) -> &[Gesture] {
        &[]
    }
    /// The topics that tell of it.
    fn sources(&self) -> &[Source] {
        &[]
    }
    /// What a message on the topic of source `source` tells.
    fn read(&self, source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>);
    /// What becomes of this value of its first property with time.
    fn fades(&self, value: &Value) -> Fade {
        let _ = value;
        Fade::Never
    }
    /// The same part with further attributes; `None` if nothing is new.
    fn grown(&self, attributes: &[(SmolStr, Shape)]) -> Option<Arc<dyn Part>> {
        let _ = attributes;
        None
    }
    /// The messages that set properties.
    ///
    /// # Errors
    /// If it cannot be set.
    fn set(&self, wanted: &Wanted) -> Result<Vec<Message>, CommandError> {
        let _ = wanted;
        Err(CommandError::NotSettable)
    }
    /// The messages that take the action of that slot.
    ///
    /// # Errors
    /// If it cannot be taken.
    fn invoke(&self, action: usize, arguments: &BTreeMap<SmolStr, Value>) -> Result<Vec<Message>, CommandError> {
        let _ = (action, arguments);
        Err(CommandError::NotSettable)
    }
}

type Parse = fn(&mut Fields<'_>, &About) -> Result<Box<dyn Part>, ConfigError>;

/// What becomes of a kind of entity.
#[derive(Clone, Copy)]
enum Decision {
    /// It is taken.
    Taken(Parse),
    /// It is left out, for this reason; that is said once for each kind.
    LeftOut(&'static str),
}
use Decision::{LeftOut, Taken};

/// The kinds of entities of Home Assistant, by the word in the discovery topic, and what becomes of each.
const COMPONENTS: &[(&str, Decision)] = &[
    ("alarm_control_panel", Taken(alarm::parse)),
    ("binary_sensor", Taken(binary_sensor::parse)),
    ("button", Taken(button::parse)),
    ("camera", LeftOut("pictures are no states; cameras come by their own protocols")),
    ("climate", Taken(climate::parse)),
    ("cover", Taken(cover::parse)),
    ("device_automation", Taken(trigger::parse)),
    ("device_tracker", Taken(tracker::parse)),
    ("event", Taken(event::parse)),
    ("fan", Taken(fan::parse)),
    ("humidifier", Taken(fan::parse_humidifier)),
    ("image", LeftOut("pictures are no states")),
    ("lawn_mower", Taken(robot::parse_mower)),
    ("light", Taken(light::parse)),
    ("lock", Taken(lock::parse)),
    ("notify", LeftOut("words for people are sent by rules, not set as states")),
    ("number", Taken(number::parse)),
    ("scene", Taken(button::parse_scene)),
    ("select", Taken(select::parse)),
    ("sensor", Taken(sensor::parse)),
    ("siren", Taken(siren::parse)),
    ("switch", Taken(switch::parse)),
    ("tag", LeftOut("tags belong to people and things, not to the device that reads them")),
    ("text", Taken(text::parse)),
    ("update", Taken(update::parse)),
    ("vacuum", Taken(robot::parse_vacuum)),
    ("valve", Taken(valve::parse)),
    ("water_heater", Taken(climate::parse_water_heater)),
];

/// Reads what an entity of this kind can do out of its configuration.
///
/// # Errors
/// If a field is unsound, or the kind is left out or not known.
pub fn part(component: &str, fields: &mut Fields<'_>, about: &About) -> Result<Arc<dyn Part>, ConfigError> {
    let row = COMPONENTS.iter().find(|row| row.0 == component);
    match row.map_or(LeftOut("this hub does not know them"), |row| row.1) {
        Taken(parse) => attributes::wrap(parse(fields, about)?, fields, about),
        LeftOut(why) => Err(ConfigError::LeftOut { component: component.chars().take(40).collect(), why }),
    }
}

impl Source {
    /// Reads a topic and the template beside it; `None` where there is no such topic.
    ///
    /// # Errors
    /// If either is unsound.
    pub fn parse(
        fields: &mut Fields<'_>,
        topic: &'static str,
        template: &'static str,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(topic) = fields.topic(topic)? else { return Ok(None) };
        Ok(Some(Self { topic, template: fields.template(template)? }))
    }

    /// The same where there has to be one.
    ///
    /// # Errors
    /// If there is none, or either is unsound.
    pub fn required(fields: &mut Fields<'_>, topic: &'static str, template: &'static str) -> Result<Self, ConfigError> {
        Self::parse(fields, topic, template)?.ok_or(ConfigError::Missing(topic))
    }

    /// The value in a payload.
    pub fn answer<'a>(&self, payload: &'a Payload<'_>) -> Answer<'a> {
        match &self.template {
            Some(template) => template.read(payload),
            None => payload.text().map_or(Answer::Nothing, |text| Answer::Text(text.trim().into())),
        }
    }
}

/// A property that only its vendor knows, named by the entity.
fn vendor_offer(about: &About, shape: Shape, unit: hub_model::Unit) -> PropertyOffer {
    PropertyOffer::vendor(&about.vendor, &about.label, shape, unit)
}

/// An offer that can be set if there is a topic to set it by, and reports if there is one to hear it from.
fn reachable_by(offer: PropertyOffer, sink: Option<&Sink>, source: Option<&Source>) -> PropertyOffer {
    let offer = if sink.is_some() { offer.settable() } else { offer.read_only() };
    if source.is_some() { offer } else { offer.silent() }
}
