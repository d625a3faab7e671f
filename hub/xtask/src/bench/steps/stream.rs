//! A day of a busy home in a minute, and the starts after it.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::burst::settled_rows;
use crate::bench::{
    course::{Course, first_answer, is_same, size_of},
    figures::{Bar, Figures, quantile},
    fleet,
    process::Plan,
};

/// How many states a second the hub has to take without losing one, with broker and sender on the same machine.
const RATE: f64 = 12_000.0;
/// How often the hub is started anew.
const STARTS: usize = 7;

/// What the sensors said last.
pub(in crate::bench) struct Last {
    /// The value of the last round, and of the one before it.
    values: [f64; 2],
    devices: usize,
}

/// Sends states at [`RATE`], counts what arrived, and ends the hub.
pub(in crate::bench) fn measure(mut course: Course<'_>) -> Result<Last> {
    let (devices, states) = (course.size.devices, course.size.states);
    let sensors = devices - fleet::SWITCHES - 1;
    let history = course.plan.data.join("history.db");
    let heard = course.http.counter("reports_total")?;
    let (kept, bytes) = (settled_rows(&mut course)?, size_of(&history));
    let (before, begun) = (course.hub.processor()?, Instant::now());
    for sent in 0..states {
        let due = begun + Duration::from_secs_f64(sent as f64 / RATE);
        if due > Instant::now() {
            course.publisher.flush()?;
            sleep(due.saturating_duration_since(Instant::now()));
        }
        fleet::say(&mut course.publisher, 1 + sent % sensors, value(sent / sensors))?;
    }
    course.publisher.flush()?;
    let rate = states as f64 / begun.elapsed().as_secs_f64();
    let (rounds, rest) = ((states - 1) / sensors, (states - 1) % sensors);
    course.until_shown(1 + rest, value(rounds))?;
    let missing = states as f64 - (settled_rows(&mut course)? - kept);
    let took = course.hub.processor()? - before;
    let lost = states as f64 - (course.http.counter("reports_total")? - heard);
    let figures = course.figures;
    figures.add("states sent in a second", rate, "/s", Bar::None);
    figures.add("states lost", lost, "", Bar::Below(0.0));
    figures.add("rows missing in history", missing, "", Bar::Below(0.0));
    figures.add("processor per state", took.as_secs_f64() * 1e6 / states as f64, "µs", Bar::Below(30.0));
    figures.add("memory after the states", course.hub.memory()?, "MB", Bar::None);
    figures.add("end by SIGTERM", course.hub.end()?.as_secs_f64(), "s", Bar::Below(2.0));
    figures.add("history per change", (size_of(&history) - bytes) / states as f64, "bytes", Bar::Below(30.0));
    Ok(Last { values: [value(rounds), value(rounds.saturating_sub(1))], devices })
}

/// Starts the hub anew, and times its first answer, which has to hold every last state. Without the broker: what is there
/// then, the hub itself has kept.
pub(in crate::bench) fn restarts(plan: &Plan, last: &Last, figures: &mut Figures) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let hub = plan.start()?;
        let mut http = first_answer(plan)?;
        times.push(hub.begun.elapsed().as_secs_f64());
        let readings = plan.peer.values(&http.json(&plan.peer.readings())?);
        let is_last = |it: f64| last.values.iter().any(|last| is_same(it, *last));
        let known = readings.iter().flatten().filter(|it| it.as_f64().is_some_and(is_last));
        let sensors = last.devices - fleet::SWITCHES - 1;
        ensure!(readings.len() == last.devices && known.count() >= sensors, "a state was lost over a restart");
        hub.end()?;
    }
    let name = format!("start to the first answer, {} devices", last.devices);
    figures.add(name, quantile(&mut times, 0.5), "s", Bar::Below(0.3));
    Ok(())
}

/// The value of a round, which no other step leaves behind.
fn value(round: usize) -> f64 {
    fleet::value_of(round) + 0.25
}
