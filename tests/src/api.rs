//! Somebody who speaks to the hub over HTTP, with a token or without.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Problems},
    patience::in_time,
    subscription::Subscription,
};

/// One who asks. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Api {
    address: String,
    token: Option<String>,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Api {
    /// Speaks to `address` (`127.0.0.1:8480`).
    pub fn new(address: String, token: Option<String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { address, token, http: Client::builder(TokioExecutor::new()).build(connector) }
    }

    /// The same hub, asked with another token or none.
    pub fn with_token(&self, token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..self.clone() }
    }

    /// The token, where there is one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Any HTTP request.
    ///
    /// # Errors
    /// Nobody answers, or the connection breaks.
    pub async fn try_send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> anyhow::Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("content-type", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = self.http.request(request.body(Full::new(body.into()))?).await?;
        let status = answer.status().as_u16();
        Ok(Answer { status, body: answer.into_body().collect().await?.to_bytes().into() })
    }

    /// Any HTTP request that has to be answered, whatever the answer.
    pub async fn send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Answer {
        let answer = in_time(format_args!("answer to {path}"), self.try_send(method, path, body)).await;
        answer.unwrap_or_else(|error| panic!("{path} is not answered: {error:#}"))
    }

    /// A GraphQL request with variables.
    ///
    /// # Errors
    /// What the hub answers in `errors`.
    pub async fn ask(&self, document: &str, variables: Value) -> Result<Value, Problems> {
        let body = json!({ "query": document, "variables": variables }).to_string();
        self.send(Method::POST, "/graphql", body).await.data()
    }

    /// The `data` of a query or mutation that has to succeed.
    pub async fn query(&self, document: &str) -> Value {
        self.ask(document, json!({})).await.unwrap_or_else(|errors| panic!("{document}\nis answered by {errors}"))
    }

    /// The same as [`Api::query`], to be read as a deed.
    pub async fn mutate(&self, document: &str) -> Value {
        self.query(document).await
    }

    /// The errors of a document that has to fail.
    pub async fn refused(&self, document: &str) -> Problems {
        match self.ask(document, json!({})).await {
            Ok(data) => panic!("{document}\nshould be refused, but is answered by {data:#}"),
            Err(errors) => errors,
        }
    }

    /// Subscribes. It returns once the hub has taken the subscription.
    pub async fn subscribe(&self, document: &str) -> Subscription {
        let begun = Subscription::begin(&self.address, self.token.as_deref(), document).await;
        begun.unwrap_or_else(|error| panic!("{document}\nis not taken: {error:#}"))
    }

    /// As [`Api::subscribe`], where it may fail.
    ///
    /// # Errors
    /// The hub does not take it.
    pub async fn try_subscribe(&self, document: &str) -> anyhow::Result<Subscription> {
        Subscription::begin(&self.address, self.token.as_deref(), document).await
    }
}
