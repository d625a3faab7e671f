//! Sensors that are on or off.

use std::{slice, time::Duration};

use hub_model::{
    EndpointKind, PropertyOffer, Shape, Unit, Value,
    capability::{
        PropertySpec, battery, carbon_monoxide, contact, gas, leak, occupancy, problem, smoke, sound, tamper, vibration,
    },
};

use super::{About, Fade, Heard, Part, Source, off_on::OffOn, vendor_offer};
use crate::{
    discovery::{Category, ConfigError, Fields},
    payload::Payload,
};

/// What "on" means by device class (Home Assistant documentation, "Binary sensor"): the property is true, and for
/// doors and windows on means open, as it does here. The flag says whether it keeps its meaning as a diagnostic.
static CLASSES: &[(&str, &PropertySpec, bool)] = &[
    ("battery", &battery::LOW, true),
    ("battery_charging", &battery::CHARGING, true),
    ("carbon_monoxide", &carbon_monoxide::DETECTED, false),
    ("door", &contact::OPEN, false),
    ("garage_door", &contact::OPEN, false),
    ("gas", &gas::DETECTED, false),
    ("moisture", &leak::DETECTED, false),
    ("motion", &occupancy::OCCUPIED, false),
    ("occupancy", &occupancy::OCCUPIED, false),
    ("opening", &contact::OPEN, false),
    ("presence", &occupancy::OCCUPIED, false),
    ("problem", &problem::DETECTED, true),
    ("smoke", &smoke::DETECTED, false),
    ("sound", &sound::DETECTED, false),
    ("tamper", &tamper::DETECTED, true),
    ("vibration", &vibration::DETECTED, false),
    ("window", &contact::OPEN, false),
];

#[derive(Debug)]
struct BinarySensor {
    offer: PropertyOffer,
    source: Source,
    words: OffOn,
    expires: Option<Duration>,
    off_delay: Option<Duration>,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    let source = Source::required(fields, "state_topic", "value_template")?;
    let primary = about.category == Category::Primary;
    let class = about.device_class.as_deref();
    let row = CLASSES.iter().find(|row| Some(row.0) == class && (primary || row.2));
    let offer = match row {
        Some((_, spec, _)) => PropertyOffer::new(spec),
        None => vendor_offer(about, Shape::Bool, Unit::None),
    };
    let words = OffOn::both_ways([fields.text_or("payload_off", "OFF")?, fields.text_or("payload_on", "ON")?]);
    let (expires, off_delay) = (fields.seconds("expire_after")?, fields.seconds("off_delay")?);
    Ok(Box::new(BinarySensor { offer, source, words, expires, off_delay }))
}

impl Part for BinarySensor {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Sensor
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    /// A sensor that only ever says "on" is off again after its delay; any value that was not told again in time is
    /// unknown.
    fn fades(&self, value: &Value) -> Fade {
        match (self.off_delay, self.expires) {
            (None, None) => Fade::Never,
            _ if *value == Value::Unknown => Fade::Stays,
            (Some(delay), expires) if *value == Value::Bool(true) && expires.is_none_or(|time| delay < time) => {
                Fade::After(delay, Value::Bool(false))
            }
            (_, Some(expires)) => Fade::After(expires, Value::Unknown),
            (_, None) => Fade::Stays,
        }
    }
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        self.words.hear(&self.source.answer(payload), heard);
    }
}
