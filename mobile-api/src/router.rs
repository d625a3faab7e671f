//! The HTTP routes, and who may use them.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use automations::Automations;
use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, State, WebSocketUpgrade, rejection::BytesRejection, ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use hub_core::{Hub, Session};
use hub_model::Role;

use crate::{
    Pairing,
    api::Api,
    hook, metrics, pair, question,
    refusal::Refusal,
    socket::{self, PROTOCOL},
};

/// The most bytes that a request or a WebSocket's message may have. A longer one is answered with 413.
const BODY: usize = 1 << 20;

/// How many bytes of a WebSocket are read at once: what phones say is short, and each open socket holds so many.
const HEARD: usize = 4 << 10;

/// The API for a TCP listener: everything but `/healthz` and `POST /pair` needs a token. Whoever serves it sets
/// `TCP_NODELAY`.
pub fn router(hub: Hub, rules: Automations, pairing: Pairing) -> Router {
    routes(Door { api: Api::new(hub, rules, pairing), is_local: false })
}

/// The API for a socket that only the hub's own user can open: every request acts as the owner, without a token.
pub fn local_router(hub: Hub, rules: Automations, pairing: Pairing) -> Router {
    routes(Door { api: Api::new(hub, rules, pairing), is_local: true })
}

/// By which way a request came in.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) api: Arc<Api>,
    is_local: bool,
}

fn routes(door: Door) -> Router {
    Router::new()
        .route("/graphql", post(ask).get(open_socket))
        .route("/pair", post(redeem))
        .route("/hook/{secret}", any(hook::call).layer(DefaultBodyLimit::max(hook::BODY)))
        .route("/metrics", get(measure))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(door)
}

impl Door {
    /// Whoever asks, if they show a token that is known.
    fn session(&self, headers: &HeaderMap) -> Result<Session, Refusal> {
        if self.is_local {
            return Ok(self.api.hub.local());
        }
        let session = bearer(headers).and_then(|token| self.api.hub.authenticate(token));
        session.ok_or_else(|| {
            self.api.counters.unauthorized.fetch_add(1, Relaxed);
            Refusal::Unauthorized
        })
    }
}

async fn ask(
    State(door): State<Door>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let session = door.session(&headers)?;
    question::answer(&door.api, session, body?).await
}

/// A WebSocket may show its token later, in `connection_init`; so only a wrong one is refused here.
async fn open_socket(
    State(door): State<Door>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let shows_token = door.is_local || headers.contains_key(header::AUTHORIZATION);
    let session = if shows_token || upgrade.is_err() { Some(door.session(&headers)?) } else { None };
    let upgrade = upgrade.map_err(|_| Refusal::NotASocket)?.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(Refusal::OtherProtocol);
    }
    let permit = Arc::clone(&door.api.sockets).try_acquire_owned().map_err(|_| Refusal::TooManySockets)?;
    let api = Arc::clone(&door.api);
    let upgrade = upgrade.read_buffer_size(HEARD).max_message_size(BODY).max_frame_size(BODY);
    Ok(upgrade.on_upgrade(move |socket| async move {
        socket::converse(api, socket, session).await;
        drop(permit);
    }))
}

async fn redeem(State(door): State<Door>, body: Result<Bytes, BytesRejection>) -> Result<Response, Refusal> {
    pair::redeem(&door.api, &body?).await
}

async fn measure(State(door): State<Door>, headers: HeaderMap) -> Result<Response, Refusal> {
    if door.session(&headers)?.principal().role < Role::Member {
        return Err(Refusal::Forbidden);
    }
    let text = metrics::text(&door.api);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

async fn nothing_here(State(door): State<Door>, headers: HeaderMap) -> Response {
    match door.session(&headers) {
        Ok(_) => (StatusCode::NOT_FOUND, "there is nothing here: the API is at /graphql\n").into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    bearer_of(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// The token of `Bearer <token>`.
pub(crate) fn bearer_of(text: &str) -> Option<&str> {
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_is_read_whatever_its_scheme_looks_like() {
        assert_eq!(bearer_of("Bearer abc"), Some("abc"));
        assert_eq!(bearer_of("bearer  abc "), Some("abc"));
        assert_eq!(bearer_of("Basic abc"), None);
        assert_eq!(bearer_of("Bearer"), None);
    }
}
