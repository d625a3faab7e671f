//! Requests that are refused before anything is carried out, in the form of a GraphQL answer.

use axum::{
    Json,
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::PairingError;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// No token, or one that is not known (any more).
    #[error("a token is needed: send `Authorization: Bearer TOKEN`; `hub token` makes one, and so does pairing")]
    Unauthorized,
    /// The token's role is not enough.
    #[error("a guest may not see this: ask the owner for another role")]
    Forbidden,
    /// The body can't be read, or is too long.
    #[error("the body can't be read: {0}")]
    Body(#[from] BytesRejection),
    /// The body is not what it should be.
    #[error("{0}")]
    Form(String),
    /// A plain GET.
    #[error("POST a GraphQL request here, or open a WebSocket")]
    NotASocket,
    /// A WebSocket of another protocol.
    #[error("the WebSocket must ask for the subprotocol `graphql-transport-ws`")]
    OtherProtocol,
    /// Too many are open.
    #[error("too many WebSockets are open: close some, or try again later")]
    TooManySockets,
    /// The pairing code was not taken.
    #[error(transparent)]
    Pairing(#[from] PairingError),
    /// The code was right, but no token could be made.
    #[error("the token could not be made: {0}")]
    Token(hub_core::AccountError),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Pairing(_) => StatusCode::FORBIDDEN,
            Self::Body(rejection) => rejection.status(),
            Self::Form(_) | Self::NotASocket | Self::OtherProtocol => StatusCode::BAD_REQUEST,
            Self::Token(hub_core::AccountError::Name) => StatusCode::BAD_REQUEST,
            Self::TooManySockets | Self::Token(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({ "errors": [{ "message": self.to_string() }] }));
        let mut response = (self.status(), body).into_response();
        if matches!(self, Self::Unauthorized) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
