//! A command's way through the hub task: checked, handed to its adapter, ended, answered.

use std::{sync::Arc, time::Duration};

use adapter_api::Order;
use hub_model::{Command, CommandId, Endpoint, Outcome, Source, What};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    check::{Checked, Control, check},
    expect::expected,
    pending::Ending,
    record,
    session::Ended,
    stats::Counters,
    task::{Reply, Task},
    view::View,
};

impl Task {
    pub(crate) fn control(&mut self, control: Control, view: View, within: Option<Duration>, reply: Reply) {
        if let Some(key) = &control.key {
            if let Some(id) = self.under_way.get(key) {
                return self.replies.entry(*id).or_default().push(reply);
            }
            if let Some(known) = self.store.command_by_key(key) {
                return drop(reply.send(Ok(Ended { id: known.id, outcome: known.outcome, reason: None })));
            }
        }
        // The rights are the session's, the home is the newest.
        let view = View { home: Arc::new(self.state.home.clone()), ..view };
        match check(control, CommandId::fresh(), &view, within) {
            Err(error) => drop(reply.send(Err(error))),
            Ok(Checked::No(command, outcome, reason)) => {
                self.begin(&command, reply);
                self.end(Ending { command, outcome, reason: Some(reason) });
            }
            Ok(Checked::Go(command, endpoint)) => {
                self.begin(&command, reply);
                self.dispatch(command, endpoint);
            }
        }
    }

    fn begin(&mut self, command: &Command, reply: Reply) {
        Counters::add(&self.counters.commands, 1);
        if let Some(key) = &command.key {
            self.under_way.insert(key.clone(), command.id);
        }
        self.replies.entry(command.id).or_default().push(reply);
    }

    /// Hands a command to the adapter that carries the device.
    fn dispatch(&mut self, command: Arc<Command>, endpoint: Arc<Endpoint>) {
        let Some(known) = self.state.home.device(command.target.device) else { return };
        let expected = expected(&command, known, |property| self.pending.presumed(&command.target, property));
        let carrier = known.device.origins.iter().find_map(|origin| Some((origin, self.orders.get(&origin.adapter)?)));
        let sent = carrier.is_some_and(|(origin, orders)| {
            orders.try_send(Order { key: origin.key.clone(), command: Arc::clone(&command) }).is_ok()
        });
        if !sent {
            let reason = Some("its adapter does not take commands just now".to_owned());
            return self.end(Ending { command, outcome: Outcome::Unreachable, reason });
        }
        if let Some(Source::Run(run)) = command.cause.from {
            self.boards.runs.handed_over(run, Timestamp::now());
        }
        for ending in self.pending.accept(command, endpoint, expected, Instant::now()) {
            self.end(ending);
        }
    }

    pub(crate) fn end(&mut self, ending: Ending) {
        let (id, device) = (ending.command.id, ending.command.target.device);
        let now = Timestamp::now();
        self.entries.push(record::command(&ending, now));
        let what = What::Command { id, device, outcome: ending.outcome };
        self.emit(what, ending.command.cause.clone(), now);
        let ended = Ended { id, outcome: ending.outcome, reason: ending.reason.clone() };
        // A client that sees its answer finds the state behind it, and the store knows the key.
        self.publish();
        if let Some(key) = &ending.command.key {
            self.under_way.remove(key);
        }
        for reply in self.replies.remove(&id).into_iter().flatten() {
            let _ = reply.send(Ok(ended.clone()));
        }
    }
}
