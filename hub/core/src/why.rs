//! Why something is as it is: from a state to the command, the run, the trigger, and whoever began it.

use std::sync::Arc;

use hub_model::{
    Actor, Cause, CommandId, Cursor, DeviceId, Outcome, Path, RunId, RunOf, RunRecord, Source, Value, What,
};
use hub_store::{Logged, ReadError};
use jiff::Timestamp;

use crate::{session::Session, view::View};

/// No chain has more links; causes are cut long before.
const LONGEST: usize = 64;

/// One link of the chain that leads from a state to its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// When it was.
    pub at: Option<Timestamp>,
    /// What it was.
    pub what: Because,
    /// The same, as a sentence for people.
    pub text: String,
}

/// What a link is.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// A property became this.
    State {
        /// Which one.
        path: Path,
        /// What.
        value: Value,
    },
    /// A command brought it about.
    Command {
        /// Which one.
        id: CommandId,
        /// How it ended; nothing while it is under way, or where the log no longer has it.
        outcome: Option<Outcome>,
    },
    /// A run gave the command.
    Run {
        /// Which one.
        id: RunId,
        /// Of what; nothing where it is no longer known, or not for whoever asks.
        of: Option<RunOf>,
    },
    /// Something that happened triggered it. Of a device that may not be seen, no more is told.
    Event(Option<What>),
    /// Something was said to the rule.
    Prompt,
    /// A time triggered it.
    Time,
    /// This began it: the end of the chain. Nothing where whoever asks may not know.
    Origin(Option<Actor>),
    /// What it came from is no longer kept: the end of the chain.
    Lost,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WhyError {
    /// No such property, or none that the principal may see.
    #[error("there is no {0} to explain")]
    NoSuchProperty(String),
    /// It was never reported.
    #[error("{0} was never reported")]
    NeverReported(String),
    /// History can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Session {
    /// Why a property is as it is, or was at a moment: the chain from the state to its origin, as long as history has it.
    ///
    /// # Errors
    /// When there is no such property, it was never reported, or history can't be read.
    pub async fn why(&self, path: &Path, at: Option<Timestamp>) -> Result<Vec<Link>, WhyError> {
        let view = self.view();
        let reading = view.device(path.device).and_then(|known| known.reading(&path.endpoint, &path.property)).cloned();
        let reading = reading.ok_or_else(|| WhyError::NoSuchProperty(path.property.to_string()))?;
        let stored = self.shared.store.last_change(path.clone(), at.unwrap_or(Timestamp::MAX)).await?;
        let mut chain = Vec::new();
        if let Some(change) = stored {
            chain.push(view.state(path, change.value, Some(change.at)));
            self.walk(change.cause.unwrap_or(Cause::root(Actor::Device(path.device))), &view, &mut chain).await?;
        } else if reading.changed_at.is_some() && at.is_none() {
            chain.push(view.state(path, reading.value, reading.changed_at));
            chain.push(lost("history does not have what it came from"));
        } else {
            return Err(WhyError::NeverReported(view.path_name(path)));
        }
        Ok(chain)
    }

    /// The property of a device that people mean when they ask why it is as it is: of those that can be set, the one that
    /// changed last; else of all.
    pub fn property_to_explain(&self, device: DeviceId) -> Option<Path> {
        let view = self.view();
        let known = view.device(device)?;
        let newest = known.readings().filter(|(_, _, reading)| reading.changed_at.is_some()).max_by_key(
            |(_, offer, reading)| (offer.access == hub_model::capability::Access::ReadWrite, reading.changed_at),
        );
        newest.map(|(endpoint, offer, _)| Path { device, endpoint: endpoint.clone(), property: offer.property.clone() })
    }

    async fn walk(&self, from: Cause, view: &View, chain: &mut Vec<Link>) -> Result<(), WhyError> {
        let mut next = Some(from);
        while let Some(cause) = next.take() {
            if chain.len() >= LONGEST {
                chain.push(lost("the chain is too long to be told"));
                return Ok(());
            }
            next = match cause.from {
                Some(Source::Command(id)) => Some(self.command_link(id, cause, view, chain).await?),
                Some(Source::Run(id)) => self.run_link(id, cause, view, chain).await?,
                Some(Source::Event(cursor)) => self.event_link(cursor, cause, view, chain),
                None => {
                    chain.push(view.origin(cause.actor));
                    None
                }
            };
        }
        Ok(())
    }

    async fn command_link(
        &self,
        id: CommandId,
        cause: Cause,
        view: &View,
        chain: &mut Vec<Link>,
    ) -> Result<Cause, WhyError> {
        let line = self.shared.store.command(id).await?;
        let (at, device) = (line.as_ref().map(|line| line.at), line.as_ref().and_then(|line| line.device));
        let Some((Logged::Command { text, outcome, .. }, of)) = line.and_then(|line| Some((line.what, line.cause?)))
        else {
            let text = "a command asked for it".to_owned();
            chain.push(Link { at, what: Because::Command { id, outcome: None }, text });
            return Ok(Cause { from: None, ..cause });
        };
        let device = device.map_or("a device", |device| view.device_name(device));
        let text = format!("the command `{text}` to {device} asked for it ({outcome})");
        chain.push(Link { at, what: Because::Command { id, outcome: Some(outcome) }, text });
        Ok(of)
    }

    async fn run_link(
        &self,
        id: RunId,
        cause: Cause,
        view: &View,
        chain: &mut Vec<Link>,
    ) -> Result<Option<Cause>, WhyError> {
        // The whole chain is walked, whoever asks; what may not be known is left out of the words.
        let record = match self.shared.runs.get(id) {
            Some(run) => Some(run),
            None => self.shared.store.run(id).await?.map(Arc::new),
        };
        let Some(record) = record else {
            chain.push(Link { at: None, what: Because::Run { id, of: None }, text: view.actor_text(&cause.actor) });
            chain.push(lost("the run is no longer kept"));
            return Ok(None);
        };
        let open = view.principal.sees_all() || record.cause.actor == view.principal.actor;
        let of = open.then(|| record.of.clone());
        chain.push(Link { at: Some(record.began), what: Because::Run { id, of }, text: view.run_text(&record, open) });
        let Some(trigger) = &record.trigger else { return Ok(Some(record.cause.clone())) };
        let at = Some(trigger.due);
        match (&trigger.event, &trigger.prompt) {
            (Some(event), _) => {
                chain.push(view.event_link(event.at, &event.what));
                Ok(Some(event.cause.clone()))
            }
            (None, Some(prompt)) => {
                chain.push(Link { at, what: Because::Prompt, text: view.trigger_text(trigger) });
                Ok(Some(prompt.cause.clone()))
            }
            (None, None) => {
                chain.push(Link { at, what: Because::Time, text: view.trigger_text(trigger) });
                Ok(None)
            }
        }
    }

    fn event_link(&self, cursor: Cursor, cause: Cause, view: &View, chain: &mut Vec<Link>) -> Option<Cause> {
        let Some(event) = self.shared.feed.event(cursor) else {
            chain.push(view.origin(cause.actor));
            return None;
        };
        chain.push(view.event_link(event.at, &event.what));
        Some(event.cause.clone())
    }
}

