//! What only the owner at this machine can ask for, over the socket: tokens, secrets, invitations, copies of the data.
//!
//! The rest of what commands do goes by GraphQL, as phones do it.

use std::{path::PathBuf, time::Instant};

use axum::{Json, Router, extract::State, routing::post};
use hub_core::{AccountError, Hub, Session};
use hub_model::Role;
use mobile_api::Pairing;
use serde::{Deserialize, Serialize};

/// What can be asked for; the answer is an [`Answer`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    /// A token for somebody or something.
    Token { name: String, role: Role },
    /// A code for pairing one phone.
    Invite { role: Role },
    /// Keeps a secret.
    PutSecret { name: String, secret: String },
    /// Forgets a secret.
    RemoveSecret { name: String },
    /// The names of all secrets.
    Secrets,
    /// Consistent copies of the data in an empty folder.
    Backup { folder: PathBuf },
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// It is done.
    Done,
    /// A token or a code.
    Text(String),
    /// Names.
    Names(Vec<String>),
    /// It could not be done; why, for people.
    Failed(String),
}

/// Where it is asked.
pub(crate) const PATH: &str = "/local";

/// The routes of the socket that phones don't have.
pub(crate) fn routes(hub: Hub, pairing: Pairing) -> Router {
    let answer = |State((hub, pairing)): State<(Hub, Pairing)>, Json(ask): Json<Ask>| async move {
        Json(give(&hub.local(), &pairing, ask).await)
    };
    Router::new().route(PATH, post(answer)).with_state((hub, pairing))
}

/// Does what is asked, with the owner's rights.
pub(crate) async fn give(owner: &Session, pairing: &Pairing, ask: Ask) -> Answer {
    let done = match ask {
        Ask::Token { name, role } => owner.create_token(&name, role).await.map(Answer::Text),
        Ask::Invite { role } => {
            let invitation = pairing.invite(role, Instant::now());
            return invitation.map_or_else(|error| Answer::Failed(error.to_string()), |open| Answer::Text(open.code));
        }
        Ask::PutSecret { name, secret } => owner.put_secret(&name, &secret).await.map(|()| Answer::Done),
        Ask::RemoveSecret { name } => owner.remove_secret(&name).await.map(|()| Answer::Done),
        Ask::Secrets => owner.secret_names().map(Answer::Names),
        Ask::Backup { folder } => owner.backup(folder).await.map(|()| Answer::Done),
    };
    done.unwrap_or_else(|error: AccountError| Answer::Failed(error.to_string()))
}
