//! Matter: lamps by matter.js in a network of the bench's own, added, switched, followed, and all back after a restart.

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    course::first_answer,
    figures::{Bar, Figures, millis, quantile},
    http::{Ask, Http},
    process::{Plan, Process},
    websocket::WebSocket,
};
use crate::repository;

/// How many lamps there are.
const NODES: u16 = 20;
/// How many commands are timed.
const COMMANDS: usize = 200;
/// How many reports are timed.
const REPORTS: usize = 100;
/// How long memory is left to settle; five seconds after its start the hub lets go of what it needed for that.
const SETTLE: Duration = Duration::from_secs(8);
/// How long all nodes may take to come back before the bench gives up.
const RETURN: Duration = Duration::from_secs(120);

/// Set in the bench that runs inside of its own network.
const INSIDE: &str = "HEARTH_BENCH_NETWORK";
/// What makes a network out of an empty namespace.
const NETWORK: &str = "set -e; ip link set lo up multicast on; ip route add 224.0.0.0/4 dev lo; \
    ip -6 route add ff00::/8 dev lo table local; exec \"$@\"";

/// Starts this very bench again in a network of its own; false where it is in one already.
pub(super) fn moved_inside() -> Result<bool> {
    if env::var_os(INSIDE).is_some() {
        return Ok(false);
    }
    repository::must(repository::command("tests/peers/install", &[]))?;
    let mut inside = Command::new("unshare");
    inside.args(["--map-root-user", "--net", "--", "sh", "-c", NETWORK, "sh"]).arg(env::current_exe()?);
    inside.args(env::args_os().skip(1)).env(INSIDE, "1");
    let status = inside.status().context("unshare (util-linux) does not start")?;
    ensure!(status.success(), "the bench failed in its own network, or that could not be made: {status}");
    Ok(true)
}

/// Measures.
pub(super) fn measure(program: &Path, folder: &Path, figures: &mut Figures) -> Result<()> {
    let mut lamps = (0..NODES).map(|number| Lamp::start(folder, number)).collect::<Result<Vec<_>>>()?;
    let codes = lamps.iter().map(Lamp::code).collect::<Result<Vec<_>>>()?;
    let plan = Plan::matter(program, folder.join("matter"))?;
    let log = Log::follow(&plan.log())?;
    let hub = plan.start()?;
    let mut http = first_answer(&plan)?;
    sleep(SETTLE);
    // The first one brings what all of them need.
    let (first, others) = codes.split_first().context("there are lamps")?;
    let mut times = vec![add(program, &plan, first)?];
    sleep(SETTLE);
    let before = hub.memory()?;
    for code in others {
        times.push(add(program, &plan, code)?);
    }
    figures.add("Matter: adding a device, with attestation, p50", quantile(&mut times, 0.5), "ms", Bar::Below(1500.0));
    figures.add("Matter: adding a device, the slowest", quantile(&mut times, 1.0), "ms", Bar::None);
    sleep(SETTLE);
    let of_each = (hub.memory()? - before) * 1000.0 / f64::from(NODES - 1);
    figures.add("Matter: memory of each node", of_each, "kB", Bar::Below(150.0));
    commands(&mut http, &log, &lamps[0], figures)?;
    reports(&plan, &mut lamps[0], figures)?;
    hub.end()?;
    restart(&plan, figures)
}

/// Adds a device; gives how long that took, in milliseconds.
fn add(program: &Path, plan: &Plan, code: &str) -> Result<f64> {
    let begun = Instant::now();
    let added = Command::new(program).args(["matter", "commission", code, "--data"]).arg(&plan.data).output()?;
    ensure!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    Ok(millis(begun.elapsed()))
}

fn commands(http: &mut Http, log: &Log, lamp: &Lamp, figures: &mut Figures) -> Result<()> {
    let (mut times, mut switched, mut answered, mut exchanges) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 0..COMMANDS {
        let on = number % 2 == 0;
        let begun = Instant::now();
        let answer = http.json(&Ask::document(&format!(
            "mutation {{ control(device: \"lamp-0\", set: {{ onOff: {{ on: {on} }} }}) {{ outcome reason }} }}"
        )))?;
        times.push(millis(begun.elapsed()));
        ensure!(answer["data"]["control"]["outcome"] == "DONE", "a command ended with {answer}");
        switched.push(millis(lamp.until_switched(on)?.duration_since(begun)));
        let (at, exchange) = log.until_answered()?;
        answered.push(millis(at.duration_since(begun)));
        exchanges.push(exchange);
    }
    let [bare, whole] = [exchanges, answered].map(|mut times| quantile(&mut times, 0.5));
    figures.add("Matter: the protocol's own exchange, p50", bare, "ms", Bar::None);
    figures.add("Matter: command until the device has answered, p50", whole, "ms", Bar::None);
    figures.add("Matter: command until the device has answered, times an exchange", whole / bare, "", Bar::Below(1.3));
    figures.add("Matter: command until the device has switched, p50", quantile(&mut switched, 0.5), "ms", Bar::None);
    figures.add("Matter: command to the device's own report, p50", quantile(&mut times, 0.5), "ms", Bar::None);
    figures.add("Matter: command to the device's own report, p99", quantile(&mut times, 0.99), "ms", Bar::None);
    Ok(())
}

