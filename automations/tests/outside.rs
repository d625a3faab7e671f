//! What rules hear from and say to the world outside, in a running hub.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "running/house.rs"]
mod house;

use automations::{CallError, SayError};
use hub_model::{Actor, Cause, What};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use house::House;

fn cause() -> Cause {
    Cause::root(Actor::Hub)
}

const HEARING: &str = r#"
[[rule]]
name = "Night"
when = [ { phrase = ["good night"] } ]
then = [ { notify = { title = "night", text = "-" } } ]
[[rule]]
name = "Bell"
when = [ { webhook = {}, id = "ring" } ]
if = { body = { field = "who.name", is = "post" } }
then = [ { notify = { title = "bell", text = "-", answers = [ { id = "open", title = "Open" } ] } } ]
[[rule]]
name = "Open"
when = [ { answer = "open" } ]
then = [ { notify = { title = "opened", text = "-" } } ]
"#;

#[tokio::test]
async fn phrases_calls_and_answers_reach_the_rules() {
    let mut house = House::open(&[("a.toml", HEARING)]).await;
    house.until_rules(|rules| rules.len() == 3 && rules.iter().all(|rule| rule.problem.is_none())).await;
    let mut watch = house.session.watch(None);
    let rules = house.automations.clone();
    let told = |title: &'static str| move |event: &hub_model::Event| matches!(&event.what, What::Notice(notice) if notice.title == title);
    assert_eq!(rules.say("Good night!", "en", cause()).await.unwrap()[0].0, "night");
    house::find(&mut watch, told("night")).await;
    assert_eq!(
        rules.say("god night", "en", cause()).await,
        Err(SayError::Nobody(", did you mean `good night`?".into()))
    );
    let hook = rules.hooks(&hub_model::RuleId("bell".into())).remove(0);
    assert_eq!(rules.call("guess", "POST", None, cause()).await, Err(CallError::NoSuchHook));
    rules.call(&hook.secret, "POST", Some(json!({ "who": { "name": "nobody" } })), cause()).await.unwrap();
    rules.call(&hook.secret, "POST", Some(json!({ "who": { "name": "post" } })), cause()).await.unwrap();
    house::find(&mut watch, told("bell")).await;
    assert!(rules.answer("open", cause()).await);
    house::find(&mut watch, told("opened")).await;
    let by_hand = async |id: &str| rules.run_by_hand(&hub_model::RuleId(id.into()), cause()).await;
    by_hand("open").await.unwrap();
    house::find(&mut watch, told("opened")).await;
    let wrong = by_hand("opn").await.unwrap_err().to_string();
    assert_eq!(wrong, "there is no rule `opn`, did you mean `open`?");
    house.close().await;
}

#[tokio::test]
async fn a_call_goes_to_a_host_of_the_list_and_its_answer_decides() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in ["HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = [0; 4096];
            let length = stream.read(&mut bytes).await.unwrap();
            requests.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        requests
    });
    let rule = format!(
        "name = \"A\"\nwhen = [ {{ phrase = \"go\" }} ]\nthen = [ {{ http = {{ url = \"http://127.0.0.1:{port}/x\", body = '{{{{}}}}' }}, on_failure = \"retry\" }},\n\
         {{ notify = {{ title = \"called\", text = \"-\" }} }}, {{ http = {{ url = \"http://127.0.0.2/\" }}, on_failure = \"stop\" }}, {{ notify = {{ title = \"never\", text = \"-\" }} }} ]"
    );
    let mut house = House::open_to(&[("a.toml", &rule)], &[&format!("127.0.0.1:{port}")]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    let mut watch = house.session.watch(None);
    house.automations.say("go", "en", cause()).await.unwrap();
    let told = |event: &hub_model::Event| matches!(&event.what, What::Notice(notice) if notice.title == "called");
    house::find(&mut watch, told).await;
    let requests = server.await.unwrap();
    assert!(
        requests.iter().all(|request| request.starts_with("POST /x HTTP/1.1") && request.ends_with("{}")),
        "{requests:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn a_wait_goes_on_after_the_hub_ended() {
    let rule = "name = \"A\"\nwhen = [ { phrase = \"go\" } ]\nthen = [ { wait = \"2s\" }, { notify = { title = \"late\", text = \"-\" } } ]";
    let mut house = House::open(&[("a.toml", rule)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    house.automations.say("go", "en", cause()).await.unwrap();
    // The rules end after what they were told, as one task does both.
    let house = house.reopen().await;
    let mut watch = house.session.watch(None);
    let is_late = |notice: &hub_model::Notice| notice.title == "late";
    if !house.session.notices().iter().any(|(_, notice)| is_late(notice)) {
        house::find(&mut watch, |event| matches!(&event.what, What::Notice(notice) if is_late(notice))).await;
    }
    house.close().await;
}
