//! Who gets in: nobody without a token, and everybody only as far as their role goes.

use std::os::unix::fs::PermissionsExt;

use home_tests::{Broker, Port, Process, Said, TestHome, hub_binary};
use hyper::Method;
use serde_json::json;
use tokio::process::Command;

#[tokio::test]
async fn without_a_token_there_is_nothing_but_healthz_and_pairing() {
    let home = TestHome::simulated().await;
    let query = r#"{"query":"{ devices { id } }"}"#;
    let introspection = r#"{"query":"{ __schema { types { name } } }"}"#;
    for somebody in [home.owner.with_token(None), home.owner.with_token(Some("wrong")), home.owner.with_token(Some(""))]
    {
        for (method, path, body) in [
            (Method::POST, "/graphql", query),
            (Method::POST, "/graphql", introspection),
            (Method::POST, "/graphql", "garbage"),
            (Method::GET, "/graphql", ""),
            (Method::GET, "/graphql?query=%7B__typename%7D", ""),
            (Method::GET, "/metrics", ""),
            (Method::GET, "/hub.db", ""),
            (Method::GET, "/../hub.db", ""),
            (Method::PUT, "/anything", ""),
        ] {
            let answer = somebody.send(method, path, body).await;
            assert_eq!(answer.status, 401, "{path} {body}: {}", answer.text());
        }
        assert!(somebody.try_subscribe("subscription { events { cursor } }").await.is_err());
    }
    let nobody = home.owner.with_token(None);
    assert_eq!(nobody.send(Method::GET, "/healthz", "").await.status, 200);
    assert_eq!(home.owner.send(Method::GET, "/metrics", "").await.status, 200);
    home.owner.query("{ __schema { types { name } } }").await;
}

#[tokio::test]
async fn the_first_pairing_code_makes_one_owner_and_no_second() {
    let home = TestHome::plan().simulated().start().await;
    let code =
        home.process.said_since(0, "pairing code", |line| line.split("with the code ").nth(1).map(str::to_owned)).await;
    let nobody = home.owner.with_token(None);
    let body = json!({ "code": code.trim(), "name": "A phone" }).to_string();
    let paired = nobody.send(Method::POST, "/pair", body.clone()).await;
    assert_eq!(paired.status, 200, "{}", paired.text());
    let token = paired.json()["token"].as_str().expect("pairing gives a token").to_owned();
    let phone = nobody.with_token(Some(&token));
    assert_eq!(phone.query("{ me { name role } }").await["me"], json!({ "name": "A phone", "role": "OWNER" }));
    assert_eq!(nobody.send(Method::POST, "/pair", body).await.status, 403);
}

#[tokio::test]
async fn twenty_wrong_codes_close_the_pairing() {
    let home = TestHome::simulated().await;
    let code =
        home.process.said_since(0, "pairing code", |line| line.split("with the code ").nth(1).map(str::to_owned)).await;
    let nobody = home.owner.with_token(None);
    let pair = async |code: &str| {
        nobody.send(Method::POST, "/pair", json!({ "code": code, "name": "A phone" }).to_string()).await.status
    };
    let wrong = if code.trim() == "00000000" { "00000001" } else { "00000000" };
    for attempt in 1..=20 {
        assert_eq!(pair(wrong).await, 403, "try {attempt}");
    }
    assert_eq!(pair(code.trim()).await, 403, "the right code comes too late");
    let invited = home.hub(["invite", "--role", "guest"]).await;
    assert_eq!(pair(invited.out.trim()).await, 200, "a new code opens it again");
}

#[tokio::test]
async fn a_token_is_printed_and_nothing_else_with_the_hub_running_or_not() {
    let mut home = TestHome::simulated().await;
    let running = home.hub(["token", "--name", "one", "--role", "admin"]).await;
    home.stop().await;
    let stopped = home.hub(["token", "--name", "two", "--role", "guest"]).await;
    for said in [&running, &stopped] {
        assert!(said.good(), "{said:?}");
        assert_eq!(said.out.lines().count(), 1, "{said:?}");
        assert!(said.out.trim().len() >= 32 && !said.out.trim().contains(' '), "{said:?}");
    }
    assert_eq!(running.err, "");
    home.start_again().await;
    let role =
        async |token: &str| home.owner.with_token(Some(token)).query("{ me { role } }").await["me"]["role"].clone();
    assert_eq!(role(running.out.trim()).await, "ADMIN");
    assert_eq!(role(stopped.out.trim()).await, "GUEST");
    let wrong = home.hub(["token", "--name", "three", "--role", "onwer"]).await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("owner"), "{wrong:?}");
}

