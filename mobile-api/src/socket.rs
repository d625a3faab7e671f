//! A WebSocket: the conversation of [`protocol`] over a connection, with its clocks. One task each, so that a slow
//! socket waits for itself alone: what it misses meanwhile, its watch makes up for with a snapshot.

mod protocol;

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use async_graphql::Request;
use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, WebSocket},
};
use futures_util::{
    FutureExt as _, SinkExt as _, StreamExt as _,
    stream::{self, AbortHandle, BoxStream, SelectAll, SplitSink},
};
use hub_core::Session;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::{answer::Answer, api::Api};
use protocol::{Close, Conversation, Do};

/// The subprotocol that a WebSocket must ask for.
pub(crate) const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take to say who it is.
const INIT: Duration = Duration::from_secs(10);
/// How often a client is asked for a sign of life.
const PING: Duration = Duration::from_secs(20);
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(65);
/// How long a client may take to take a message. Then it is cut off; it comes back with its cursor.
const SLOW: Duration = Duration::from_secs(15);
/// How many messages go out together, if so many are ready, before the client is listened to again.
const TOGETHER: usize = 64;

/// Speaks with a client until one of the two hangs up. `session` is who it is, if its request showed that.
pub(crate) async fn converse(api: Arc<Api>, socket: WebSocket, session: Option<Session>) {
    let (sink, mut heard) = socket.split();
    let mut line = Line::new(api, sink, session);
    let mut pings = interval_at(Instant::now() + PING, PING);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let init = sleep_until(Instant::now() + INIT);
    tokio::pin!(init);
    let mut last_heard = Instant::now();
    let ended = loop {
        let went_on = tokio::select! {
            message = heard.next() => {
                last_heard = Instant::now();
                line.hear(message).await
            }
            Some(told) = line.under_way.next(), if !line.under_way.is_empty() => line.tell(told).await,
            () = revoked(line.session.as_ref()), if line.talk.is_admitted() => Err(Close::UNAUTHORIZED.into()),
            () = &mut init, if !line.talk.is_admitted() => Err(Close::INIT_TIMEOUT.into()),
            _ = pings.tick() => line.ping(last_heard.elapsed()).await,
        };
        if let Err(ended) = went_on {
            break ended;
        }
    };
    if let Ended::Close(Close { code, reason }) = ended {
        // The client may be gone already.
        let _ = line.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

/// One end of a conversation.
struct Line {
    api: Arc<Api>,
    sink: SplitSink<WebSocket, Message>,
    /// Who speaks; whoever shows a token in `connection_init` is that one from then on.
    session: Option<Session>,
    talk: Conversation,
    under_way: SelectAll<BoxStream<'static, Told>>,
    open: HashMap<Arc<str>, Open>,
    /// How many operations were begun: their serial numbers.
    begun: u64,
}

/// An operation under way.
struct Open {
    serial: u64,
    handle: AbortHandle,
}

/// An answer of an operation.
struct Told {
    id: Arc<str>,
    /// Tells a stopped operation's last words from those of a new one with the same id.
    serial: u64,
    /// `None` at its end.
    answer: Option<Answer>,
}

/// How a conversation ended.
enum Ended {
    /// We hang up.
    Close(Close),
    /// The client did, or takes no messages.
    Gone,
}

impl From<Close> for Ended {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl Line {
    fn new(api: Arc<Api>, sink: SplitSink<WebSocket, Message>, session: Option<Session>) -> Self {
        let (talk, under_way, open) = (Conversation::default(), SelectAll::new(), HashMap::new());
        Self { api, sink, session, talk, under_way, open, begun: 0 }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), Ended> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => return Err(Close::BAD_MESSAGE.into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Ended::Gone),
        };
        match self.talk.hear(&text) {
            Do::Nothing => Ok(()),
            Do::Say(said) => self.send(Message::text(said)).await,
            Do::Authenticate(token) => self.authenticate(token.as_deref()).await,
            Do::Begin(id, request) => {
                self.begin(id, *request);
                Ok(())
            }
            Do::End(id) => {
                self.end(&id);
                Ok(())
            }
            Do::Close(close) => Err(close.into()),
        }
    }

    async fn ping(&mut self, silence: Duration) -> Result<(), Ended> {
        if silence > SILENCE {
            return Err(Close::SILENT.into());
        }
        self.send(Message::Ping(Bytes::new())).await
    }

    async fn authenticate(&mut self, token: Option<&str>) -> Result<(), Ended> {
        if let Some(token) = token {
            self.session = self.api.hub.authenticate(token);
        }
        if self.session.is_none() {
            self.api.counters.unauthorized.fetch_add(1, Relaxed);
            return Err(Close::UNAUTHORIZED.into());
        }
        let ack = self.talk.admit();
        self.send(Message::text(ack)).await
    }

    fn begin(&mut self, id: String, request: Request) {
        let Some(session) = self.session.clone() else { return };
        let id: Arc<str> = id.into();
        self.begun += 1;
        let serial = self.begun;
        let told = {
            let id = Arc::clone(&id);
            move |answer| Told { id: Arc::clone(&id), serial, answer }
        };
        let (answers, handle) = stream::abortable(self.api.stream(session, request).map(Some));
        let answers = answers.chain(stream::once(std::future::ready(None))).map(told);
        self.under_way.push(answers.boxed());
        self.open.insert(id, Open { serial, handle });
        self.api.counters.subscriptions.fetch_add(1, Relaxed);
    }

    /// Stops an operation. Its stream tells its end once more, which is passed over.
    fn end(&mut self, id: &str) {
        if let Some(open) = self.open.remove(id) {
            open.handle.abort();
            self.api.counters.subscriptions.fetch_sub(1, Relaxed);
        }
    }

    /// Sends an answer, and those that are ready behind it.
    async fn tell(&mut self, first: Told) -> Result<(), Ended> {
        let mut next = Some(first);
        for _ in 0..TOGETHER {
            let Some(told) = next.take() else { break };
            if let Some(said) = self.say(told) {
                self.api.counters.messages.fetch_add(1, Relaxed);
                self.feed(Message::text(said)).await?;
            }
            next = self.under_way.next().now_or_never().flatten();
        }
        if let Some(left) = next.and_then(|told| self.say(told)) {
            self.feed(Message::text(left)).await?;
        }
        in_time(&self.api, self.sink.flush()).await
    }

    fn say(&mut self, Told { id, serial, answer }: Told) -> Option<String> {
        if self.open.get(&id).is_none_or(|open| open.serial != serial) {
            return None;
        }
        let Some(answer) = answer else {
            self.end(&id);
            return Some(self.talk.complete(&id));
        };
        let (said, ends) = self.talk.answer(&id, &answer);
        if ends {
            self.end(&id);
        }
        Some(said)
    }

    async fn feed(&mut self, message: Message) -> Result<(), Ended> {
        in_time(&self.api, self.sink.feed(message)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        in_time(&self.api, self.sink.send(message)).await
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.api.counters.subscriptions.fetch_sub(self.open.len(), Relaxed);
    }
}

/// Waits for a client to take a message, but not for ever.
async fn in_time(api: &Api, sending: impl Future<Output = Result<(), axum::Error>>) -> Result<(), Ended> {
    match timeout(SLOW, sending).await {
        Ok(sent) => sent.map_err(|_| Ended::Gone),
        Err(_) => {
            api.counters.too_slow.fetch_add(1, Relaxed);
            Err(Ended::Gone)
        }
    }
}

async fn revoked(session: Option<&Session>) {
    match session {
        Some(session) => session.revoked().await,
        None => std::future::pending().await,
    }
}
