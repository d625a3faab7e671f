//! More at once than a home ever says: all devices at the same moment, as fast as the broker takes it.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use crate::bench::{
    course::{Course, PATIENCE, is_same},
    figures::Bar,
    fleet,
    peer::Peer,
};

/// How many states a burst has.
const BURST: usize = 20_000;
/// How many states the flood has, which is more than the hub takes in its time.
const FLOOD: usize = 300_000;

/// A burst that has to be taken whole.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    let tells = course.plan.peer == Peer::Hearth;
    let kept = tells.then(|| settled_rows(course)).transpose()?;
    let (begun, last) = pour(course, BURST, 1000)?;
    course.until_shown(last.0, last.1)?;
    let rate = BURST as f64 / begun.elapsed().as_secs_f64();
    let name = format!("burst of {BURST} states, until the API shows the last");
    course.figures.add(&name, rate, "/s", Bar::Above(12_000.0));
    if let Some(kept) = kept {
        let missing = BURST as f64 - (settled_rows(course)? - kept);
        course.figures.add("rows of the burst missing in history", missing, "", Bar::Below(0.0));
    }
    Ok(())
}

/// A flood, beyond what is taken in time: the last value of every property has to be right, and what was merged or
/// dropped on the way is counted. For ours alone.
pub(in crate::bench) fn flood(course: &mut Course<'_>) -> Result<()> {
    let names = ["reports_total", "history_written_total", "history_dropped_total", "state_merged_total"];
    let mut before = Vec::new();
    for name in names {
        before.push(course.http.counter(name)?);
    }
    let (begun, last) = pour(course, FLOOD, 5000)?;
    course.until_shown(last.0, last.1)?;
    let rate = FLOOD as f64 / begun.elapsed().as_secs_f64();
    course.figures.add(format!("flood of {FLOOD} states, until the API shows the last"), rate, "/s", Bar::None);
    settled_rows(course)?;
    let mut grown = Vec::new();
    for (name, before) in names.iter().zip(before) {
        grown.push(course.http.counter(name)? - before);
    }
    let sensors = sensors(course);
    let right = (0..sensors).map(|sensor| 1 + sensor).zip(last_values(FLOOD, sensors, 5000));
    let mut wrong = 0;
    for (sensor, value) in right {
        let shown = course.http.json(&Peer::Hearth.reading(sensor))?;
        wrong += usize::from(!Peer::Hearth.value(&shown).is_some_and(|shown| is_same(shown, value)));
    }
    let figures = &mut course.figures;
    figures.add("flood: last values wrong", wrong as f64, "", Bar::Below(0.0));
    let uncounted = FLOOD as f64 - grown[1] - grown[2];
    figures.add("flood: states neither in history nor counted as dropped", uncounted, "", Bar::Below(0.0));
    figures.add("flood: states that the hub took", grown[0], "", Bar::None);
    figures.add("flood: rows dropped, counted", grown[2], "", Bar::None);
    figures.add("flood: readings merged on their way to the disk, counted", grown[3], "", Bar::None);
    Ok(())
}

/// Sends as fast as the broker takes it; gives the beginning, and the last sensor with its value.
fn pour(course: &mut Course<'_>, count: usize, round: usize) -> Result<(Instant, (usize, f64))> {
    let sensors = sensors(course);
    let begun = Instant::now();
    let mut last = (1, 0.0);
    for number in 0..count {
        last = (1 + number % sensors, fleet::value_of(round + number / sensors));
        fleet::say(&mut course.publisher, last.0, last.1)?;
    }
    course.publisher.flush()?;
    Ok((begun, last))
}

/// The value that each sensor ends with.
fn last_values(count: usize, sensors: usize, round: usize) -> impl Iterator<Item = f64> {
    (0..sensors).map(move |sensor| fleet::value_of(round + (count - 1 - sensor) / sensors))
}

fn sensors(course: &Course<'_>) -> usize {
    course.size.devices - fleet::SWITCHES - 1
}

/// The rows that history has when nothing waits any more.
pub(in crate::bench) fn settled_rows(course: &mut Course<'_>) -> Result<f64> {
    let begun = Instant::now();
    loop {
        // What was taken is written within 100 ms.
        sleep(Duration::from_millis(300));
        if course.http.counter("history_waiting")? == 0.0 {
            return course.http.counter("history_written_total");
        }
        ensure!(begun.elapsed() < PATIENCE, "history is not written");
    }
}
