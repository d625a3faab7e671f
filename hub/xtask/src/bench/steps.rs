//! The order of measuring.

use std::{
    fs,
    path::Path,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    broker::{Broker, free_port},
    figures::{Figures, quantile},
    fleet,
    http::Http,
    mqtt::{self, Publisher, Retain},
    process::{Hub, Plan},
};

/// How long anything may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long a process is left alone before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(3);
/// How long idleness is watched.
const IDLE: Duration = Duration::from_secs(30);
/// How many commands are timed.
const COMMANDS: usize = 500;
/// How often the hub is started anew.
const STARTS: usize = 7;
/// How many devices a small home has.
const FEW: usize = 10;

const READINGS: &str = "{ devices { handle endpoints { properties { value } } } }";

/// Measures everything.
pub(super) fn measure(
    program: &Path,
    folder: &Path,
    devices: usize,
    states: usize,
    figures: &mut Figures,
) -> Result<()> {
    let broker = Broker::start(&folder.join("broker"))?;
    let plan = Plan { program: program.into(), data: folder.join("data"), port: free_port()? };
    let token = plan.token()?;
    fs::write(plan.data.join("hub.toml"), format!("[mqtt]\nbroker = \"mqtt://127.0.0.1:{}\"\n", broker.port))?;
    let (mut publisher, _) = mqtt::connect(broker.port, "bench")?;
    let hub = plan.start()?;
    let mut http = first_answer(&plan, &token)?;
    fleet::announce(&mut publisher, 0, FEW)?;
    until(&mut http, |readings| readings.len() == FEW)?;
    sleep(SETTLE);
    figures.below(format!("memory, {FEW} devices"), hub.memory()?, "MB", 15.0);
    fleet::announce(&mut publisher, FEW, devices)?;
    until(&mut http, |readings| readings.len() == devices)?;
    sleep(SETTLE);
    figures.below(format!("memory, {devices} devices"), hub.memory()?, "MB", 40.0);
    idle(&hub, figures)?;
    commands(broker.port, &mut http, figures)?;
    let last = stream(&hub, &mut publisher, &mut http, (devices, states), figures)?;
    figures.note("memory after the states", hub.memory()?, "MB");
    figures.below("end by SIGTERM", hub.end()?.as_secs_f64(), "s", 2.0);
    let bytes = fs::metadata(plan.data.join("history.db"))?.len() as f64;
    figures.below("history per change", bytes / states as f64, "bytes", 30.0);
    // Without the broker: what is there then, the hub itself has kept.
    drop(broker);
    restarts(&plan, &token, (devices, last), figures)
}

fn idle(hub: &Hub, figures: &mut Figures) -> Result<()> {
    let before = hub.processor()?;
    sleep(IDLE);
    let share = (hub.processor()? - before).as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    figures.below("processor when idle", share, "% of a core", 0.2);
    Ok(())
}

/// Times commands from GraphQL to the lamp's topic. The lamp answers, so that each command ends.
fn commands(port: u16, http: &mut Http, figures: &mut Figures) -> Result<()> {
    let (mut publisher, mut subscriber) = mqtt::connect(port, "bench-lamp")?;
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
    let mut said = Vec::with_capacity(COMMANDS);
    let mut whole = Vec::with_capacity(COMMANDS);
    for number in 0..COMMANDS {
        let on = number % 2 == 0;
        said.push(Instant::now());
        let document = format!(
            "mutation {{ control(device: \"bench-0\", endpoint: \"1\", set: {{ onOff: {{ on: {on} }} }}) {{ outcome }} }}"
        );
        let answer = http.ask(&document)?;
        ensure!(answer["control"]["outcome"] == "DONE", "a command ended with {answer}");
        whole.push(said[number].elapsed().as_secs_f64() * 1000.0);
    }
    let heard = lamp.join().ok().context("the lamp panicked")??;
    let mut delays: Vec<f64> =
        said.iter().zip(&heard).map(|(said, heard)| (*heard - *said).as_secs_f64() * 1000.0).collect();
    figures.below("command to the device's topic, median", quantile(&mut delays, 0.5), "ms", 0.7);
    figures.note("command to the device's topic, 99 %", quantile(&mut delays, 0.99), "ms");
    figures.note("command to its outcome, median", quantile(&mut whole, 0.5), "ms");
    Ok(())
}

