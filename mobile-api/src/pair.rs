//! `POST /pair`: a code for a token.

use std::time::Instant;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{api::Api, refusal::Refusal};

#[derive(Deserialize)]
struct Asked {
    code: String,
    name: String,
}

/// Gives a token for a code, to whoever calls themselves `name`.
pub(crate) async fn redeem(api: &Api, body: &[u8]) -> Result<Response, Refusal> {
    let wrong = |error| Refusal::Form(format!("send {{\"code\": \"12345678\", \"name\": \"Anna's phone\"}}: {error}"));
    let Asked { code, name } = serde_json::from_slice(body).map_err(wrong)?;
    let invitation = api.pairing.redeem(&code, Instant::now())?;
    match api.hub.local().create_token(&name, invitation.role).await {
        Ok(token) => {
            tracing::info!(name, role = invitation.role.word(), "somebody was paired");
            Ok(Json(json!({ "token": token })).into_response())
        }
        Err(error) => {
            api.pairing.give_back(invitation);
            Err(Refusal::Token(error))
        }
    }
}
