//! What people and programs say to the rules.

use axum::http::StatusCode;
use hub_core::Moment;
use hub_model::{Role, What};
use serde_json::json;

use crate::{client::post, house::House};

#[tokio::test]
async fn what_is_said_reaches_the_rules_that_wait_for_it() {
    let house = House::open().await;
    let said = house.ask(r#"mutation { say(text: "Good night!") }"#).await;
    assert_eq!(said["say"], json!(["good-night"]));
    let error = house.error(r#"mutation { say(text: "good nigt") }"#).await;
    assert_eq!(error, "no rule waits for this phrase, did you mean `good night`?");
    assert!(house.error(r#"mutation { say(text: "good night", language: "de") }"#).await.starts_with("no rule waits"));
    let guest = house.token("guest", Role::Guest).await;
    let refused = house.ask_as(&guest, r#"mutation { say(text: "good night") }"#, json!({})).await;
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("a member"), "{refused}");
}

#[tokio::test]
async fn a_rules_own_address_needs_no_token_and_tells_nothing() {
    let house = House::open().await;
    let told = house.ask(r#"{ rule(id: "good-night") { addresses { trigger path methods } } }"#).await;
    let address = &told["rule"]["addresses"][0];
    assert_eq!((&address["trigger"], &address["methods"]), (&json!(1), &json!(["POST"])));
    let path = address["path"].as_str().unwrap();
    let mut watch = house.hub.local().watch(None);
    assert_eq!(post(&house.router, path, None, "{}").await, (StatusCode::NO_CONTENT, String::new()));
    loop {
        match watch.next().await.unwrap() {
            Moment::Event(event) if matches!(&event.what, What::Notice(notice) if notice.title == "night") => break,
            _ => {}
        }
    }
    let answers = house.ask("{ notices { answers { id title } } }").await;
    assert_eq!(answers["notices"][0]["answers"], json!([{ "id": "stay-up", "title": "Stay up" }]));
    assert_eq!(post(&house.router, "/hook/guess", None, "{}").await.0, StatusCode::NOT_FOUND);
    let long = "x".repeat((64 << 10) + 1);
    assert_eq!(post(&house.router, path, None, long).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let member = house.token("member", Role::Member).await;
    let hidden = house.ask_as(&member, r#"{ rule(id: "good-night") { addresses { path } } }"#, json!({})).await;
    assert_eq!(hidden["data"]["rule"]["addresses"], json!([]));
}
