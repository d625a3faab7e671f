//! A rule may do what its last editor may do now.

use automations::Wish;
use hub_core::RunQuery;
use hub_model::{AccountId, Author, Grant, Level, Outcome, Role, RuleId, RunOf, RunRecord, Scope, run::Taken};

use super::{
    LAMP, Version,
    house::{House, PATIENCE},
    id, versions,
};

/// What it looks at and what it does are two devices.
const FOLLOW: &str = "name = \"Follow\"\nwhen = [ { property = { of = \"bench-lamp/on_off.on\", becomes = true } } ]\n\
     then = [ { set = { target = \"kitchen-lamp\", \"on_off.on\" = true } }, { notify = { title = \"seen\", text = \"-\" } } ]\n";

/// An account that may edit rules, as the author of changes.
async fn anna(house: &House) -> (AccountId, Author) {
    house.session.create_token("Anna", Role::Admin).await.unwrap();
    let account = house.session.accounts().unwrap().into_iter().find(|account| account.name == "Anna").unwrap();
    (account.id, Author::Person { account: account.id, name: "Anna".into() })
}

fn grant(house: &House, device: &str, level: Level) -> Grant {
    Grant { scope: Scope::Device(house.device(device)), level, hours: None, until: None }
}

/// Switches the lamp that the rule waits for off and on, and gives the run that this began, at its end.
pub(super) async fn run(house: &House, rule: &str, skipped: bool) -> RunRecord {
    house.switch("bench-lamp", false).await;
    let query = || RunQuery { of: Some(RunOf::Rule(id(rule))), skipped: Some(skipped), before: None, runs: 1 };
    let before = house.session.runs(query()).await.unwrap().first().map(|run| run.id);
    house.switch("bench-lamp", true).await;
    let ended = async {
        loop {
            let newest = house.session.runs(query()).await.unwrap().into_iter().next();
            if let Some(run) = newest.filter(|run| Some(run.id) != before && run.ended.is_some()) {
                return RunRecord::clone(&run);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("the rule runs to its end")
}

/// What became of the run's one command.
fn command(run: &RunRecord) -> (Outcome, String) {
    let (_, given) = run.commands().next().expect("it gave a command");
    (given.outcome.expect("the command ended"), given.reason.clone().unwrap_or_default())
}

/// What it says of itself in words.
fn said(run: &RunRecord) -> Vec<&str> {
    let words = run.steps.iter().map(|step| if let Taken::Did(text) = &step.what { text.as_str() } else { "" });
    words.filter(|text| !text.is_empty()).collect()
}

#[tokio::test]
async fn a_rule_may_do_no_more_than_its_last_editor_may_now() {
    let mut house = House::open(&[]).await;
    let (account, anna) = anna(&house).await;
    house.automations.change(Wish::Save { id: None, text: FOLLOW.into() }, anna).await.unwrap();
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    assert_eq!(command(&run(&house, "follow", false).await).0, Outcome::Done, "an admin may do all of it");

    house.session.set_role(account, Role::Guest).await.unwrap();
    let grants = vec![grant(&house, "bench-lamp", Level::View), grant(&house, "kitchen-lamp", Level::Control)];
    house.session.grant(account, grants).await.unwrap();
    let narrowed = run(&house, "follow", false).await;
    assert_eq!(command(&narrowed).0, Outcome::Done, "a guest may do what was granted");
    assert!(said(&narrowed).iter().any(|text| text.contains("refused a message: Anna")), "{narrowed:?}");

    house.session.grant(account, vec![grant(&house, "bench-lamp", Level::View)]).await.unwrap();
    let refused = run(&house, "follow", false).await;
    let reason = "Anna, with whose rights this acts, may not control Kitchen lamp";
    assert_eq!(command(&refused), (Outcome::Refused, reason.to_owned()));

    house.session.grant(account, vec![grant(&house, "kitchen-lamp", Level::Control)]).await.unwrap();
    let blind = run(&house, "follow", false).await;
    assert_eq!(blind.commands().count(), 0, "what it does would tell of what Anna may not see");
    assert!(said(&blind).iter().any(|text| text.contains("may not see what the rule looks at")), "{blind:?}");

    house.session.remove_account(account).await.unwrap();
    assert_eq!(run(&house, "follow", false).await.commands().count(), 0, "who is gone may do nothing");

    let text = format!("# Mine now.\n{FOLLOW}");
    house.automations.change(Wish::Save { id: Some(id("follow")), text }, Author::Hub).await.unwrap();
    assert_eq!(command(&run(&house, "follow", false).await).0, Outcome::Done, "whoever saves it takes it over");
    house.close().await;
}

#[tokio::test]
async fn people_are_told_once_of_a_rule_that_may_not_do_what_it_wants() {
    let mut house = House::open(&[]).await;
    let (account, anna) = anna(&house).await;
    house.automations.change(Wish::Save { id: None, text: FOLLOW.into() }, anna).await.unwrap();
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    house.session.remove_account(account).await.unwrap();
    run(&house, "follow", false).await;
    run(&house, "follow", false).await;
    let told =
        |rules: &[String]| rules.iter().filter(|text| text.contains("`follow` acts with the rights of Anna")).count();
    let notices: Vec<_> = house.session.notices().into_iter().map(|(_, notice)| notice.text).collect();
    assert_eq!(told(&notices), 1, "{notices:?}");
    house.close().await;
}

#[tokio::test]
async fn who_switches_a_rule_or_edits_its_file_is_no_editor_or_the_owner() {
    let mut house = House::open(&[("bench.toml", LAMP)]).await;
    house.until_rules(|rules| rules.len() == 1 && rules[0].problem.is_none()).await;
    versions(&house, "bench-light", 1).await;
    let (_, anna) = anna(&house).await;
    house.automations.set_enabled(&id("bench-light"), false, anna.clone()).await.unwrap();
    let by_rule = Author::Rule(RuleId("other".into()));
    house.automations.set_enabled(&id("bench-light"), true, by_rule.clone()).await.unwrap();
    let hands = |versions: Vec<Version>| versions.into_iter().map(|it| (it.author, it.editor)).collect::<Vec<_>>();
    let kept = hands(versions(&house, "bench-light", 3).await);
    assert_eq!(kept, [(by_rule, Author::File), (anna.clone(), Author::File), (Author::File, Author::File)]);
    let text = house.read("bench.toml").replace("= 30", "= 40");
    house.automations.change(Wish::Save { id: Some(id("bench-light")), text }, anna.clone()).await.unwrap();
    house.automations.set_enabled(&id("bench-light"), false, Author::Hub).await.unwrap();
    assert_eq!(hands(versions(&house, "bench-light", 5).await)[0], (Author::Hub, anna));
    house.write("bench.toml", LAMP);
    assert_eq!(hands(versions(&house, "bench-light", 6).await)[0], (Author::File, Author::File));
    house.close().await;
}
