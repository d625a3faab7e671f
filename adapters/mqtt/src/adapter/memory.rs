//! Which devices the broker kept at the end of the last run, so that one whose configuration vanished meanwhile is told
//! to be gone.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use adapter_api::Context;
use hub_model::{DeviceKey, Said};

use crate::book::Book;

/// The least time between two notes. What is noted late costs only that a device deleted at that very moment, while the
/// hub ends, stays listed as unreachable.
const PAUSE: Duration = Duration::from_secs(10);
/// The most that one note may hold, in bytes; `Context::keep` takes 64 KiB.
const LONGEST_NOTE: usize = 60 * 1024;
/// How many notes there are at most.
const NOTES: usize = 64;

#[derive(Debug)]
pub(super) struct Memory {
    /// Devices of the last run that were not seen yet in this one.
    missing: BTreeSet<DeviceKey>,
    /// The notes as they lie in the store.
    notes: Vec<Vec<u8>>,
    kept_at: Option<Instant>,
}

impl Memory {
    pub(super) fn recall(context: &Context) -> Self {
        let notes: Vec<Vec<u8>> = (0..NOTES).map_while(|number| context.recall_lightly(&name(number))).collect();
        let keys = notes.iter().filter_map(|note| serde_json::from_slice::<Vec<DeviceKey>>(note).ok());
        Self { missing: keys.flatten().collect(), notes, kept_at: None }
    }

    /// Notes the devices that the broker keeps now, and tells which of the last run have vanished once it is known.
    pub(super) async fn keep(&mut self, book: &Book, context: &Context) {
        if !book.is_settled() || self.kept_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        self.kept_at = Some(Instant::now());
        for key in std::mem::take(&mut self.missing) {
            if !book.has(&key) {
                context.report(&key, Said::Gone).await;
            }
        }
        let notes = write(book.kept_devices());
        if notes == self.notes {
            return;
        }
        for number in 0..notes.len().max(self.notes.len()) {
            let note = notes.get(number).map_or(&[][..], Vec::as_slice);
            if self.notes.get(number).map(Vec::as_slice) != Some(note)
                && let Err(error) = context.keep(&name(number), note).await
            {
                tracing::warn!(%error, "the list of MQTT devices can't be kept; devices deleted while the hub is off will stay listed");
                return;
            }
        }
        self.notes = notes;
    }
}

fn name(number: usize) -> String {
    format!("devices-{number}")
}

fn write<'a>(keys: impl Iterator<Item = &'a DeviceKey>) -> Vec<Vec<u8>> {
    let sorted: BTreeSet<&DeviceKey> = keys.collect();
    let mut notes: Vec<Vec<&DeviceKey>> = Vec::new();
    let mut length = usize::MAX;
    for key in sorted {
        // Every character may take six in JSON, and a comma and quotes stand around.
        let size = key.0.len() * 6 + 3;
        if length.saturating_add(size) > LONGEST_NOTE {
            notes.push(Vec::new());
            length = 2;
        }
        length += size;
        if let Some(note) = notes.last_mut() {
            note.push(key);
        }
    }
    notes.truncate(NOTES);
    notes.iter().filter_map(|note| serde_json::to_vec(note).ok()).collect()
}
