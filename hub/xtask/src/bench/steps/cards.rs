//! The first screen of a phone, asked for by many at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::bench::{
    course::Course,
    figures::Bar,
    fleet,
    mqtt::{self, Publisher},
};

/// How many phones ask, each on a connection of its own and again as soon as it has its answer.
const CLIENTS: usize = 50;
/// How many changes a second there are in the second half.
const CHANGES: f64 = 100.0;

/// Counts answers at rest and while the home changes.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    let name = format!("cards of {} devices, {CLIENTS} clients", course.size.devices);
    let at_rest = load(course, None)?;
    course.figures.add(format!("{name}, at rest"), at_rest, "/s", Bar::Above(1500.0));
    let (publisher, _) = mqtt::connect(course.broker.port, "bench-cards")?;
    let changing = load(course, Some(publisher))?;
    course.figures.add(format!("{name}, {CHANGES} changes a second"), changing, "/s", Bar::Above(300.0));
    Ok(())
}

/// How many answers a second are given, with somebody who changes things.
fn load(course: &mut Course<'_>, publisher: Option<Publisher>) -> Result<f64> {
    let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let ask = course.plan.peer.cards();
    let whole = course.http.bytes(&ask)?.len();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (mut http, ask) = (course.plan.connect()?, ask.clone());
            let (stop, answers) = (Arc::clone(&stop), Arc::clone(&answers));
            Ok(thread::spawn(move || -> Result<()> {
                while !stop.load(Relaxed) {
                    ensure!(http.bytes(&ask)?.len() > whole / 2, "a part of the cards is missing");
                    answers.fetch_add(1, Relaxed);
                }
                Ok(())
            }))
        })
        .collect::<Result<_>>()?;
    let begun = Instant::now();
    let last = match publisher {
        Some(publisher) => Some(change(publisher, course.size.devices, course.size.span)?),
        None => {
            sleep(course.size.span);
            None
        }
    };
    let rate = answers.load(Relaxed) as f64 / begun.elapsed().as_secs_f64();
    stop.store(true, Relaxed);
    for client in clients {
        client.join().ok().context("a client panicked")??;
    }
    if let Some((sensor, value)) = last {
        // Kept answers must not be old ones.
        course.until_shown(sensor, value)?;
    }
    Ok(rate)
}

/// Changes one sensor after the other; gives the last and its value.
fn change(mut publisher: Publisher, devices: usize, span: Duration) -> Result<(usize, f64)> {
    let (begun, sensors) = (Instant::now(), devices - fleet::SWITCHES - 1);
    let count = (CHANGES * span.as_secs_f64()) as usize;
    let mut last = (1, 0.0);
    for number in 0..count {
        let due = begun + Duration::from_secs_f64(number as f64 / CHANGES);
        sleep(due.saturating_duration_since(Instant::now()));
        last = (1 + number % sensors, fleet::value_of(number) + 0.02);
        fleet::say(&mut publisher, last.0, last.1)?;
        publisher.flush()?;
    }
    Ok(last)
}
