//! Typed access to the fields of one configuration.
//!
//! Home Assistant coerces generously (a number where a text is meant, a text where a number is), and devices rely on
//! it; so does this. A null counts as absent.

use std::time::Duration;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::ConfigError;
use crate::{
    template::{Template, Templates},
    topic::is_topic,
};

/// The fields of one object, with full names.
#[derive(Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Json>,
    templates: &'a mut Templates,
}

impl<'a> Fields<'a> {
    /// Wraps an object whose short names and `~` were expanded.
    pub const fn new(map: &'a Map<String, Json>, templates: &'a mut Templates) -> Self {
        Self { map, templates }
    }

    /// The field as it stands; the empty name stands for no field.
    pub fn raw(&self, field: &str) -> Option<&'a Json> {
        self.map.get(field).filter(|value| !field.is_empty() && !value.is_null())
    }

    /// Whether a field stands there as an explicit null, which switches some defaults off.
    pub fn is_null(&self, field: &str) -> bool {
        self.map.get(field).is_some_and(Json::is_null)
    }

    /// A text.
    ///
    /// # Errors
    /// If it is an object or a list.
    pub fn text(&self, field: &'static str) -> Result<Option<SmolStr>, ConfigError> {
        self.raw(field).map(|value| plain_text(field, value)).transpose()
    }

    /// A text with a default.
    ///
    /// # Errors
    /// If it is an object or a list.
    pub fn text_or(&self, field: &'static str, default: &'static str) -> Result<SmolStr, ConfigError> {
        Ok(self.text(field)?.unwrap_or(SmolStr::new_static(default)))
    }

    /// A topic.
    ///
    /// # Errors
    /// If it is none.
    pub fn topic(&self, field: &'static str) -> Result<Option<SmolStr>, ConfigError> {
        match self.text(field)? {
            Some(topic) if !is_topic(&topic) => {
                Err(ConfigError::NotATopic { field, topic: topic.chars().take(120).collect() })
            }
            other => Ok(other),
        }
    }

    /// A compiled template.
    ///
    /// # Errors
    /// If it is no Jinja.
    pub fn template(&mut self, field: &'static str) -> Result<Option<Template>, ConfigError> {
        let Some(source) = self.text(field)? else { return Ok(None) };
        self.templates.compile(&source).map(Some).map_err(|source| ConfigError::Template { field, source })
    }

    /// A template that stands for a field's own form.
    ///
    /// # Errors
    /// If it is no Jinja.
    pub fn compile(&mut self, field: &'static str, source: &str) -> Result<Template, ConfigError> {
        self.templates.compile(source).map_err(|source| ConfigError::Template { field, source })
    }

    /// A finite number.
    ///
    /// # Errors
    /// If it is none.
    pub fn number(&self, field: &'static str) -> Result<Option<f64>, ConfigError> {
        let Some(value) = self.raw(field) else { return Ok(None) };
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number| number.is_finite());
        number.map(Some).ok_or(ConfigError::WrongKind { field: field.into(), wanted: "a number" })
    }

    /// A span of time; none where nothing or zero is said, or more than a hundred years.
    ///
    /// # Errors
    /// If it is no number.
    pub fn seconds(&self, field: &'static str) -> Result<Option<Duration>, ConfigError> {
        let seconds = self.number(field)?.filter(|seconds| *seconds > 0.0 && *seconds < 3.2e9);
        Ok(seconds.map(Duration::from_secs_f64))
    }

    /// A truth, false where nothing is said.
    ///
    /// # Errors
    /// If it is something else.
    pub fn flag(&self, field: &'static str) -> Result<bool, ConfigError> {
        match self.raw(field) {
            None => Ok(false),
            Some(Json::Bool(bool)) => Ok(*bool),
            Some(Json::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(Json::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(ConfigError::WrongKind { field: field.into(), wanted: "true or false" }),
        }
    }

    /// A list of texts; a single text is a list of one. At most 256 are kept.
    ///
    /// # Errors
    /// If an item is no text.
    pub fn words(&self, field: &'static str) -> Result<Vec<SmolStr>, ConfigError> {
        match self.raw(field) {
            None => Ok(Vec::new()),
            Some(Json::Array(items)) => items.iter().take(256).map(|item| plain_text(field, item)).collect(),
            Some(single) => Ok(vec![plain_text(field, single)?]),
        }
    }
}

fn plain_text(field: &str, value: &Json) -> Result<SmolStr, ConfigError> {
    match value {
        Json::String(text) => Ok(text.into()),
        Json::Number(number) => Ok(smol_str::format_smolstr!("{number}")),
        // As Python writes them, because the other side does.
        Json::Bool(bool) => Ok(SmolStr::new_static(if *bool { "True" } else { "False" })),
        _ => Err(ConfigError::WrongKind { field: field.into(), wanted: "a text" }),
    }
}
