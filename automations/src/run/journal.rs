//! Keeps the runs that wait and what lasts for triggers, so that they go on after a crash; and when the hub was last alive.

use std::time::Duration;

use hub_core::Session;
use hub_model::RuleId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, interval_at},
};

use crate::{
    engine::{Kept, KeptSpans},
    fnv::fnv,
};

/// Rules are spread over so many notes, each of which is true by itself: a crash between two writings tears none.
const NOTES: u64 = 16;
/// Under this name the hub keeps them, with a number.
const NOTE: &str = "waits";
/// What one note of the hub holds, and a little less.
const LONGEST: usize = 60 << 10;
/// No run may have more; one that was told nothing has a few hundred bytes.
const LONGEST_RUN: usize = 8 << 10;
/// Under this name stands the last moment at which the hub was alive.
const ALIVE: &str = "alive";
/// How often that is written.
const BEAT: Duration = Duration::from_mins(1);
/// A moment that is further ahead was written by a clock that was wrong.
const WRONG: SignedDuration = SignedDuration::from_hours(24);

/// What waits for the end of something.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Waits {
    /// The runs that do.
    pub(super) runs: Vec<Kept>,
    /// What lasts for triggers.
    pub(super) spans: Vec<KeptSpans>,
}

/// The writer of the journal. The newest of what waits wins; what was between is of no use to anybody.
pub(super) struct Journal {
    newest: watch::Sender<Waits>,
    writer: JoinHandle<()>,
    /// When the hub was last alive before this start, as far as that was written.
    pub(super) alive: Option<Timestamp>,
}

impl Journal {
    /// Begins to write.
    pub(super) fn begin(session: Session) -> Self {
        let (newest, waits) = watch::channel(Waits::default());
        let alive = alive(&session);
        Self { newest, writer: tokio::spawn(write(session, waits)), alive }
    }

    /// What was kept at the end of the last hub.
    pub(super) fn read(session: &Session) -> Waits {
        let mut waits = Waits::default();
        for number in 0..NOTES {
            let read = || match session.recall(&note(number)).map_err(|error| error.to_string())? {
                Some(kept) => serde_json::from_slice(&kept).map_err(|error| error.to_string()),
                None => Ok(Waits::default()),
            };
            match read() {
                Ok(kept) => {
                    waits.runs.extend(kept.runs);
                    waits.spans.extend(kept.spans);
                }
                Err(error) => tracing::warn!(error, "Some of what waited for rules can't be read; it ends here."),
            }
        }
        waits
    }

    /// These wait now; what is not told is as it was.
    pub(super) fn note(&self, runs: Option<Vec<Kept>>, spans: Option<Vec<KeptSpans>>) {
        self.newest.send_modify(|waits| {
            waits.runs = runs.unwrap_or_else(|| std::mem::take(&mut waits.runs));
            waits.spans = spans.unwrap_or_else(|| std::mem::take(&mut waits.spans));
        });
    }

    /// Writes what is not written yet, and ends.
    pub(super) async fn close(self) {
        drop(self.newest);
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "The journal of runs ended by a panic.");
        }
    }
}

async fn write(session: Session, mut waits: watch::Receiver<Waits>) {
    // What can't be read was told of, and is written over.
    let known = |number: u64| session.recall(&note(number)).ok().flatten().unwrap_or_default();
    let mut written: Vec<_> = (0..NOTES).map(known).collect();
    let mut beats = interval_at(Instant::now() + BEAT, BEAT);
    loop {
        // What was noted last is seen before the end of the channel is.
        tokio::select! {
            changed = waits.changed() => if changed.is_err() { break },
            _ = beats.tick() => {
                beat(&session).await;
                continue;
            }
        }
        let all = notes(&waits.borrow_and_update());
        for ((number, written), bytes) in (0..).zip(&mut written).zip(all) {
            if *written == bytes {
                continue;
            }
            match session.keep(&note(number), &bytes).await {
                Ok(()) => *written = bytes,
                Err(error) => {
                    tracing::warn!(%error, "The runs of rules that wait can't be kept; they end with the hub.")
                }
            }
        }
    }
    beat(&session).await;
}

/// Writes that the hub is alive. A clock that is a little behind does not take back what was.
async fn beat(session: &Session) {
    let now = Timestamp::now();
    if alive(session).is_some_and(|before| before > now && before.duration_since(now) < WRONG) {
        return;
    }
    if let Err(error) = session.keep(ALIVE, now.to_string().as_bytes()).await {
        tracing::debug!(%error, "It can't be written that the hub is alive.");
    }
}

