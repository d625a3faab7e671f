//! Reading discovery messages: a topic and a payload become an [`Entity`], or an error that names the field.
//!
//! Pure. Knows nothing of brokers, of other entities or of how devices are put together.

pub mod abbreviations;
mod availability;
mod bundle;
mod device;
mod error;
mod fields;
mod tasmota;

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use smol_str::{SmolStr, format_smolstr};

pub use availability::{Availability, Beacon, Mode};
pub use bundle::{Echo, Member, split};
pub use device::{DeviceBlock, Mark};
pub use error::ConfigError;
pub use fields::Fields;
pub use tasmota::Tasmota;

use crate::{
    entity::{About, Part, part},
    template::Templates,
    topic::DiscoveryTopic,
};
use abbreviations::{Table, expand_keys};

/// What an entity is for (Home Assistant: `entity_category`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// What the device is there for.
    Primary,
    /// How it is set up.
    Config,
    /// How it is doing.
    Diagnostic,
}

/// One configured entity: a part of a device.
#[derive(Debug, Clone)]
pub struct Entity {
    /// What kind it is (`light`).
    pub component: SmolStr,
    /// The id that its program gives it; two entities of a kind with the same id are one.
    pub unique_id: Option<SmolStr>,
    /// Its name within the device, as a slug: what endpoints and vendor properties are named by.
    pub label: SmolStr,
    /// What it is called for people, if it has a name of its own.
    pub name: Option<SmolStr>,
    /// What it is for.
    pub category: Category,
    /// The thing that it is part of.
    pub device: DeviceBlock,
    /// When it is there.
    pub availability: Availability,
    /// What it can do.
    pub part: Arc<dyn Part>,
}

/// Reads one configuration.
///
/// # Errors
/// If it is no JSON object, a field is unsound, or this hub knows no such kind of entity.
pub fn read_config(
    topic: DiscoveryTopic<'_>,
    payload: &[u8],
    templates: &mut Templates,
) -> Result<Entity, ConfigError> {
    read_object(topic, parse_object(payload)?, templates)
}

/// The JSON object that a configuration is.
///
/// # Errors
/// If it is none, or only says that its entities move to another topic (`migrate_discovery`).
pub fn parse_object(payload: &[u8]) -> Result<Map<String, Json>, ConfigError> {
    let json = serde_json::from_slice(payload).map_err(|error| ConfigError::NotAnObject(error.to_string()))?;
    let Json::Object(config) = json else {
        return Err(ConfigError::NotAnObject("it is another JSON value".into()));
    };
    if ["migrate_discovery", "migr_discvry"].iter().any(|field| config.get(*field) == Some(&Json::Bool(true))) {
        return Err(ConfigError::Migrating);
    }
    Ok(config)
}

/// Reads one configuration that was parsed already.
///
/// # Errors
/// If a field is unsound, or this hub knows no such kind of entity.
pub fn read_object(
    topic: DiscoveryTopic<'_>,
    mut config: Map<String, Json>,
    templates: &mut Templates,
) -> Result<Entity, ConfigError> {
    expand_keys(&mut config, Table::Entity);
    expand_base(&mut config);
    let unique_id = config.get("unique_id").and_then(Json::as_str).map(SmolStr::from);
    let lone = unique_id
        .clone()
        .unwrap_or_else(|| format_smolstr!("{}/{}/{}", topic.component, topic.node.unwrap_or("-"), topic.object));
    let device = DeviceBlock::parse(&config, &lone);
    let availability = Availability::parse(&config, templates)?;
    let mut fields = Fields::new(&config, templates);
    let name = fields.text("name")?.filter(|name| !name.trim().is_empty());
    let about = About {
        label: label(topic, name.as_deref()),
        vendor: device.vendor.clone(),
        category: category(&fields, &device)?,
        device_class: fields.text("device_class")?,
    };
    let part = part(topic.component, &mut fields, &about)?;
    let (component, label, category) = (topic.component.into(), about.label, about.category);
    Ok(Entity { component, unique_id, label, name, category, device, availability, part })
}

/// What a bridge has is for setting it up: a switch that lets strangers join must not go on with the lights. What its
/// program has switched off at first (`enabled_by_default`) is not what a device is there for.
fn category(fields: &Fields<'_>, device: &DeviceBlock) -> Result<Category, ConfigError> {
    let bridge = device.product.model.as_deref().is_some_and(|model| model.eq_ignore_ascii_case("bridge"));
    let aside = fields.raw("enabled_by_default").is_some() && !fields.flag("enabled_by_default")?;
    Ok(match fields.text("entity_category")?.as_deref() {
        None if bridge => Category::Config,
        Some("config") => Category::Config,
        Some("diagnostic") => Category::Diagnostic,
        _ if aside => Category::Diagnostic,
        _ => Category::Primary,
    })
}

/// Below a node, the object is the entity's name within its device. Without one it names device and entity together,
/// and the name for people says better what the entity is.
fn label(topic: DiscoveryTopic<'_>, name: Option<&str>) -> SmolStr {
    let words = if topic.node.is_some() { topic.object } else { name.unwrap_or(topic.object) };
    let slug = hub_model::handle::slug(words).replace('-', "_");
    let bare = slug.strip_prefix(topic.component).and_then(|rest| rest.strip_prefix('_')).unwrap_or(&slug);
    if bare.is_empty() { topic.component.into() } else { bare.into() }
}

/// Replaces `~` at the beginning or end of topics by the base (Home Assistant: "Using a base topic").
fn expand_base(config: &mut Map<String, Json>) {
    let Some(Json::String(base)) = config.remove("~") else { return };
    // A base that multiplies into every field could make a small message large.
    if base.len() > crate::topic::LONGEST {
        return;
    }
    for (field, value) in config.iter_mut() {
        match value {
            Json::String(topic) if field.ends_with("topic") => replace_base(topic, &base),
            Json::Array(items) if field == "availability" => {
                let topics = items.iter_mut().filter_map(Json::as_object_mut);
                topics.for_each(|item| expand_base_of(item, &base));
            }
            Json::Object(item) if field == "availability" => expand_base_of(item, &base),
            _ => {}
        }
    }
}

fn expand_base_of(item: &mut Map<String, Json>, base: &str) {
    for field in ["topic", "t"] {
        if let Some(Json::String(topic)) = item.get_mut(field) {
            replace_base(topic, base);
        }
    }
}

fn replace_base(topic: &mut String, base: &str) {
    if let Some(rest) = topic.strip_prefix('~') {
        *topic = format!("{base}{rest}");
    } else if let Some(rest) = topic.strip_suffix('~') {
        *topic = format!("{rest}{base}");
    }
}

#[cfg(test)]
mod tests;
