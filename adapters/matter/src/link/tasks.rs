//! Futures that run beside each other on the protocol's thread and share its one waker.
//!
//! The library's locks keep a single waker each. Executors that give every task a waker of its own would make waiting
//! tasks wake each other without end, so all of them are polled whenever one is.

use std::{cell::RefCell, future::Future, pin::Pin, task::Poll};

type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Running futures. How many there are is bounded by who spawns: one per node, one per order and one per onboarding.
#[derive(Default)]
pub(super) struct Tasks<'a> {
    new: RefCell<Vec<Task<'a>>>,
}

impl<'a> Tasks<'a> {
    /// Adds one; it is polled for the first time before the thread sleeps again.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + 'a) {
        self.new.borrow_mut().push(Box::pin(task));
    }

    /// Runs them all; it never ends. It must be polled after whatever spawns.
    pub(super) async fn run(&self) {
        let mut running: Vec<Task<'a>> = Vec::new();
        std::future::poll_fn(|context| {
            running.retain_mut(|task| task.as_mut().poll(context).is_pending());
            loop {
                let new = self.new.take();
                if new.is_empty() {
                    return Poll::Pending;
                }
                running.extend(
                    new.into_iter().filter_map(|mut task| task.as_mut().poll(context).is_pending().then_some(task)),
                );
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn tasks_may_spawn_tasks_and_all_are_polled() {
        let tasks = Rc::new(Tasks::default());
        let done = Rc::new(Cell::new(0));
        let (inner, count) = (Rc::clone(&tasks), Rc::clone(&done));
        tasks.spawn(async move {
            let again = Rc::clone(&count);
            inner.spawn(async move { again.set(again.get() + 1) });
            count.set(count.get() + 1);
        });
        assert!(tasks.run().now_or_never().is_none());
        assert_eq!(done.get(), 2);
    }
}
