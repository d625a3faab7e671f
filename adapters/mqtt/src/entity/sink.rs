//! Where commands go: a topic, and how a value is written there.

use smol_str::SmolStr;

use super::CommandError;
use crate::{
    discovery::{ConfigError, Fields},
    template::Template,
};

/// A message to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub topic: SmolStr,
    /// What.
    pub payload: String,
    /// Whether the broker shall keep it, as some sleepers want.
    pub retain: bool,
    /// Quality of service, 0 to 2, as the device asks for; 0 unless it says otherwise. A late second try of a command
    /// would do harm, and what became of it is told by the device's own report, not by the broker's.
    pub qos: u8,
}

/// A topic that takes commands.
#[derive(Debug, Clone)]
pub struct Sink {
    topic: SmolStr,
    template: Option<Template>,
    retain: bool,
    qos: u8,
}

impl Sink {
    /// Reads a command topic and the template beside it; `None` where there is no such topic.
    ///
    /// # Errors
    /// If either is unsound.
    pub fn parse(
        fields: &mut Fields<'_>,
        topic: &'static str,
        template: &'static str,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(topic) = fields.topic(topic)? else { return Ok(None) };
        let qos = match fields.number("qos")? {
            Some(qos) if qos >= 2.0 => 2,
            Some(qos) if qos >= 1.0 => 1,
            _ => 0,
        };
        Ok(Some(Self { topic, template: fields.template(template)?, retain: fields.flag("retain")?, qos }))
    }

    /// The same where there has to be one.
    ///
    /// # Errors
    /// If there is none, or either is unsound.
    pub fn required(fields: &mut Fields<'_>, topic: &'static str, template: &'static str) -> Result<Self, ConfigError> {
        Self::parse(fields, topic, template)?.ok_or(ConfigError::Missing(topic))
    }

    /// A message of exactly this text.
    pub fn plain(&self, payload: impl Into<String>) -> Message {
        Message { topic: self.topic.clone(), payload: payload.into(), retain: self.retain, qos: self.qos }
    }

    /// A message that carries a value: as the template writes it, or as the text itself.
    ///
    /// # Errors
    /// If the template fails.
    pub fn send(
        &self,
        text: &str,
        value: minijinja::Value,
        more: &[(&'static str, minijinja::Value)],
    ) -> Result<Message, CommandError> {
        let Some(template) = &self.template else { return Ok(self.plain(text)) };
        let mut variables = vec![("value", value)];
        variables.extend_from_slice(more);
        template.write(variables).map(|payload| self.plain(payload)).ok_or(CommandError::Template)
    }

    /// A message that carries a text.
    ///
    /// # Errors
    /// If the template fails.
    pub fn send_text(&self, text: &str) -> Result<Message, CommandError> {
        self.send(text, text.into(), &[])
    }

    /// A message that carries a number; whole numbers are written without decimals, as Home Assistant writes them.
    ///
    /// # Errors
    /// If the template fails.
    pub fn send_number(&self, number: f64) -> Result<Message, CommandError> {
        self.send(&number.to_string(), jinja_number(number), &[])
    }
}

/// A number as templates see it.
pub(super) fn jinja_number(number: f64) -> minijinja::Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        minijinja::Value::from(number as i64)
    } else {
        minijinja::Value::from(number)
    }
}

/// A number as JSON shows it.
pub(super) fn json_number(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        serde_json::Value::from(number as i64)
    } else {
        serde_json::Value::from(number)
    }
}
