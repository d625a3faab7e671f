//! Adding devices: what is nearby, and one flow for every adapter.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use hub_model::{AdapterName, CandidateId, Role};

use super::word::Kind;
use crate::{asker::Asker, find};

/// Something nearby that could be added.
#[derive(Debug, SimpleObject)]
struct Candidate {
    /// For `add`.
    id: ID,
    /// The adapter that found it.
    adapter: String,
    /// What to call it.
    name: String,
    /// What it seems to be.
    kind: Kind,
    /// Its maker, where it says so.
    vendor: Option<String>,
    /// Its model, where it says so.
    model: Option<String>,
}

/// A device that is being added.
#[derive(Debug, SimpleObject)]
struct Adding {
    /// For `onboarding`, `answer` and `cancelAdd`.
    id: ID,
}

/// An answer to an ask.
#[derive(InputObject)]
struct AnswerInput {
    /// The ask's name.
    name: String,
    /// The answer.
    value: String,
}

/// What is nearby.
#[derive(Debug, Default)]
pub(crate) struct AddingQuery;

/// Adding.
#[derive(Debug, Default)]
pub(crate) struct AddingMutation;

#[Object]
impl AddingQuery {
    /// What could be added. For admins.
    async fn candidates(&self, context: &Context<'_>) -> Result<Vec<Candidate>, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        Ok(asker.session.candidates().into_iter().map(Candidate::from).collect())
    }
}

#[Object]
impl AddingMutation {
    /// Begins to add a candidate, or what a code stands for. For admins. `onboarding` tells how it goes.
    async fn add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "One of `candidates`.")] candidate: Option<ID>,
        #[graphql(desc = "The adapter to use, where a code alone doesn't tell.")] adapter: Option<String>,
        #[graphql(desc = "A setup code, a QR code's text, or an address.")] code: Option<String>,
        #[graphql(desc = "Where it will be: a room's id or name.")] room: Option<ID>,
    ) -> Result<Adding, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let candidate: Option<CandidateId> = candidate.map(|id| find::id("candidate", &id)).transpose()?;
        let room = room.map(|room| find::room(asker.view(), &room)).transpose()?;
        let adapter = adapter.map(|adapter| AdapterName(adapter.into()));
        let id = asker.session.add(candidate, adapter, code, room)?;
        Ok(Adding { id: id.into() })
    }

    /// Answers what an onboarding asks.
    async fn answer(&self, context: &Context<'_>, id: ID, answers: Vec<AnswerInput>) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        let answers = answers.into_iter().map(|answer| (answer.name.into(), answer.value)).collect();
        asker.session.answer(find::id("onboarding", &id)?, answers)?;
        Ok(true)
    }

    /// Gives up adding a device.
    async fn cancel_add(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(Role::Admin)?;
        asker.session.cancel(find::id("onboarding", &id)?);
        Ok(true)
    }
}

impl From<hub_core::NearBy> for Candidate {
    fn from(near: hub_core::NearBy) -> Self {
        let hub_core::Candidate { name, kind, vendor, model, .. } = near.candidate;
        let text = |text: smol_str::SmolStr| text.to_string();
        Self {
            id: near.id.into(),
            adapter: near.adapter.to_string(),
            name,
            kind: kind.into(),
            vendor: vendor.map(text),
            model: model.map(text),
        }
    }
}
