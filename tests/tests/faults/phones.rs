//! Five hundred phones of which fifty take no messages: they are cut off, and nobody else notices.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use home_tests::{Broker, Stalls, TestHome, eventually, in_time};
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::{
    devices::{Lamps, Meter, all_reachable},
    well::{counter, megabytes, still_well},
};

const PHONES: usize = 450;
const SLOW: usize = 50;
/// How many commands are timed, with and without slow phones.
const COMMANDS: usize = 20;
/// After 15 s without taking a message a phone is cut off; before that, its buffers have to fill.
const CUT_OFF: Duration = Duration::from_secs(90);
/// How many WebSockets the hub opens.
const SOCKETS: usize = 768;

type Socket = WebSocketStream<TcpStream>;

/// Opens a WebSocket and says who it is.
async fn open(home: &TestHome) -> Result<Socket, Error> {
    // A phone that is slow has little room of its own.
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(16 * 1024)?;
    let address = home.address();
    let stream = socket.connect(address.parse().expect("an address")).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{address}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) = client_async(request, stream).await?;
    let hello = json!({ "type": "connection_init", "payload": { "token": home.owner.token() } });
    socket.send(Message::text(hello.to_string())).await?;
    let welcome = in_time("welcome", socket.next()).await;
    assert!(matches!(welcome, Some(Ok(Message::Text(text))) if text.contains("connection_ack")), "no welcome");
    Ok(socket)
}

async fn subscribe(socket: &mut Socket, document: &str) {
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": document } });
    socket.send(Message::text(subscribe.to_string())).await.expect("the hub listens");
}

/// A phone that tells when it hears of each level of the lamp.
async fn phone(home: &TestHome, heard: mpsc::Sender<(u64, Instant)>) -> JoinHandle<()> {
    let mut socket = open(home).await.expect("there is room for a phone");
    subscribe(&mut socket, "subscription { events { change { property new } } }").await;
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            // Most messages are the meter's, and need not be read.
            let Some((_, rest)) = text.split_once("\"brightness.level\",\"new\":") else { continue };
            let level = rest.split(|letter: char| !letter.is_ascii_digit()).next().and_then(|level| level.parse().ok());
            if heard.send((level.unwrap_or_default(), Instant::now())).await.is_err() {
                return;
            }
        }
    })
}

/// How long it takes from a command until the last phone heard of it: of each command, sorted.
async fn delays(home: &TestHome, heard: &mut mpsc::Receiver<(u64, Instant)>, first: u64) -> Vec<Duration> {
    let mut delays = Vec::new();
    for level in (first..).take(COMMANDS) {
        let begun = Instant::now();
        assert_eq!(home.set("lamp-0", "1", &format!("brightness: {{ level: {level} }}")).await, "DONE");
        let mut last = begun;
        let mut phones = 0;
        while phones < PHONES {
            let (told, at) = in_time("word from every phone", heard.recv()).await.expect("the phones live");
            if told == level {
                phones += 1;
                last = last.max(at);
            }
        }
        delays.push(last - begun);
    }
    delays.sort();
    delays
}

#[tokio::test]
async fn fifty_phones_that_take_nothing_are_cut_off_and_four_hundred_and_fifty_notice_nothing() {
    let broker = Broker::start().await;
    let _lamps = Lamps::on(&broker, 1).await;
    let meter = Meter::on(&broker).await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    all_reachable(&home, 2, true).await;
    let _meter = Meter::count(meter, Duration::from_millis(500));
    let (tell, mut heard) = mpsc::channel(PHONES * 4);
    let mut phones = Vec::new();
    for _ in 0..PHONES {
        phones.push(phone(&home, tell.clone()).await);
    }
    let stalls = Stalls::of(&home.data());
    let alone = delays(&home, &mut heard, 1).await;
    let before = megabytes(&home);

    // What they ask for is long, so that their buffers fill.
    let long = "a".repeat(200);
    let change: String =
        (0..60).map(|number| format!("{long}{number}: change {{ device endpoint property old new }} ")).collect();
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut socket = open(&home).await.expect("there is room for a phone");
        subscribe(&mut socket, &format!("subscription {{ events {{ {change} }} }}")).await;
        slow.push(socket);
    }
    let begun = Instant::now();
    let beside = delays(&home, &mut heard, 40).await;
    let taken = stalls.since(begun);
    let peak = megabytes(&home);
    eprintln!(
        "{COMMANDS} commands until the last of {PHONES} phones heard: median {:?} alone, {:?} beside {SLOW} slow phones; \
         memory {before} MB and {peak} MB",
        alone[COMMANDS / 2],
        beside[COMMANDS / 2]
    );
    let bound = alone[COMMANDS / 2] * 3 + Duration::from_millis(100) + taken;
    assert!(beside[COMMANDS / 2] < bound, "{beside:?} beside slow phones, and {alone:?} without");
    assert!(peak < before + 64, "memory was {before} MB and is {peak} MB");

    let cut_off = async {
        while counter(&home, "api_too_slow_total").await < SLOW as u64 {
            // The hub tells of nobody that it cuts off, so that it is asked.
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    timeout(CUT_OFF, cut_off).await.expect("whoever takes nothing is cut off");
    eventually("places that are free again", async || {
        (counter(&home, "api_sockets").await == PHONES as u64).then_some(())
    })
    .await;
    assert!(phones.iter().all(|phone| !phone.is_finished()), "a phone that listens was cut off too");
    delays(&home, &mut heard, 70).await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn one_websocket_more_than_there_is_room_for_is_refused_and_the_next_free_place_is_taken() {
    let mut home = TestHome::simulated().await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(open(&home).await.expect("there is room"));
    }
    let refused =
        |error: &Error| matches!(error, Error::Http(answer) if answer.status() == StatusCode::SERVICE_UNAVAILABLE);
    assert!(open(&home).await.is_err_and(|error| refused(&error)), "one more is refused with 503");
    // Requests have room of their own.
    assert_eq!(home.owner.send(Method::GET, "/healthz", "").await.status, 200);
    assert_eq!(home.set("bench-lamp", "1", "brightness: { level: 7 }").await, "DONE");
    sockets.pop();
    eventually("free place", async || open(&home).await.ok()).await;
    drop(sockets);
    eventually("end of every socket", async || (counter(&home, "api_sockets").await == 0).then_some(())).await;
    still_well(&mut home).await;
}
