//! Reads what rules say of people and of the house: who is there, and its mode.

use hub_model::Value;
use smol_str::SmolStr;

use super::{fields::Fields, trigger::mode_of_house};
use crate::rule::{Condition, Said, Test, Trigger, Who};

/// The `presence` of a trigger: a condition that begins to hold.
pub(super) fn trigger(fields: &Fields<'_>) -> Option<Trigger> {
    let (who, home, held) = (who(fields), fields.word("becomes"), fields.span("held"));
    let condition = Condition::Presence { who: who?, home: home? == "home", held: None };
    Some(Trigger::Holds { condition, held })
}

/// The `presence` of a condition.
pub(super) fn condition(fields: &Fields<'_>) -> Option<Condition> {
    let (who, home, held) = (who(fields), fields.word("is"), fields.span("held"));
    Some(Condition::Presence { who: who?, home: home? == "home", held })
}

fn who(fields: &Fields<'_>) -> Option<Said<Who>> {
    fields.text("who").map(|said| {
        said.map(|name| match name {
            "anyone" => Who::Anyone,
            "everyone" => Who::Everyone,
            name => Who::Person(SmolStr::from(name)),
        })
    })
}

/// The house is in one of the modes of `house`.
pub(super) fn house(fields: &Fields<'_>) -> Option<Condition> {
    let spot = fields.key_spot("house");
    let modes = fields.word_list("house")?;
    let mut modes = modes.into_iter().map(|said| Condition::Property {
        of: vec![mode_of_house(spot)],
        every: false,
        test: said.map(|mode| Test::Is(Value::Text(mode))),
        held: None,
    });
    let first = modes.next()?;
    let more: Vec<_> = modes.collect();
    Some(if more.is_empty() { first } else { Condition::Any([vec![first], more].concat()) })
}
