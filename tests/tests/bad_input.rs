//! What nobody should send, and somebody will: the hub says what is wrong, and goes on.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use home_tests::{Api, Broker, HomePlan, Said, TestHome, hub_binary};
use hyper::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
};

fn folder() -> TempDir {
    tempfile::tempdir().expect("the temporary folder can be written")
}

/// Bytes that look like chance and are the same in every run.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

async fn still_well(home: &mut TestHome) {
    assert!(home.process.ended().is_none(), "the hub ended");
    home.query("{ home { name } devices { id } }").await;
    let panicked: Vec<_> = home.process.said().into_iter().filter(|line| line.contains("panicked")).collect();
    assert!(panicked.is_empty(), "{panicked:#?}");
}

#[tokio::test]
async fn wrong_settings_are_named_by_line_and_column_with_a_remedy() {
    for (settings, place, remedy) in [
        ("[mqtt]\nbrokr = \"mqtt://x\"\n", "hub.toml:2:1", "`broker`"),
        ("[mqqt]\nbroker = \"mqtt://x\"\n", "hub.toml:1:2", "`mqtt`"),
        ("[hub]\nlisten = \"nowhere\"\n", "hub.toml:2:1", "127.0.0.1:8480"),
        ("[hub]\nlog = 7\n", "hub.toml:2:1", "log"),
        ("listen = \"127.0.0.1:1\"\n", "hub.toml:1:1", "[hub]"),
        ("[hub]\nlisten = \n", "hub.toml:2:", ""),
        ("[mqtt]\nusername = \"x\"\n", "hub.toml:1:2", "`broker`"),
        ("[simulated]\nspede = 3\n", "hub.toml:2:1", "`speed`"),
    ] {
        let (folder, plan) = (folder(), TestHome::plan().settings(settings));
        plan.write(folder.path());
        let said = plan.refused_in(folder.path()).await;
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains(place) && said.err.contains(remedy), "{settings}\nis answered by {}", said.err);
    }
    let folder = folder();
    TestHome::plan().write(folder.path());
    fs::write(folder.path().join("hub.toml"), noise(1, 300)).expect("the temporary folder can be written");
    let said = HomePlan::default().refused_in(folder.path()).await;
    assert!(said.code == Some(1) && said.err.contains("hub.toml"), "{said:?}");
}

