//! The rule engine's inbox: nothing is lost, and a burst of changes to one property becomes one change.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hub_model::{Cursor, Event, Path, What};
use tokio::sync::Notify;

/// Up to here every single change is kept, so that a short pulse triggers. Beyond, changes of the same property become
/// one (its first old value, its last new one), which bounds the inbox by the number of properties; occurrences and
/// the rest are never dropped.
const RELAXED: usize = 1024;

/// The reading end.
#[derive(Debug, Clone)]
pub struct Inbox {
    shared: Arc<Shared>,
}

/// The writing end, held by the hub task.
#[derive(Debug, Clone)]
pub struct Outlet {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// By their place in the stream, so that a merged one can leave its place.
    events: BTreeMap<Cursor, Arc<Event>>,
    /// Where the waiting change of each property stands.
    latest: HashMap<Path, Cursor>,
    merged: u64,
    /// Whether there is a reader; without one nothing needs to be kept.
    listened: bool,
}

impl Outlet {
    /// An outlet that nobody listens to yet.
    pub fn new() -> Self {
        Self { shared: Arc::default() }
    }

    /// The reading end. From now on events are kept; two readers would share them between them.
    pub fn listen(&self) -> Inbox {
        self.shared.lock().listened = true;
        Inbox { shared: Arc::clone(&self.shared) }
    }

    /// Puts events in; never waits.
    pub fn push(&self, events: &[Arc<Event>]) {
        let mut waiting = self.shared.lock();
        if events.is_empty() || !waiting.listened {
            return;
        }
        for event in events {
            waiting.push(event);
        }
        drop(waiting);
        self.shared.arrived.notify_one();
    }

    /// How many changes were merged into later ones.
    pub fn merged(&self) -> u64 {
        self.shared.lock().merged
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    /// Everything that waits, in order; waits until there is something. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Vec<Arc<Event>> {
        loop {
            let events = self.shared.lock().take();
            if !events.is_empty() {
                return events;
            }
            self.shared.arrived.notified().await;
        }
    }
}

impl Waiting {
    fn push(&mut self, event: &Arc<Event>) {
        let mut waiting = Arc::clone(event);
        if let What::Changed { path, new, .. } = &event.what {
            let before = self.latest.insert(path.clone(), event.cursor);
            let before = before.filter(|_| self.events.len() >= RELAXED).and_then(|cursor| self.events.remove(&cursor));
            if let Some(What::Changed { old, .. }) = before.as_deref().map(|before| &before.what) {
                self.merged += 1;
                let what = What::Changed { path: path.clone(), old: old.clone(), new: new.clone() };
                waiting = Arc::new(Event { what, ..Event::clone(event) });
            }
        }
        self.events.insert(event.cursor, waiting);
    }

    fn take(&mut self) -> Vec<Arc<Event>> {
        self.latest.clear();
        std::mem::take(&mut self.events).into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use hub_model::{Actor, Cause, Cursor, DeviceId, EndpointId, Property, Value, capability};
    use jiff::Timestamp;

    use super::*;

    fn change(seq: u64, device: u64, old: f64, new: f64) -> Arc<Event> {
        let path = Path {
            device: DeviceId::named(&device.to_string()),
            endpoint: EndpointId::first(),
            property: Property::from(&capability::power::WATTS),
        };
        Arc::new(Event {
            cursor: Cursor { epoch: 1, seq },
            at: Timestamp::UNIX_EPOCH,
            cause: Cause::root(Actor::Hub),
            what: What::Changed { path, old: Value::Number(old), new: Value::Number(new) },
        })
    }

    #[tokio::test]
    async fn a_burst_is_bounded_by_the_number_of_properties_and_keeps_every_last_value() {
        let outlet = Outlet::new();
        let mut inbox = outlet.listen();
        for seq in 0..100_000_u64 {
            outlet.push(&[change(seq, seq % 10, seq as f64, (seq + 1) as f64)]);
        }
        let events = inbox.next().await;
        assert!(events.len() <= RELAXED + 10, "{}", events.len());
        assert!(events.windows(2).all(|pair| pair[0].cursor < pair[1].cursor));
        let last = events.last().unwrap();
        assert!(matches!(&last.what, What::Changed { new: Value::Number(new), .. } if *new == 100_000.0));
        assert_eq!(outlet.merged() as usize + events.len(), 100_000);
    }

    #[tokio::test]
    async fn a_pulse_is_not_swallowed() {
        let outlet = Outlet::new();
        let mut inbox = outlet.listen();
        outlet.push(&[change(1, 1, 0.0, 1.0), change(2, 1, 1.0, 0.0)]);
        assert_eq!(inbox.next().await.len(), 2);
    }
}
