//! Blueprints in use: rules that say `use` and `with`.

use std::sync::Arc;

use hub_model::suggest::did_you_mean;
use smol_str::SmolStr;
use toml_edit::Value;

use super::{
    Answer, Blueprint, Library,
    fill::{Filled, fill},
};
use crate::{
    fault::Spot,
    parse::{Fields, Overlay, Rest},
};

/// A blueprint and what it is told, to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// Which one.
    pub blueprint: Arc<Blueprint>,
    /// The name of the rule.
    pub name: String,
    /// What its inputs are told; those that are left out are what they are by default.
    pub answers: Vec<(SmolStr, Answer)>,
}

/// Why a blueprint can't be used so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UseError {
    /// There is no such blueprint.
    #[error("there is no blueprint `{0}`{1}")]
    NoSuchBlueprint(String, String),
    /// It has no such input.
    #[error("`{blueprint}` has no input `{input}`{hint}")]
    NoSuchInput {
        /// The blueprint.
        blueprint: SmolStr,
        /// What was given.
        input: SmolStr,
        /// The nearest right word, as the end of a sentence.
        hint: String,
    },
    /// An input that has no default was left out.
    #[error("`{blueprint}` needs `{input}`: {doc}")]
    Missing {
        /// The blueprint.
        blueprint: SmolStr,
        /// The input.
        input: SmolStr,
        /// What it is.
        doc: String,
    },
    /// An answer is of another kind.
    #[error("{0}")]
    Misfit(String),
}

impl Library {
    /// The blueprint of that id, or why there is none.
    ///
    /// # Errors
    /// [`UseError::NoSuchBlueprint`], with the nearest right word.
    pub fn find(&self, id: &str) -> Result<&Arc<Blueprint>, UseError> {
        self.get(id).ok_or_else(|| {
            let hint = did_you_mean(id, self.all().map(|blueprint| blueprint.id.as_str()));
            UseError::NoSuchBlueprint(id.chars().take(60).collect(), hint)
        })
    }
}

impl Blueprint {
    fn no_such_input(&self, input: &str) -> UseError {
        let hint = did_you_mean(input, self.inputs.iter().map(|input| input.id.as_str()));
        UseError::NoSuchInput { blueprint: self.id.clone(), input: input.into(), hint }
    }

    /// What is wrong with the answers.
    fn problem(&self, answers: &[(SmolStr, Answer)]) -> Option<UseError> {
        for (id, answer) in answers {
            let Some(input) = self.input(id) else { return Some(self.no_such_input(id)) };
            if let Err(misfit) = input.takes.check(id, answer) {
                return Some(UseError::Misfit(misfit));
            }
        }
        self.missing(answers)
    }

    fn missing(&self, answers: &[(SmolStr, Answer)]) -> Option<UseError> {
        let told = |id: &SmolStr| answers.iter().any(|(other, _)| other == id);
        let missing = self.inputs.iter().find(|input| input.default.is_none() && !told(&input.id))?;
        let doc = if missing.doc.is_empty() { missing.name.clone() } else { missing.doc.clone() };
        Some(UseError::Missing { blueprint: self.id.clone(), input: missing.id.clone(), doc })
    }

    fn fill(&self, head: &str, answers: &[(SmolStr, Answer)]) -> Filled {
        let told = |id: &str| answers.iter().find(|(other, _)| other == id).map(|(_, answer)| answer);
        let answer = |id: &str| told(id).or_else(|| self.input(id)?.default.as_ref());
        fill(head, &self.body, &self.holes(), answer)
    }
}

impl Use {
    /// A rule file that uses the blueprint.
    ///
    /// # Errors
    /// When an input is missing, unknown, or told something of another kind.
    pub fn text(&self) -> Result<String, UseError> {
        self.blueprint.problem(&self.answers).map_or(Ok(()), Err)?;
        let mut text = format!("name = {}\nuse = {}\n\n[with]\n", quoted(&self.name), quoted(&self.blueprint.id));
        for (id, answer) in &self.answers {
            text.push_str(&format!("{id} = {}\n", answer.value().to_string().trim()));
        }
        Ok(text)
    }

    /// A plain rule file that says the same, and goes its own way from then on.
    ///
    /// # Errors
    /// As of [`Use::text`].
    pub fn plain(&self) -> Result<String, UseError> {
        self.blueprint.problem(&self.answers).map_or(Ok(()), Err)?;
        let filled = self.blueprint.fill("", &self.answers).text;
        let head = format!("# Made from the blueprint `{}`.\nname = {}\n", self.blueprint.name, quoted(&self.name));
        let body = filled.trim_start_matches('\n');
        let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
        let body = if first.starts_with("#:schema") { rest } else { body };
        Ok(format!("{head}{}\n", body.trim_matches('\n')))
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string().trim().to_owned()
}

/// Reads a rule that uses a blueprint into the text of a plain one. What is wrong is noted at its place.
pub(crate) fn read_use(fields: &Fields<'_>, library: &Library) -> Option<(Filled, Overlay<'static>)> {
    let (name, used) = (fields.text("name"), fields.text("use"));
    let id = fields.text("id");
    let told = if fields.has("with") { fields.entries("with")? } else { Vec::new() };
    let used = used?;
    let blueprint = match library.find(used.value) {
        Ok(blueprint) => blueprint,
        Err(error) => {
            let message = format!("{error}; `hub blueprints` lists them");
            fields.fault(
                used.spot,
                if matches!(&error, UseError::NoSuchBlueprint(_, hint) if hint.is_empty()) {
                    message
                } else {
                    error.to_string()
                },
            );
            return None;
        }
    };
    let (mut answers, mut spots): (Vec<_>, Vec<(SmolStr, Spot)>) = (Vec::new(), Vec::new());
    let mut sound = true;
    for (key, said) in told {
        let Some(input) = blueprint.input(key) else {
            fields.fault(said.spot, blueprint.no_such_input(key).to_string());
            sound = false;
            continue;
        };
        let answer = Answer::of(said.value);
        let wrong = match &answer {
            Some(answer) => input.takes.check(key, answer).err(),
            None => Some(format!("`{key}` takes a text, a number, or true or false")),
        };
        sound &= wrong.is_none();
        wrong.into_iter().for_each(|wrong| fields.fault(said.spot, wrong));
        spots.push((input.id.clone(), said.spot));
        answers.extend(answer.map(|answer| (input.id.clone(), answer)));
    }
    if let Some(missing) = blueprint.missing(&answers).filter(|_| sound) {
        fields.fault(if fields.has("with") { fields.key_spot("with") } else { used.spot }, missing.to_string());
        return None;
    }
    let name = name.filter(|_| sound)?;
    let head = format!("name = {}\n", quoted(name.value));
    let filled = blueprint.fill(&head, &answers);
    let of_answers = filled.answers.iter().map(|(range, input)| {
        let spot = spots.iter().find(|(id, _)| id == input).map_or(used.spot, |(_, spot)| *spot);
        (range.clone(), spot)
    });
    let named = (0..head.len(), id.map_or(name.spot, |id| id.spot));
    let places = std::iter::once(named).chain(of_answers).collect();
    Some((filled, Overlay { places, rest: Rest::Spot(used.spot) }))
}
