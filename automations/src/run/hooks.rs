//! The addresses of rules: nobody can guess one, and each is called only so often.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hub_core::Session;
use hub_model::RuleId;
use sha2::{Digest, Sha256};

use crate::rule::{Methods, Rule, Trigger};

/// Under this name the hub keeps what addresses are made of.
const NOTE: &str = "hook-key";
/// So many calls of one address may come at once, and then one a second.
const AT_ONCE: f64 = 20.0;
const A_SECOND: f64 = 1.0;

/// What addresses are made of: 256 bits that never leave the hub.
#[derive(Clone)]
pub(super) struct HookKey([u8; 32]);

/// A trigger with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The secret part of the address: `POST /hook/<this>`.
    pub secret: String,
    /// Whose.
    pub rule: RuleId,
    /// The number of its trigger.
    pub trigger: usize,
    /// By which methods.
    pub methods: Methods,
}

/// The addresses that there are just now.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    by_secret: Mutex<HashMap<String, (Hook, Budget)>>,
}

/// How many calls may still come.
#[derive(Debug, Clone, Copy)]
struct Budget {
    left: f64,
    at: Instant,
}

/// Why a call is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No rule has that address.
    #[error("there is nothing here")]
    NoSuchHook,
    /// The rule is not called in this way.
    #[error("this address is not called by that method")]
    Method,
    /// Too many calls.
    #[error("too many calls: one a second is heard")]
    TooMany,
    /// The rules are being stopped.
    #[error("the hub is ending; try again when it is back")]
    Stopped,
}

impl HookKey {
    /// The key that was kept, or a new one. A new one in place of one that can't be read would end all addresses for good.
    pub(super) async fn of(session: &Session) -> Option<Self> {
        let key = async {
            if let Some(kept) = session.recall(NOTE).map_err(|error| error.to_string())? {
                return kept.try_into().map_err(|_| "the key that was kept is damaged".to_owned());
            }
            let mut key = [0; 32];
            getrandom::fill(&mut key).map_err(|error| error.to_string())?;
            session.keep(NOTE, &key).await.map_err(|error| error.to_string())?;
            Ok(key)
        };
        match key.await {
            Ok(key) => Some(Self(key)),
            Err(error) => {
                tracing::warn!(error, "The addresses of rules can't be made: rules with `webhook` hear nothing.");
                None
            }
        }
    }

    /// The secret of a trigger: by its id where it has one, else by its number.
    fn secret(&self, rule: &Rule, number: usize) -> String {
        let name = rule.when.get(number).and_then(|when| when.id.clone());
        let trigger = name.map_or_else(|| format!("#{number}"), |name| name.to_string());
        let mut hash = Sha256::new();
        hash.update(self.0);
        // Its length keeps `a` with `bc` apart from `ab` with `c`.
        hash.update((rule.id.value.0.len() as u64).to_be_bytes());
        hash.update(rule.id.value.0.as_bytes());
        hash.update(trigger.as_bytes());
        URL_SAFE_NO_PAD.encode(&hash.finalize()[..24])
    }

    /// The addresses of rules.
    pub(super) fn hooks(&self, rules: &[Arc<Rule>]) -> Vec<Hook> {
        let of_rule = |rule: &Arc<Rule>| {
            let triggers = rule.when.iter().enumerate();
            let hooks = triggers.filter_map(|(trigger, when)| match when.trigger {
                Trigger::Webhook(methods) => {
                    let secret = self.secret(rule, trigger);
                    Some(Hook { secret, rule: rule.id.value.clone(), trigger, methods })
                }
                _ => None,
            });
            hooks.collect::<Vec<_>>()
        };
        rules.iter().flat_map(of_rule).collect()
    }
}

impl Hooks {
    /// Takes these for those that were; how often each was called stays known.
    pub(super) fn replace(&self, hooks: Vec<Hook>) {
        let mut known = self.lock();
        let mut before = std::mem::take(&mut *known);
        let fresh = || Budget { left: AT_ONCE, at: Instant::now() };
        known.extend(hooks.into_iter().map(|hook| {
            let budget = before.remove(&hook.secret).map_or_else(fresh, |(_, budget)| budget);
            (hook.secret.clone(), (hook, budget))
        }));
    }

    /// The addresses of a rule.
    pub(super) fn of(&self, rule: &RuleId) -> Vec<Hook> {
        let mut hooks: Vec<_> =
            self.lock().values().map(|(hook, _)| hook).filter(|hook| hook.rule == *rule).cloned().collect();
        hooks.sort_by_key(|hook| hook.trigger);
        hooks
    }

    /// Takes a call of an address.
    pub(super) fn call(&self, secret: &str, method: &str) -> Result<Hook, CallError> {
        let mut known = self.lock();
        let (hook, budget) = known.get_mut(secret).ok_or(CallError::NoSuchHook)?;
        let may = match method {
            "GET" => hook.methods.get,
            "POST" => hook.methods.post,
            "PUT" => hook.methods.put,
            _ => false,
        };
        if !may {
            return Err(CallError::Method);
        }
        if !budget.takes(Instant::now()) {
            return Err(CallError::TooMany);
        }
        Ok(hook.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Hook, Budget)>> {
        self.by_secret.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Budget {
    fn takes(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).min(Duration::from_secs(3600));
        self.left = passed.as_secs_f64().mul_add(A_SECOND, self.left).min(AT_ONCE);
        self.at = now;
        let takes = self.left >= 1.0;
        if takes {
            self.left -= 1.0;
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<Arc<Rule>> {
        crate::parse::parse(&std::path::Path::new("a.toml").into(), text).rules.into_iter().map(Arc::new).collect()
    }

    const TWO: &str = "name = \"A\"\nwhen = [ { webhook = {} }, { webhook = { methods = [\"GET\", \"PUT\"] }, id = \"b\" } ]\nthen = [ { wait = \"1s\" } ]";

    #[test]
    fn an_address_stays_while_its_rule_and_trigger_are_called_the_same() {
        let key = HookKey([7; 32]);
        let hooks = key.hooks(&rules(TWO));
        assert_eq!(hooks.len(), 2);
        assert!(hooks[0].secret.len() == 32 && hooks[0].secret != hooks[1].secret);
        let moved = TWO.replace("{ webhook = {} }, ", "");
        assert_eq!(key.hooks(&rules(&moved))[0].secret, hooks[1].secret);
        assert_ne!(HookKey([8; 32]).hooks(&rules(TWO))[0].secret, hooks[0].secret);
    }

    #[test]
    fn an_address_is_called_by_its_methods_and_only_so_often() {
        let hooks = Hooks::default();
        let made = HookKey([7; 32]).hooks(&rules(TWO));
        let secret = made[1].secret.clone();
        hooks.replace(made.clone());
        assert_eq!(hooks.call("nothing", "GET"), Err(CallError::NoSuchHook));
        assert_eq!(hooks.call(&secret, "POST"), Err(CallError::Method));
        for _ in 0..20 {
            assert_eq!(hooks.call(&secret, "GET").unwrap().trigger, 1);
        }
        hooks.replace(made);
        assert_eq!(hooks.call(&secret, "GET"), Err(CallError::TooMany));
        let mut budget = Budget { left: 0.0, at: Instant::now() };
        assert!(!budget.takes(budget.at) && budget.takes(budget.at + Duration::from_secs(1)));
    }
}
