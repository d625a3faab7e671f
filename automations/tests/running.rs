//! Rules of a folder in a running hub, with the simulated home behind it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "running/house.rs"]
mod house;
#[path = "running/rights.rs"]
mod rights;

use std::sync::Arc;

use automations::{
    EnableError, SaveError, Wish,
    review::{Finding, FindingKind},
};
use hub_core::{Edit, RunQuery};
use hub_model::{Actor, Author, Cause, Handle, Reading, RuleId, RunOf, RunRecord, SkipReason, Version, What};
use hub_store::Entry;
use jiff::{SignedDuration, Timestamp};

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
    house.automations.set_enabled(&id("bench-light"), false, Author::Hub).await.unwrap();
    assert!(!house.automations.rules()[0].enabled);
    assert_eq!(house.read("bench.toml"), format!("{LAMP}enabled = false\n"));
    let mut watch = house.session.watch(None);
    house.switch("bench-lamp", true).await;
    house::find(&mut watch, |event| {
        assert!(event.cause.actor != Actor::Rule(id("bench-light")), "{event:?}");
        matches!(&event.what, What::Notice(notice) if notice.title == "seen")
    })
    .await;
    house.automations.set_enabled(&id("bench-light"), true, Author::Hub).await.unwrap();
    house.switch("bench-lamp", false).await;
    house.switch("bench-lamp", true).await;
    house::find(&mut watch, |event| event.cause.actor == Actor::Rule(id("bench-light"))).await;
    let unknown = house.automations.set_enabled(&id("bench-ligth"), true, Author::Hub).await.unwrap_err();
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
async fn when_a_handle_changes_its_rules_stop_and_rewriting_them_is_offered() {
    let used = "name = \"Used\"\nuse = \"button-light\"\nwith = { button = \"bedside-button\", light = \"bench-lamp\" } # Mine.\n";
    let mut house = House::open(&[("bench.toml", LAMP), ("used.toml", used)]).await;
    house.until_rules(|rules| rules.len() == 2 && rules.iter().all(|rule| rule.problem.is_none())).await;
    let mut watch = house.session.watch(None);
    let (lamp, [old, new]) =
        (house.device("bench-lamp"), ["bench-lamp", "work-light"].map(|text| text.parse().unwrap()));
    let handle = Some(Handle::clone(&new));
    let edit = Edit::Device { id: lamp, name: None, handle, room: None, show_as: None, aliases: None };
    house.session.edit(edit).await.unwrap();
    let told = house::find(
        &mut watch,
        |event| matches!(&event.what, What::Notice(notice) if notice.title == "Rules name a device by its old handle"),
    );
    let What::Notice(notice) = &told.await.what else { panic!("it is a notice") };
    assert!(notice.text.contains("`hub rules rename-handle bench-lamp work-light`"), "{}", notice.text);
    assert!(notice.text.contains("Bench light, Used"), "{}", notice.text);
    assert_eq!(house.read("bench.toml"), LAMP, "nothing is rewritten in silence");
    house.until_rules(|rules| rules.iter().all(|rule| rule.problem.is_some())).await;

    house.automations.rename_handle(old, new, Author::Hub).await.unwrap();
    house.until_rules(|rules| rules.iter().all(|rule| rule.problem.is_none())).await;
    assert_eq!(house.read("bench.toml"), LAMP.replace("bench-lamp", "work-light"));
    assert_eq!(house.read("used.toml"), used.replace("bench-lamp", "work-light"));
    house.switch("work-light", true).await;
    house::find(&mut watch, |event| event.cause.actor == Actor::Rule(id("bench-light"))).await;
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
    let error = house.automations.set_enabled(&id("bench-light"), false, Author::Hub).await.unwrap_err();
    assert!(matches!(error, EnableError::Stopped));
    house.close().await;
}

