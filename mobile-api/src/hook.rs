//! Calls of rules' own addresses. Whoever knows one needs no token; what it does is the rule's business alone.

use automations::CallError;
use axum::{
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use hub_model::{Actor, Cause};
use serde_json::Value;

use crate::router::Door;

/// The most bytes that a call may bring.
pub(crate) const BODY: usize = 64 << 10;

/// Hands a call on to its rule. It answers before the rule has run, and tells nothing of it.
pub(crate) async fn call(
    State(door): State<Door>,
    Path(secret): Path<String>,
    method: Method,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return (rejection.status(), "the body can't be read\n").into_response(),
    };
    let called = door.api.rules.call(&secret, method.as_str(), told(&body), Cause::root(Actor::Hub)).await;
    match called {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (status(error), format!("{error}\n")).into_response(),
    }
}

/// What the rule is told: JSON, else the text as it is.
fn told(body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    let text = || std::str::from_utf8(body).ok().map(|text| Value::String(text.to_owned()));
    serde_json::from_slice(body).ok().or_else(text)
}

const fn status(error: CallError) -> StatusCode {
    match error {
        CallError::NoSuchHook => StatusCode::NOT_FOUND,
        CallError::Method => StatusCode::METHOD_NOT_ALLOWED,
        CallError::TooMany => StatusCode::TOO_MANY_REQUESTS,
        CallError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
    }
}
