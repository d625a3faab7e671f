//! One hub on its way through the steps: the hub, its broker, and what came out.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    broker::Broker,
    figures::Figures,
    http::Http,
    mqtt::{self, Publisher},
    process::{Plan, Process},
};

/// How long anything may take before the bench gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// How many devices the home has.
    pub(super) devices: usize,
    /// How many states the stream has, which is how many rows history has at the restarts.
    pub(super) states: usize,
    /// How long a load lasts, or idleness is watched.
    pub(super) span: Duration,
}

/// A running hub beside its broker.
pub(super) struct Course<'a> {
    pub(super) plan: &'a Plan,
    pub(super) broker: &'a Broker,
    pub(super) hub: Process,
    pub(super) http: Http,
    /// What devices say.
    pub(super) publisher: Publisher,
    pub(super) size: Size,
    pub(super) figures: &'a mut Figures,
}

impl<'a> Course<'a> {
    /// Starts a hub and waits for its first answer.
    pub(super) fn start(plan: &'a Plan, broker: &'a Broker, size: Size, figures: &'a mut Figures) -> Result<Self> {
        let (publisher, _) = mqtt::connect(broker.port, "bench")?;
        let hub = plan.start()?;
        let http = first_answer(plan)?;
        Ok(Self { plan, broker, hub, http, publisher, size, figures })
    }

    /// All values of each device, as the API has them now.
    pub(super) fn values(&mut self) -> Result<Vec<Vec<Value>>> {
        let peer = self.plan.peer;
        Ok(peer.values(&self.http.json(&peer.readings())?))
    }

    /// Waits until the API knows so many of the bench's devices.
    pub(super) fn until_devices(&mut self, count: usize) -> Result<()> {
        self.until("knows the devices", |course| Ok(course.values()?.len() >= count))
    }

    /// Waits until the API shows a value of a sensor.
    pub(super) fn until_shown(&mut self, sensor: usize, value: f64) -> Result<()> {
        let peer = self.plan.peer;
        self.until("shows the last value", |course| {
            let shown = peer.value(&course.http.json(&peer.reading(sensor))?);
            Ok(shown.is_some_and(|shown| is_same(shown, value)))
        })
    }

    /// Waits until something holds.
    pub(super) fn until(&mut self, what: &str, good: impl Fn(&mut Self) -> Result<bool>) -> Result<()> {
        let begun = Instant::now();
        while !good(self)? {
            ensure!(begun.elapsed() < PATIENCE, "it takes too long until {} {what}", self.plan.peer.name());
            sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// A connection with its first answer behind it.
pub(super) fn first_answer(plan: &Plan) -> Result<Http> {
    let begun = Instant::now();
    loop {
        let answered = plan.connect().and_then(|mut http| http.json(&plan.peer.readings()).map(|_| http));
        match answered {
            Ok(http) => return Ok(http),
            Err(error) if begun.elapsed() > Duration::from_secs(90) => {
                return Err(error).context("the hub does not answer");
            }
            // Nothing tells when a port is opened, so it is tried often.
            Err(_) => sleep(Duration::from_millis(1)),
        }
    }
}

/// Whether a value is the one that was sent: hubs may round beyond the fifth digit.
pub(super) fn is_same(shown: f64, sent: f64) -> bool {
    (shown - sent).abs() < 1e-5
}

/// The size of a file, if it is there.
pub(super) fn size_of(file: &Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |file| file.len() as f64)
}
