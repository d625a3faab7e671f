//! The commands of `hub`, as somebody types them beside a running hub.

use std::time::{Duration, Instant};

use home_tests::{HomePlan, Said, TestHome, eventually, hub_binary};
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn devices_are_listed_for_people_and_for_scripts() {
    let home = TestHome::simulated().await;
    let said = home.hub(["devices"]).await;
    assert!(said.good() && said.out.contains("bench-lamp") && said.out.contains("Bench lamp"), "{said:?}");
    let all: Value = serde_json::from_str(&home.hub(["devices", "--json"]).await.out).expect("it is JSON");
    // The house itself is listed too.
    assert_eq!(all.as_array().map(Vec::len), Some(home.devices().await.len() + 1));
    let one = home.hub(["devices", "bench-lamp"]).await;
    assert!(one.out.contains("bench-lamp/brightness.level"), "{one:?}");
    let none = home.hub(["devices", "bench-lmap"]).await;
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("bench-lamp"), "{none:?}");
}

#[tokio::test]
async fn a_rule_is_run_by_hand_and_its_effect_leads_back_to_whoever_did() {
    let rule = "name = \"Tidy up\"\nwhen = []\nthen = [ { set = { target = \"bench-lamp\", \"on_off.on\" = true } } ]";
    let home = TestHome::plan().simulated().rule("tidy.toml", rule).start().await;
    eventually("rule that can be run", async || home.hub(["rules", "run", "tidy-up"]).await.good().then_some(())).await;
    home.reads("bench-lamp", "on_off.on", json!(true)).await;
    let why = home.hub(["why", "bench-lamp/on_off.on"]).await;
    let links = ["the rule `Tidy up` ran", "it was run by hand", "somebody at its machine"];
    assert!(links.iter().all(|link| why.out.contains(link)), "{why:?}");
    let wrong = home.hub(["rules", "run", "tidy-upp"]).await;
    assert!(wrong.code == Some(1) && wrong.err.contains("did you mean `tidy-up`?"), "{wrong:?}");
}

#[tokio::test]
async fn a_lamp_is_set_and_the_exit_code_tells_whether_it_did() {
    let home = TestHome::simulated().await;
    let said = home.hub(["set", "hall-lamp/brightness.level", "30"]).await;
    assert!(said.good(), "{said:?}");
    assert_eq!(home.value("hall-lamp", "1", "brightness.level").await, 30);
    let said = home.hub(["set", "bench-lamp/on_off.on", "on", "--also", "brightness.level=70"]).await;
    assert!(said.good(), "{said:?}");
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 70);
    let said = home.hub(["set", "hall-lamp/brightness.level", "300"]).await;
    assert_eq!(said.code, Some(1));
    assert!(format!("{}{}", said.out, said.err).contains("out of range"), "{said:?}");
    assert_eq!(home.hub(["set", "hall-lamp", "30"]).await.code, Some(2));
    let said = home.hub(["set", "hall-lamp/brightness.levle", "30"]).await;
    assert!(said.code == Some(2) && said.err.contains("brightness.level"), "{said:?}");
}

#[tokio::test]
async fn a_scene_is_saved_and_run() {
    let home = TestHome::simulated().await;
    let save =
        ["scene", "--save", "Work", "--set", "bench-lamp/on_off.on=on", "--set", "bench-lamp/brightness.level=45"];
    assert!(home.hub(save).await.out.contains("hub scene work"));
    let run = home.hub(["scene", "work"]).await;
    assert!(run.good() && run.out.contains("1 of 1"), "{run:?}");
    assert_eq!(home.value("bench-lamp", "1", "brightness.level").await, 45);
    let wrong = home.hub(["scene", "--save", "Play", "--set", "bench-lamp/brightness.levle=45"]).await;
    assert!(wrong.code == Some(2) && wrong.err.contains("did you mean"), "{wrong:?}");
}

