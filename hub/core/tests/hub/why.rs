//! Why something is as it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hub_core::{Because, Control, Session, WhyError};
use hub_model::{
    AccountId, Actor, Cause, Event, Grant, Level, Path, Role, RuleId, RunEnd, RunId, RunOf, RunRecord, Scope, Source,
    Trace, What,
    capability::{brightness, on_off},
    run::{Prompt, Prompted, Trigger},
};
use jiff::Timestamp;

use crate::house::House;

fn on(house: &House, handle: &str) -> Path {
    let target = house.target(handle);
    Path { device: target.device, endpoint: target.endpoint, property: (&on_off::ON).into() }
}

async fn told(session: &Session, path: &Path) -> Vec<String> {
    session.why(path, None).await.unwrap().into_iter().map(|link| link.text).collect()
}

#[tokio::test]
async fn what_a_person_did_by_a_scene_leads_to_them_even_after_a_restart() {
    let house = House::open().await;
    let scene = house.scene("Evening", vec![house.step("lamp", &on_off::ON, true)]).await;
    house.person("Ada", Role::Member, vec![]).run_scene(scene, None, None).await.unwrap();
    let wanted = [
        "lamp/on_off.on became true",
        "the command `1 on_off.on=true` to lamp asked for it (DONE)",
        "the scene `Evening` was run",
        "Ada asked for it",
    ];
    assert_eq!(told(&house.hub.local(), &on(&house, "lamp")).await, wanted);
    let house = house.restart().await;
    assert_eq!(told(&house.hub.local(), &on(&house, "lamp")).await, wanted);
}

#[tokio::test]
async fn what_a_rule_did_leads_through_its_trigger_to_the_device_that_began_it() {
    let house = House::open().await;
    let session = house.hub.local();
    rule_switches_the_lamp(&house, &session).await;
    let wanted = [
        "lamp/on_off.on became true",
        "the command `1 on_off.on=true` to lamp asked for it (DONE)",
        "the rule `Hall light` ran",
        "shy/on_off.on became true (was false)",
        "shy itself: a hand on it, its surroundings, or its own working",
    ];
    assert_eq!(told(&session, &on(&house, "lamp")).await, wanted);
    let house = house.restart().await;
    assert_eq!(told(&house.hub.local(), &on(&house, "lamp")).await, wanted);
}

#[tokio::test]
async fn what_was_said_to_a_rule_leads_through_other_rules_to_whoever_said_it() {
    let house = House::open().await;
    let session = house.hub.local();
    let ada = Actor::Person { account: AccountId::named("Ada"), name: "Ada".into() };
    let said = Prompt { what: Prompted::Phrase("party time".into()), cause: Cause::root(ada) };
    let party = run_of_rule(&session, "party", said, &[]).await;
    let after = Cause { from: Some(Source::Run(party)), ..Cause::root(Actor::Rule(RuleId("party".into()))) };
    let ran = Prompt { what: Prompted::Run(RuleId("party".into())), cause: after };
    run_of_rule(&session, "lights", ran, &[house.set("lamp", &on_off::ON, true)]).await;
    let chain = told(&session, &on(&house, "lamp")).await;
    assert_eq!(
        chain[2..],
        [
            "the rule `lights` ran",
            "the rule `party` ran",
            "the rule `party` ran",
            "somebody said \"party time\"",
            "Ada asked for it"
        ]
    );
    let scope = Scope::Device(house.target("lamp").device);
    let guest = house.person("Guest", Role::Guest, vec![Grant { scope, level: Level::View, hours: None, until: None }]);
    let chain = told(&guest, &on(&house, "lamp")).await.join(" ");
    assert!(!chain.contains("party") && !chain.contains("Ada"), "{chain}");
}

