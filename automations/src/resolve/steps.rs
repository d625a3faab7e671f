//! Turns a rule's actions into its program.

use hub_model::HomeDevice;

use super::Resolver;
use crate::{
    fault::Spot,
    plan::{Check, Step},
    rule::{Action, Condition, OnFailure, Said, Then, Timeout, Times, Whereabouts},
};

/// The longest program; `each` over many devices makes long ones.
const LONGEST: usize = 10_000;

impl Resolver<'_> {
    pub(super) fn steps(&mut self, actions: &[Then]) {
        for then in actions {
            if self.program.len() > LONGEST {
                // It is noted once, at the end.
                return;
            }
            if then.on_failure != OnFailure::Continue {
                self.program.push(Step::Guard(then.on_failure));
            }
            self.step(&then.action);
        }
    }

    /// Notes a program that is too long.
    pub(super) fn check_length(&mut self, spot: Spot) {
        if self.program.len() > LONGEST {
            self.fault(spot, format!("the rule has more than {LONGEST} steps: make several of it"));
        }
    }

    fn step(&mut self, action: &Action) {
        let step = match action {
            Action::Set { target, set, transition } => Step::Control(self.set(target, set, *transition)),
            Action::Step { target, by, transition } => Step::Nudge(self.nudges(target, by, *transition)),
            Action::Toggle { target, property } => Step::Toggle(self.toggles(target, property)),
            Action::Invoke { target, action, arguments } => Step::Control(self.invoke(target, action, arguments)),
            Action::Scene(scene) => match self.scene(scene) {
                Some(scene) => Step::Scene(scene),
                None => return,
            },
            Action::Notify { to, title, text, severity, answers } => {
                Step::Notify(self.telling(*severity, to, (title, text), answers))
            }
            Action::Publish(message) => {
                self.needs_messages(message.spot);
                Step::Publish(message.value.clone())
            }
            Action::Speak { room, text } => {
                let room = room.as_ref().and_then(|room| self.room(room));
                Step::Speak { room, text: self.pieces(text) }
            }
            Action::Http(http) => Step::Call(self.call(http)),
            Action::Wait(span) => Step::Wait(*span),
            Action::WaitUntil { condition, at_most, or_else } => return self.wait_until(condition, *at_most, or_else),
            Action::If { condition, then, otherwise } => return self.branch(condition, then, otherwise),
            Action::Choose { ways, otherwise } => return self.choose(ways, otherwise),
            Action::Repeat { times: Times::Each(target), body } => return self.each(target, body),
            Action::Repeat { times, body } => return self.repeat(times, body),
            Action::Parallel(lists) => return self.fork(lists),
            Action::Stop(why) => Step::Stop(why.clone()),
            Action::Run(rule) => Step::Run(rule.value.clone()),
            Action::Enable { rule, enabled } => Step::Enable(rule.value.clone(), *enabled),
        };
        self.program.push(step);
    }

    /// Where the next step will stand.
    const fn here(&self) -> usize {
        self.program.len()
    }

    /// Adds a step whose aim comes later; the number is for [`Resolver::aim`].
    fn unaimed(&mut self, step: Step) -> usize {
        self.program.push(step);
        self.here() - 1
    }

    /// Makes the jump at a place lead to the end of the program so far.
    fn aim(&mut self, at: usize) {
        let end = self.here();
        if let Step::Unless(_, to) | Step::Jump(to) | Step::WaitUntil(.., to) | Step::Fork { join: to, .. } =
            &mut self.program[at]
        {
            *to = end;
        }
    }

    fn wait_until(&mut self, condition: &Condition, at_most: Option<std::time::Duration>, or_else: &Timeout) {
        let check = self.check(condition);
        let wait = self.unaimed(Step::WaitUntil(check, at_most, usize::MAX));
        match or_else {
            Timeout::GoOn => self.aim(wait),
            Timeout::Stop | Timeout::Do(_) => {
                let in_time = self.unaimed(Step::Jump(usize::MAX));
                self.aim(wait);
                match or_else {
                    Timeout::Do(late) => self.steps(late),
                    _ => self.program.push(Step::Stop("it waited in vain".into())),
                }
                self.aim(in_time);
            }
        }
    }

    fn branch(&mut self, condition: &Condition, then: &[Then], otherwise: &[Then]) {
        let check = self.check(condition);
        let unless = self.unaimed(Step::Unless(check, usize::MAX));
        self.steps(then);
        if otherwise.is_empty() {
            return self.aim(unless);
        }
        let jump = self.unaimed(Step::Jump(usize::MAX));
        self.aim(unless);
        self.steps(otherwise);
        self.aim(jump);
    }

    fn choose(&mut self, ways: &[(Condition, Vec<Then>)], otherwise: &[Then]) {
        let mut ends = Vec::new();
        for (condition, then) in ways {
            let check = self.check(condition);
            let unless = self.unaimed(Step::Unless(check, usize::MAX));
            self.steps(then);
            ends.push(self.unaimed(Step::Jump(usize::MAX)));
            self.aim(unless);
        }
        self.steps(otherwise);
        ends.into_iter().for_each(|end| self.aim(end));
    }

    /// A loop counts down, whatever ends it, so that none goes on for ever.
    fn repeat(&mut self, times: &Times, body: &[Then]) {
        let (count, is_too_often) = match times {
            Times::Count(count) => (*count, false),
            _ => (Times::MOST, true),
        };
        self.program.push(Step::Loop(count));
        let to = self.here();
        let before = match times {
            Times::While(condition) => {
                let check = self.check(condition);
                Some(self.unaimed(Step::Unless(check, usize::MAX)))
            }
            _ => None,
        };
        self.steps(body);
        let after = match times {
            Times::Until(condition) => {
                let check = Check::Not(Box::new(self.check(condition)));
                Some(self.unaimed(Step::Unless(check, usize::MAX)))
            }
            _ => None,
        };
        self.program.push(Step::Again { to, is_too_often });
        before.into_iter().chain(after).for_each(|at| self.aim(at));
        self.program.push(Step::Leave);
    }

    /// The body once for each device, in the order of their making.
    fn each(&mut self, target: &[Said<Whereabouts>], body: &[Then]) {
        let devices = self.whole_devices(target);
        let outer = self.it.take();
        for device in devices {
            self.it = self.home.device(device).map(|HomeDevice { device, .. }| device.handle.clone());
            self.steps(body);
        }
        self.it = outer;
    }

    fn fork(&mut self, lists: &[Vec<Then>]) {
        let fork = self.unaimed(Step::Fork { branches: Vec::new(), join: usize::MAX });
        for list in lists {
            let start = self.here();
            self.steps(list);
            self.program.push(Step::Join);
            if let Step::Fork { branches, .. } = &mut self.program[fork] {
                branches.push(start);
            }
        }
        self.aim(fork);
    }
}
