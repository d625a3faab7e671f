//! Sensors: a measurement with a row in the table, else a number, word or text of the vendor's.

use std::{slice, time::Duration};

use hub_model::{EndpointKind, Limits, PropertyOffer, Shape, Unit, Value};

use super::{
    About, Fade, Heard, Part, Source,
    measure::{Conversion, converted, measured},
    vendor_offer,
};
use crate::{
    discovery::{Category, ConfigError, Fields},
    payload::Payload,
};

/// The longest text of a sensor, in bytes; longer ones are cut, as Home Assistant's own limit is 255 characters.
const LONGEST: usize = 255;
/// Wide enough for every vendor's number.
const ANY_NUMBER: Limits = Limits::new(-1e12, 1e12);

#[derive(Debug)]
struct Sensor {
    offer: PropertyOffer,
    conversion: Conversion,
    source: Source,
    expires: Option<Duration>,
}

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    // A code that opens a door has no place in a state, a history or on a screen.
    if about.label.split('_').any(|word| word == "pin") {
        return Err(ConfigError::Secret);
    }
    let source = Source::required(fields, "state_topic", "value_template")?;
    let unit = fields.text("unit_of_measurement")?;
    let class = about.device_class.as_deref();
    let primary = about.category == Category::Primary;
    let (offer, conversion) = match measured(class, unit.as_deref(), &about.label, primary) {
        Some((spec, conversion)) => (PropertyOffer::new(spec), conversion),
        None => {
            let (unit, conversion) = unit.and_then(|unit| converted(&unit)).unwrap_or((Unit::None, Conversion::NONE));
            (vendor_offer(about, shape(fields, about)?, unit), conversion)
        }
    };
    Ok(Box::new(Sensor { offer, conversion, source, expires: fields.seconds("expire_after")? }))
}

/// A unit or a state class is the promise of a number; the classes of times and words are none.
fn shape(fields: &Fields<'_>, about: &About) -> Result<Shape, ConfigError> {
    let options = fields.words("options")?;
    if !options.is_empty() {
        return Ok(Shape::Choice(options));
    }
    let wordy = matches!(about.device_class.as_deref(), Some("date" | "enum" | "timestamp" | "uptime"));
    let numeric = fields.raw("unit_of_measurement").is_some() || fields.raw("state_class").is_some();
    Ok(if numeric && !wordy { Shape::Number(ANY_NUMBER) } else { Shape::Text(LONGEST) })
}

impl Part for Sensor {
    fn kind(&self) -> EndpointKind {
        EndpointKind::Sensor
    }
    fn offers(&self) -> &[PropertyOffer] {
        slice::from_ref(&self.offer)
    }
    fn sources(&self) -> &[Source] {
        slice::from_ref(&self.source)
    }
    /// A value that was not told again in time is unknown. The device stays reachable: whether it is there, its
    /// availability topics say.
    fn fades(&self, value: &Value) -> Fade {
        match self.expires {
            None => Fade::Never,
            Some(_) if *value == Value::Unknown => Fade::Stays,
            Some(expires) => Fade::After(expires, Value::Unknown),
        }
    }
    fn read(&self, _source: usize, payload: &Payload<'_>, heard: &mut Vec<Heard>) {
        let answer = self.source.answer(payload);
        if answer.is_nothing() {
            return;
        }
        let value = match &self.offer.shape {
            _ if answer.is_null() => Value::Unknown,
            Shape::Number(_) => match answer.number() {
                Some(number) => self.conversion.apply(number).into(),
                // "unknown" and "unavailable" are what Home Assistant itself writes for want of a number.
                None if matches!(&*answer.text(), "unknown" | "unavailable") => Value::Unknown,
                None => return heard.push(Heard::strange(&answer)),
            },
            _ => Value::text(cut(&answer.text())),
        };
        heard.push(Heard::Reading(0, value));
    }
}

fn cut(text: &str) -> &str {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    &text[..end.unwrap_or(0)]
}
