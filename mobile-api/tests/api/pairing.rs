//! Getting in: pairing, tokens, what is open without one.

use std::time::Instant;

use axum::http::StatusCode;
use hub_model::Role;
use serde_json::{Value, json};

use crate::{
    client::{get, post},
    house::House,
};

#[tokio::test]
async fn nothing_but_health_and_pairing_answers_without_a_token() {
    let house = House::open().await;
    let introspection = json!({ "query": "{ __schema { types { name } } }" }).to_string();
    for token in [None, Some("wrong"), Some("")] {
        let (status, body) = post(&house.router, "/graphql", token, introspection.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(body.contains("Authorization: Bearer"), "{body}");
        for path in ["/graphql", "/metrics", "/", "/index.html", "/graphql/x"] {
            assert_eq!(get(&house.router, path, token).await.0, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    assert_eq!(get(&house.router, "/healthz", None).await, (StatusCode::OK, "ok\n".into()));
    assert_eq!(get(&house.router, "/nothing", Some(&house.owner)).await.0, StatusCode::NOT_FOUND);
    let (status, metrics) = get(&house.router, "/metrics", Some(&house.owner)).await;
    assert!(status == StatusCode::OK && metrics.contains("\nhearth_devices 4\n"), "{metrics}");
}

#[tokio::test]
async fn the_hubs_own_socket_needs_no_token() {
    let house = House::open().await;
    let body = json!({ "query": "{ me { role name } }" }).to_string();
    let (status, answer) = post(&house.local, "/graphql", None, body).await;
    assert_eq!(
        (status, answer),
        (StatusCode::OK, json!({ "data": { "me": { "role": "OWNER", "name": null } } }).to_string())
    );
}

#[tokio::test]
async fn a_code_becomes_a_token_once() {
    let house = House::open().await;
    let code = house.pairing.invite(Role::Owner, Instant::now()).unwrap().code;
    let pair = async |code: &str, name: &str| {
        post(&house.router, "/pair", None, json!({ "code": code, "name": name }).to_string()).await
    };
    let other = if code == "00000000" { "00000001" } else { "00000000" };
    let (status, body) = pair(other, "Anna").await;
    assert!(status == StatusCode::FORBIDDEN && body.contains("19 tries are left"), "{body}");
    assert_eq!(pair(&code, "").await.0, StatusCode::BAD_REQUEST, "a name is needed, and the code stays");
    let (status, body) = pair(&code, "Anna").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let token = serde_json::from_str::<Value>(&body).unwrap()["token"].as_str().unwrap().to_owned();
    let me = house.ask_as(&token, "{ me { name role } }", json!({})).await;
    assert_eq!(me["data"]["me"], json!({ "name": "Anna", "role": "OWNER" }));
    assert_eq!(pair(&code, "Ben").await.0, StatusCode::FORBIDDEN);
    assert_eq!(post(&house.router, "/pair", None, "{").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_owner_invites_and_removes() {
    let house = House::open().await;
    let invited = house.ask("mutation { invite(role: GUEST) { code until } }").await;
    let code = invited["invite"]["code"].as_str().unwrap();
    let (_, body) = post(&house.router, "/pair", None, json!({ "code": code, "name": "Gil" }).to_string()).await;
    let token = serde_json::from_str::<Value>(&body).unwrap()["token"].as_str().unwrap().to_owned();
    let accounts = house.ask("{ accounts { id name role grants { level } } }").await;
    let gil = accounts["accounts"].as_array().unwrap().iter().find(|account| account["name"] == "Gil").unwrap();
    assert_eq!((&gil["role"], &gil["grants"]), (&json!("GUEST"), &json!([])));
    let granted = r#"mutation($id: ID!) { setGrants(account: $id, grants: [{ room: "Hall", level: CONTROL, from: "08:00", to: "18:00" }]) }"#;
    house.ask_with(granted, json!({ "id": gil["id"] })).await;
    house.ask_with("mutation($id: ID!) { removeAccount(id: $id) }", json!({ "id": gil["id"] })).await;
    let (status, _) =
        post(&house.router, "/graphql", Some(&token), json!({ "query": "{ home { name } }" }).to_string()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn secrets_are_named_and_never_told() {
    let house = House::open().await;
    house.ask(r#"mutation { setSecret(name: "broker", secret: "hunter2") }"#).await;
    assert_eq!(house.ask("{ secretNames }").await, json!({ "secretNames": ["broker"] }));
    house.ask(r#"mutation { removeSecret(name: "broker") }"#).await;
    assert_eq!(house.ask("{ secretNames }").await, json!({ "secretNames": [] }));
}
