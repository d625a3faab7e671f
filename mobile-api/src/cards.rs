//! Devices as they were last written for a question, so that of a thousand cards only those are written anew whose device
//! changed. Knows no GraphQL: whoever writes cards says what they are made from.
//!
//! A card is good for as long as the device is the very one that it was written from. That is seen by address, which is
//! sound because the card holds what it was written from, so that it can't be changed in place.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use hub_core::View;
use hub_model::{DeviceId, HomeDevice, Role};

/// How many bytes of cards and questions are kept. When more come, all are dropped: those still wanted come back with the
/// next question.
const BYTES: usize = 16 << 20;

/// The cards of all questions.
#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    shelves: HashMap<Question, Shelf>,
    bytes: usize,
}

/// What a card answers. Everyone of a role sees the same of a device, but for guests, whose cards are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    /// Whose question it is.
    pub(crate) role: Role,
    /// All of it, with its variables.
    pub(crate) text: Bytes,
    /// Which of its lists, by the name that the answer has for it.
    pub(crate) list: String,
}

/// The cards of one question.
#[derive(Debug)]
struct Shelf {
    /// Rooms and floors are named on cards; when any of them changes, all cards are old.
    view: Arc<View>,
    cards: HashMap<DeviceId, Card>,
}

#[derive(Debug)]
struct Card {
    of: HomeDevice,
    json: Bytes,
}

impl Cards {
    /// The cards that are still good for a view, in its order; `None` for each that has to be written.
    pub(crate) fn find(&self, question: &Question, view: &Arc<View>) -> Vec<Option<Bytes>> {
        let kept = self.lock();
        let shelf = kept.shelves.get(question).filter(|shelf| has_same_places(&shelf.view, view));
        let good = |known: &HomeDevice| {
            let card = shelf?.cards.get(&known.device.id)?;
            is_same(&card.of, known).then(|| card.json.clone())
        };
        view.devices().map(good).collect()
    }

    /// Keeps cards that were written.
    pub(crate) fn keep(&self, question: &Question, view: &Arc<View>, written: Vec<(HomeDevice, Bytes)>) {
        let size: usize = written.iter().map(|(_, json)| json.len()).sum();
        let mut kept = self.lock();
        if kept.bytes + size > BYTES {
            *kept = Kept::default();
        }
        if size > BYTES / 2 {
            return;
        }
        let mut old = kept.shelves.remove(question).filter(|shelf| has_same_places(&shelf.view, view));
        if old.is_none() {
            // What was dropped with a shelf is counted anew.
            kept.bytes = kept.shelves.iter().map(|(question, shelf)| question.text.len() + shelf.size()).sum();
            kept.bytes += question.text.len();
        }
        let shelf = old.get_or_insert_with(|| Shelf { view: Arc::clone(view), cards: HashMap::new() });
        for (of, json) in written {
            kept.bytes += json.len();
            if let Some(old) = shelf.cards.insert(of.device.id, Card { of, json }) {
                kept.bytes -= old.json.len();
            }
        }
        kept.shelves.extend(old.map(|shelf| (question.clone(), shelf)));
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Every statement leaves it sound, so that a panic elsewhere does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn size(&self) -> usize {
        self.cards.values().map(|card| card.json.len()).sum()
    }
}

fn is_same(a: &HomeDevice, b: &HomeDevice) -> bool {
    Arc::ptr_eq(&a.device, &b.device)
        && Arc::ptr_eq(&a.readings, &b.readings)
        && (a.reachable, a.last_seen) == (b.reachable, b.last_seen)
}

fn has_same_places(a: &View, b: &View) -> bool {
    a.home.rooms.ptr_eq(&b.home.rooms) && a.home.floors.ptr_eq(&b.home.floors)
}
