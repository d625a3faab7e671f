//! A network that goes wrong: a TCP proxy before a broker, which delays, swallows or cuts what goes through it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

/// As much as one packet carries on an Ethernet.
const PACKET: usize = 1460;
/// After so long TCP sends again what was lost, and waits twice as long after each further loss.
const RESEND: Duration = Duration::from_millis(200);
/// One packet of so many also breaks the connection, as a router that forgets does.
const CUT: u64 = 400;

/// What the network is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes at once.
    Fine,
    /// So many packets of a hundred are lost: their connection waits until they were sent again, and now and then it
    /// breaks.
    Lossy(u64),
    /// Everything is swallowed, and nobody is told: connections that live through this are half-open for ever.
    Swallowing,
}

/// The proxy. Connections end with it.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    weather: watch::Sender<Weather>,
    /// Grows to cut every connection.
    cuts: watch::Sender<u64>,
    accepting: JoinHandle<()>,
}

/// What a connection lives in.
#[derive(Debug, Clone)]
struct Climate {
    weather: watch::Receiver<Weather>,
    cuts: watch::Receiver<u64>,
    chance: Arc<AtomicU64>,
}

impl Proxy {
    /// A proxy before a port of this machine.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let own = listener.local_addr().expect("a listener has an address").port();
        let (weather, cuts) = (watch::Sender::new(Weather::Fine), watch::Sender::new(0));
        let climate =
            Climate { weather: weather.subscribe(), cuts: cuts.subscribe(), chance: Arc::new(AtomicU64::new(0x5eed)) };
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, port, climate.clone()));
            }
        });
        Self { port: own, weather, cuts, accepting }
    }

    /// Where it is, `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// From now on the network is like this.
    pub fn becomes(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn carry(near: TcpStream, port: u16, climate: Climate) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    // Without it the proxy itself would delay, and not the weather.
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let mut cuts = climate.cuts.clone();
    cuts.mark_unchanged();
    tokio::select! {
        () = pump(near_in, far_out, climate.clone()) => {}
        () = pump(far_in, near_out, climate) => {}
        _ = cuts.changed() => {}
    }
}

/// Carries one direction until it ends or breaks.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, climate: Climate) {
    let mut packet = [0; PACKET];
    loop {
        let count = match from.read(&mut packet).await {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        let weather = *climate.weather.borrow();
        match weather {
            Weather::Fine => {}
            Weather::Lossy(percent) => {
                let mut again = RESEND;
                while climate.chance(100) < percent {
                    sleep(again).await;
                    again *= 2;
                }
                if climate.chance(CUT) == 0 {
                    return;
                }
            }
            // Neither end is told, and what was swallowed would be missing in what came later.
            Weather::Swallowing => std::future::pending().await,
        }
        if to.write_all(&packet[..count]).await.is_err() {
            return;
        }
    }
}

impl Climate {
    /// A number below `below`, by a chance that is the same in every run.
    fn chance(&self, below: u64) -> u64 {
        let number = self.chance.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        // SplitMix64.
        let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}
