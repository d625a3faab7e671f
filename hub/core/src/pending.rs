//! Commands under way: what each still waits for, and how it ends. Pure: time comes in, endings go out. Deadlines are on
//! the monotonic clock, so that a wall clock that is set doesn't end what is under way.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use adapter_api::Delivery;
use hub_model::{Cause, Command, CommandId, Endpoint, Outcome, Path, Source, Target, Value, capability::Access};
use tokio::time::Instant;

use crate::expect::Expected;

/// Every command that has no outcome yet.
#[derive(Debug, Default)]
pub struct Pending {
    commands: HashMap<CommandId, UnderWay>,
    by_target: HashMap<Target, Vec<CommandId>>,
    /// When each gives up; the first is next.
    deadlines: BTreeSet<(Instant, CommandId)>,
}

/// A command under way.
#[derive(Debug)]
struct UnderWay {
    command: Arc<Command>,
    endpoint: Arc<Endpoint>,
    awaited: Vec<Expected>,
    /// Whether there was anything to wait for at all.
    tells: bool,
    sent: bool,
    expires: Instant,
}

/// A command that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// What was asked.
    pub command: Arc<Command>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, where that isn't plain.
    pub reason: Option<String>,
}

impl Pending {
    /// Takes a command in; the older ones that it makes pointless end here.
    pub fn accept(
        &mut self,
        command: Arc<Command>,
        endpoint: Arc<Endpoint>,
        expected: Vec<Expected>,
        now: Instant,
    ) -> Vec<Ending> {
        let superseded = self.supersede(&command);
        let expires = now + command.deadline;
        self.deadlines.insert((expires, command.id));
        self.by_target.entry(command.target.clone()).or_default().push(command.id);
        let tells = !expected.is_empty();
        let under_way = UnderWay { awaited: expected, endpoint, tells, sent: false, expires, command };
        self.commands.insert(under_way.command.id, under_way);
        superseded
    }

    /// The adapter says how far an order came.
    pub fn delivered(&mut self, id: CommandId, delivery: Delivery) -> Option<Ending> {
        let under_way = self.commands.get_mut(&id)?;
        match delivery {
            Delivery::Sent => {
                under_way.sent = true;
                // What it already was is done: the device's own last word says so, and it need not say it again.
                let endpoint = &under_way.endpoint;
                under_way.awaited.retain(|expected| !fulfils(endpoint, expected, &expected.before));
                match (under_way.tells, under_way.awaited.is_empty()) {
                    (false, _) => self.end(id, Outcome::Assumed, None),
                    (true, true) => self.end(id, Outcome::Done, None),
                    (true, false) => None,
                }
            }
            Delivery::Queued => self.end(id, Outcome::Queued, None),
            Delivery::Failed(outcome, reason) => self.end(id, outcome, Some(reason)),
        }
    }

    /// A device reported a value: who caused it, if a command did, and the command that is done with it.
    pub fn reported(&mut self, path: &Path, value: &Value) -> (Option<Cause>, Option<Ending>) {
        let target = Target { device: path.device, endpoint: path.endpoint.clone() };
        let Some(ids) = self.by_target.get(&target) else { return (None, None) };
        // The newest first: where two asked for the same, the newer one superseded the older.
        for id in ids.iter().rev().copied().collect::<Vec<_>>() {
            let Some(under_way) = self.commands.get_mut(&id) else { continue };
            let Some(claim) = under_way.claim(path, value) else { continue };
            let cause = Cause { from: Some(Source::Command(id)), ..under_way.command.cause.clone() };
            if claim == Claim::Fulfilled {
                under_way.awaited.retain(|expected| expected.property != path.property);
            }
            let is_done = under_way.tells && under_way.awaited.is_empty();
            let ending = if is_done { self.end(id, Outcome::Done, None) } else { None };
            return (Some(cause), ending);
        }
        (None, None)
    }

