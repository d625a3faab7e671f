//! How cost grows with the home: the same few things in homes of 10 to 10,000 devices.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::bench::{
    broker::Broker,
    course::{Course, Size, first_answer, size_of},
    figures::{Bar, Figures, quantile},
    fleet,
    process::Plan,
};

/// How many states are sent in each home, slowly enough for any.
const STATES: usize = 60_000;
/// How many a second.
const RATE: f64 = 6_000.0;
/// How often all cards are asked for.
const CARDS: usize = 30;
/// How long a process is left alone before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(8);
/// How much more a device may cost in the largest home than in one of a thousand.
const GROWTH: f64 = 1.5;

/// What a home of some size costs.
struct Cost {
    devices: usize,
    start: f64,
    memory: f64,
    /// Microseconds for each state.
    state: f64,
    /// Milliseconds for all cards, every one of them written anew.
    cards: f64,
    file: f64,
}

/// Measures homes of these sizes; gives the table of the page on scaling.
pub(in crate::bench) fn measure(
    program: &Path,
    folder: &Path,
    sizes: &[usize],
    figures: &mut Figures,
) -> Result<String> {
    let mut table = "| devices | start to all cards, s | memory, MB | processor per state, µs | all cards, ms | state on the disk, MB |\n\
                     | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    let mut costs = Vec::new();
    for &devices in sizes {
        let cost = cost(program, &folder.join(format!("scale-{devices}")), devices)?;
        let Cost { start, memory, state, cards, file, .. } = cost;
        table += &format!("| {devices} | {start:.3} | {memory:.1} | {state:.1} | {cards:.2} | {file:.2} |\n");
        costs.push(cost);
    }
    if let [.., before, last] = &costs[..] {
        let times = last.devices as f64 / before.devices as f64;
        let name =
            |what: &str| format!("{what}, {} devices, against {times} times that of {}", last.devices, before.devices);
        let figures_of = [
            ("memory", last.memory, before.memory),
            ("all cards", last.cards, before.cards),
            ("start", last.start, before.start),
        ];
        for (what, last, before) in figures_of {
            figures.add(name(what), last / (before * times), "", Bar::Below(GROWTH));
        }
        figures.add(
            format!("processor per state, {} devices, against {}", last.devices, before.devices),
            last.state / before.state,
            "",
            Bar::Below(GROWTH),
        );
    }
    Ok(table)
}

fn cost(program: &Path, folder: &Path, devices: usize) -> Result<Cost> {
    let broker = Broker::start(&folder.with_extension("broker"))?;
    let plan = Plan::hearth(program, folder.into(), broker.port)?;
    let (size, mut figures) = (Size { devices, states: STATES, span: SETTLE }, Figures::default());
    let mut course = Course::start(&plan, &broker, size, &mut figures)?;
    fleet::announce(&mut course.publisher, 0, devices)?;
    course.until_devices(devices)?;
    let sensors = devices - 1;
    (1..=sensors).try_for_each(|sensor| fleet::say(&mut course.publisher, sensor, 20.5))?;
    course.publisher.flush()?;
    course.until_shown(sensors, 20.5)?;
    sleep(SETTLE);
    let memory = course.hub.memory()?;
    let (before, begun) = (course.hub.processor()?, Instant::now());
    for sent in 0..STATES {
        let due = begun + Duration::from_secs_f64(sent as f64 / RATE);
        if due > Instant::now() {
            course.publisher.flush()?;
            sleep(due.saturating_duration_since(Instant::now()));
        }
        fleet::say(&mut course.publisher, 1 + sent % sensors, fleet::value_of(sent / sensors) + 0.25)?;
    }
    course.publisher.flush()?;
    sleep(Duration::from_secs(1));
    let state = (course.hub.processor()? - before).as_secs_f64() * 1e6 / STATES as f64;
    let mut times = Vec::new();
    for round in 0..CARDS {
        // Every device has said something, so that no card is as it was.
        (1..=sensors).try_for_each(|sensor| fleet::say(&mut course.publisher, sensor, 30.5 + (round % 2) as f64))?;
        course.publisher.flush()?;
        course.until_shown(sensors, 30.5 + (round % 2) as f64)?;
        let begun = Instant::now();
        course.http.bytes(&plan.peer.cards())?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    course.hub.end()?;
    let mut starts = Vec::new();
    for _ in 0..5 {
        let hub = plan.start()?;
        first_answer(&plan)?;
        starts.push(hub.begun.elapsed().as_secs_f64());
        hub.end()?;
    }
    let file = size_of(&plan.data.join("hub.db")) / 1e6;
    Ok(Cost { devices, start: quantile(&mut starts, 0.5), memory, state, cards: quantile(&mut times, 0.5), file })
}
