//! Who has access: whoever asks, accounts, invitations, secrets. Mostly for the owner.

use std::time::Instant;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use hub_model::Actor;
use jiff::Timestamp;

use super::{
    account::{Account, GrantInput},
    word::Role,
};
use crate::{Pairing, asker::Asker, find, scalar::DateTime};

/// Whoever asks.
#[derive(Debug, SimpleObject)]
struct Me {
    /// Their name; null for the hub's own machine.
    name: Option<String>,
    /// Their account.
    account: Option<ID>,
    /// What they may do.
    role: Role,
}

/// A code that somebody types once to get a token.
#[derive(SimpleObject)]
struct Invited {
    /// The digits.
    code: String,
    /// Until when they are taken.
    until: DateTime,
}

/// Reading who has access.
#[derive(Debug, Default)]
pub(crate) struct AccessQuery;

/// Changing who has access.
#[derive(Debug, Default)]
pub(crate) struct AccessMutation;

#[Object]
impl AccessQuery {
    /// Whoever asks.
    async fn me(&self, context: &Context<'_>) -> Me {
        let principal = Asker::of(context).session.principal();
        let (account, name) = match &principal.actor {
            Actor::Person { account, name } => (Some(account.into()), Some(name.to_string())),
            _ => (None, None),
        };
        Me { name, account, role: principal.role.into() }
    }

    /// Who can reach the hub. For the owner.
    async fn accounts(&self, context: &Context<'_>) -> Result<Vec<Account>, Error> {
        Ok(Asker::of(context).session.accounts()?.into_iter().map(Account::from).collect())
    }

    /// The names of the secrets that settings refer to; a secret itself is never told. For the owner.
    async fn secret_names(&self, context: &Context<'_>) -> Result<Vec<String>, Error> {
        Ok(Asker::of(context).session.secret_names()?)
    }
}

#[Object]
impl AccessMutation {
    /// Makes an account with a bearer token, which is told only now. For the owner.
    async fn create_token(
        &self,
        context: &Context<'_>,
        name: String,
        #[graphql(default_with = "Role::Member")] role: Role,
    ) -> Result<String, Error> {
        Ok(Asker::of(context).session.create_token(&name, role.into()).await?)
    }

    /// Opens a pairing: whoever types the code in the app within 15 minutes gets a token of this role. A code given out
    /// before is void. For the owner.
    async fn invite(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Role::Member")] role: Role,
    ) -> Result<Invited, Error> {
        let asker = Asker::of(context);
        asker.at_least(hub_model::Role::Owner)?;
        let invitation = asker.pairing.invite(role.into(), Instant::now())?;
        let until = Timestamp::now().checked_add(Pairing::OPEN_FOR).unwrap_or(Timestamp::MAX);
        Ok(Invited { code: invitation.code, until: until.into() })
    }

    /// Replaces what a guest may see and do. For the owner.
    async fn set_grants(&self, context: &Context<'_>, account: ID, grants: Vec<GrantInput>) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(hub_model::Role::Owner)?;
        let grants = grants.into_iter().map(|grant| grant.grant(asker)).collect::<Result<_, _>>()?;
        asker.session.grant(find::id("account", &account)?, grants).await?;
        Ok(true)
    }

    /// Gives an account another role; its open sockets close, and come back with the new rights. Rules that it edited last
    /// may do no more than it may. For the owner.
    async fn set_role(&self, context: &Context<'_>, account: ID, role: Role) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(hub_model::Role::Owner)?;
        asker.session.set_role(find::id("account", &account)?, role.into()).await?;
        Ok(true)
    }

    /// Ends an account: its tokens are void at once, and its open sockets close. For the owner.
    async fn remove_account(&self, context: &Context<'_>, id: ID) -> Result<bool, Error> {
        let asker = Asker::of(context);
        asker.at_least(hub_model::Role::Owner)?;
        asker.session.remove_account(find::id("account", &id)?).await?;
        Ok(true)
    }

    /// Keeps a secret for settings that say `{ secret = "name" }`. For the owner.
    async fn set_secret(&self, context: &Context<'_>, name: String, secret: String) -> Result<bool, Error> {
        Asker::of(context).session.put_secret(&name, &secret).await?;
        Ok(true)
    }

    /// Forgets a secret. For the owner.
    async fn remove_secret(&self, context: &Context<'_>, name: String) -> Result<bool, Error> {
        Asker::of(context).session.remove_secret(&name).await?;
        Ok(true)
    }
}
