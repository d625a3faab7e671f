//! One subscription, in the protocol `graphql-transport-ws`.

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::patience::in_time;

/// Answers that come closer together than this came at once.
const BURST: Duration = Duration::from_millis(5);

/// A subscription under way. Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    socket: WebSocketStream<TcpStream>,
    field: String,
    is_complete: bool,
    /// Everything that came, in order.
    pub seen: Vec<Value>,
}

impl Subscription {
    /// Connects, greets with the token and subscribes.
    pub(crate) async fn begin(address: &str, token: Option<&str>, document: &str) -> anyhow::Result<Self> {
        in_time("subscription", Self::connect(address, token, document)).await
    }

    async fn connect(address: &str, token: Option<&str>, document: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("nobody listens")?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/graphql").into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let (socket, _) = client_async(request, stream).await.context("no WebSocket")?;
        let mut subscription = Self { socket, field: field(document), is_complete: false, seen: Vec::new() };
        let greeting = token.map_or_else(|| json!({}), |token| json!({ "token": token }));
        subscription.send(json!({ "type": "connection_init", "payload": greeting })).await?;
        let answer = subscription.message().await?.context("closed instead of an acknowledgement")?;
        if answer["type"] != "connection_ack" {
            bail!("{answer} instead of an acknowledgement");
        }
        subscription.send(json!({ "type": "subscribe", "id": "1", "payload": { "query": document } })).await?;
        // The hub reads its messages in order: what it answers to this ping comes after the subscription was taken.
        subscription.send(json!({ "type": "ping" })).await?;
        while let Some(message) = subscription.message().await? {
            match message["type"].as_str() {
                Some("pong") => return Ok(subscription),
                Some("next") => subscription.keep(message),
                // All that there was to tell came before the pong.
                Some("complete") => subscription.is_complete = true,
                _ => bail!("{message} instead of a subscription"),
            }
        }
        bail!("closed instead of a subscription")
    }

    /// The next answer, of its one field; `None` when the hub ended the subscription.
    ///
    /// # Errors
    /// The hub answered with an error, or the connection broke.
    pub async fn try_next(&mut self) -> anyhow::Result<Option<Value>> {
        if self.is_complete {
            return Ok(None);
        }
        while let Some(message) = self.message().await? {
            match message["type"].as_str() {
                Some("next") => {
                    self.keep(message);
                    return Ok(self.seen.last().cloned());
                }
                Some("complete") => return Ok(None),
                Some("error") => bail!("{}", message["payload"]),
                Some("ping") => self.send(json!({ "type": "pong" })).await?,
                _ => {}
            }
        }
        Ok(None)
    }

    /// The next answer, which has to come.
    pub async fn next(&mut self) -> Value {
        let field = self.field.clone();
        let next = in_time(format_args!("answer of {field}"), self.try_next()).await;
        let next = next.unwrap_or_else(|error| panic!("{field} broke: {error:#}"));
        next.unwrap_or_else(|| panic!("{field} was ended by the hub"))
    }

    /// The next answer, and all that came with it.
    pub(crate) async fn next_burst(&mut self) {
        self.next().await;
        while tokio::time::timeout(BURST, self.try_next()).await.is_ok_and(|next| matches!(next, Ok(Some(_)))) {}
    }

    /// Waits for an answer in which `find` finds something; those that came before this call count too.
    pub async fn wait_for<T>(&mut self, what: &str, mut find: impl FnMut(&Value) -> Option<T>) -> T {
        if let Some(found) = self.seen.iter().find_map(&mut find) {
            return found;
        }
        self.wait_for_new(what, find).await
    }

    /// Waits for an answer in which `find` finds something, among those that come from now on.
    pub async fn wait_for_new<T>(&mut self, what: &str, find: impl FnMut(&Value) -> Option<T>) -> T {
        self.wait_for_within(crate::PATIENCE, what, find).await
    }

    /// The same for what a protocol's own timers hold back.
    pub async fn wait_for_within<T>(
        &mut self,
        patience: Duration,
        what: &str,
        mut find: impl FnMut(&Value) -> Option<T>,
    ) -> T {
        let from = self.seen.len();
        let waiting = async {
            loop {
                match self.try_next().await {
                    Ok(Some(answer)) => {
                        if let Some(found) = find(&answer) {
                            return Ok(found);
                        }
                    }
                    Ok(None) => bail!("the hub ended it"),
                    Err(error) => return Err(error),
                }
            }
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => panic!("no {what}: {error:#}; it told {:#?}", self.seen),
            Err(_) => panic!("no {what} after {from} others: {:#?}", self.seen),
        }
    }

    fn keep(&mut self, mut message: Value) {
        let answer = message["payload"]["data"][self.field.as_str()].take();
        self.seen.push(if answer.is_null() { message } else { answer });
    }

    async fn message(&mut self) -> anyhow::Result<Option<Value>> {
        while let Some(message) = self.socket.next().await {
            match message.context("the connection broke")? {
                Message::Text(text) => return Ok(Some(serde_json::from_str(&text)?)),
                Message::Close(_) => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }

    async fn send(&mut self, message: Value) -> anyhow::Result<()> {
        self.socket.send(Message::text(message.to_string())).await.context("the connection broke")
    }
}

/// The one field that a subscription asks for.
fn field(document: &str) -> String {
    let body = document.split_once('{').map_or("", |(_, body)| body).trim_start();
    body.chars().take_while(|letter| letter.is_alphanumeric()).collect()
}
