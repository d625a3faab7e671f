//! A chart of a sensor that says much: 100,000 rows, for 500 points.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Result;
use jiff::Timestamp;

use super::burst::settled_rows;
use crate::bench::{
    course::Course,
    figures::{Bar, millis, quantile},
    fleet,
    peer::Peer,
};

/// How many rows.
const ROWS: usize = 100_000;
/// How often the chart is asked for.
const CHARTS: usize = 9;
/// The sensor.
const SENSOR: usize = 2;

/// Fills a sensor's history, as fast as all of it is kept, and asks for its chart. The rows of a day differ from these by
/// their times alone.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    let peer = course.plan.peer;
    let from = Timestamp::now();
    let rate = if peer == Peer::Hearth { 10_000.0 } else { 1_000.0 };
    let begun = Instant::now();
    for number in 0..ROWS {
        let due = begun + Duration::from_secs_f64(number as f64 / rate);
        if due > Instant::now() {
            course.publisher.flush()?;
            sleep(due.saturating_duration_since(Instant::now()));
        }
        fleet::say(&mut course.publisher, SENSOR, value(number))?;
    }
    course.publisher.flush()?;
    course.until_shown(SENSOR, value(ROWS - 1))?;
    match peer {
        Peer::Hearth => drop(settled_rows(course)?),
        // Its recorder commits every 5 s.
        Peer::HomeAssistant => sleep(Duration::from_secs(8)),
    }
    let ask = peer.chart(SENSOR, from, Timestamp::now());
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..CHARTS {
        let begun = Instant::now();
        bytes = course.http.bytes(&ask)?.len();
        times.push(millis(begun.elapsed()));
    }
    let name = format!("chart of 500 points over {ROWS} rows");
    course.figures.add(format!("{name}, p50"), quantile(&mut times, 0.5), "ms", Bar::Below(50.0));
    course.figures.add(format!("{name}, before compression"), bytes as f64 / 1000.0, "kB", Bar::Below(40.0));
    Ok(())
}

/// What the sensor says: eighths, which every number format holds as they are.
fn value(number: usize) -> f64 {
    20.0 + (number % 200) as f64 / 8.0
}
