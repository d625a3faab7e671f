//! Who has access: accounts and their tokens, looked up without I/O.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use hub_model::{AccountId, Actor, Principal, Role};
use hub_store::{Account, Change, CommitError, Store, Token, TokenHash, fresh_token};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

/// Why something about access can't be had.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The principal's role doesn't allow it.
    #[error("only the owner may do this")]
    NotAllowed,
    /// There is no such account.
    #[error("there is no such account")]
    NoSuch,
    /// A name that is empty or longer than 100 characters.
    #[error("a name has 1 to 100 characters")]
    Name,
    /// The store could not keep it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A secret can't be read or kept.
    #[error(transparent)]
    Secret(#[from] hub_store::SecretError),
    /// Nobody set that secret.
    #[error("there is no secret `{0}`: set it with `hub secret set {0}`")]
    NoSuchSecret(String),
    /// The backup could not be made.
    #[error(transparent)]
    Backup(#[from] hub_store::BackupError),
}

/// Every account. It is no part of the home, and the store is its only writer's partner: what is here is durable.
#[derive(Debug, Clone)]
pub struct Accounts {
    known: Arc<ArcSwap<Known>>,
    store: Store,
}

#[derive(Debug, Clone, Default)]
struct Known {
    accounts: HashMap<AccountId, Access>,
    tokens: HashMap<TokenHash, AccountId>,
}

#[derive(Debug, Clone)]
struct Access {
    account: Account,
    principal: Arc<Principal>,
    /// Cancelled when the account goes, so that what is open for it ends.
    revoked: CancellationToken,
}

impl Accounts {
    /// The accounts as they were stored.
    pub fn loaded(store: Store, accounts: Vec<Account>, tokens: Vec<Token>) -> Self {
        let accounts = accounts.into_iter().map(|account| (account.id, Access::of(account))).collect();
        let tokens = tokens.into_iter().map(|token| (token.hash, token.account)).collect();
        Self { known: Arc::new(ArcSwap::from_pointee(Known { accounts, tokens })), store }
    }

    /// Whom a token stands for, and what is cancelled when it no longer does.
    pub fn authenticate(&self, token: &str) -> Option<(Arc<Principal>, CancellationToken)> {
        let known = self.known.load();
        let access = known.accounts.get(known.tokens.get(&TokenHash::of(token))?)?;
        Some((Arc::clone(&access.principal), access.revoked.clone()))
    }

    /// What an account may do now, and what is cancelled when it no longer does; nothing where there is none any more.
    pub fn of(&self, account: AccountId) -> Option<(Arc<Principal>, CancellationToken)> {
        let known = self.known.load();
        let access = known.accounts.get(&account)?;
        Some((Arc::clone(&access.principal), access.revoked.clone()))
    }

    /// Makes an account with a token. The token is given once and kept only as its hash.
    pub async fn create(&self, name: &str, role: Role) -> Result<String, AccountError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(AccountError::Name);
        }
        let text = fresh_token();
        let created_at = Timestamp::now();
        let account = Account { id: AccountId::fresh(), name: name.into(), role, grants: Vec::new(), created_at };
        let token = Token { hash: TokenHash::of(&text), account: account.id, name: name.into(), created_at };
        self.store.commit(vec![Change::PutAccount(account.clone()), Change::PutToken(token.clone())]).await?;
        let access = Access::of(account);
        self.known.rcu(|known| {
            let mut known = Known::clone(known);
            known.tokens.insert(token.hash, access.account.id);
            known.accounts.insert(access.account.id, access.clone());
            known
        });
        Ok(text)
    }

    /// Every account.
    pub fn list(&self) -> Vec<Account> {
        let mut accounts: Vec<_> = self.known.load().accounts.values().map(|access| access.account.clone()).collect();
        accounts.sort_by_key(|account| account.id);
        accounts
    }

    /// Changes what a guest may see and do. What is open for the account ends, and comes back with the new rights.
    pub async fn grant(&self, id: AccountId, grants: Vec<hub_model::Grant>) -> Result<(), AccountError> {
        let account = self.account(id)?;
        self.put(Account { grants, ..account }).await
    }

    /// Gives an account another role. What is open for it ends, and comes back with the new rights.
    pub async fn set_role(&self, id: AccountId, role: Role) -> Result<(), AccountError> {
        let account = self.account(id)?;
        self.put(Account { role, ..account }).await
    }

    fn account(&self, id: AccountId) -> Result<Account, AccountError> {
        let known = self.known.load();
        known.accounts.get(&id).map(|access| access.account.clone()).ok_or(AccountError::NoSuch)
    }

    async fn put(&self, account: Account) -> Result<(), AccountError> {
        self.store.commit(vec![Change::PutAccount(account.clone())]).await?;
        self.replace(account.id, Some(Access::of(account)));
        Ok(())
    }

    /// Removes an account with its tokens; what is open for it ends.
    pub async fn remove(&self, id: AccountId) -> Result<(), AccountError> {
        if !self.known.load().accounts.contains_key(&id) {
            return Err(AccountError::NoSuch);
        }
        self.store.commit(vec![Change::RemoveAccount(id)]).await?;
        self.replace(id, None);
        Ok(())
    }

    fn replace(&self, id: AccountId, access: Option<Access>) {
        let before = self.known.rcu(|known| {
            let mut known = Known::clone(known);
            match access.clone() {
                Some(access) => drop(known.accounts.insert(id, access)),
                None => {
                    known.accounts.remove(&id);
                    known.tokens.retain(|_, account| *account != id);
                }
            }
            known
        });
        if let Some(access) = before.accounts.get(&id) {
            access.revoked.cancel();
        }
    }
}

impl Access {
    fn of(account: Account) -> Self {
        let actor = Actor::Person { account: account.id, name: account.name.as_str().into() };
        let principal = Arc::new(Principal { actor, role: account.role, grants: account.grants.clone() });
        Self { account, principal, revoked: CancellationToken::new() }
    }
}