#[tokio::test]
async fn roles_go_as_far_as_they_go() {
    let home = TestHome::simulated().await;
    let (admin, member, guest) =
        (home.somebody("admin").await, home.somebody("member").await, home.somebody("guest").await);
    let switch = "mutation { control(device: \"bench-lamp\", set: { onOff: { on: true } }) { outcome } }";
    let room = "mutation { putRoom(name: \"Cellar\") { id } }";
    let token = "mutation { createToken(name: \"x\", role: OWNER) }";

    assert_eq!(member.query("{ rooms { name } }").await["rooms"].as_array().map(Vec::len), Some(7));
    assert_eq!(member.mutate(switch).await["control"]["outcome"], "DONE");
    for document in [room, token, "{ candidates { id } }", "{ accounts { id } }", "{ secretNames }"] {
        member.refused(document).await;
    }
    admin.mutate(room).await;
    for document in [token, "{ accounts { id } }", "mutation { setSecret(name: \"x\", secret: \"y\") }"] {
        admin.refused(document).await;
    }
    // A guest sees what they were granted, and that was nothing yet.
    assert_eq!(guest.query("{ devices { id } rooms { id } }").await, json!({ "devices": [], "rooms": [] }));
    guest.refused(switch).await;
    let accounts = home.query("{ accounts { id role } }").await;
    let account =
        accounts["accounts"].as_array().and_then(|all| all.iter().find(|one| one["role"] == "GUEST")).cloned();
    let account = account.expect("the guest has an account")["id"].clone();
    home.mutate(&format!(
        "mutation {{ setGrants(account: {account}, grants: [{{ device: \"bench-lamp\", level: CONTROL }}, \
         {{ room: \"Kitchen\", level: VIEW }}]) }}"
    ))
    .await;
    let seen = guest.query("{ devices { handle room { name } controllable } }").await;
    for device in seen["devices"].as_array().expect("devices are a list") {
        let of_kitchen = device["room"]["name"] == "Kitchen" && device["controllable"] == false;
        let the_lamp = device["handle"] == "bench-lamp" && device["controllable"] == true;
        assert!(of_kitchen || the_lamp, "{device}");
    }
    assert_eq!(guest.mutate(switch).await["control"]["outcome"], "DONE");
    let refused = "mutation { control(device: \"kitchen-lamp\", set: { onOff: { on: true } }) { outcome } }";
    assert_eq!(guest.mutate(refused).await["control"]["outcome"], "REFUSED");
}

#[tokio::test]
async fn an_account_that_is_removed_is_out_at_once() {
    let home = TestHome::simulated().await;
    let member = home.somebody("member").await;
    let mut events = member.subscribe("subscription { events { cursor } }").await;
    let id = member.query("{ me { account } }").await["me"]["account"].clone();
    home.mutate(&format!("mutation {{ removeAccount(id: {id}) }}")).await;
    let ended = async { while events.try_next().await.is_ok_and(|next| next.is_some()) {} };
    home_tests::in_time("end of the subscription", ended).await;
    let answer = member.send(Method::POST, "/graphql", r#"{"query":"{ home { name } }"}"#).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn secrets_are_nowhere_in_clear_text() {
    const PASSWORD: &str = "correct-horse-battery-staple";
    let broker = Broker::with_password("hearth", PASSWORD).await;
    let plan = TestHome::plan().simulated().secret("broker", PASSWORD).settings(&format!(
        "[hub]\nlog = \"debug\"\n[mqtt]\nbroker = \"{}\"\nusername = \"hearth\"\npassword = {{ secret = \"broker\" }}",
        broker.url()
    ));
    let mut home = plan.start().await;
    broker.process.said_since(0, "client with the user name", |line| line.contains("u'hearth'").then_some(())).await;
    home.mutate("mutation { setSecret(name: \"other\", secret: \"hunter2hunter2\") }").await;
    let unlock = "lock: { unlock: { pin: \"80808080\" } }";
    assert_eq!(home.invoke("front-door-lock", "1", unlock).await, "REFUSED");
    let names = home.query("{ secretNames }").await;
    assert_eq!(names["secretNames"], json!(["broker", "other"]));
    let token = home.owner.token().expect("the owner has a token").to_owned();
    home.stop().await;
    for (place, bytes) in home.everything_written() {
        for secret in [PASSWORD, "hunter2hunter2", "80808080", &token] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds {secret}", place.display());
        }
    }
}

#[tokio::test]
async fn keys_and_the_socket_are_for_their_owner_alone() {
    let home = TestHome::simulated().await;
    for name in ["hub.sock", "key", "hub.db", "history.db", "hub.lock"] {
        let mode = std::fs::metadata(home.data().join(name))
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .permissions()
            .mode();
        let private = mode & 0o077 == 0;
        assert!(private, "{name} has mode {:o}", mode & 0o777);
    }
}

#[tokio::test]
async fn with_tls_a_hub_is_trusted_by_its_own_authority_alone() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let (data, port) = (folder.path().join("data"), Port::free());
    let plan = TestHome::plan().simulated().settings("[hub]\ntls = \"local\"");
    plan.write(&data);
    let hub = Process::start("the hub", &plan.command(&data, &format!("0.0.0.0:{}", port.number)));
    hub.said_since(0, "start", |line| line.contains("The hub answers on https://").then_some(())).await;
    let ask = async |words: &[&str]| {
        let mut command = Command::new(hub_binary());
        command.args(words);
        Said::by(command, None).await
    };
    let data = data.to_str().expect("the folder's name is a text");
    let token = ask(&["token", "--name", "phone", "--data", data]).await;
    let (url, token) = (format!("https://127.0.0.1:{}", port.number), token.out.trim());
    let authority = format!("{data}/tls/ca.pem");
    let said = ask(&["rooms", "--hub", &url, "--token", token, "--ca", &authority]).await;
    assert!(said.good() && said.out.contains("Kitchen"), "{said:?}");
    let strangers = ask(&["rooms", "--hub", &url, "--token", token]).await;
    assert!(!strangers.good(), "a certificate of nobody was trusted: {strangers:?}");
    let plain = format!("http://127.0.0.1:{}", port.number);
    assert!(!ask(&["rooms", "--hub", &plain, "--token", token]).await.good());
}
