//! Events as they are told to everybody who asks for the same with the same rights: written once, sent to all.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Poll, Waker},
};

use async_graphql::Response;
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream, stream::BoxStream};
use hub_core::Moment;
use hub_model::{Cursor, Event, Role};

use crate::answer::Answer;

/// How many events are kept as they were told. A socket that is further behind has its own written.
const KEPT: usize = 256;
/// How often an answer is asked for before it is given up. Ours need not wait for anything, so that once is enough.
const TRIES: usize = 4;

/// Who asks what, as far as the telling of an event depends on it: the role, and the text with its variables.
pub(crate) type Asked = (Role, String);

/// Every telling that somebody listens to.
#[derive(Default)]
pub(crate) struct Tellings(Mutex<HashMap<Asked, Weak<Telling>>>);

/// One question about events, answered for all who ask it.
pub(crate) struct Telling(Mutex<Tap>);

struct Tap {
    spout: Spout,
    answers: BoxStream<'static, Response>,
    /// The latest answers, in the order of their events.
    told: VecDeque<(Cursor, Answer)>,
}

/// Where a subscription gets its moments from, one by one, if not from a watch of its own.
#[derive(Clone, Default)]
pub(crate) struct Spout(Arc<Mutex<Filled>>);

/// What is in a spout.
#[derive(Default)]
struct Filled {
    moment: Option<Moment>,
    /// Who waits for one. The streams between the spout and its answers ask again only when they are woken.
    waits: Option<Waker>,
}

impl Tellings {
    /// The telling for a question, begun if nobody listens to one; `None` where its beginning is refused, which the
    /// ordinary way then says.
    pub(crate) fn listen(
        &self,
        asked: Asked,
        begin: impl FnOnce(Spout) -> BoxStream<'static, Response>,
    ) -> Option<Arc<Telling>> {
        let mut tellings = lock(&self.0);
        if let Some(telling) = tellings.get(&asked).and_then(Weak::upgrade) {
            return Some(telling);
        }
        let spout = Spout::default();
        let mut answers = begin(spout.clone());
        // Without a moment it can only answer that the question is wrong.
        if answers.next().now_or_never().is_some() {
            return None;
        }
        let telling = Arc::new(Telling(Mutex::new(Tap { spout, answers, told: VecDeque::with_capacity(KEPT) })));
        tellings.retain(|_, telling| telling.strong_count() > 0);
        tellings.insert(asked, Arc::downgrade(&telling));
        Some(telling)
    }
}

impl Telling {
    /// An event as it is told; `None` where it can't be told in this way.
    pub(crate) fn tell(&self, event: &Arc<Event>) -> Option<Answer> {
        let mut tap = lock(&self.0);
        let at = tap.told.partition_point(|(cursor, _)| *cursor < event.cursor);
        if let Some((_, answer)) = tap.told.get(at).filter(|(cursor, _)| *cursor == event.cursor) {
            return Some(answer.clone());
        }
        tap.spout.put(Moment::Event(Arc::clone(event)));
        let response = (0..TRIES).find_map(|_| tap.answers.next().now_or_never());
        tap.spout.take();
        let answer = Answer::from(response??);
        if at == tap.told.len() {
            if at == KEPT {
                tap.told.pop_front();
            }
            tap.told.push_back((event.cursor, answer.clone()));
        }
        Some(answer)
    }
}

impl Spout {
    /// A spout with a moment in it.
    pub(crate) fn with(moment: Moment) -> Self {
        let spout = Self::default();
        spout.put(moment);
        spout
    }

    /// What is put in, as it is put in.
    pub(crate) fn moments(self) -> impl Stream<Item = Moment> {
        stream::poll_fn(move |context| {
            let mut filled = lock(&self.0);
            if filled.moment.is_none() {
                filled.waits = Some(context.waker().clone());
            }
            filled.moment.take().map_or(Poll::Pending, |moment| Poll::Ready(Some(moment)))
        })
    }

    fn put(&self, moment: Moment) {
        let mut filled = lock(&self.0);
        filled.moment = Some(moment);
        let waits = filled.waits.take();
        drop(filled);
        waits.into_iter().for_each(Waker::wake);
    }

    fn take(&self) -> Option<Moment> {
        lock(&self.0).moment.take()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every statement leaves it sound, so that a panic elsewhere does no harm.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