/// How many states a second the hub has to take without losing one, with broker and sender on the same machine.
const RATE: f64 = 12_000.0;

/// Sends states at [`RATE`] and counts what arrived. Gives the last round.
fn stream(
    hub: &Hub,
    publisher: &mut Publisher,
    http: &mut Http,
    (devices, states): (usize, usize),
    figures: &mut Figures,
) -> Result<usize> {
    let sensors = devices.saturating_sub(1).max(1);
    let (heard, kept) = (http.counter("reports_total")?, http.counter("history_written_total")?);
    let (before, begun) = (hub.processor()?, Instant::now());
    for sent in 0..states {
        let due = begun + Duration::from_secs_f64(sent as f64 / RATE);
        if due > Instant::now() {
            publisher.flush()?;
            sleep(due.saturating_duration_since(Instant::now()));
        }
        fleet::say(publisher, 1 + sent % sensors, 1 + sent / sensors)?;
    }
    publisher.flush()?;
    let sent = begun.elapsed().as_secs_f64();
    sleep(SETTLE);
    let took = hub.processor()? - before;
    figures.note("states sent in a second", states as f64 / sent, "/s");
    let lost = states as f64 - (http.counter("reports_total")? - heard);
    figures.below("states lost", lost, "", 0.0);
    let missing = states as f64 - (http.counter("history_written_total")? - kept);
    figures.below("rows missing in history", missing, "", 0.0);
    figures.below("processor per state", took.as_secs_f64() * 1e6 / states as f64, "µs", 30.0);
    Ok(1 + (states - 1) / sensors)
}

/// Starts the hub anew, and times its first answer, which has to hold every last state.
fn restarts(plan: &Plan, token: &str, (devices, last): (usize, usize), figures: &mut Figures) -> Result<()> {
    let mut times = Vec::new();
    let values = [fleet::value_of(last), fleet::value_of(last.saturating_sub(1))];
    for _ in 0..STARTS {
        let hub = plan.start()?;
        let mut http = first_answer(plan, token)?;
        times.push(hub.begun.elapsed().as_secs_f64());
        let readings = readings(&mut http)?;
        let known =
            readings.iter().flatten().filter(|value| value.as_f64().is_some_and(|value| values.contains(&value)));
        ensure!(readings.len() == devices && known.count() >= devices - 1, "a state was lost over a restart");
        hub.end()?;
    }
    figures.below(format!("start to the first answer, {devices} devices"), quantile(&mut times, 0.5), "s", 0.3);
    Ok(())
}

/// A connection with its first answer behind it.
fn first_answer(plan: &Plan, token: &str) -> Result<Http> {
    let begun = Instant::now();
    loop {
        let answered = Http::connect(plan.port, token)
            .and_then(|mut http| http.ask("{ home { name } devices { id } }").map(|_| http));
        match answered {
            Ok(http) => return Ok(http),
            Err(error) if begun.elapsed() > Duration::from_secs(30) => {
                return Err(error).context("the hub does not answer");
            }
            // Nothing tells when a port is opened, so it is tried often.
            Err(_) => sleep(Duration::from_millis(1)),
        }
    }
}

/// Waits until all values of all devices are as wanted.
fn until(http: &mut Http, good: impl Fn(&[Vec<Value>]) -> bool) -> Result<()> {
    let begun = Instant::now();
    while !good(&readings(http)?) {
        ensure!(begun.elapsed() < PATIENCE, "the hub does not get there");
        sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// All values of each device.
fn readings(http: &mut Http) -> Result<Vec<Vec<Value>>> {
    let answer = http.ask(READINGS)?;
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let of_endpoint =
        |endpoint: &Value| list(endpoint, "properties").iter().map(|one| one["value"].clone()).collect::<Vec<_>>();
    let of_device = |device: &Value| list(device, "endpoints").iter().flat_map(of_endpoint).collect();
    // The house itself is a device of every hub, and none of the fleet.
    let fleet = list(&answer, "devices").into_iter().filter(|device| device["handle"] != "house");
    Ok(fleet.map(|device| of_device(&device)).collect())
}
