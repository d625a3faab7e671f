//! More phones than there is room for.

use futures_util::{SinkExt, StreamExt};
use home_tests::{TestHome, eventually, in_time};
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::well::{counter, still_well};

/// How many WebSockets the hub opens.
const SOCKETS: usize = 768;

type Socket = WebSocketStream<TcpStream>;

/// Opens a WebSocket and says who it is.
async fn open(home: &TestHome) -> Result<Socket, Error> {
    let address = home.address();
    let stream = TcpStream::connect(&address).await?;
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