#[tokio::test]
async fn events_and_history_are_printed() {
    let home = TestHome::simulated().await;
    let cursor = home.cursor().await;
    for level in ["10", "20", "30"] {
        assert!(home.hub(["set", "bench-lamp/brightness.level", level]).await.good());
    }
    let few = home.hub(["events", "--since", &cursor, "--count", "3"]).await;
    assert!(few.good(), "{few:?}");
    assert_eq!(few.out.lines().count(), 3, "{few:?}");
    let history = home_tests::eventually("three points of history", async || {
        let said = home.hub(["history", "bench-lamp/brightness.level", "--from", "10m", "--json"]).await;
        let points: Value = serde_json::from_str(&said.out).ok()?;
        points.to_string().contains("30").then_some(points)
    })
    .await;
    let levels: Vec<_> =
        history.as_array().expect("points are a list").iter().map(|point| point["value"].clone()).collect();
    assert!(levels.ends_with(&[json!(10), json!(20), json!(30)]), "{levels:?}");
}

#[tokio::test]
async fn a_hub_elsewhere_is_reached_with_its_address_and_a_token() {
    let home = TestHome::simulated().await;
    let (url, token) = (format!("http://{}", home.address()), home.token("elsewhere", "member").await);
    let ask = async |token: &str| {
        let mut command = Command::new(hub_binary());
        command.args(["rooms", "--hub", &url, "--token", token]);
        Said::by(command, None).await
    };
    let said = ask(&token).await;
    assert!(said.good() && said.out.contains("Kitchen"), "{said:?}");
    let refused = ask("wrong").await;
    assert!(refused.code == Some(1) && refused.err.contains("token"), "{refused:?}");
}

#[tokio::test]
async fn without_a_hub_it_is_said_how_to_start_one() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let mut command = Command::new(hub_binary());
    command.arg("devices").arg("--data").arg(folder.path());
    let said = Said::by(command, None).await;
    assert!(said.code == Some(1) && said.err.contains("hub run"), "{said:?}");
}

#[tokio::test]
async fn every_command_explains_itself() {
    let mut command = Command::new(hub_binary());
    command.arg("--help");
    let all = Said::by(command, None).await;
    for word in
        ["run", "token", "check", "devices", "set", "events", "history", "watch", "add", "secret", "backup", "restore"]
    {
        assert!(all.out.contains(&format!("  {word}")), "{word} is not in {}", all.out);
        let mut command = Command::new(hub_binary());
        command.args([word, "--help"]);
        let said = Said::by(command, None).await;
        assert!(said.good() && said.out.contains("Usage: hub"), "{said:?}");
    }
}

