//! Asking the API over HTTP, without a network.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::house::House;

impl House {
    /// What the owner gets for a document; errors are a failure of the test.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    /// The same with variables.
    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask_as(&self.owner, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].take()
    }

    /// The whole answer to whoever has `token`.
    pub(crate) async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, answer) = post(&self.router, "/graphql", Some(token), body).await;
        assert_eq!(status, StatusCode::OK, "{query}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// The first error that the owner gets.
    pub(crate) async fn error(&self, query: &str) -> String {
        let answer = self.ask_as(&self.owner, query, json!({})).await;
        answer["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("no error: {answer}")).to_owned()
    }

    /// The id of a device.
    pub(crate) fn id(&self, handle: &str) -> String {
        self.hub.local().view().find(handle).unwrap().device.id.to_string()
    }
}

/// Sends a POST.
pub(crate) async fn post(
    router: &Router,
    path: &str,
    token: Option<&str>,
    body: impl Into<Body>,
) -> (StatusCode, String) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    send(router, request.body(body.into()).unwrap()).await
}

/// Sends a GET.
pub(crate) async fn get(router: &Router, path: &str, token: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}
