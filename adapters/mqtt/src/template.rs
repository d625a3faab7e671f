//! Home Assistant's value and command templates: compiled once, bounded in time, memory and output.
//!
//! Knows payloads and Jinja, not devices. A template that only picks a value out of a JSON object, as nine of ten do,
//! is recognised when it is compiled and never reaches the template engine.

mod answer;
mod functions;
mod methods;
mod numbers;
mod path;
mod patterns;
mod times;
pub mod value;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Weak},
};

use minijinja::{Environment, UndefinedBehavior, Value};

pub use answer::Answer;
pub use times::HomeZone;

use crate::payload::Payload;

/// The longest template, in bytes; Zigbee2MQTT's longest is below 2,000.
const LONGEST_SOURCE: usize = 16 * 1024;
/// The work that one rendering may do: about so many instructions, or 64 bytes of data each. A rendering that uses it
/// all takes under a millisecond.
const FUEL: u64 = 20_000;
/// The longest text that a rendering may give, in bytes.
const LONGEST_OUTPUT: usize = 64 * 1024;
/// The one template that each environment holds.
const NAME: &str = "template";

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is longer than any device's.
    #[error("a template of {0} bytes is too long: {LONGEST_SOURCE} are the limit")]
    TooLong(usize),
    /// It is no Jinja, or uses what this hub does not know.
    #[error("the template `{shown}` cannot be compiled: {reason}; correct it in the device's own settings")]
    Malformed {
        /// Its beginning.
        shown: String,
        /// What the compiler says.
        reason: String,
    },
}

/// A compiled template. Copies share it.
#[derive(Debug, Clone)]
pub struct Template(Arc<Form>);

#[derive(Debug)]
enum Form {
    Path(path::KeyPath),
    Jinja(Box<Environment<'static>>, HomeZone),
}

static BASE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut base = Environment::new();
    base.set_undefined_behavior(UndefinedBehavior::Lenient);
    base.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    base.set_fuel(Some(FUEL));
    base.set_recursion_limit(64);
    base.set_debug(false);
    functions::add_to(&mut base);
    base.set_unknown_method_callback(methods::call);
    base
});

impl Template {
    /// Compiles a template whose times are in UTC.
    ///
    /// # Errors
    /// If it is too long or no Jinja.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        Self::compile_for(source, &HomeZone::default())
    }

    /// Whether this is a copy of another one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn compile_for(source: &str, zone: &HomeZone) -> Result<Self, TemplateError> {
        if source.len() > LONGEST_SOURCE {
            return Err(TemplateError::TooLong(source.len()));
        }
        if let Some(path) = path::KeyPath::parse(source) {
            return Ok(Self(Arc::new(Form::Path(path))));
        }
        // A copy of the base shares its filters and functions; only the one template is its own.
        let mut environment = BASE.clone();
        environment.add_template_owned(NAME, source.to_owned()).map_err(|error| TemplateError::Malformed {
            shown: source.chars().take(120).collect(),
            reason: error.to_string(),
        })?;
        Ok(Self(Arc::new(Form::Jinja(Box::new(environment), zone.clone()))))
    }

    /// What the template makes of a payload. As in Home Assistant, a template that fails says nothing: it is how
    /// devices pass over messages that are not meant for an entity.
    pub fn read<'a>(&self, payload: &'a Payload<'_>) -> Answer<'a> {
        match &*self.0 {
            Form::Path(path) => path.read(payload),
            Form::Jinja(environment, zone) => {
                let Some(text) = payload.text() else { return Answer::Nothing };
                let json = payload.jinja().map(|json| ("value_json", json.clone()));
                let context = [
                    ("value", Value::from(text)),
                    ("this", Value::from_pairs([("", ()); 0])),
                    (HomeZone::VARIABLE, zone.value()),
                ];
                render(environment, Value::from_pairs(context.into_iter().chain(json)))
                    .map_or(Answer::Nothing, |text| Answer::Text(text.into()))
            }
        }
    }

    /// The text of a command, given its variables (`value`, and what the kind of entity adds). `None` if the template
    /// fails.
    pub fn write(&self, mut variables: Vec<(&'static str, Value)>) -> Option<String> {
        match &*self.0 {
            // `value_json` does not exist in a command.
            Form::Path(_) => None,
            Form::Jinja(environment, zone) => {
                variables.push((HomeZone::VARIABLE, zone.value()));
                render(environment, Value::from_pairs(variables))
            }
        }
    }
}

fn render(environment: &Environment<'static>, context: Value) -> Option<String> {
    let text = environment.get_template(NAME).ok()?.render(context).ok()?;
    if text.len() > LONGEST_OUTPUT {
        return None;
    }
    let trimmed = text.trim();
    Some(if trimmed.len() == text.len() { text } else { trimmed.to_owned() })
}

/// Compiled templates by source, so that a thousand entities with the same template share one.
#[derive(Debug, Default)]
pub struct Templates {
    known: HashMap<String, Weak<Form>>,
    /// How many are known before those that nobody uses any more are swept out.
    sweep_at: usize,
    /// The time zone of all of them.
    pub zone: HomeZone,
}

impl Templates {
    /// Compiles a template, or gives the one that was compiled before.
    ///
    /// # Errors
    /// If it is too long or no Jinja.
    pub fn compile(&mut self, source: &str) -> Result<Template, TemplateError> {
        if let Some(form) = self.known.get(source).and_then(Weak::upgrade) {
            return Ok(Template(form));
        }
        let template = Template::compile_for(source, &self.zone)?;
        if self.known.len() >= self.sweep_at {
            self.known.retain(|_, form| form.strong_count() > 0);
            self.sweep_at = (self.known.len() * 2).max(256);
        }
        self.known.insert(source.to_owned(), Arc::downgrade(&template.0));
        Ok(template)
    }
}

#[cfg(test)]
mod tests;