#[tokio::test]
async fn rules_and_scenes_are_checked_against_the_home() {
    let good = "name = \"Night\"\n[[when]]\nat = \"23:30\"\n[[then]]\nset = { target = \"bench-lamp\", \"on_off.on\" = false }\n";
    let home = TestHome::plan().simulated().rule("night.toml", good).start().await;
    let said = home.hub(["check"]).await;
    assert!(said.good(), "{said:?}");
    assert_eq!(home.query("{ rules { name enabled } }").await["rules"], json!([{ "name": "Night", "enabled": true }]));
    let file = home.data().join("automations/wrong.toml");
    std::fs::write(&file, good.replace("bench-lamp", "bench-lmap").replace("Night", "Other"))
        .expect("the folder can be written");
    let said = home.hub(["check"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    let told = format!("{}{}", said.out, said.err);
    assert!(told.contains("wrong.toml:5:") && told.contains("bench-lamp"), "{told}");
}

#[tokio::test]
async fn secrets_are_set_listed_and_removed() {
    let home = TestHome::simulated().await;
    assert!(home.hub_told(["secret", "set", "mqtt"], "very secret").await.good());
    let listed = home.hub(["secret", "list"]).await;
    assert_eq!(listed.out, "mqtt\n");
    assert!(home.hub(["secret", "remove", "mqtt"]).await.good());
    assert_eq!(home.hub(["secret", "list"]).await.out, "");
}

#[tokio::test]
async fn a_backup_made_while_running_brings_the_home_back_elsewhere() {
    let rule = "name = \"Night\"\n[[when]]\nat = \"23:30\"\n[[then]]\nset = { target = \"bench-lamp\", \"on_off.on\" = false }\n";
    let home = TestHome::plan().simulated().rule("night.toml", rule).start().await;
    home.mutate("mutation { putRoom(name: \"Attic\") { id } }").await;
    home.mutate(
        "mutation { editDevice(id: \"hall-lamp\", set: { name: \"Lamp in the attic\", room: \"Attic\" }) { id } }",
    )
    .await;
    home.mutate("mutation { setSecret(name: \"broker\", secret: \"hunter2hunter2\") }").await;
    assert_eq!(home.set("bench-lamp", "1", "brightness: { level: 33 }").await, "DONE");
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let file = folder.path().join("home.hearth");
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse\n").expect("the temporary folder can be written");
    let words = |verb: &str, data: &std::path::Path| {
        let mut command = Command::new(hub_binary());
        command.arg(verb).arg(&file).arg("--passphrase-file").arg(&passphrase).arg("--data").arg(data);
        command
    };
    let said = Said::by(words("backup", &home.data()), None).await;
    assert!(said.good(), "{said:?}");
    let sealed = std::fs::read(&file).expect("the backup is there");
    for clear in ["SQLite format", "bench-lamp", "hunter2hunter2"] {
        assert!(!sealed.windows(clear.len()).any(|window| window == clear.as_bytes()), "{clear} is in the backup");
    }

    let elsewhere = tempfile::tempdir().expect("the temporary folder can be written");
    let data = elsewhere.path().join("data");
    std::fs::write(&passphrase, "wrong\n").expect("the temporary folder can be written");
    assert_eq!(Said::by(words("restore", &data), None).await.code, Some(1));
    std::fs::write(&passphrase, "correct horse\n").expect("the temporary folder can be written");
    let said = Said::by(words("restore", &data), None).await;
    assert!(said.good(), "{said:?}");

    let names = |devices: Vec<Value>| -> Vec<String> {
        let mut names: Vec<_> = devices
            .iter()
            .map(|one| format!("{} {} {} {}", one["id"], one["handle"], one["name"], one["room"]["name"]))
            .collect();
        names.sort();
        names
    };
    let rule_file = std::fs::read_to_string(data.join("automations/night.toml")).expect("rules are in a backup");
    assert_eq!(rule_file, rule);
    let restored = HomePlan::default().start_in(elsewhere).await;
    assert_eq!(names(restored.devices().await), names(home.devices().await));
    assert_eq!(restored.value("bench-lamp", "1", "brightness.level").await, 33);
    assert_eq!(restored.query("{ secretNames }").await["secretNames"], json!(["broker"]));
    let old_token = restored.owner.with_token(home.owner.token());
    assert_eq!(old_token.query("{ me { role } }").await["me"]["role"], "OWNER", "tokens of before still open");
}

#[tokio::test]
async fn a_running_hub_is_not_restored_over() {
    let home = TestHome::simulated().await;
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let file = folder.path().join("home.hearth");
    let mut command = Command::new(hub_binary());
    command.arg("backup").arg(&file).arg("--data").arg(home.data()).env("HUB_PASSPHRASE", "x");
    assert!(Said::by(command, None).await.good());
    let mut command = Command::new(hub_binary());
    command.arg("restore").arg(&file).arg("--force").arg("--data").arg(home.data()).env("HUB_PASSPHRASE", "x");
    let said = Said::by(command, None).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    home.query("{ home { name } }").await;
}

#[tokio::test]
async fn the_end_takes_less_than_two_seconds() {
    for signal in ["TERM", "INT"] {
        let mut home = TestHome::simulated().await;
        let _listener = home.events().await;
        let begun = Instant::now();
        home.process.signal(signal).await;
        let status = home.process.end().await;
        assert!(begun.elapsed() < Duration::from_secs(2), "SIG{signal} took {:?}", begun.elapsed());
        assert!(status.success(), "SIG{signal}: {status}");
    }
}
