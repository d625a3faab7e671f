//! Commands under way: what each still waits for, and how it ends. Pure: time comes in, endings go out. Deadlines are on
//! the monotonic clock, so that a wall clock that is set doesn't end what is under way.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use adapter_api::Delivery;
use hub_model::{
    Cause, Command, CommandId, Endpoint, Outcome, Path, Property, Source, Target, Value, capability::Access,
};
use tokio::time::Instant;

use crate::expect::{Expected, shown};

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

    /// What a property is once all that is under way has acted, where something under way changes it.
    pub fn presumed(&self, target: &Target, property: &Property) -> Option<Value> {
        let newest_first = self.by_target.get(target)?.iter().rev();
        newest_first.filter_map(|id| self.commands.get(id)?.awaits(property)?.values.first()).next().cloned()
    }

    /// The adapter says how far an order came.
    pub fn delivered(&mut self, id: CommandId, delivery: Delivery) -> Vec<Ending> {
        let Some(under_way) = self.commands.get_mut(&id) else { return Vec::new() };
        match delivery {
            Delivery::Sent if under_way.tells => {
                under_way.sent = true;
                let target = under_way.command.target.clone();
                self.settle(&target)
            }
            Delivery::Sent => self.end(id, Outcome::Assumed, None).into_iter().collect(),
            Delivery::Queued => self.end(id, Outcome::Queued, None).into_iter().collect(),
            Delivery::Failed(outcome, reason) => self.end(id, outcome, Some(reason)).into_iter().collect(),
        }
    }

    /// A device reported a value: who caused it, if a command did, and the commands that come to their end with it.
    pub fn reported(&mut self, path: &Path, value: &Value) -> (Option<Cause>, Vec<Ending>) {
        let target = Target { device: path.device, endpoint: path.endpoint.clone() };
        let Some((id, claim)) = self.claimant(&target, path, value) else { return (None, Vec::new()) };
        let Some(under_way) = self.commands.get_mut(&id) else { return (None, Vec::new()) };
        let cause = Cause { from: Some(Source::Command(id)), ..under_way.command.cause.clone() };
        if claim == Claim::OnTheWay {
            return (Some(cause), Vec::new());
        }
        under_way.awaited.retain(|expected| expected.property != path.property);
        let is_done = under_way.awaited.is_empty();
        // A device that was told two things at once may report the last alone: the older ones wait for it in vain.
        let older = self.under_way(&target).into_iter().take_while(|older| *older != id).collect();
        let mut endings = self.take_over(older, |awaited| *awaited == path.property);
        endings.extend(is_done.then(|| self.end(id, Outcome::Done, None)).flatten());
        endings.extend(self.settle(&target));
        (Some(cause), endings)
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

    /// Whose report it is: the oldest that asked for this value, else the newest that passes it on its way. One that was
    /// not sent yet asked for nothing while an older one waits for the same property.
    fn claimant(&self, target: &Target, path: &Path, value: &Value) -> Option<(CommandId, Claim)> {
        let (mut on_the_way, mut older_awaits) = (None, false);
        for id in self.by_target.get(target)? {
            let Some(under_way) = self.commands.get(id) else { continue };
            match under_way.claim(path, value) {
                Some(Claim::Fulfilled) if under_way.sent || !older_awaits => return Some((*id, Claim::Fulfilled)),
                Some(Claim::OnTheWay) => on_the_way = Some((*id, Claim::OnTheWay)),
                Some(Claim::Fulfilled) | None => {}
            }
            older_awaits |= under_way.awaits(&path.property).is_some();
        }
        on_the_way
    }

    /// Takes over what older commands for the same endpoint still wait for; those left with nothing end.
    fn supersede(&mut self, newer: &Command) -> Vec<Ending> {
        self.take_over(self.under_way(&newer.target), |property| newer.set.iter().any(|(set, _)| set == property))
    }

    fn take_over(&mut self, older: Vec<CommandId>, takes: impl Fn(&Property) -> bool) -> Vec<Ending> {
        let left_with_nothing = |id: &CommandId| {
            let Some(older) = self.commands.get_mut(id) else { return false };
            let before = older.awaited.len();
            older.awaited.retain(|expected| !takes(&expected.property));
            before > 0 && older.awaited.is_empty()
        };
        let over: Vec<_> = older.into_iter().filter(left_with_nothing).collect();
        let reason = || Some("a newer command took its place".to_owned());
        over.into_iter().filter_map(|id| self.end(id, Outcome::Superseded, reason())).collect()
    }

    /// Ends what was sent and asked for what is so already: the device's own last word says it, and it need not say it
    /// again. That word is known once nothing older waits for one.
    fn settle(&mut self, target: &Target) -> Vec<Ending> {
        let (mut awaited_by_older, mut done) = (Vec::new(), Vec::new());
        for id in self.by_target.get(target).into_iter().flatten() {
            let Some(UnderWay { awaited, endpoint, sent, tells, .. }) = self.commands.get_mut(id) else { continue };
            if *sent && *tells {
                awaited.retain(|expected| {
                    awaited_by_older.contains(&expected.property) || !fulfils(endpoint, expected, &expected.before)
                });
                if awaited.is_empty() {
                    done.push(*id);
                }
            }
            awaited_by_older.extend(awaited.iter().map(|expected| expected.property.clone()));
        }
        done.into_iter().filter_map(|id| self.end(id, Outcome::Done, None)).collect()
    }

    /// The commands for an endpoint, in the order in which they were accepted.
    fn under_way(&self, target: &Target) -> Vec<CommandId> {
        self.by_target.get(target).cloned().unwrap_or_default()
    }

    fn end(&mut self, id: CommandId, outcome: Outcome, reason: Option<String>) -> Option<Ending> {
        let over = self.commands.remove(&id)?;
        self.deadlines.remove(&(over.expires, id));
        if outcome != Outcome::Done {
            self.presume_anew(&over);
        }
        if let Some(ids) = self.by_target.get_mut(&over.command.target) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_target.remove(&over.command.target);
            }
        }
        Some(Ending { command: over.command, outcome, reason })
    }

    /// What newer commands find and expect without one that came to nothing, as far as anybody knows: a lamp that is to be
    /// brighter by ten, twice, ends ten lower when the first fails.
    fn presume_anew(&mut self, without: &UnderWay) {
        let ids = self.under_way(&without.command.target);
        let newer = || ids.iter().skip_while(|id| **id != without.command.id).skip(1);
        for Expected { property, before, .. } in &without.awaited {
            let mut now = before.clone();
            for id in newer() {
                let Some(UnderWay { command, endpoint, awaited, .. }) = self.commands.get_mut(id) else { continue };
                let Some(expected) = awaited.iter_mut().find(|expected| expected.property == *property) else {
                    continue;
                };
                let anew = command.invoke.as_ref().and_then(|invoke| shown(invoke, endpoint, |_| Some(now.clone())));
                if let Some((_, values)) = anew {
                    expected.values = values;
                }
                expected.before =
                    std::mem::replace(&mut now, expected.values.first().cloned().unwrap_or(Value::Unknown));
            }
        }
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
    /// What it still waits for of a property.
    fn awaits(&self, property: &Property) -> Option<&Expected> {
        self.awaited.iter().find(|expected| expected.property == *property)
    }

    fn claim(&self, path: &Path, value: &Value) -> Option<Claim> {
        if let Some(expected) = self.awaits(&path.property) {
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
