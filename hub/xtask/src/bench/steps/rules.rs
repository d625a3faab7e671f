//! From a message to a rule's message, beside an echo by the same broker in the same run: what the hub adds to what the
//! machine and the broker take anyway.

use std::{
    collections::{HashMap, VecDeque},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::bench::{
    course::Course,
    figures::{Bar, millis, quantile},
    fleet,
    mqtt::{self, Publisher, Retain, Subscriber},
};

/// How many pairs of rules there are: a switch goes on above 50 degrees and off below.
const PAIRS: usize = 500;
/// How long the last answer may take after the last message.
const LAST: Duration = Duration::from_secs(20);

/// Times rules and echo at a low and a high rate.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    load(course)?;
    let (mut publisher, subscriber) = mqtt::connect(course.broker.port, "bench-rules")?;
    publisher.subscribe("bench/switch/+/set")?;
    publisher.subscribe("bench/echo/+/out")?;
    let heard = listen(subscriber);
    echo(course.broker.port)?;
    for (rate, bar) in [(50, 3.0), (500, 5.0)] {
        cool(&mut publisher, &heard)?;
        let count = rate * course.size.span.as_secs() as usize;
        let mut echo = Run { rate, count, heard: &heard }.time(&mut publisher, |publisher, number| {
            let topic = format!("bench/echo/{}", number % fleet::SWITCHES);
            publisher.publish(&format!("{topic}/in"), "ON", Retain::No)?;
            Ok(format!("{topic}/out"))
        })?;
        let mut rules = Run { rate, count, heard: &heard }.time(&mut publisher, |publisher, number| {
            let (pair, round) = (number % PAIRS, number / PAIRS);
            fleet::say(publisher, 1 + pair, if round % 2 == 0 { 60.5 } else { 40.5 })?;
            Ok(fleet::switch(pair % fleet::SWITCHES))
        })?;
        let (echo_p99, p99) = (quantile(&mut echo, 0.99), quantile(&mut rules, 0.99));
        let figures = &mut course.figures;
        let name = format!("message, rule, message at {rate}/s with {} rules", 2 * PAIRS);
        figures.add(format!("{name}: answers missing"), (count - rules.len()) as f64, "", Bar::Below(0.0));
        figures.add(format!("{name}: p50"), quantile(&mut rules, 0.5), "ms", Bar::None);
        figures.add(format!("{name}: p99"), p99, "ms", Bar::None);
        figures.add(format!("an echo at {rate}/s: p99"), echo_p99, "ms", Bar::None);
        figures.add(format!("{name}: p99, times that of an echo"), p99 / echo_p99, "", Bar::Below(bar));
    }
    cool(&mut publisher, &heard)
}

/// Lets every sensor be below its rules' threshold, so that each of what follows is a crossing.
fn cool(publisher: &mut Publisher, heard: &Heard) -> Result<()> {
    (0..PAIRS).try_for_each(|pair| fleet::say(publisher, 1 + pair, 40.5))?;
    publisher.flush()?;
    while heard.recv_timeout(Duration::from_secs(2)).is_ok() {}
    Ok(())
}

/// Gives the hub its rules while it runs, as an owner would.
fn load(course: &mut Course<'_>) -> Result<()> {
    let peer = course.plan.peer;
    std::fs::write(&course.plan.rules, peer.rules(PAIRS))?;
    if let Some(reload) = peer.reload() {
        course.http.json(&reload)?;
    }
    course.until("has its rules", |course| {
        let answer = course.http.json(&peer.loaded())?;
        Ok(peer.count_rules(&answer) >= 2 * PAIRS)
    })
}

type Heard = std::sync::mpsc::Receiver<(Instant, String)>;

struct Run<'a> {
    rate: usize,
    count: usize,
    heard: &'a Heard,
}

impl Run<'_> {
    /// Sends at the rate and times each answer, which comes on the topic that sending names; in the order of sending for
    /// each topic.
    fn time(
        self,
        publisher: &mut Publisher,
        mut send: impl FnMut(&mut Publisher, usize) -> Result<String>,
    ) -> Result<Vec<f64>> {
        let mut waiting: HashMap<String, VecDeque<Instant>> = HashMap::new();
        let mut delays = Vec::with_capacity(self.count);
        let mut settle = |(at, topic): (Instant, String), waiting: &mut HashMap<String, VecDeque<Instant>>| {
            if let Some(sent) = waiting.get_mut(&topic).and_then(VecDeque::pop_front) {
                delays.push(millis(at - sent));
            }
        };
        let begun = Instant::now();
        for number in 0..self.count {
            let due = begun + Duration::from_secs_f64(number as f64 / self.rate as f64);
            sleep(due.saturating_duration_since(Instant::now()));
            let sent = Instant::now();
            let topic = send(publisher, number)?;
            publisher.flush()?;
            waiting.entry(topic).or_default().push_back(sent);
            while let Ok(heard) = self.heard.try_recv() {
                settle(heard, &mut waiting);
            }
        }
        let end = Instant::now() + LAST;
        while waiting.values().any(|sent| !sent.is_empty()) {
            let Ok(heard) = self.heard.recv_timeout(end.saturating_duration_since(Instant::now())) else { break };
            settle(heard, &mut waiting);
        }
        Ok(delays)
    }
}

/// Everything that is heard, with its time.
fn listen(mut subscriber: Subscriber) -> Heard {
    let (send, heard) = std::sync::mpsc::channel();
    // It ends with the broker.
    thread::spawn(move || {
        while let Ok((topic, _)) = subscriber.next() {
            if send.send((Instant::now(), topic)).is_err() {
                return;
            }
        }
    });
    heard
}

/// A client that answers every message, as a rule would, and does nothing else.
fn echo(port: u16) -> Result<()> {
    let (mut publisher, mut subscriber) = mqtt::connect(port, "bench-echo")?;
    publisher.subscribe("bench/echo/+/in")?;
    thread::spawn(move || -> Result<()> {
        loop {
            let (topic, payload) = subscriber.next()?;
            let topic = topic.strip_suffix("in").context("only this was subscribed")?;
            publisher.publish(&format!("{topic}out"), &String::from_utf8_lossy(&payload), Retain::No)?;
            publisher.flush()?;
        }
    });
    Ok(())
}
