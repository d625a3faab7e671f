//! Ports that no other test gets.

use std::{
    env, fs,
    fs::File,
    net::TcpListener,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the range that systems hand out for outgoing connections, so that nobody takes a port while its server restarts.
const RANGE: std::ops::Range<u16> = 20_000..30_000;

/// A loopback port, kept for this test as long as this lives, whether something listens there or not.
#[derive(Debug)]
pub struct Port {
    /// Its number.
    pub number: u16,
    _kept: File,
}

impl Port {
    /// A port that nobody uses. A lock on a file tells other test processes that it is taken.
    pub fn free() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let locks = env::temp_dir().join("hearth-test-ports");
        fs::create_dir_all(&locks).expect("the temporary folder can be written");
        let span = RANGE.end - RANGE.start;
        // Processes begin at places of their own, so that they seldom ask for the same.
        let first = (process::id().wrapping_mul(7919) % u32::from(span)) as u16;
        for _ in 0..span {
            let number = RANGE.start + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % span;
            let kept = File::create(locks.join(number.to_string())).expect("the temporary folder can be written");
            if kept.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Self { number, _kept: kept };
            }
        }
        panic!("no port of {RANGE:?} is free");
    }
}
