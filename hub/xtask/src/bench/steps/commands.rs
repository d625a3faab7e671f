//! Commands: one for the lamp, and a scene for all switches at once.

use std::{thread, time::Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::bench::{
    course::Course,
    figures::{Bar, millis, quantile},
    fleet,
    mqtt::{self, Retain},
    peer::Peer,
};

/// How many commands are timed.
const COMMANDS: usize = 300;
/// How often the scene is run.
const SCENES: usize = 100;

/// Times commands from the API to the lamp's topic. The lamp answers, so that each command ends.
pub(in crate::bench) fn lamp(course: &mut Course<'_>) -> Result<()> {
    let (mut publisher, mut subscriber) = mqtt::connect(course.broker.port, "bench-lamp")?;
    publisher.subscribe(fleet::LAMP_SET)?;
    let lamp = thread::spawn(move || -> Result<Vec<Instant>> {
        let mut heard = Vec::with_capacity(COMMANDS);
        while heard.len() < COMMANDS {
            let (_, payload) = subscriber.next()?;
            heard.push(Instant::now());
            publisher.publish(fleet::LAMP_STATE, &String::from_utf8_lossy(&payload), Retain::No)?;
            publisher.flush()?;
        }
        Ok(heard)
    });
    let (mut said, mut whole) = (Vec::new(), Vec::new());
    for number in 0..COMMANDS {
        let begun = Instant::now();
        let answer = course.http.json(&course.plan.peer.lamp(number % 2 == 0))?;
        let outcome = &answer["data"]["control"]["outcome"];
        ensure!(course.plan.peer != Peer::Hearth || outcome == "DONE", "a command ended with {answer}");
        whole.push(millis(begun.elapsed()));
        said.push(begun);
    }
    let heard = lamp.join().ok().context("the lamp panicked")??;
    let mut delays: Vec<f64> = said.iter().zip(&heard).map(|(said, heard)| millis(*heard - *said)).collect();
    let figures = &mut course.figures;
    figures.add("command to the device's topic, p50", quantile(&mut delays, 0.5), "ms", Bar::Below(0.7));
    figures.add("command to the device's topic, p99", quantile(&mut delays, 0.99), "ms", Bar::None);
    figures.add("command to its outcome, p50", quantile(&mut whole, 0.5), "ms", Bar::None);
    Ok(())
}

/// Times a scene of all switches until the last of them was told.
pub(in crate::bench) fn scene(course: &mut Course<'_>) -> Result<()> {
    let peer = course.plan.peer;
    course.http.json(&peer.make_scene())?;
    let (mut publisher, mut subscriber) = mqtt::connect(course.broker.port, "bench-switches")?;
    publisher.subscribe("bench/switch/+/set")?;
    let mut delays = Vec::new();
    for _ in 0..SCENES {
        if let Some(end) = peer.end_scene() {
            course.http.json(&end)?;
            for _ in 0..fleet::SWITCHES {
                subscriber.next()?;
            }
        }
        let begun = Instant::now();
        let mut asker = course.plan.connect()?;
        let asked = thread::spawn(move || -> Result<Value> { asker.json(&peer.run_scene()) });
        for _ in 0..fleet::SWITCHES {
            subscriber.next()?;
        }
        delays.push(millis(begun.elapsed()));
        let answer = asked.join().ok().context("the asker panicked")??;
        let outcome = &answer["data"]["runScene"]["outcome"];
        ensure!(peer != Peer::Hearth || outcome == "ASSUMED", "a scene ended with {answer}");
    }
    let name = format!("scene of {} switches, last command out, p50", fleet::SWITCHES);
    course.figures.add(name, quantile(&mut delays, 0.5), "ms", Bar::Below(5.0));
    Ok(())
}