#[tokio::test]
async fn wrong_rules_are_named_by_line_and_column_and_the_others_run() {
    let folder = folder();
    let check = async |text: &[u8]| {
        let file = folder.path().join("rule.toml");
        fs::write(&file, text).expect("the temporary folder can be written");
        let mut command = Command::new(hub_binary());
        command.arg("check").arg(&file);
        Said::by(command, None).await
    };
    let good = "name = \"A\"\n[[when]]\nat = \"23:30\"\n[[then]]\nscene = \"night\"\n";
    let said = check(good.as_bytes()).await;
    assert!(said.good(), "{said:?}");
    for (wrong, place, remedy) in [
        (good.replace("at =", "att ="), "rule.toml:3:1", "`at`"),
        (good.replace("[[then]]", "[[than]]"), "rule.toml:4:", "`then`"),
        (good.replace("23:30", "25:30"), "rule.toml:3:", ""),
        (good.replace("name = \"A\"", "mode = \"restrt\"\nname = \"A\""), "rule.toml:1:", "restart"),
        (good.replace("\"night\"", "night"), "rule.toml:5:", ""),
        (
            "name = \"A\"\n[[when]]\nproperty = { of = \"x/on_off.onn\", is = true }\n[[then]]\nscene = \"a\"\n".into(),
            "rule.toml:3:",
            "on_off.on",
        ),
    ] {
        let said = check(wrong.as_bytes()).await;
        let told = format!("{}{}", said.out, said.err);
        assert_eq!(said.code, Some(1), "{wrong}\n{said:?}");
        assert!(told.contains(place) && told.contains(remedy), "{wrong}\nis answered by {told}");
    }
    assert_eq!(check(&noise(2, 400)).await.code, Some(1));
    assert_eq!(check(&[b'['; 100_000]).await.code, Some(1));

    let rule = |name: &str| {
        good.replace("\"A\"", &format!("\"{name}\""))
            .replace("scene = \"night\"", "notify = { to = \"everyone\", title = \"t\", text = \"x\" }")
    };
    let plan = TestHome::plan()
        .simulated()
        .rule("good.toml", &rule("Good"))
        .rule("wrong.toml", &rule("Wrong").replace("at =", "att ="));
    let mut home = plan.start().await;
    home.process.said_since(0, "fault of wrong.toml", |line| line.contains("wrong.toml:3:1").then_some(())).await;
    let problems = async || {
        let rules = home.query("{ rules { name problem { line column message } } }").await;
        rules["rules"].as_array().cloned().unwrap_or_default()
    };
    let rules = problems().await;
    let problem = |name: &str| rules.iter().find(|rule| rule["name"] == name).map(|rule| rule["problem"].clone());
    assert_eq!(problem("Good"), Some(Value::Null));
    let wrong = problem("Wrong").expect("a wrong rule is listed with its problem");
    assert_eq!((&wrong["line"], &wrong["column"]), (&json!(3), &json!(1)), "{wrong}");
    fs::write(home.data().join("automations/wrong.toml"), rule("Right")).expect("the folder can be written");
    home_tests::eventually("rule that was mended", async || {
        let rules = problems().await;
        rules.iter().any(|rule| rule["name"] == "Right" && rule["problem"].is_null()).then_some(())
    })
    .await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn any_bytes_for_graphql_are_answered_and_do_no_harm() {
    let mut home = TestHome::simulated().await;
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"query\":7}",
        "{\"query\":\"\"}",
        "{\"query\":\"{\"}",
        "{\"query\":\"{ nothing }\"}",
        "{\"query\":\"{ home { name } }\",\"variables\":7}",
    ]
    .map(Into::into)
    .into();
    bodies.extend((0..40).map(|seed| noise(seed, 200)));
    bodies.push(format!("{{\"query\":\"{}\"}}", "{ a ".repeat(3000)).into());
    bodies.push(vec![b'['; 500_000]);
    for body in bodies {
        let answer = home.owner.send(Method::POST, "/graphql", body.clone()).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        assert!(answer.status < 500, "{shown}: {} {}", answer.status, answer.text());
        assert!(answer.json()["errors"].is_array() || answer.status >= 400, "{shown}: {}", answer.text());
    }
    // The hub closes without reading all of it, so that the answer may be lost on the way; and a client of its own, as
    // that connection can't be used again.
    let other = Api::new(home.address(), home.owner.token().map(str::to_owned));
    if let Ok(answer) = other.try_send(Method::POST, "/graphql", vec![b' '; 3 << 20]).await {
        assert_eq!(answer.status, 413);
    }
    still_well(&mut home).await;
}

