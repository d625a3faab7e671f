//! Commands wait here, per device: one in flight, the rest in order, and a newer `set` takes the place of a waiting one
//! for the same properties. So a scene of fifty lamps never meets "busy", and a dragged slider never piles up.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use hub_model::{Command, CommandId, DeviceKey, Outcome};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{Adapter, Context, Delivery, Order};

/// How many orders may wait for one device. One more is refused: the device is busy, and the person should know.
pub const WAITING: usize = 16;

/// How many orders of all devices may wait for the queues themselves. The hub answers UNREACHABLE when it is full,
/// which happens only when an adapter's task hangs.
pub const ORDERS: usize = 1024;

/// The orders of one device. Pure: it says what to do and does nothing.
#[derive(Debug, Default)]
pub struct DeviceQueue {
    busy: bool,
    waiting: VecDeque<Order>,
}

/// What became of a pushed order.
#[derive(Debug)]
pub enum Pushed {
    /// The device is free: carry it out.
    Start(Order),
    /// It waits; these waiting ones gave way to it.
    Waits(Vec<CommandId>),
    /// Too many wait already.
    Full(Order),
}

impl DeviceQueue {
    /// Takes an order in.
    pub fn push(&mut self, order: Order) -> Pushed {
        if !self.busy {
            self.busy = true;
            return Pushed::Start(order);
        }
        let mut superseded = Vec::new();
        self.waiting.retain(|old| {
            let gives_way = covers(&order.command, &old.command);
            if gives_way {
                superseded.push(old.command.id);
            }
            !gives_way
        });
        if self.waiting.len() == WAITING {
            return Pushed::Full(order);
        }
        self.waiting.push_back(order);
        Pushed::Waits(superseded)
    }

    /// The device is done with its order: the next one, if any waits.
    pub fn finish(&mut self) -> Option<Order> {
        let next = self.waiting.pop_front();
        self.busy = next.is_some();
        next
    }
}

/// Whether `newer` sets everything that `older` sets, so that nothing of `older` would be left.
fn covers(newer: &Command, older: &Command) -> bool {
    newer.target == older.target
        && older.invoke.is_none()
        && newer.invoke.is_none()
        && older.set.iter().all(|(property, _)| newer.set.iter().any(|(new, _)| new == property))
}

/// Hands `orders` to the adapter's `execute`, device by device, until the context stops or the hub lets go.
pub async fn run(adapter: Arc<dyn Adapter>, context: Context, mut orders: mpsc::Receiver<Order>) {
    let mut queues: HashMap<DeviceKey, DeviceQueue> = HashMap::new();
    let mut running: JoinSet<DeviceKey> = JoinSet::new();
    loop {
        tokio::select! {
            () = context.stopped() => return,
            Some(done) = running.join_next(), if !running.is_empty() => {
                // A panic in `execute` is the adapter's end; the supervisor sees it through this task's panic.
                let key = done.expect("an adapter's execute does not panic");
                match queues.get_mut(&key).and_then(DeviceQueue::finish) {
                    Some(next) => start(&mut running, &adapter, &context, next),
                    None => drop(queues.remove(&key)),
                }
            }
            order = orders.recv() => {
                let Some(order) = order else { return };
                match queues.entry(order.key.clone()).or_default().push(order) {
                    Pushed::Start(order) => start(&mut running, &adapter, &context, order),
                    Pushed::Waits(superseded) => {
                        for command in superseded {
                            context.delivered(command, failed(Outcome::Superseded, "a newer command took its place")).await;
                        }
                    }
                    Pushed::Full(order) => {
                        context.delivered(order.command.id, failed(Outcome::Refused, "the device is busy")).await;
                    }
                }
            }
        }
    }
}

fn start(running: &mut JoinSet<DeviceKey>, adapter: &Arc<dyn Adapter>, context: &Context, order: Order) {
    let (adapter, context) = (Arc::clone(adapter), context.clone());
    running.spawn(async move {
        let (key, command) = (order.key.clone(), Arc::clone(&order.command));
        let delivery = tokio::time::timeout(command.deadline, adapter.execute(order)).await;
        let delivery = delivery.unwrap_or_else(|_| failed(Outcome::TimedOut, "the device did not take it in time"));
        context.delivered(command.id, delivery).await;
        key
    });
}

fn failed(outcome: Outcome, why: &str) -> Delivery {
    Delivery::Failed(outcome, why.into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hub_model::{
        Actor, Cause, DeviceId, EndpointId, Invoke, Property, Target, Value,
        capability::{PropertySpec, brightness, lock, on_off},
    };

    use super::*;

    fn order(set: &[&'static PropertySpec], invoke: Option<Invoke>) -> Order {
        let set = set.iter().map(|spec| (Property::from(*spec), Value::Bool(true))).collect();
        let command = Command {
            id: CommandId::fresh(),
            key: None,
            target: Target { device: DeviceId::named("lamp"), endpoint: EndpointId::first() },
            set,
            invoke,
            transition: None,
            cause: Cause::root(Actor::Hub),
            deadline: Duration::from_secs(5),
        };
        Order { key: DeviceKey::new("lamp"), command: Arc::new(command) }
    }

    #[test]
    fn a_newer_set_takes_the_place_of_a_waiting_one_that_it_covers() {
        let mut queue = DeviceQueue::default();
        assert!(matches!(queue.push(order(&[&on_off::ON], None)), Pushed::Start(_)));
        let level = order(&[&brightness::LEVEL], None);
        assert!(matches!(queue.push(level.clone()), Pushed::Waits(superseded) if superseded.is_empty()));
        let both = order(&[&on_off::ON, &brightness::LEVEL], None);
        assert!(matches!(queue.push(both.clone()), Pushed::Waits(superseded) if superseded == [level.command.id]));
        // A set of one property would lose the other, so both wait.
        assert!(matches!(queue.push(order(&[&on_off::ON], None)), Pushed::Waits(superseded) if superseded.is_empty()));
        assert_eq!(queue.finish().map(|next| next.command.id), Some(both.command.id));
    }

    #[test]
    fn actions_are_never_dropped_and_a_busy_device_says_so() {
        let mut queue = DeviceQueue::default();
        let unlock = || order(&[], Some(Invoke::plain(&lock::UNLOCK)));
        assert!(matches!(queue.push(unlock()), Pushed::Start(_)));
        for _ in 0..WAITING {
            assert!(matches!(queue.push(unlock()), Pushed::Waits(superseded) if superseded.is_empty()));
        }
        assert!(matches!(queue.push(unlock()), Pushed::Full(_)));
        for _ in 0..WAITING {
            assert!(queue.finish().is_some());
        }
        assert!(queue.finish().is_none());
        assert!(matches!(queue.push(unlock()), Pushed::Start(_)));
    }
}