/// The versions of a rule, the newest first, once there are so many.
async fn versions(house: &House, rule: &str, count: usize) -> Vec<Version> {
    let read = async {
        loop {
            let versions = house.session.versions(RunOf::Rule(id(rule))).await.unwrap();
            if versions.len() >= count {
                return versions;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(house::PATIENCE, read).await.expect("there are so many versions")
}

#[tokio::test]
async fn a_change_tells_what_a_review_finds_since() {
    let mut house = House::open(&[("bench.toml", LAMP)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    let dark = LAMP.replace("Bench light", "Bench dark").replace("= 30", "= 10");
    let kinds = |findings: &[Finding]| findings.iter().map(|it| it.kind).collect::<Vec<_>>();
    // Before it is saved nothing is found but in the text.
    let before = house.automations.review_text(&house.session, None, dark.clone()).await.unwrap();
    assert_eq!(kinds(&before.findings), [FindingKind::Conflict]);
    assert_eq!(kinds(&house.automations.review(&house.session).await.unwrap().findings), []);
    let wish = |id: Option<&str>, text: &str| Wish::Save { id: id.map(self::id), text: text.into() };
    let saved = house.automations.change(wish(None, &dark), Author::Hub).await.unwrap();
    assert_eq!((kinds(&saved.findings), &saved.id), (vec![FindingKind::Conflict], &id("bench-dark")));
    assert_eq!(saved.findings[0].rules, [id("bench-dark"), id("bench-light")]);
    // What is known is not told again, and what mends it is not blamed.
    let same = dark.replace("Mine", "Mine still");
    assert_eq!(house.automations.change(wish(Some("bench-dark"), &same), Author::Hub).await.unwrap().findings, []);
    let mended = dark.replace("= 10", "= 30").replace("becomes = true", "becomes = false");
    let of = |text: String| house.automations.review_text(&house.session, Some(id("bench-dark")), text);
    assert_eq!(of(mended.clone()).await.unwrap().findings, []);
    assert!(of(mended.replace("bench-lamp", "bench-lmap")).await.is_err());
    assert_eq!(house.automations.change(wish(Some("bench-dark"), &mended), Author::Hub).await.unwrap().findings, []);
    house.close().await;
}

#[tokio::test]
async fn every_change_is_a_version_with_its_author_and_a_deletion_can_be_taken_back() {
    let mut house = House::open(&[("bench.toml", LAMP)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    assert_eq!(versions(&house, "bench-light", 1).await[0].author, Author::File);
    let ada = Author::Person { account: hub_model::AccountId::named("Ada"), name: "Ada".into() };
    let brighter = LAMP.replace("= 30", "= 60");
    let wish = |text: &str| Wish::Save { id: Some(id("bench-light")), text: text.into() };
    house.automations.change(wish(&brighter), ada.clone()).await.unwrap();
    assert_eq!(house.read("bench.toml"), brighter);
    assert_eq!(house.automations.text(&id("bench-light")).await.as_deref(), Some(&*brighter));
    let error = house.automations.change(wish(&brighter.replace("bench-lamp", "bench-lmap")), ada.clone()).await;
    assert!(matches!(error, Err(SaveError::Invalid(faults)) if faults[0].line == 4), "a fault has its place");
    assert_eq!(house.read("bench.toml"), brighter, "nothing was written");
    house.write("bench.toml", LAMP);
    let kept = versions(&house, "bench-light", 3).await;
    assert_eq!(kept.iter().map(|version| version.author.name()).collect::<Vec<_>>(), ["file", "Ada", "file"]);
    let home = house.session.view();
    assert!(
        home.difference(&kept[1], Some(&kept[2]))
            .contains("+then = [ { set = { target = \"bench-lamp\", \"brightness.level\" = 60")
    );
    house.automations.change(Wish::Delete(id("bench-light")), ada.clone()).await.unwrap();
    house.until_rules(<[_]>::is_empty).await;
    let gone = versions(&house, "bench-light", 4).await.remove(0);
    assert_eq!((gone.body, &gone.author), (None, &ada));
    let last = &kept[0];
    let wish = Wish::Restore { id: id("bench-light"), text: last.body.clone().unwrap(), file: last.file.clone() };
    house.automations.change(wish, ada).await.unwrap();
    assert_eq!(house.read("bench.toml"), LAMP);
    house.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_toml_for_a_while_loses_no_rule_and_changes_no_hands() {
    let mut house = House::open(&[("bench.toml", LAMP), ("witness.toml", WITNESS)]).await;
    house.until_rules(|rules| rules.len() == 2 && rules.iter().all(|rule| rule.problem.is_none())).await;
    let ada = Author::Person { account: hub_model::AccountId::named("Ada"), name: "Ada".into() };
    let wish = Wish::Save { id: Some(id("bench-light")), text: LAMP.replace("= 30", "= 60") };
    house.automations.change(wish, ada.clone()).await.unwrap();
    house.write("bench.toml", "name = ");
    house.until_rules(|rules| rules.len() == 3).await;
    rights::run(&house, "bench-light", false).await;
    // The app can neither change nor switch what nobody can read.
    let told = house.automations.set_enabled(&id("bench-light"), false, Author::Hub).await.unwrap_err();
    assert!(matches!(&told, EnableError::Broken(fault) if fault.line == 1), "{told}");
    let told = house.automations.change(Wish::Delete(id("bench-light")), Author::Hub).await.unwrap_err();
    assert!(matches!(&told, SaveError::Invalid(faults) if faults.len() == 1), "{told}");

    let mut house = house.reopen().await;
    house.until_rules(|rules| rules.iter().any(|rule| rule.problem.is_some())).await;
    house.write("bench.toml", &LAMP.replace("= 30", "= 60"));
    house.until_rules(|rules| rules.len() == 2 && rules.iter().all(|rule| rule.problem.is_none())).await;
    let kept = versions(&house, "bench-light", 2).await;
    let hands: Vec<_> = kept.iter().map(|version| (version.body.is_some(), version.editor.clone())).collect();
    assert_eq!(hands, [(true, ada), (true, Author::File)]);
    house.close().await;
}

#[tokio::test]
async fn when_a_rule_last_ran_and_how_fast_outlives_the_hub() {
    let text = format!("{LAMP}if = {{ last_run = {{ not_within = \"1h\" }} }}\n");
    let mut house = House::open(&[("bench.toml", &text)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    assert!(rights::run(&house, "bench-light", false).await.latency.is_some());
    let mut house = house.reopen().await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    let skipped = rights::run(&house, "bench-light", true).await;
    assert_eq!(skipped.skipped(), Some(hub_model::SkipReason::Condition), "it ran within the hour");
    let pace = house.session.pace(&RunOf::Rule(id("bench-light"))).await;
    assert_eq!(pace.map(|pace| pace.runs), Some(1));
    house.close().await;
}

/// Each of several runs waits for the lamp to go off, and says so.
const WAITS: &str = "name = \"Waits\"\nmode = \"parallel\"\nwhen = [ { answer = \"wait\" } ]\n\
     then = [ { wait_until = { property = { of = \"bench-lamp/on_off.on\", is = false } } }, { stop = \"off\" } ]\n";

#[tokio::test]
async fn what_waits_goes_on_after_the_hub_has_ended() {
    let mut house = House::open(&[("waits.toml", WAITS)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    house.switch("bench-lamp", true).await;
    for _ in 0..3 {
        assert!(house.automations.answer("wait", Cause::root(Actor::Hub)).await);
    }
    let mut house = house.reopen().await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    house.switch("bench-lamp", true).await;
    house.switch("bench-lamp", false).await;
    let stopped = async {
        loop {
            let query = RunQuery { of: Some(RunOf::Rule(id("waits"))), skipped: Some(false), before: None, runs: 10 };
            let runs = house.session.runs(query).await.unwrap();
            if runs.iter().filter(|run| run.end == Some(hub_model::RunEnd::Stopped)).count() == 3 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(house::PATIENCE, stopped).await.expect("all three go on");
    house.close().await;
}

#[tokio::test]
async fn a_mean_reaches_back_to_before_the_hub_started() {
    let dim = "if = { mean = { of = \"bench-lamp/brightness.level\", over = \"10m\", below = 50 } }\n";
    let house = House::open(&[("witness.toml", &format!("{WITNESS}{dim}"))]).await;
    let path = house.session.view().home.resolve(&"bench-lamp/brightness.level".parse().unwrap()).unwrap();
    let level = |level: f64, ago: SignedDuration| {
        let at = Some(Timestamp::now() - ago);
        let reading = Reading { value: level.into(), changed_at: at, reported_at: at };
        Entry::Reading { path: path.clone(), reading, keep: true, cause: None }
    };
    let past = vec![level(10.0, SignedDuration::from_mins(9)), level(90.0, SignedDuration::from_secs(1))];
    let mut house = house.reopen_with(past).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    assert!(house.value("bench-lamp/brightness.level").as_number() > Some(50.0), "it is bright now");
    // The past is looked up while the rules run already.
    let runs = || RunQuery { of: Some(RunOf::Rule(id("witness"))), skipped: Some(false), before: None, runs: 1 };
    let ran = async {
        while house.session.runs(runs()).await.unwrap().is_empty() {
            house.switch("bench-lamp", false).await;
            house.switch("bench-lamp", true).await;
        }
    };
    tokio::time::timeout(house::PATIENCE, ran).await.expect("it was dim in the mean");
    house.close().await;
}

#[tokio::test]
async fn a_mistake_is_told_once_and_not_at_each_start() {
    let mut house = House::open(&[("broken.toml", "name = \"Broken\"")]).await;
    let told = |house: &House| {
        let notices = house.session.notices();
        notices.iter().filter(|(_, notice)| notice.title.contains("mistake")).count()
    };
    for _ in 0..2 {
        house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_some()).await;
        // It is told after the rules are there, and before the next change of the folder is looked at.
        house.write("other.toml", WITNESS);
        house.until_rules(|rules| rules.len() == 2).await;
        house.remove("other.toml");
        house.until_rules(|rules| rules.len() == 1).await;
        assert_eq!(told(&house), 1);
        house = house.reopen().await;
    }
    house.close().await;
}

/// One rule switches another one off and on, and a third one says so when it has.
const SWITCHES: &str = "[[rule]]\nname = \"Off\"\nwhen = [ { answer = \"off\" } ]\nthen = [ { disable = \"b\" } ]\n\
     [[rule]]\nname = \"On\"\nwhen = [ { answer = \"on\" } ]\nthen = [ { enable = \"b\" } ]\n\
     [[rule]]\nname = \"B\"\nmode = \"parallel\"\nwhen = [ { answer = \"b\" } ]\nthen = [ { stop = \"ran\" } ]\n";

#[tokio::test]
async fn a_rule_that_another_one_switches_acts_no_more_from_the_next_thing_on_and_its_file_follows() {
    let mut house = House::open(&[("switches.toml", SWITCHES)]).await;
    house.until_rules(|rules| rules.len() == 3).await;
    for answer in ["off", "b", "b", "on", "b"] {
        assert!(house.automations.answer(answer, Cause::root(Actor::Hub)).await);
    }
    let of_b = || RunQuery { of: Some(RunOf::Rule(id("b"))), skipped: None, before: None, runs: 10 };
    let mut runs = Vec::new();
    let ran = async {
        while !runs.iter().any(|run: &Arc<RunRecord>| run.skipped().is_none()) {
            tokio::task::yield_now().await;
            runs = house.session.runs(of_b()).await.unwrap();
        }
    };
    tokio::time::timeout(house::PATIENCE, ran).await.unwrap();
    let skipped: Vec<_> = runs.iter().filter_map(|run| run.skipped()).collect();
    assert_eq!((runs.len(), skipped), (2, vec![SkipReason::Disabled]));
    house.automations.answer("off", Cause::root(Actor::Hub)).await;
    house.until_rules(|rules| rules.iter().any(|rule| rule.id == id("b") && !rule.enabled)).await;
    let written = async {
        while !house.read("switches.toml").contains("enabled = false") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(house::PATIENCE, written).await.unwrap();
    house.close().await;
}
