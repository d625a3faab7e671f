//! Answers that were given before: phones ask for the same cards again and again, and nothing may have changed.
//!
//! An answer is kept as bytes, beside the cursor of the home that it shows. Any event makes it old. What changes without
//! an event, `reportedAt` and `lastSeen`, is as of then, for [`FRESH`] at most.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use hub_model::{Cursor, Principal, Role};

/// How long an answer is given again while nothing changes.
const FRESH: Duration = Duration::from_secs(1);
/// How many bytes of answers and questions are kept. When a new one doesn't fit, all are dropped: those still wanted
/// come back with the next question.
const BYTES: usize = 4 << 20;
/// The longest question whose answer is kept.
const LONGEST_QUESTION: usize = 16 << 10;

/// The answers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<(Role, Bytes), Answer>,
    bytes: usize,
}

#[derive(Debug)]
struct Answer {
    cursor: Cursor,
    at: Instant,
    body: Bytes,
}

impl Answers {
    /// The answer to a question about the home at `cursor`, if it was given to somebody with the same rights.
    pub(crate) fn find(&self, asker: &Principal, question: &Bytes, cursor: Cursor, now: Instant) -> Option<Bytes> {
        let key = key(asker, question)?;
        let kept = self.lock();
        let answer = kept.answers.get(&key)?;
        (answer.cursor == cursor && now.duration_since(answer.at) < FRESH).then(|| answer.body.clone())
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, asker: &Principal, question: &Bytes, cursor: Cursor, now: Instant, body: &Bytes) {
        let Some(key) = key(asker, question) else { return };
        let size = question.len() + body.len();
        if size > BYTES / 2 {
            return;
        }
        let mut kept = self.lock();
        if let Some(old) = kept.answers.remove(&key) {
            kept.bytes -= question.len() + old.body.len();
        }
        if kept.bytes + size > BYTES {
            *kept = Kept::default();
        }
        kept.bytes += size;
        kept.answers.insert(key, Answer { cursor, at: now, body: body.clone() });
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Every statement leaves it sound, so that a panic elsewhere does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everyone of a role sees the same; only guests differ from each other, and by the hour, so theirs are not kept.
fn key(asker: &Principal, question: &Bytes) -> Option<(Role, Bytes)> {
    (asker.sees_all() && question.len() <= LONGEST_QUESTION).then(|| (asker.role, question.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Cursor = Cursor { epoch: 1, seq: 7 };

    fn asker(role: Role) -> Principal {
        Principal { role, ..Principal::hub() }
    }

    #[test]
    fn an_answer_is_given_again_until_something_changes_or_a_second_passed() {
        let (answers, now) = (Answers::default(), Instant::now());
        let (member, question, body) = (asker(Role::Member), Bytes::from("{ home }"), Bytes::from("cosy"));
        answers.keep(&member, &question, AT, now, &body);
        assert_eq!(answers.find(&member, &question, AT, now), Some(body));
        assert_eq!(answers.find(&member, &question, AT.next(), now), None);
        assert_eq!(answers.find(&member, &question, AT, now + FRESH), None);
        assert_eq!(answers.find(&asker(Role::Owner), &question, AT, now), None);
    }

    #[test]
    fn a_guests_answer_is_never_kept() {
        let (answers, now) = (Answers::default(), Instant::now());
        let (guest, question) = (asker(Role::Guest), Bytes::from("{ home }"));
        answers.keep(&guest, &question, AT, now, &Bytes::from("small"));
        assert_eq!(answers.find(&guest, &question, AT, now), None);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (answers, now, owner) = (Answers::default(), Instant::now(), asker(Role::Owner));
        let body = Bytes::from(vec![b' '; BYTES / 3]);
        for number in 0..10 {
            answers.keep(&owner, &Bytes::from(format!("{number}")), AT, now, &body);
            assert!(answers.lock().bytes <= BYTES);
        }
        assert!(answers.find(&owner, &Bytes::from("9"), AT, now).is_some());
        answers.keep(&owner, &Bytes::from("big"), AT, now, &Bytes::from(vec![b' '; BYTES]));
        assert_eq!(answers.find(&owner, &Bytes::from("big"), AT, now), None);
    }
}