fn alive(session: &Session) -> Option<Timestamp> {
    String::from_utf8(session.recall(ALIVE).ok().flatten()?).ok()?.parse().ok()
}

fn note(number: u64) -> String {
    format!("{NOTE}-{number}")
}

/// The note of a rule, now and ever.
fn note_of(rule: &RuleId) -> u64 {
    fnv(format_args!("{}", rule.0)) % NOTES
}

/// All notes, as many as fit into each; an empty one where nothing of its rules waits. A run that was told something long goes
/// on without that, so that it takes no other's place.
fn notes(waits: &Waits) -> Vec<Vec<u8>> {
    let mut left_out = 0_usize;
    let mut lists: Vec<[String; 2]> = (0..NOTES).map(|_| Default::default()).collect();
    let runs = waits.runs.iter().map(|run| (&run.rule, 0, written(run)));
    let spans = waits.spans.iter().map(|spans| (&spans.rule, 1, serde_json::to_string(spans).ok()));
    for (rule, list, text) in runs.chain(spans) {
        // There are sixteen of them.
        let lists = &mut lists[usize::try_from(note_of(rule)).unwrap_or_default()];
        let room = LONGEST.saturating_sub(lists[0].len() + lists[1].len());
        match text.filter(|text| text.len() < room) {
            Some(text) => {
                if !lists[list].is_empty() {
                    lists[list].push(',');
                }
                lists[list].push_str(&text);
            }
            None => left_out += 1,
        }
    }
    if left_out > 0 {
        tracing::warn!(left_out, "Too much waits for rules to keep it all; the rest ends with the hub.");
    }
    let note = |[runs, spans]: [String; 2]| {
        let is_empty = runs.is_empty() && spans.is_empty();
        if is_empty { Vec::new() } else { format!(r#"{{"runs":[{runs}],"spans":[{spans}]}}"#).into_bytes() }
    };
    lists.into_iter().map(note).collect()
}

/// One of them as JSON; `None` where it is too long by itself.
fn written(run: &Kept) -> Option<String> {
    let whole = serde_json::to_string(run).ok()?;
    if whole.len() <= LONGEST_RUN {
        return Some(whole);
    }
    tracing::warn!(rule = %run.rule, "A run that waits was told too much to keep it; after a restart it goes on without.");
    let run = serde_json::to_string(&run.clone().without_body()).ok()?;
    (run.len() <= LONGEST_RUN).then_some(run)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn run(rule: &str, body: Value) -> Kept {
        let run = json!({ "rule": rule, "print": 7, "cause": { "actor": "hub" }, "body": body, "threads": [] });
        serde_json::from_value(run).unwrap()
    }

    fn again(runs: &[Kept]) -> Vec<Kept> {
        let notes = notes(&Waits { runs: runs.to_vec(), spans: Vec::new() });
        assert!(notes.iter().all(|bytes| bytes.len() <= 64 << 10));
        let written = notes.iter().filter(|bytes| !bytes.is_empty());
        written.flat_map(|bytes| serde_json::from_slice::<Waits>(bytes).unwrap().runs).collect()
    }

    #[test]
    fn a_run_that_was_told_much_takes_no_other_s_place() {
        let long = run("a", json!("x".repeat(60 << 10)));
        let kept = [run("a", Value::Null), long.clone(), run("a", json!({ "x": 1 }))];
        assert_eq!(again(&kept), [kept[0].clone(), long.without_body(), kept[2].clone()]);
        assert_eq!(again(&[]), []);
    }

    #[test]
    fn as_many_runs_are_kept_as_fit_and_one_rule_takes_few_others_place() {
        let many = vec![run("a", json!("x".repeat(1000))); 100];
        assert!((50..100).contains(&again(&many).len()));
        let many: Vec<_> = (0..500).map(|number| run(&format!("rule-{number}"), json!("x".repeat(1000)))).collect();
        let mut kept = again(&many);
        kept.sort_by_key(|run| run.rule.0.strip_prefix("rule-").map(|number| number.parse::<u16>().unwrap()));
        assert_eq!(kept, many);
    }

    #[test]
    fn what_lasts_for_triggers_stands_beside_the_runs_of_its_rule() {
        let spans: KeptSpans = serde_json::from_value(json!({ "rule": "a", "print": 7 })).unwrap();
        let waits = Waits { runs: vec![run("a", Value::Null)], spans: vec![spans] };
        let notes: Vec<_> = notes(&waits).into_iter().filter(|bytes| !bytes.is_empty()).collect();
        assert_eq!(notes.len(), 1);
        assert_eq!(serde_json::from_slice::<Waits>(&notes[0]).unwrap(), waits);
    }
}
