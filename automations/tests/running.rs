//! Rules of a folder in a running hub, with the simulated home behind it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "running/house.rs"]
mod house;

use automations::EnableError;
use hub_core::Edit;
use hub_model::{Actor, RuleId, What};

use house::House;

const LAMP: &str = r#"
# Mine.
name = "Bench light"   # the name
when = [ { property = { of = "bench-lamp/on_off.on", becomes = true } } ]
then = [ { set = { target = "bench-lamp", "brightness.level" = 30 } } ]
"#;

/// It says something when the lamp goes on, by which a test knows that the event was through.
const WITNESS: &str = r#"
name = "Witness"
mode = "parallel"
when = [ { property = { of = "bench-lamp/on_off.on", becomes = true } } ]
then = [ { notify = { title = "seen", text = "-" } } ]
"#;

fn id(text: &str) -> RuleId {
    RuleId(text.into())
}

#[tokio::test]
async fn a_rule_acts_and_is_named_as_the_cause() {
    let mut house = House::open(&[("bench.toml", LAMP)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    let mut watch = house.session.watch(None);
    house.switch("bench-lamp", true).await;
    let event = house::find(&mut watch, |event| {
        matches!(&event.what, What::Changed { path, .. } if path.property.as_str() == "brightness.level")
            && event.cause.actor == Actor::Rule(id("bench-light"))
    });
    assert!(event.await.cause.depth >= 1);
    assert_eq!(house.value("bench-lamp/brightness.level"), 30.0.into());
    house.close().await;
}

#[tokio::test]
async fn a_file_that_comes_or_goes_is_noticed_and_a_bad_one_stops_no_other() {
    let mut house = House::open(&[]).await;
    house.write("good.toml", WITNESS);
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    let mut watch = house.session.watch(None);
    house.write("bad.toml", "name = \"Bad\"\nwhne = 3\n");
    let rules = house.until_rules(|rules| rules.len() == 2).await;
    let problem = rules[0].problem.as_ref().unwrap();
    assert!(problem.to_string().contains("bad.toml:1:1: a rule needs `when`"), "{problem}");
    let told = house::find(
        &mut watch,
        |event| matches!(&event.what, What::Notice(notice) if notice.title.contains("mistake")),
    );
    told.await;
    house.switch("bench-lamp", true).await;
    house::find(&mut watch, |event| matches!(&event.what, What::Notice(notice) if notice.title == "seen")).await;
    house.remove("bad.toml");
    house.until_rules(|rules| rules.len() == 1).await;
    house.close().await;
}

#[tokio::test]
async fn a_disabled_rule_does_not_act_until_it_is_enabled_and_its_file_keeps_its_comments() {
    let mut house = House::open(&[("bench.toml", LAMP), ("witness.toml", WITNESS)]).await;
    house.until_rules(|rules| rules.len() == 2 && rules.iter().all(|rule| rule.problem.is_none())).await;
    house.automations.set_enabled(&id("bench-light"), false).await.unwrap();
    assert!(!house.automations.rules()[0].enabled);
    assert_eq!(house.read("bench.toml"), format!("{LAMP}enabled = false\n"));
    let mut watch = house.session.watch(None);
    house.switch("bench-lamp", true).await;
    house::find(&mut watch, |event| {
        assert!(event.cause.actor != Actor::Rule(id("bench-light")), "{event:?}");
        matches!(&event.what, What::Notice(notice) if notice.title == "seen")
    })
    .await;
    house.automations.set_enabled(&id("bench-light"), true).await.unwrap();
    house.switch("bench-lamp", false).await;
    house.switch("bench-lamp", true).await;
    house::find(&mut watch, |event| event.cause.actor == Actor::Rule(id("bench-light"))).await;
    let unknown = house.automations.set_enabled(&id("bench-ligth"), true).await.unwrap_err();
    assert!(matches!(&unknown, EnableError::NoSuchRule(..)));
    assert_eq!(unknown.to_string(), "there is no rule `bench-ligth`, did you mean `bench-light`?");
    house.close().await;
}

#[tokio::test]
async fn a_rule_for_a_device_that_is_not_there_yet_runs_when_it_is() {
    let mut house = House::open(&[("witness.toml", &WITNESS.replace("bench-lamp", "work-light"))]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_some()).await;
    let (lamp, handle) = (house.device("bench-lamp"), "work-light".parse().unwrap());
    let edit = Edit::Device { id: lamp, name: None, handle: Some(handle), room: None, show_as: None, aliases: None };
    house.session.edit(edit).await.unwrap();
    house.until_rules(|rules| rules[0].problem.is_none()).await;
    let mut watch = house.session.watch(None);
    house.switch("work-light", true).await;
    house::find(&mut watch, |event| matches!(&event.what, What::Notice(notice) if notice.title == "seen")).await;
    house.close().await;
}

#[tokio::test]
async fn every_example_runs_in_the_simulated_home() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let examples: Vec<_> = automations::rule_files(&folder)
        .unwrap()
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    let files: Vec<_> = examples.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut house = House::open(&files).await;
    let (name, handle) = ("Good night".to_owned(), Some("good-night".parse().unwrap()));
    house.session.edit(Edit::PutScene { id: None, handle, name, icon: None, steps: Vec::new() }).await.unwrap();
    let (name, device) = ("Alex".to_owned(), Some(house.device("alex")));
    house.session.edit(Edit::PutPerson { id: None, name, account: None, device }).await.unwrap();
    house.until_rules(|rules| rules.len() > files.len() && rules.iter().all(|rule| rule.problem.is_none())).await;
    house.close().await;
}

#[tokio::test]
async fn after_a_stop_nothing_can_be_enabled() {
    let mut house = House::open(&[("bench.toml", LAMP)]).await;
    house.until_rules(|rules| rules.len() == 1).await;
    house.automations.stop().await;
    let error = house.automations.set_enabled(&id("bench-light"), false).await.unwrap_err();
    assert!(matches!(error, EnableError::Stopped));
    house.close().await;
}