fn lost(text: &str) -> Link {
    Link { at: None, what: Because::Lost, text: text.to_owned() }
}

impl View {
    fn state(&self, path: &Path, value: Value, at: Option<Timestamp>) -> Link {
        let text = format!("{} became {value}", self.path_name(path));
        Link { at, what: Because::State { path: path.clone(), value }, text }
    }

    fn event_link(&self, at: Timestamp, what: &What) -> Link {
        let device = match what {
            What::Changed { path, .. } => Some(path.device),
            What::Occurred { device, .. } | What::Reachable { device, .. } => Some(*device),
            _ => None,
        };
        let open = self.principal.sees_all() || device.is_some_and(|device| self.device(device).is_some());
        let text = if open { self.event_text(what) } else { "something that happened at another device".into() };
        Link { at: Some(at), what: Because::Event(open.then(|| what.clone())), text }
    }

    fn origin(&self, actor: Actor) -> Link {
        let open = self.may_know(&actor);
        let text = self.actor_text(&actor);
        Link { at: None, what: Because::Origin(open.then_some(actor)), text }
    }

    /// Whether whoever asks may know who it was.
    fn may_know(&self, actor: &Actor) -> bool {
        let is_open_device = matches!(actor, Actor::Device(id) if self.device(*id).is_some());
        self.principal.sees_all() || *actor == self.principal.actor || is_open_device || *actor == Actor::Hub
    }

    /// Who began something, as a sentence.
    fn actor_text(&self, actor: &Actor) -> String {
        let open = self.may_know(actor);
        match actor {
            Actor::Device(id) => {
                format!("{} itself: a hand on it, its surroundings, or its own working", self.device_name(*id))
            }
            Actor::Person { name, .. } if open => format!("{name} asked for it"),
            Actor::Person { .. } => "somebody asked for it".into(),
            Actor::Voice(Some(name)) if open => format!("{name} said so"),
            Actor::Voice(_) => "somebody said so".into(),
            Actor::Rule(id) if open => format!("the rule {id}"),
            Actor::Rule(_) => "a rule".into(),
            Actor::Scene(id) if open => {
                let name = self.home.scenes.get(id).map_or("that is gone", |scene| &scene.name);
                format!("the scene {name}")
            }
            Actor::Scene(_) => "a scene".into(),
            Actor::Program(name) if open => format!("another program asked for it, by {name}"),
            Actor::Program(_) => "another program asked for it".into(),
            Actor::Hub => "the hub itself, or somebody at its machine".into(),
        }
    }

    fn run_text(&self, record: &RunRecord, open: bool) -> String {
        let what = if open {
            format!("the {} `{}`", record.of.kind(), record.name)
        } else {
            format!("a {}", record.of.kind())
        };
        match (record.undoes, &record.of) {
            (Some(_), _) => format!("a run of {what} was taken back"),
            (None, RunOf::Rule(_)) => format!("{what} ran"),
            (None, RunOf::Scene(_)) => format!("{what} was run"),
            (None, RunOf::Group(_)) => format!("{what} was controlled as one"),
        }
    }
}
