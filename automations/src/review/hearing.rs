//! What can be said to rules: messages, calls and phrases, one of each kind that they tell apart.

use std::sync::Arc;

use hub_model::{Signal, Topic, TopicFilter, Value};
use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use super::{Stimulus, subject::Subject};
use crate::{
    message::{Payload, Wording},
    phrase::Phrase,
    plan::{Check, Watch},
    rule::Test,
};

/// More bodies than this are not tried.
const MOST_BODIES: usize = 16;

/// What some rules listen for.
#[derive(Default)]
pub(super) struct Hearing<'a> {
    filters: Vec<&'a TopicFilter>,
    texts: Vec<&'a str>,
    /// What is looked at in JSON: where, and what it has to be.
    fields: Vec<(&'a str, &'a Test)>,
    languages: Vec<&'a str>,
}

impl<'a> Hearing<'a> {
    /// What a rule listens for too.
    pub(super) fn add(&mut self, subject: &'a Subject) {
        for watch in &subject.plan.watches {
            match watch {
                Watch::Message { topic, wording } => {
                    self.filters.push(topic);
                    match wording {
                        Wording::Any => {}
                        Wording::Text(text) => self.texts.push(text),
                        Wording::Field(place, test) => self.fields.push((&place.0, test)),
                    }
                }
                Watch::Phrase(phrases) => {
                    self.languages.extend(phrases.iter().filter_map(|phrase| phrase.language.as_deref()));
                }
                _ => {}
            }
        }
        for check in subject.plan.checks() {
            bodies_of(check, &mut |place, test| self.fields.push((place, test)));
        }
    }

    /// Messages for a filter that say what is wanted.
    pub(super) fn messages(&self, filter: &TopicFilter, wording: &Wording) -> Vec<Stimulus> {
        let mut topics: Vec<Topic> = Vec::new();
        for topic in self.filters.iter().filter_map(|other| common(filter, other)) {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        let texts = self.texts.iter().map(|text| text.as_bytes().to_vec());
        let bodies = self.bodies().into_iter().map(|body| body.map(|json| json.to_string()).unwrap_or_default());
        let payloads = texts.chain(bodies.map(String::into_bytes)).filter(|text| wording.fits(&Payload::new(text)));
        let payloads: Vec<Arc<[u8]>> = payloads.map(Arc::from).collect();
        let of = |topic: Topic| {
            let message =
                move |payload: &Arc<[u8]>| Stimulus::Message { topic: topic.clone(), payload: payload.clone() };
            payloads.iter().map(message).collect::<Vec<_>>()
        };
        topics.into_iter().flat_map(of).collect()
    }

    /// A phrase, said in each language of which somebody asks.
    pub(super) fn said(&self, phrase: &Phrase) -> Vec<Stimulus> {
        let mut languages: Vec<&str> = vec![phrase.language.as_deref().unwrap_or("en")];
        languages.extend(self.languages.iter().filter(|language| phrase.is(&phrase.words, language)));
        let say =
            |language: &str| Stimulus::Told(Signal::Phrase { words: phrase.words.clone(), language: language.into() });
        languages.into_iter().map(say).collect()
    }

    /// JSON that tells apart what rules look at; that which is as they want it first, nothing at all last.
    pub(super) fn bodies(&self) -> Vec<Option<Json>> {
        let mut bodies = vec![Json::Null];
        let mut places: Vec<&str> = self.fields.iter().map(|(place, _)| *place).collect();
        places.dedup();
        for place in places {
            let tests = self.fields.iter().filter(|(of, _)| *of == place).map(|(_, test)| *test);
            let values: Vec<Json> = tests.flat_map(examples).collect();
            let with = |body: &Json| values.iter().map(|value| put(body, place, value)).collect::<Vec<_>>();
            bodies = bodies.iter().flat_map(with).take(MOST_BODIES).collect();
        }
        bodies.into_iter().filter(|body| !body.is_null()).map(Some).chain([None]).collect()
    }
}

/// Everything that a condition looks for in what a rule was told.
pub(super) fn bodies_of<'a>(check: &'a Check, visit: &mut impl FnMut(&'a str, &'a Test)) {
    match check {
        Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| bodies_of(part, visit)),
        Check::Not(inner) => bodies_of(inner, visit),
        Check::Body { at, test } => visit(at, test),
        _ => {}
    }
}

