//! At rest: how soon it is there, what it holds, and what it does when nothing happens.

use std::{thread::sleep, time::Duration};

use anyhow::Result;

use crate::bench::{course::Course, figures::Bar, fleet};

/// How long a process is left alone before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(8);
/// How many devices a small home has.
const FEW: usize = 10;

/// Announces the devices, first a few, and measures at rest.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    let devices = course.size.devices;
    fleet::announce(&mut course.publisher, 0, FEW)?;
    course.until_devices(FEW)?;
    let few = memory(course)?;
    course.figures.add(format!("memory, {FEW} devices"), few, "MB", Bar::Below(15.0));
    fleet::announce(&mut course.publisher, FEW, devices - fleet::SWITCHES)?;
    fleet::announce_switches(&mut course.publisher)?;
    course.until_devices(devices)?;
    let many = memory(course)?;
    course.figures.add(format!("memory, {devices} devices"), many, "MB", Bar::Below(40.0));
    let before = course.hub.processor()?;
    sleep(course.size.span);
    let share = (course.hub.processor()? - before).as_secs_f64() / course.size.span.as_secs_f64() * 100.0;
    course.figures.add("processor when idle", share, "% of a core", Bar::Below(0.2));
    Ok(())
}

/// What it holds when it has settled and then answered once more: pages that were let go come back with the first phone.
fn memory(course: &mut Course<'_>) -> Result<f64> {
    sleep(SETTLE);
    course.values()?;
    course.hub.memory()
}
