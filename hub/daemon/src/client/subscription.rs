//! One subscription, in the protocol `graphql-transport-ws`.

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{connection::Stream, data, only_field};

/// How long a hub may take to agree to a subscription.
const PATIENCE: Duration = Duration::from_secs(5);
/// When nothing comes for so long, the hub is asked for a sign of life; when none comes for as long again, it is gone.
const SILENCE: Duration = Duration::from_secs(20);

/// A subscription under way. Dropping it ends it.
pub(crate) struct Subscription {
    socket: WebSocketStream<Box<dyn Stream>>,
    asked: bool,
}

impl Subscription {
    pub(super) async fn begin(stream: Box<dyn Stream>, token: Option<&str>, payload: Value) -> anyhow::Result<Self> {
        let mut request = "ws://hub/graphql".into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let init = token.map_or_else(|| json!({}), |token| json!({ "token": token }));
        timeout(PATIENCE, async {
            let (socket, _) = client_async(request, stream).await.context("the hub takes no subscription")?;
            let mut subscription = Self { socket, asked: false };
            subscription.send(&json!({ "type": "connection_init", "payload": init })).await?;
            loop {
                match subscription.message().await? {
                    Some(message) if message["type"] == "connection_ack" => break,
                    Some(_) => {}
                    None => bail!("the hub refused the subscription: is the token right?"),
                }
            }
            subscription.send(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
            Ok(subscription)
        })
        .await
        .context("the hub did not agree to the subscription in time")?
    }

    /// What its field holds next; `None` when the hub ended the subscription. An error ends it as well.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Value>> {
        loop {
            let Some(message) = self.message().await? else { return Ok(None) };
            match message["type"].as_str() {
                Some("next") => return data(message["payload"].clone()).and_then(only_field).map(Some),
                Some("error") => return data(json!({ "errors": message["payload"] })).map(Some),
                Some("complete") => return Ok(None),
                Some("ping") => self.send(&json!({ "type": "pong" })).await?,
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> anyhow::Result<Option<Value>> {
        loop {
            let Ok(received) = timeout(SILENCE, self.socket.next()).await else {
                if std::mem::replace(&mut self.asked, true) {
                    bail!("the hub fell silent");
                }
                self.socket.send(Message::Ping(bytes::Bytes::new())).await?;
                continue;
            };
            self.asked = false;
            match received {
                Some(Ok(Message::Text(text))) => {
                    return Ok(Some(serde_json::from_str(&text).context("the hub's message is not JSON")?));
                }
                Some(Ok(Message::Close(_))) | None => return Ok(None),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error).context("the connection to the hub broke"),
            }
        }
    }

    async fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        self.socket.send(Message::text(message.to_string())).await.context("the connection to the hub broke")
    }
}
