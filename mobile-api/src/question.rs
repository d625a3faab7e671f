//! A GraphQL request over HTTP: one operation or a few, answered from what is kept where that is still right.

use std::{sync::atomic::Ordering::Relaxed, time::Instant};

use async_graphql::{Request, Response as Answer};
use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse, Response},
};
use hub_core::Session;

use crate::{api::Api, json, refusal::Refusal};

/// How many operations one request may carry. More are refused.
const BATCH: usize = 10;

/// Answers a request's body.
pub(crate) async fn answer(api: &Api, session: Session, body: Bytes) -> Result<Response, Refusal> {
    api.counters.requests.fetch_add(1, Relaxed);
    let (asker, now) = (api.asker(session.clone()), Instant::now());
    let cursor = asker.view().home.cursor;
    if let Some(kept) = api.answers.find(session.principal(), &body, cursor, now) {
        api.counters.answered_again.fetch_add(1, Relaxed);
        return Ok(written(kept));
    }
    let (bytes, keepable) = match parse(&body)? {
        Question::One(request) => {
            let (answer, keepable) = api.execute(asker, *request, Some(&body)).await;
            (json::write(&answer), keepable)
        }
        Question::Several(requests) => {
            let mut answers: Vec<Answer> = Vec::with_capacity(requests.len());
            for request in requests {
                // Each sees what the ones before it did.
                answers.push(api.execute(api.asker(session.clone()), request, None).await.0);
            }
            (json::write(&answers), false)
        }
    };
    let bytes = Bytes::from(bytes);
    if keepable {
        api.answers.keep(session.principal(), &body, cursor, now, &bytes);
    }
    Ok(written(bytes))
}

enum Question {
    One(Box<Request>),
    Several(Vec<Request>),
}

/// Told apart by the first character, because a parser that tries both could not say what is wrong.
fn parse(body: &[u8]) -> Result<Question, Refusal> {
    let wrong = |error: serde_json::Error| Refusal::Form(format!("the body is not a GraphQL request: {error}"));
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[') {
        return serde_json::from_slice(body).map(|request| Question::One(Box::new(request))).map_err(wrong);
    }
    let requests: Vec<Request> = serde_json::from_slice(body).map_err(wrong)?;
    if requests.is_empty() || requests.len() > BATCH {
        return Err(Refusal::Form(format!("a batch has 1 to {BATCH} requests: send more than one batch")));
    }
    Ok(Question::Several(requests))
}

fn written(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