    /// Ends what has waited too long.
    pub fn expire(&mut self, now: Instant) -> Vec<Ending> {
        let mut endings = Vec::new();
        while let Some(&(at, id)) = self.deadlines.first() {
            if at > now {
                break;
            }
            let sent = self.commands.get(&id).is_some_and(|under_way| under_way.sent);
            let reason =
                if sent { "the device did not report it in time" } else { "the device did not take it in time" };
            endings.extend(self.end(id, Outcome::TimedOut, Some(reason.into())));
        }
        endings
    }

    /// Ends every command for a device that can no longer be reached.
    pub fn lost(&mut self, device: hub_model::DeviceId) -> Vec<Ending> {
        let ids: Vec<_> =
            self.commands.values().filter(|it| it.command.target.device == device).map(|it| it.command.id).collect();
        ids.into_iter()
            .filter_map(|id| self.end(id, Outcome::Unreachable, Some("the connection was lost".into())))
            .collect()
    }

    /// When [`Pending::expire`] should be called next.
    pub fn wakes_at(&self) -> Option<Instant> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// Takes over what older commands for the same endpoint still wait for; those left with nothing end.
    fn supersede(&mut self, newer: &Command) -> Vec<Ending> {
        let mut over = Vec::new();
        for id in self.by_target.get(&newer.target).into_iter().flatten() {
            let Some(older) = self.commands.get_mut(id) else { continue };
            let before = older.awaited.len();
            older.awaited.retain(|expected| !newer.set.iter().any(|(property, _)| *property == expected.property));
            if before > 0 && older.awaited.is_empty() {
                over.push(*id);
            }
        }
        let reason = || Some("a newer command took its place".to_owned());
        over.into_iter().filter_map(|id| self.end(id, Outcome::Superseded, reason())).collect()
    }

    fn end(&mut self, id: CommandId, outcome: Outcome, reason: Option<String>) -> Option<Ending> {
        let under_way = self.commands.remove(&id)?;
        self.deadlines.remove(&(under_way.expires, id));
        if let Some(ids) = self.by_target.get_mut(&under_way.command.target) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_target.remove(&under_way.command.target);
            }
        }
        Some(Ending { command: under_way.command, outcome, reason })
    }
}

/// How a reported value belongs to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// It is what was asked.
    Fulfilled,
    /// It is on the way there, or beside it.
    OnTheWay,
}

impl UnderWay {
    fn claim(&self, path: &Path, value: &Value) -> Option<Claim> {
        if let Some(expected) = self.awaited.iter().find(|expected| expected.property == path.property) {
            if fulfils(&self.endpoint, expected, value) {
                return Some(Claim::Fulfilled);
            }
            return expected
                .values
                .iter()
                .any(|asked| is_between(&expected.before, value, asked))
                .then_some(Claim::OnTheWay);
        }
        // A command moves more than it names: a lamp that is dimmed goes on, a lock is unlocking before it is unlocked.
        let capability = hub_model::capability::capability_of(path.property.as_str());
        let names = |name: &str| hub_model::capability::capability_of(name) == capability;
        let named = self.command.set.iter().any(|(property, _)| names(property.as_str()))
            || self.command.invoke.as_ref().is_some_and(|invoke| names(invoke.action.as_str()));
        let offer = self.endpoint.offer(&path.property);
        (named || offer.is_some_and(|offer| offer.access == Access::ReadWrite)).then_some(Claim::OnTheWay)
    }
}

fn fulfils(endpoint: &Endpoint, expected: &Expected, value: &Value) -> bool {
    let offer = endpoint.offer(&expected.property);
    offer.is_some_and(|offer| expected.values.iter().any(|asked| offer.fulfils(asked, value)))
}

fn is_between(from: &Value, value: &Value, to: &Value) -> bool {
    match (from, value, to) {
        (Value::Number(from), Value::Number(value), Value::Number(to)) => {
            (from.min(*to)..=from.max(*to)).contains(value)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
