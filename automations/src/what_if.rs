//! What would happen if: states and a time that are not so, and every consequence that the rules would draw from them.
//! Nothing leaves the hub.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc, time::Duration};

use hub_model::{
    Actor, Cause, Cursor, DeviceId, EndpointId, Event, Home, Notice, Occurrence, Outcome, Path, Reading, RunEnd, RunId,
    RunRecord, Source, Trace, Value, What, run::Taken,
};
use jiff::Timestamp;

use crate::{
    engine::{Effect, called, said_aloud},
    twin::{Around, Twin, Witness, asked, wanted_by},
};

/// What is supposed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Supposition {
    /// How properties are before anything happens.
    pub given: Vec<(Path, Value)>,
    /// What properties become then, one after the other.
    pub becomes: Vec<(Path, Value)>,
    /// What happens then.
    pub occur: Vec<(DeviceId, EndpointId, Occurrence)>,
}

/// Something that would come about.
#[derive(Debug, Clone, PartialEq)]
pub struct Consequence {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
    /// What it comes from: its place in the list. `None` for what is supposed, and for what time alone brings.
    pub because: Option<usize>,
}

/// What can come about.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// Something happens: it was supposed, or a device did what it was asked.
    Event(What),
    /// A rule runs.
    Runs(Box<RunRecord>),
    /// A rule is triggered and does not run; its record says why.
    Skips(Box<RunRecord>),
    /// A rule looks at something on its way, or waits.
    Step(Taken),
    /// Properties are asked to be something, and how that ends.
    Asks(Vec<(Path, Value)>, Outcome),
    /// People are told something.
    Says(Notice),
    /// Anything else that leaves the hub, in words.
    Does(String),
    /// A run ends otherwise than at its last step.
    Ends(RunEnd),
}

/// No list is longer; what goes on beyond is left out.
pub const MOST: usize = 1000;

/// Draws every consequence of a supposition by these rules in a twin of a home, from a moment on and for a span.
pub fn what_if(home: &Home, around: Around, supposed: Supposition, at: Timestamp, span: Duration) -> Vec<Consequence> {
    let mut home = home.clone();
    let until_then: Vec<_> = home.devices().map(|known| known.device.id).collect();
    for id in until_then {
        keep_before(&mut home, id, at);
    }
    for (path, value) in supposed.given {
        let since = at.checked_sub(jiff::SignedDuration::from_hours(1)).ok();
        home.put_reading(&path, Reading { value, changed_at: since, reported_at: since });
    }
    let mut chain = Chain::default();
    let mut twin = Twin::new(home, around, at, &mut chain).echoing();
    for (path, new) in supposed.becomes {
        chain.current = None;
        twin.happen(What::Changed { path, old: Value::Unknown, new }, Cause::root(Actor::Hub), &mut chain);
    }
    for (device, endpoint, occurrence) in supposed.occur {
        chain.current = None;
        twin.happen(What::Occurred { device, endpoint, occurrence }, Cause::root(Actor::Device(device)), &mut chain);
    }
    let end = at.saturating_add(span).unwrap_or(at);
    while chain.list.len() < MOST {
        chain.current = None;
        if !twin.pass_a_little(end, &mut chain) {
            break;
        }
    }
    chain.list
}

/// Nothing of the home of now can have changed after the moment that is supposed.
fn keep_before(home: &mut Home, id: DeviceId, at: Timestamp) {
    if let Some(known) = home.device_mut(id) {
        for reading in Arc::make_mut(&mut known.readings) {
            reading.changed_at = reading.changed_at.map(|changed| changed.min(at));
        }
    }
}

/// Consequences, each with what it comes from.
#[derive(Debug, Default)]
struct Chain {
    list: Vec<Consequence>,
    /// What devices do comes from this.
    current: Option<usize>,
    events: HashMap<Cursor, usize>,
    runs: HashMap<RunId, usize>,
}

impl Chain {
    fn push(&mut self, at: Timestamp, what: Happening, because: Option<usize>) -> usize {
        if self.list.len() < MOST {
            self.list.push(Consequence { at, what, because });
        }
        self.list.len() - 1
    }

    fn trace(&mut self, at: Timestamp, trace: &Trace) {
        match trace {
            Trace::Began(record) => {
                let because = match record.cause.from {
                    Some(Source::Event(cursor)) => self.events.get(&cursor),
                    // Another rule ran it, began to run, or said what it waits for.
                    Some(Source::Run(run)) => self.runs.get(&run),
                    Some(Source::Command(_)) | None => None,
                };
                let because = because.copied();
                if record.skipped().is_some() {
                    self.push(at, Happening::Skips(record.clone()), because);
                } else {
                    let place = self.push(at, Happening::Runs(record.clone()), because);
                    self.runs.insert(record.id, place);
                }
            }
            Trace::Step(run, step) if matches!(step.what, Taken::Looked(_) | Taken::Waited(_)) => {
                let because = self.runs.get(run).copied();
                self.push(at, Happening::Step(step.what.clone()), because);
            }
            Trace::Ended(run, end) if *end != RunEnd::Finished => {
                let because = self.runs.get(run).copied();
                self.push(at, Happening::Ends(*end), because);
            }
            Trace::Step(..) | Trace::Over(..) | Trace::Ended(..) => {}
        }
    }
}

impl Witness for Chain {
    fn event(&mut self, _: &Home, event: &Event) {
        let place = self.push(event.at, Happening::Event(event.what.clone()), self.current);
        self.events.insert(event.cursor, place);
    }

    fn effect(&mut self, home: &Home, at: Timestamp, effect: &Effect, outcome: Outcome) {
        match effect {
            Effect::Trace(trace) => self.trace(at, trace),
            Effect::Notify { notice, cause, .. } => {
                let run = if let Some(Source::Run(run)) = cause.from { Some(run) } else { None };
                let because = run.and_then(|run| self.runs.get(&run)).copied();
                self.push(at, Happening::Says(notice.clone()), because);
            }
            Effect::Speak { by, text, .. } => {
                let because = self.runs.get(&by.run).copied();
                self.push(at, Happening::Does(said_aloud(text)), because);
            }
            Effect::Publish { by, message } => {
                let because = self.runs.get(&by.run).copied();
                self.push(at, Happening::Does(format!("publishes on {}", message.topic)), because);
            }
            Effect::Call { by, call, body } => {
                let because = self.runs.get(&by.run).copied();
                self.push(at, Happening::Does(called(call, body.as_deref())), because);
            }
            Effect::Enable { by, rule, enabled } => {
                let because = self.runs.get(&by.run).copied();
                let does = if *enabled { "lets" } else { "no longer lets" };
                self.push(at, Happening::Does(format!("{does} `{rule}` act")), because);
            }
            other => {
                let because = wanted_by(other).and_then(|(_, run)| self.runs.get(&run)).copied();
                self.current = Some(self.push(at, Happening::Asks(asked(home, other), outcome), because));
            }
        }
    }
}
