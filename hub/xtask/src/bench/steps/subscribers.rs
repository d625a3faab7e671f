//! Many phones at once: from a device's message until the last of them has heard of it.

use std::{
    sync::mpsc::{Sender, channel},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::bench::{
    course::Course,
    figures::{Bar, millis, quantile},
    fleet,
    websocket::WebSocket,
};

/// How many phones.
const PHONES: usize = 100;
/// How many changes they are told.
const CHANGES: usize = 300;
/// From one change to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// Times a change of one sensor until the last phone has it.
pub(in crate::bench) fn measure(course: &mut Course<'_>) -> Result<()> {
    let (send, heard) = channel();
    let marks: Vec<(f64, String)> = (0..CHANGES)
        .map(|change| 10.125 + change as f64 / 8.0)
        .map(|value| (value, course.plan.peer.mark(value)))
        .collect();
    for _ in 0..PHONES {
        let socket = greet(course)?;
        let (send, marks) = (send.clone(), marks.iter().map(|(_, mark)| mark.clone()).collect());
        thread::spawn(move || follow(socket, marks, &send));
    }
    let mut delays = Vec::with_capacity(CHANGES);
    for (number, (value, _)) in marks.iter().enumerate() {
        let begun = Instant::now();
        fleet::say(&mut course.publisher, 1, *value)?;
        course.publisher.flush()?;
        let mut last = begun;
        for _ in 0..PHONES {
            let (change, at) = heard.recv_timeout(Duration::from_secs(20)).context("a phone was not told")?;
            ensure!(change == number, "a phone was told out of order");
            last = last.max(at);
        }
        delays.push(millis(last - begun));
        sleep(PAUSE);
    }
    let figures = &mut course.figures;
    figures.add(format!("{PHONES} phones, delay to the last: p50"), quantile(&mut delays, 0.5), "ms", Bar::Below(4.0));
    figures.add(format!("{PHONES} phones, delay to the last: p99"), quantile(&mut delays, 0.99), "ms", Bar::Below(8.0));
    Ok(())
}

fn greet(course: &Course<'_>) -> Result<WebSocket> {
    let peer = course.plan.peer;
    let (path, protocol) = peer.socket();
    let mut socket = WebSocket::open(course.plan.port, path, protocol)?;
    for (text, answer) in peer.greeting(&course.plan.token) {
        socket.say(&text.to_string())?;
        while !socket.hear()?.contains(answer) {}
    }
    Ok(socket)
}

/// Tells of each change in its turn when it is heard; other messages are passed over.
fn follow(mut socket: WebSocket, marks: Vec<String>, send: &Sender<(usize, Instant)>) {
    for (number, mark) in marks.iter().enumerate() {
        loop {
            match socket.hear() {
                Ok(text) if text.contains(mark) => break,
                Ok(_) => {}
                Err(_) => return,
            }
        }
        if send.send((number, Instant::now())).is_err() {
            return;
        }
    }
}