/// As a rule engine does it: a run that something said set off gives these commands.
async fn run_of_rule(session: &Session, rule: &str, prompt: Prompt, controls: &[Control]) -> RunId {
    let (id, actor) = (RunId::fresh(), Actor::Rule(RuleId(rule.into())));
    let cause = Cause { from: prompt.cause.from, ..Cause::root(actor.clone()) };
    let trigger =
        Some(Trigger { number: Some(0), due: Timestamp::now(), event: None, prompt: Some(prompt.into()), entry: None });
    let record = RunRecord::new(id, RunOf::Rule(RuleId(rule.into())), rule.into(), Timestamp::now(), cause);
    session.trace(Trace::Began(Box::new(RunRecord { trigger, ..record })));
    for control in controls {
        let cause = Some(Cause { from: Some(Source::Run(id)), ..Cause::root(actor.clone()) });
        session.control(Control { cause, ..control.clone() }).await.unwrap();
    }
    session.trace(Trace::Ended(id, RunEnd::Finished));
    id
}

#[tokio::test]
async fn a_guest_learns_no_names_of_what_they_may_not_see() {
    let house = House::open().await;
    rule_switches_the_lamp(&house, &house.hub.local()).await;
    let scope = Scope::Device(house.target("lamp").device);
    let guest = house.person("Guest", Role::Guest, vec![Grant { scope, level: Level::View, hours: None, until: None }]);
    let chain = guest.why(&on(&house, "lamp"), None).await.unwrap();
    let text: Vec<_> = chain.iter().map(|link| link.text.as_str()).collect();
    assert!(!text.join(" ").contains("shy") && !text.join(" ").contains("Hall light"), "{text:?}");
    assert_eq!(text[2..4], ["a rule ran", "something that happened at another device"]);
    assert!(matches!(chain[2].what, Because::Run { of: None, .. }) && chain[3].what == Because::Event(None));
    assert_eq!(chain[4].what, Because::Origin(None));
    let hidden = guest.why(&on(&house, "shy"), None).await;
    assert!(matches!(hidden, Err(WhyError::NoSuchProperty(_))));
}

#[tokio::test]
async fn the_past_is_explained_too_and_what_was_never_told_is_not() {
    let house = House::open().await;
    let session = house.person("Ada", Role::Member, vec![]);
    session.control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    let then = Timestamp::now();
    house.hub.local().control(house.set("lamp", &on_off::ON, false)).await.unwrap();
    let path = on(&house, "lamp");
    let chain = session.why(&path, Some(then)).await.unwrap();
    assert_eq!(chain.last().unwrap().text, "Ada asked for it");
    let now = told(&session, &path).await;
    assert_eq!(now[0], "lamp/on_off.on became false");
    let level = Path { property: (&brightness::LEVEL).into(), ..path.clone() };
    assert!(matches!(session.why(&level, None).await, Err(WhyError::NeverReported(_))));
    assert_eq!(session.property_to_explain(path.device), Some(path));
}

/// As a rule engine does it: a run that an event triggered gives a command.
async fn rule_switches_the_lamp(house: &House, session: &Session) {
    let (id, rule) = (RunId::fresh(), RuleId("hall-light".into()));
    let device = house.target("shy").device;
    let cursor = session.view().home.cursor;
    let cause = Cause::root(Actor::Device(device));
    let what = What::Changed { path: on(house, "shy"), old: false.into(), new: true.into() };
    let event = Event { cursor, at: Timestamp::now(), cause: cause.clone(), what };
    let by_rule = cause.then(Actor::Rule(rule.clone()), Source::Event(cursor));
    let trigger =
        Some(Trigger { number: Some(0), due: event.at, event: Some(event.into()), prompt: None, entry: None });
    let record = RunRecord::new(id, RunOf::Rule(rule), "Hall light".into(), Timestamp::now(), by_rule.clone());
    session.trace(Trace::Began(Box::new(RunRecord { trigger, ..record })));
    let mut control = house.set("lamp", &on_off::ON, true);
    control.cause = Some(Cause { from: Some(Source::Run(id)), ..by_rule });
    session.control(control).await.unwrap();
    session.trace(Trace::Ended(id, RunEnd::Finished));
    let run = session.run(id).await.unwrap().unwrap();
    assert!(run.ended.is_some() && run.latency.is_some(), "{run:?}");
}
