//! What a rule does.

use std::{collections::BTreeMap, time::Duration};

use hub_model::{Action as ActionName, Message, Property, RuleId, Severity, Value, suggest::did_you_mean};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Condition, Said, Several, Whereabouts};

/// One `[[then]]`: an action, and what happens when it fails.
#[derive(Debug, Clone, PartialEq)]
pub struct Then {
    /// What is done.
    pub action: Action,
    /// What happens when it fails.
    pub on_failure: OnFailure,
}

/// What happens when an action fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The rule goes on, and does not even wait to know.
    #[default]
    Continue,
    /// The run ends.
    Stop,
    /// It is tried again, [`OnFailure::TRIES`] times in all; then the run ends.
    Retry,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Sets properties of one or several devices.
    Set {
        /// Of which.
        target: Several<Whereabouts>,
        /// To what.
        set: Vec<Said<(Property, Value)>>,
        /// How long the change shall take.
        transition: Option<Duration>,
    },
    /// Adds to numbers of one or several devices, within what they take.
    Step {
        /// Of which.
        target: Several<Whereabouts>,
        /// By how much.
        by: Vec<Said<(Property, f64)>>,
        /// How long the change shall take.
        transition: Option<Duration>,
    },
    /// Turns a truth of one or several devices over. Of several, all become false where any is true.
    Toggle {
        /// Of which.
        target: Several<Whereabouts>,
        /// Which one; `on_off.on` where the file says none.
        property: Said<Property>,
    },
    /// Has one or several devices do something.
    Invoke {
        /// Which.
        target: Several<Whereabouts>,
        /// What.
        action: Said<ActionName>,
        /// What they are told.
        arguments: BTreeMap<SmolStr, Value>,
    },
    /// Runs a scene, by its handle.
    Scene(Said<SmolStr>),
    /// Lets time pass.
    Wait(Duration),
    /// Waits until something holds.
    WaitUntil {
        /// What.
        condition: Condition,
        /// How long at most.
        at_most: Option<Duration>,
        /// What happens when that is over.
        or_else: Timeout,
    },
    /// Tells people something.
    Notify {
        /// Their names; empty for everyone.
        to: Vec<Said<SmolStr>>,
        /// A few words.
        title: Said<Template>,
        /// The message.
        text: Said<Template>,
        /// How much it matters.
        severity: Severity,
        /// What people can answer.
        answers: Vec<Answer>,
    },
    /// Publishes a message.
    Publish(Said<Message>),
    /// Says something aloud.
    Speak {
        /// In which room, by its slug; everywhere without it.
        room: Option<Said<SmolStr>>,
        /// What.
        text: Said<Template>,
    },
    /// Calls a server.
    Http(Http),
    /// Does one thing or another.
    If {
        /// What decides.
        condition: Condition,
        /// Where it holds.
        then: Vec<Then>,
        /// Where it doesn't.
        otherwise: Vec<Then>,
    },
    /// Does the first of several things whose condition holds.
    Choose {
        /// Each with its condition.
        ways: Vec<(Condition, Vec<Then>)>,
        /// Where none holds.
        otherwise: Vec<Then>,
    },
    /// Does something several times.
    Repeat {
        /// How often.
        times: Times,
        /// What.
        body: Vec<Then>,
    },
    /// Does several things at the same time, and goes on when all have ended.
    Parallel(Vec<Vec<Then>>),
    /// Ends the run, and says why.
    Stop(SmolStr),
    /// Runs another rule, if its own condition holds.
    Run(Said<RuleId>),
    /// Lets a rule act, or not.
    Enable {
        /// Which rule.
        rule: Said<RuleId>,
        /// Whether it acts.
        enabled: bool,
    },
}

/// What happens when a wait is over without what it waited for.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Timeout {
    /// The rule goes on all the same.
    #[default]
    GoOn,
    /// The run ends.
    Stop,
    /// This is done, and then the rule goes on.
    Do(Vec<Then>),
}

/// How often something is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Times {
    /// So often.
    Count(u32),
    /// As long as this holds; it is asked before each time.
    While(Condition),
    /// Until this holds; it is asked after each time.
    Until(Condition),
    /// Once for each of these devices, which are called `it` meanwhile.
    Each(Several<Whereabouts>),
}

/// An answer beneath a message, which can trigger a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its name in rules.
    pub id: SmolStr,
    /// What the button says.
    pub title: String,
}

