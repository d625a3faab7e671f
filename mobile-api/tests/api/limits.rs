//! What is too much, and what is nonsense.

use std::sync::LazyLock;

use axum::http::StatusCode;
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{client::post, house::House};

#[tokio::test]
async fn too_much_is_refused_by_name() {
    let house = House::open().await;
    let (status, body) = post(&house.router, "/graphql", Some(&house.owner), vec![b' '; (1 << 20) + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{body}");
    let batch = |count: usize| serde_json::to_string(&vec![json!({ "query": "{ home { name } }" }); count]).unwrap();
    let (status, body) = post(&house.router, "/graphql", Some(&house.owner), batch(11)).await;
    assert!(status == StatusCode::BAD_REQUEST && body.contains("1 to 10"), "{body}");
    let (status, body) = post(&house.router, "/graphql", Some(&house.owner), batch(10)).await;
    assert!(status == StatusCode::OK && body.matches("\"name\":\"Home\"").count() == 10, "{body}");
    let aliases: String = (0..65).map(|n| format!("a{n}: home {{ name }} ")).collect();
    assert!(house.error(&format!("{{ {aliases} }}")).await.contains("64 aliases"));
    let deep = format!("{{ devices {{ {} id {} }} }}", "room { devices { ".repeat(12), "} }".repeat(12));
    assert!(house.error(&deep).await.contains("18 deep"));
    let wide = "{ devices { room { devices { room { devices { endpoints { properties { id } } } } } } } }";
    assert!(house.error(wide).await.contains("too complex"));
    let nested = format!("{{ device(id: {}1{}) {{ id }} }}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(!house.error(&nested).await.is_empty());
}

#[tokio::test]
async fn nonsense_is_named() {
    let house = House::open().await;
    for (body, wanted) in [("{", "not a GraphQL request"), ("[]", "1 to 10"), ("17", "not a GraphQL request")] {
        let (status, answer) = post(&house.router, "/graphql", Some(&house.owner), body).await;
        assert!(status == StatusCode::BAD_REQUEST && answer.contains(wanted), "{answer}");
    }
    assert!(house.error("").await.contains("`query` is missing"));
    assert!(house.error("subscription { events { cursor } }").await.contains("not supported"));
    assert!(house.error("{ hmoe { name } }").await.contains("hmoe"));
}

#[tokio::test]
async fn the_usual_introspection_fits() {
    let house = House::open().await;
    let kind = "kind name ".to_owned();
    let nested = (0..9).fold(kind.clone(), |inner, _| format!("{kind} ofType {{ {inner} }}"));
    let query = format!(
        "query {{ __schema {{ queryType {{ name }} types {{ ...T }} directives {{ name args {{ ...I }} }} }} }}
         fragment T on __Type {{ kind name fields(includeDeprecated: true) {{ name args {{ ...I }} type {{ ...R }} }}
           inputFields {{ ...I }} interfaces {{ ...R }} enumValues {{ name }} possibleTypes {{ ...R }} }}
         fragment I on __InputValue {{ name type {{ ...R }} defaultValue }}
         fragment R on __Type {{ {nested} }}"
    );
    let data = house.ask(&query).await;
    assert!(data["__schema"]["types"].as_array().unwrap().len() > 100);
}

static HOUSE: LazyLock<(Runtime, House)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let house = runtime.block_on(House::open());
    (runtime, house)
});

fn answers(body: String) -> StatusCode {
    let (runtime, house) = &*HOUSE;
    runtime.block_on(post(&house.router, "/graphql", Some(&house.owner), body)).0
}

/// Documents that are nearly right: words of the schema in any order, with any brackets.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        ":",
        "[",
        "]",
        "...",
        "$x",
        "query",
        "mutation",
        "devices",
        "device",
        "control",
        "history",
        "id",
        "\"hall-lamp\"",
        "set",
        "onOff",
        "on",
        "true",
        "endpoints",
        "properties",
        "value",
        "1e999",
        "-1",
        "null",
        "invoke",
        "lock",
        "unlock",
        "pin",
        "@include(if: true)",
        "fragment F on Query",
        "...F",
        "\"\\u0000\"",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::hash_map("[a-zA-Z]{1,8}", inner, 0..5)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_body_is_answered(body in ".{0,300}") {
        answers(body);
    }

    #[test]
    fn any_document_is_answered(query in nearly()) {
        prop_assert_eq!(answers(json!({ "query": query }).to_string()), StatusCode::OK);
    }

    #[test]
    fn any_variables_are_answered(set in json_value(), id in json_value(), seconds in json_value()) {
        let query = "mutation($id: ID!, $set: SetInput, $seconds: Float, $steps: [SceneStepInput!]!) {
            control(device: $id, set: $set, transition: $seconds) { outcome }
            putScene(name: \"x\", steps: $steps) { id } }";
        let variables = json!({ "id": id, "set": set, "seconds": seconds, "steps": [{ "device": id, "set": set }] });
        prop_assert_eq!(answers(json!({ "query": query, "variables": variables }).to_string()), StatusCode::OK);
    }

    #[test]
    fn any_value_of_a_vendor_is_answered(value in json_value(), property in "[a-z.]{0,12}") {
        let query = "mutation($value: Value!, $p: String!) { control(device: \"hall-lamp\", set: { vendor: [{ property: $p, value: $value }] }) { outcome } }";
        let variables = json!({ "value": value, "p": property });
        prop_assert_eq!(answers(json!({ "query": query, "variables": variables }).to_string()), StatusCode::OK);
    }
}