fn reports(plan: &Plan, lamp: &mut Lamp, figures: &mut Figures) -> Result<()> {
    let (path, protocol) = plan.peer.socket();
    let mut phone = WebSocket::open(plan.port, path, protocol)?;
    for (said, answer) in plan.peer.greeting(&plan.token) {
        phone.say(&said.to_string())?;
        while !phone.hear()?.contains(answer) {}
    }
    let mut times = Vec::new();
    for number in 0..REPORTS {
        let on = number % 2 == 0;
        let begun = Instant::now();
        lamp.switch(on)?;
        while !phone.hear()?.contains(&format!("\"new\":{on}}}")) {}
        times.push(millis(begun.elapsed()));
    }
    figures.add("Matter: switched at the device to the phone, p50", quantile(&mut times, 0.5), "ms", Bar::None);
    Ok(())
}

fn restart(plan: &Plan, figures: &mut Figures) -> Result<()> {
    let hub: Process = plan.start()?;
    let mut http = first_answer(plan)?;
    let ask = Ask::document("{ devices { handle reachable } }");
    loop {
        let answer = http.json(&ask)?;
        let devices = answer["data"]["devices"].as_array().context("devices are a list")?;
        let there = |device: &&Value| device["handle"] != "house" && device["reachable"] == true;
        if devices.iter().filter(there).count() == usize::from(NODES) {
            break;
        }
        ensure!(hub.begun.elapsed() < RETURN, "not all lamps came back: {answer}");
        sleep(Duration::from_millis(20));
    }
    let name = format!("Matter: start until {NODES} nodes are followed again");
    figures.add(name, hub.begun.elapsed().as_secs_f64(), "s", Bar::Below(15.0));
    hub.end().map(drop)
}

/// What the hub logs, as it does.
struct Log(Receiver<(Instant, String)>);

impl Log {
    /// Puts a pipe where the hub's log will be.
    fn follow(path: &Path) -> Result<Self> {
        let mut make = repository::command("mkfifo", &[]);
        make.arg(path);
        repository::must(make)?;
        // Who may write as well never comes to an end, and so outlives each of the hub's runs.
        let pipe = File::options().read(true).write(true).open(path)?;
        Ok(Self(timed_lines(pipe)))
    }

    /// When the next command's exchange was over, and how long it took within the protocol's library, in milliseconds.
    fn until_answered(&self) -> Result<(Instant, f64)> {
        let micros = |line: &str| line.split_once("micros=")?.1.split_whitespace().next()?.parse::<f64>().ok();
        loop {
            let (at, line) = self.0.recv_timeout(RETURN).context("the hub's log tells of no exchange")?;
            if line.contains("a node answered a request")
                && let Some(micros) = micros(&line)
            {
                return Ok((at, micros / 1000.0));
            }
        }
    }
}

/// The lines of what is being written, each with when it came.
fn timed_lines(read: impl Read + Send + 'static) -> Receiver<(Instant, String)> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(read).lines().map_while(Result::ok) {
            // Nobody may care any more.
            let _ = tell.send((Instant::now(), line));
        }
    });
    told
}

/// A lamp; it is killed when it is no longer needed.
struct Lamp {
    child: Child,
    orders: ChildStdin,
    told: Receiver<(Instant, String)>,
}

impl Lamp {
    fn start(folder: &Path, number: u16) -> Result<Self> {
        let mut command = repository::command("tests/peers/matter/run", &["light"]);
        command.arg(folder.join(format!("lamp-{number}"))).arg((5540 + number).to_string());
        command.arg(format!("passcode={}", 20_202_021 + u32::from(number)));
        command.args([format!("discriminator={}", 100 + number), format!("label=Lamp {number}")]);
        command.arg(format!("serial=lamp-{number}"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let orders = child.stdin.take().context("a lamp takes orders")?;
        let told = timed_lines(child.stdout.take().context("a lamp tells")?);
        Ok(Self { child, orders, told })
    }

    /// The text of its QR code, as soon as it can be added.
    fn code(&self) -> Result<String> {
        let (_, ready) = self.until(|told| told["event"] == "ready")?;
        Ok(ready["qr"].as_str().context("a lamp has a code")?.to_owned())
    }

    /// When it switched, by its own word.
    fn until_switched(&self, on: bool) -> Result<Instant> {
        Ok(self.until(|told| told["event"] == "changed" && told["attribute"] == "onOff" && told["value"] == on)?.0)
    }

    fn until(&self, wanted: impl Fn(&Value) -> bool) -> Result<(Instant, Value)> {
        loop {
            let (at, line) = self.told.recv_timeout(RETURN).context("a lamp is silent")?;
            let told: Value = serde_json::from_str(&line).unwrap_or_default();
            if wanted(&told) {
                return Ok((at, told));
            }
        }
    }

    fn switch(&mut self, on: bool) -> Result<()> {
        let order = json!({ "do": "set", "endpoint": 1, "cluster": "onOff", "attribute": "onOff", "to": on });
        Ok(writeln!(self.orders, "{order}")?)
    }
}

impl Drop for Lamp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