#[tokio::test]
async fn queries_that_ask_for_too_much_are_refused() {
    let mut home = TestHome::simulated().await;

    let nested = format!("{{ __type(name: \"X\") {{ {} name {} }} }}", "ofType { ".repeat(500), "}".repeat(500));
    home.owner.refused(&nested).await;
    let aliases: String = (0..2000).map(|number| format!("a{number}: devices {{ id }} ")).collect();
    home.owner.refused(&format!("{{ {aliases} }}")).await;
    let bomb: String = (0..30).map(|n| format!("fragment f{n} on Query {{ ...f{m} ...f{m} }} ", m = n + 1)).collect();
    home.owner.refused(&format!("{{ ...f0 }} {bomb} fragment f30 on Query {{ home {{ name }} }}")).await;
    home.owner.refused("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }").await;
    home.owner.refused("query { history(device: \"bench-lamp\", property: \"on_off.on\", from: \"2020-01-01T00:00:00Z\", points: -1) { at } }").await;
    home.owner
        .refused("query { history(device: \"bench-lamp\", property: \"on_off.on\", from: \"yesterday\") { at } }")
        .await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn any_bytes_on_the_port_and_the_socket_do_no_harm() {
    let mut home = TestHome::simulated().await;
    for seed in 0..20 {
        let mut stream = TcpStream::connect(home.address()).await.expect("the hub listens");
        // It may close at once; that is one of the right answers.
        let _ = stream.write_all(&noise(seed, 2000)).await;
        let _ = stream.shutdown().await;
        let _ = home_tests::in_time("end of the connection", stream.read_to_end(&mut Vec::new())).await;
    }
    let local = tokio::net::UnixStream::connect(home.data().join("hub.sock")).await;
    let mut local = local.expect("the hub listens on its socket");
    let _ = local.write_all(&noise(99, 2000)).await;
    let _ = local.shutdown().await;
    still_well(&mut home).await;
}

const LAMP: &str = r#"{"schema":"json","state_topic":"lamp","command_topic":"lamp/set","unique_id":"l1","brightness":true,"device":{"identifiers":"lamp","name":"Lamp"}}"#;

#[tokio::test]
async fn any_bytes_over_mqtt_do_no_harm() {
    let broker = Broker::start().await;
    let mut client = broker.client("somebody").await;
    let mut home = TestHome::plan().broker(&broker).start().await;
    let topic = |number: usize| format!("homeassistant/light/bad{number}/light/config");
    let texts = [
        "",
        "null",
        "7",
        "\"x\"",
        "[]",
        "{}",
        "{\"device\":7}",
        "{\"device\":{\"identifiers\":[]}}",
        "{\"~\":\"~\",\"stat_t\":\"~~~\"}",
        r#"{"state_topic":"a/#","command_topic":"+/x","unique_id":"u","device":{"identifiers":"u"}}"#,
        r#"{"state_topic":7,"command_topic":{},"unique_id":[],"device":{"identifiers":"v"}}"#,
        r#"{"state_topic":"t","value_template":"{{ range(1000000000) | list }}","unique_id":"w","device":{"identifiers":"w"}}"#,
        r#"{"state_topic":"t","value_template":"{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}","unique_id":"y","device":{"identifiers":"y"}}"#,
        r#"{"state_topic":"t","value_template":"{{ 'x' * 1000000000 }}","unique_id":"z","device":{"identifiers":"z"}}"#,
        r#"{"state_topic":"t","value_template":"{{ value_json.a.b.c.d }}{% include 'x' %}","unique_id":"q","device":{"identifiers":"q"}}"#,
    ];
    for (number, text) in texts.iter().enumerate() {
        client.retain(&topic(number), *text).await;
        client.retain(&topic(number).replace("/light/", "/sensor/"), *text).await;
    }
    for seed in 0..60 {
        client.retain(&topic(100 + seed), noise(seed as u64, 300)).await;
    }
    client.retain(&topic(998), vec![b'{'; 100_000]).await;
    client.retain(&topic(999), vec![b'x'; 10_000_000]).await;
    client.retain("homeassistant/light/l1/light/config", LAMP).await;
    home.until_devices("lamp", |devices| devices.iter().any(|one| one["name"] == "Lamp").then_some(())).await;
    client.publish("t", "1").await;
    for payload in [
        noise(7, 500),
        vec![b'x'; 10_000_000],
        b"{".repeat(200_000),
        br#"{"state":7,"brightness":"x"}"#.to_vec(),
        br#"{"brightness":1e400}"#.to_vec(),
        br#"{"brightness":-5}"#.to_vec(),
    ] {
        client.publish("lamp", payload).await;
    }
    client.publish("lamp", r#"{"state":"ON","brightness":127.5}"#).await;
    home.until_devices("lamp at half its brightness", |devices| {
        devices.iter().any(|one| home_tests::value_in(one, "1", "brightness.level") == 50).then_some(())
    })
    .await;
    still_well(&mut home).await;
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_is_named() {
    let folder = folder();
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("the temporary folder can be written");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).expect("the folder is ours");
    let said = HomePlan::default().refused_in(&data).await;
    assert!(said.code == Some(1) && said.err.contains("read-only") && said.err.contains("data"), "{said:?}");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("the folder is ours");
}

#[tokio::test]
async fn a_second_hub_on_the_same_folder_is_refused() {
    let mut home = TestHome::simulated().await;
    let said = HomePlan::default().refused_in(&home.data()).await;
    let pid = home.process.id().expect("the first runs").to_string();
    assert!(said.code == Some(1) && said.err.contains("in use") && said.err.contains(&pid), "{said:?}");
    still_well(&mut home).await;
}

#[tokio::test]
async fn listening_beyond_this_machine_without_tls_is_refused() {
    let folder = folder();
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let said = Said::by(HomePlan::default().command(folder.path(), listen), None).await;
        assert!(said.code == Some(1) && said.err.contains("tls = \"local\""), "{said:?}");
    }
}

/// A home with a room of its own and a lamp that was set, stopped.
async fn furnished() -> TestHome {
    let mut home = TestHome::simulated().await;
    home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
    assert_eq!(home.set("bench-lamp", "1", "brightness: { level: 42 }").await, "DONE");
    home.stop().await;
    home.plan.words.clear();
    home
}

fn kept_copies(data: &Path, name: &str) -> usize {
    let entries = fs::read_dir(data).expect("the data folder can be read").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    // SQLite's own files beside a copy belong to it.
    let is_copy =
        |one: &String| one.starts_with(&format!("{name}.damaged-")) && !one.ends_with("-wal") && !one.ends_with("-shm");
    names.filter(is_copy).count()
}

#[tokio::test]
async fn a_damaged_home_is_kept_told_and_started_from_its_last_good_state() {
    type Damage = fn(Vec<u8>) -> Vec<u8>;
    let damages: [(&str, Damage); 5] = [
        ("random bytes inside", |mut bytes| {
            let middle = bytes.len() / 2;
            let length = (bytes.len() - middle).min(9000);
            bytes[middle..middle + length].copy_from_slice(&noise(5, length));
            bytes
        }),
        ("a broken header", |mut bytes| {
            bytes[..100].copy_from_slice(&noise(6, 100));
            bytes
        }),
        ("cut in half", |mut bytes| {
            bytes.truncate(bytes.len() / 2);
            bytes
        }),
        ("empty", |_| Vec::new()),
        ("something else", |_| noise(8, 5000)),
    ];
    for (what, damage) in damages {
        let mut home = furnished().await;
        let file = home.data().join("hub.db");
        let bytes = fs::read(&file).expect("there is a database");
        fs::write(&file, damage(bytes)).expect("it can be written");
        home.start_again().await;
        assert_eq!(kept_copies(&home.data(), "hub.db"), 1, "{what}");
        let notices = home.query("{ notices { title text } }").await["notices"].to_string();
        assert!(notices.contains("damaged") && notices.contains("hub.db.damaged-"), "{what}: {notices}");
        let rooms = home.query("{ rooms { name } }").await["rooms"].to_string();
        assert!(rooms.contains("Attic"), "{what}: {rooms}");
        assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 42, "{what}");
        home.restart().await;
        still_well(&mut home).await;
        assert_eq!(kept_copies(&home.data(), "hub.db"), 1, "{what}: it is sound again");
    }
}