/// A topic that two filters match, if there is one.
fn common(one: &TopicFilter, other: &TopicFilter) -> Option<Topic> {
    let (mut levels, mut ones, mut others) = (Vec::new(), one.as_str().split('/'), other.as_str().split('/'));
    let (mut rest, mut other_rest) = (false, false);
    loop {
        let next = if rest { None } else { ones.next() };
        let other = if other_rest { None } else { others.next() };
        (rest, other_rest) = (rest || next == Some("#"), other_rest || other == Some("#"));
        match (next.filter(|_| !rest), other.filter(|_| !other_rest)) {
            (None, None) => break,
            (Some("+"), Some("+")) => levels.push("any"),
            (Some("+"), Some(level)) | (Some(level), Some("+")) => levels.push(level),
            (Some(level), None) | (None, Some(level)) => levels.push(if level == "+" { "any" } else { level }),
            (Some(level), Some(_)) => levels.push(level),
        }
    }
    let topic = if levels.is_empty() { "any".to_owned() } else { levels.join("/") };
    topic.parse().ok().filter(|_| one.matches(&topic) && other.matches(&topic))
}

/// Values on both sides of a test; that which passes it first.
fn examples(test: &Test) -> Vec<Json> {
    let values = match test {
        Test::Is(Value::Bool(is)) => vec![Value::Bool(*is), Value::Bool(!is)],
        Test::Is(Value::Number(is)) => vec![Value::Number(*is), Value::Number(is + 1.0)],
        Test::Is(value) => vec![value.clone(), Value::text("-")],
        Test::Range { above: Some(above), below: Some(below) } => {
            vec![Value::Number(f64::midpoint(*above, *below)), Value::Number(above - 1.0)]
        }
        Test::Range { above: Some(bound), .. } | Test::Range { below: Some(bound), .. } => {
            let (more, less) = (Value::Number(bound + 1.0), Value::Number(bound - 1.0));
            if test.holds(&more) { vec![more, less] } else { vec![less, more] }
        }
        Test::Range { .. } => Vec::new(),
    };
    values.iter().filter_map(json).collect()
}

fn json(value: &Value) -> Option<Json> {
    match value {
        Value::Bool(is) => Some(Json::Bool(*is)),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e9 => Some(Json::from(*number as i64)),
        Value::Number(number) => Some(Json::from(*number)),
        Value::Text(text) => Some(Json::String(text.to_string())),
        Value::Unknown | Value::Color(_) => None,
    }
}

/// JSON with something at a place; an object by numbers does for a list.
fn put(body: &Json, place: &str, value: &Json) -> Json {
    let Some((name, rest)) = place.split_once('.').or_else(|| (!place.is_empty()).then_some((place, ""))) else {
        return value.clone();
    };
    let mut object = body.as_object().cloned().unwrap_or_else(Map::new);
    let inner = put(object.get(name).unwrap_or(&Json::Null), rest, value);
    object.insert(SmolStr::from(name).into(), inner);
    Json::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_that_two_filters_match_is_found_where_there_is_one() {
        let common = |one: &str, other: &str| {
            let found = common(&one.parse().unwrap(), &other.parse().unwrap());
            found.map(|topic| topic.as_str().to_owned())
        };
        for (one, other, topic) in [
            ("door/+", "door/front", "door/front"),
            ("door/+/state", "+/front/state", "door/front/state"),
            ("#", "a/b", "a/b"),
            ("a/#", "a/+/c", "a/any/c"),
            ("#", "#", "any"),
        ] {
            assert_eq!(common(one, other).as_deref(), Some(topic), "{one} {other}");
            assert_eq!(common(other, one).as_deref(), Some(topic), "{other} {one}");
        }
        for (one, other) in [("a", "b"), ("a/+", "a"), ("+", "a/b"), ("a/#", "b/#"), ("#", "$SYS/x")] {
            assert_eq!(common(one, other), None, "{one} {other}");
        }
    }

    #[test]
    fn bodies_have_what_is_looked_for_and_the_opposite() {
        let (open, warm) = (Test::Is(Value::text("open")), Test::Range { above: Some(20.0), below: None });
        let hearing = Hearing { fields: vec![("door.state", &open), ("t", &warm)], ..Hearing::default() };
        let bodies = hearing.bodies();
        assert_eq!(bodies[0], Some(serde_json::json!({ "door": { "state": "open" }, "t": 21 })));
        assert_eq!(bodies.len(), 5);
        assert_eq!(bodies[4], None);
    }
}
