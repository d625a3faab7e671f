//! Why something is as it is.

use async_graphql::{Context, Enum, Error, ID, Object, SimpleObject};
use hub_core::{Because, Link};
use hub_model::Path;

use super::{
    cause::{Actor, who},
    control::{first, target},
    word::Outcome,
};
use crate::{
    asker::Asker,
    scalar::{DateTime, Value},
};

/// What a link of the chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum WhyKind {
    /// A property became something.
    State,
    /// A command brought it about.
    Command,
    /// A run of a rule or a scene gave the command.
    Run,
    /// Something that happened triggered the run.
    Event,
    /// Something was said to the rule: a phrase, a call, an answer, a message; or another rule ran.
    Prompt,
    /// A time triggered the run.
    Time,
    /// Who or what began it: the end of the chain.
    Origin,
    /// What it came from is no longer kept: the end of the chain.
    Lost,
}

/// A link of the chain that leads from a state to its origin.
#[derive(Debug, SimpleObject)]
struct WhyLink {
    /// What it is.
    kind: WhyKind,
    /// When it was.
    at: Option<DateTime>,
    /// A sentence for people.
    text: String,
    /// The id of the device that a state is of.
    device: Option<ID>,
    /// The endpoint of a state.
    endpoint: Option<ID>,
    /// The property of a state.
    property: Option<String>,
    /// What a state became.
    value: Option<Value>,
    /// The command.
    command: Option<ID>,
    /// How the command ended.
    outcome: Option<Outcome>,
    /// The run.
    run: Option<ID>,
    /// Of an origin, what kind of thing it is.
    actor: Option<Actor>,
    /// The id of the rule, scene or group of a run, or of the device, account, rule or scene of an origin.
    id: Option<ID>,
}

impl WhyLink {
    fn plain(kind: WhyKind, at: Option<jiff::Timestamp>, text: String) -> Self {
        Self {
            kind,
            at: at.map(DateTime),
            text,
            device: None,
            endpoint: None,
            property: None,
            value: None,
            command: None,
            outcome: None,
            run: None,
            actor: None,
            id: None,
        }
    }
}

impl From<Link> for WhyLink {
    fn from(Link { at, what, text }: Link) -> Self {
        match what {
            Because::State { path, value } => Self {
                device: Some(path.device.into()),
                endpoint: Some(ID(path.endpoint.to_string())),
                property: Some(path.property.to_string()),
                value: Value::known(&value),
                ..Self::plain(WhyKind::State, at, text)
            },
            Because::Command { id, outcome } => {
                let outcome = outcome.map(Outcome::from);
                Self { command: Some(id.into()), outcome, ..Self::plain(WhyKind::Command, at, text) }
            }
            Because::Run { id, of } => {
                let of = of.map(|of| ID(of.id().to_string()));
                Self { run: Some(id.into()), id: of, ..Self::plain(WhyKind::Run, at, text) }
            }
            Because::Event(_) => Self::plain(WhyKind::Event, at, text),
            Because::Prompt => Self::plain(WhyKind::Prompt, at, text),
            Because::Time => Self::plain(WhyKind::Time, at, text),
            Because::Origin(actor) => {
                let who = actor.as_ref().map(who);
                let (actor, id) = who.map_or((None, None), |(actor, id, _)| (Some(actor), id));
                Self { actor, id, ..Self::plain(WhyKind::Origin, at, text) }
            }
            Because::Lost => Self::plain(WhyKind::Lost, at, text),
        }
    }
}

/// Asking why.
#[derive(Debug, Default)]
pub(crate) struct WhyQuery;

#[Object]
impl WhyQuery {
    /// Why a property is as it is, or was at a moment: from the state to the command, the run, the trigger, and whoever
    /// began it, as long as history has it. A guest is told no names of what they may not see.
    #[graphql(complexity = "20 * child_complexity")]
    async fn why(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The device's id or handle.")] device: ID,
        #[graphql(desc = "Its endpoint.", default_with = "first()")] endpoint: ID,
        #[graphql(
            desc = "The property's whole name; where it is left out, what of the device was set or changed last."
        )]
        property: Option<String>,
        #[graphql(desc = "A moment in the past; now where it is left out.")] at: Option<DateTime>,
    ) -> Result<Vec<WhyLink>, Error> {
        let asker = Asker::of(context);
        let target = target(asker, &device, &endpoint)?;
        let path = match property {
            Some(property) => Path { device: target.device, endpoint: target.endpoint, property: property.parse()? },
            None => {
                let nothing = || Error::new("nothing of this device was ever reported");
                asker.session.property_to_explain(target.device).ok_or_else(nothing)?
            }
        };
        let chain = asker.session.why(&path, at.map(|at| at.0)).await?;
        Ok(chain.into_iter().map(WhyLink::from).collect())
    }
}
