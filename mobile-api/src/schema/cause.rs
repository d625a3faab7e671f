//! Who began something.

use async_graphql::{Enum, ID, SimpleObject};
use hub_model::{Principal, Source};

use crate::scalar::Cursor;

/// What kind of thing began something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Actor {
    /// The device itself: a hand on its button, the weather.
    Device,
    /// Somebody, by the app or the command line.
    Person,
    /// Somebody's voice.
    Voice,
    /// A rule.
    Rule,
    /// A scene that was run.
    Scene,
    /// Another program, such as one on the MQTT broker.
    Program,
    /// The hub itself, at start-up or by a timer.
    Hub,
}

/// Who began something, and what it came from.
#[derive(Debug, SimpleObject)]
pub(crate) struct Cause {
    /// What kind of thing began it.
    actor: Actor,
    /// The id of the device, account, rule or scene that began it.
    id: Option<ID>,
    /// The name of the person or program, where one began it.
    name: Option<String>,
    /// The event that it came from.
    event: Option<Cursor>,
    /// The command that it came from.
    command: Option<ID>,
    /// The run of a rule or scene that it came from.
    run: Option<ID>,
    /// How many rules and scenes it went through.
    depth: i32,
}

impl Cause {
    /// A cause as somebody may know it: a guest isn't told which other person, rule or scene it was.
    pub(crate) fn seen_by(principal: &Principal, cause: &hub_model::Cause) -> Self {
        let (actor, id, name) = who(&cause.actor);
        let open = principal.sees_all() || cause.actor == principal.actor || actor == Actor::Device;
        let (id, name) = if open { (id, name) } else { (None, None) };
        let mut answer = Self { actor, id, name, event: None, command: None, run: None, depth: i32::from(cause.depth) };
        match cause.from {
            Some(Source::Event(cursor)) => answer.event = Some(Cursor(cursor)),
            Some(Source::Command(id)) => answer.command = Some(id.into()),
            Some(Source::Run(id)) => answer.run = Some(id.into()),
            None => {}
        }
        answer
    }
}

/// An actor with its id and name, where it has them.
pub(super) fn who(actor: &hub_model::Actor) -> (Actor, Option<ID>, Option<String>) {
    match actor {
        hub_model::Actor::Device(id) => (Actor::Device, Some(id.into()), None),
        hub_model::Actor::Person { account, name } => (Actor::Person, Some(account.into()), Some(name.to_string())),
        hub_model::Actor::Voice(name) => (Actor::Voice, None, name.as_ref().map(ToString::to_string)),
        hub_model::Actor::Rule(id) => (Actor::Rule, Some(id.into()), None),
        hub_model::Actor::Scene(id) => (Actor::Scene, Some(id.into()), None),
        hub_model::Actor::Program(name) => (Actor::Program, None, Some(name.to_string())),
        hub_model::Actor::Hub => (Actor::Hub, None, None),
    }
}