/// A call of a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {
    /// Where; its host stands in the settings' list.
    pub url: Said<SmolStr>,
    /// How.
    pub method: HttpMethod,
    /// What is sent.
    pub body: Option<Said<Template>>,
    /// What kind of text that is.
    pub content_type: SmolStr,
    /// The name of a secret that is sent as a bearer token.
    pub token: Option<SmolStr>,
    /// How long it may take.
    pub at_most: Duration,
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its name")]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Delete,
}

/// A text for people, with readings in it: `It is {bath/humidity.measured} % humid.`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its parts in their order.
    pub parts: Vec<Part>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Plain(String),
    /// The reading of a property.
    Reading(super::Of),
    /// Something of what set the run off.
    Occasion(Occasion),
}

/// What a text may tell of what set its run off; `?` where that has no such thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// `{trigger.name}`: what the device is called, or the entry of the calendar.
    Name,
    /// `{trigger.room}`: the room that it is in.
    Room,
    /// `{trigger.value}`: what its property became, or what happened at it.
    Value,
    /// `{trigger.old}`: what its property was.
    Old,
    /// `{body.alarm.state}`: what stands at that place of the JSON that a webhook or a message brought.
    Body(SmolStr),
}

impl Occasion {
    const OF_TRIGGER: [(&'static str, Self); 4] =
        [("name", Self::Name), ("room", Self::Room), ("value", Self::Value), ("old", Self::Old)];

    /// Reads what stands in the braces; `None` where that is something else.
    fn read(text: &str) -> Option<Result<Self, String>> {
        if let Some(place) = text.strip_prefix("body.").filter(|place| !place.is_empty()) {
            return Some(Ok(Self::Body(place.into())));
        }
        let word = text.strip_prefix("trigger.")?;
        let known = Self::OF_TRIGGER.into_iter().find(|(known, _)| *known == word).map(|(_, occasion)| occasion);
        Some(known.ok_or_else(|| {
            let near = did_you_mean(word, Self::OF_TRIGGER.iter().map(|(known, _)| *known));
            format!("a trigger has no `{word}`{near}; it has name, room, value and old")
        }))
    }
}

impl OnFailure {
    /// How often something is tried in all.
    pub const TRIES: u8 = 4;
    /// How long the first pause between two tries is; each is twice as long as the one before.
    pub const PAUSE: Duration = Duration::from_secs(2);
}

impl Times {
    /// How often anything is repeated at most; then the run ends and people are told.
    pub const MOST: u32 = 1000;
}

impl Http {
    /// How long a call may take where the file doesn't say.
    pub const USUAL: Duration = Duration::from_secs(10);
}

impl HttpMethod {
    /// Every method, with its word.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Get, "GET"), (Self::Post, "POST"), (Self::Put, "PUT"), (Self::Delete, "DELETE")];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl std::str::FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            // A brace twice is the brace itself.
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let inner = rest.split_once('}').filter(|_| brace == "{");
            let (inner, after) =
                inner.ok_or_else(|| format!("a single `{brace}`: write `{brace}{brace}` for the sign itself"))?;
            let part = match Occasion::read(inner) {
                Some(occasion) => occasion.map(Part::Occasion),
                None => inner.parse().map(Part::Reading).map_err(|error| format!("{error}")),
            };
            let part = part.map_err(|error| format!("in `{{{}}}`: {error}", short(inner)))?;
            if !plain.is_empty() {
                parts.push(Part::Plain(std::mem::take(&mut plain)));
            }
            parts.push(part);
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Plain(plain));
        }
        Ok(Self { parts })
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_readings_in_braces_and_braces_twice_for_themselves() {
        let template: Template = "It is {bath/humidity.measured} % {{humid}}.".parse().unwrap();
        let [Part::Plain(before), Part::Reading(of), Part::Plain(after)] = &template.parts[..] else { panic!() };
        assert_eq!((before.as_str(), after.as_str()), ("It is ", " % {humid}."));
        assert_eq!(of.to_string(), "bath/humidity.measured");
        for bad in ["{", "a } b", "{bath}", "{bath/humidity.measurd}", "{bath/humidity.measured"] {
            assert!(bad.parse::<Template>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_names_its_trigger_and_what_that_was_told() {
        let template: Template = "{trigger.name}{body.a.b}".parse().unwrap();
        assert_eq!(template.parts, [Part::Occasion(Occasion::Name), Part::Occasion(Occasion::Body("a.b".into()))]);
        let wrong = "{trigger.nmae}".parse::<Template>().unwrap_err();
        assert!(wrong.contains("in `{trigger.nmae}`") && wrong.contains("did you mean `name`?"), "{wrong}");
    }
}
