//! Who asks, as the resolvers know them.

use std::sync::{Arc, OnceLock};

use async_graphql::Context;
use automations::Automations;
use bytes::Bytes;
use hub_core::{Session, View};
use hub_model::Role;

use crate::{Pairing, cards::Cards};

/// The right that an operation needs and the asker hasn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only {who} may do this: ask one to do it, or to change your role", who = who(*.0))]
pub(crate) struct NotAllowed(Role);

/// The asker of one request, and what they can reach through it.
pub(crate) struct Asker {
    /// Their rights.
    pub(crate) session: Session,
    /// The rules of the home.
    pub(crate) rules: Automations,
    /// Where invitations are made.
    pub(crate) pairing: Pairing,
    /// Devices as they were written before.
    pub(crate) shelves: Arc<Cards>,
    /// The whole question, if its lists of devices may be made of such.
    pub(crate) cards: Option<Bytes>,
    at_first: OnceLock<Arc<View>>,
}

impl Asker {
    /// An asker who has seen nothing yet.
    pub(crate) const fn new(session: Session, rules: Automations, pairing: Pairing, shelves: Arc<Cards>) -> Self {
        Self { session, rules, pairing, shelves, cards: None, at_first: OnceLock::new() }
    }

    /// The asker of the request that a resolver works for.
    pub(crate) fn of<'a>(context: &Context<'a>) -> &'a Self {
        context.data_unchecked::<Arc<Self>>()
    }

    /// The home as it was when the request began: all queries of a document read this one.
    pub(crate) fn view(&self) -> &Arc<View> {
        self.at_first.get_or_init(|| self.fresh())
    }

    /// The home as it is now, for what follows a change.
    pub(crate) fn fresh(&self) -> Arc<View> {
        Arc::new(self.session.view())
    }

    /// Goes on only with at least this role.
    pub(crate) fn at_least(&self, role: Role) -> Result<(), NotAllowed> {
        if self.session.principal().role >= role { Ok(()) } else { Err(NotAllowed(role)) }
    }
}

const fn who(role: Role) -> &'static str {
    match role {
        Role::Guest => "somebody with a token",
        Role::Member => "a member",
        Role::Admin => "an admin or the owner",
        Role::Owner => "the owner",
    }
}