#[tokio::test]
async fn a_damaged_history_is_kept_and_costs_nothing_else() {
    let damages: [fn(Vec<u8>) -> Vec<u8>; 3] = [
        |mut bytes| {
            bytes[..100].copy_from_slice(&noise(3, 100));
            bytes
        },
        |mut bytes| {
            bytes.truncate(1000);
            bytes
        },
        |_| noise(4, 20_000),
    ];
    for damage in damages {
        let mut home = furnished().await;
        let file = home.data().join("history.db");
        let bytes = fs::read(&file).expect("there is a history");
        fs::write(&file, damage(bytes)).expect("it can be written");
        home.plan = home.plan.clone().simulated();
        home.start_again().await;
        assert_eq!(kept_copies(&home.data(), "history.db"), 1);
        assert_eq!(kept_copies(&home.data(), "hub.db"), 0);
        let notices = home.query("{ notices { title text } }").await["notices"].to_string();
        assert!(notices.contains("history.db.damaged-"), "{notices}");
        home.until_devices("bench lamp", |devices| {
            devices.iter().any(|one| one["handle"] == "bench-lamp" && one["reachable"] == true).then_some(())
        })
        .await;
        assert_eq!(home.set("bench-lamp", "1", "brightness: { level: 7 }").await, "DONE");
        home_tests::eventually("new history", async || {
            let document = "{ history(device: \"bench-lamp\", property: \"brightness.level\", from: \"2020-01-01T00:00:00Z\") { value } }";
            let points = home.query(document).await;
            points["history"].to_string().contains('7').then_some(())
        })
        .await;
    }
}
