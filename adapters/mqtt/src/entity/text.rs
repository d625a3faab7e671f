//! Texts that can be set: always a setting of the vendor's.

use hub_model::{EndpointKind, Shape, Unit};

use super::{
    About, Part,
    facet::{Facets, Form, names},
    vendor_offer,
};
use crate::discovery::{ConfigError, Fields};

/// The longest text, in characters (Home Assistant's own limit); each takes up to four bytes.
const LONGEST: f64 = 255.0;

pub(super) fn parse(fields: &mut Fields<'_>, about: &About) -> Result<Box<dyn Part>, ConfigError> {
    if fields.text("mode")?.as_deref() == Some("password") {
        return Err(ConfigError::Secret);
    }
    let longest = fields.number("max")?.unwrap_or(LONGEST).clamp(0.0, LONGEST) as usize * 4;
    let mut all = Facets::new(EndpointKind::Other);
    let names = names("command_topic", "command_template", "state_topic", "value_template");
    all.add(fields, vendor_offer(about, Shape::Text(longest), Unit::None), Form::Text(longest), names)?;
    all.finish("command_topic")
}
