//! The hub as sessions see it, over a real store and a small adapter.

#[path = "hub/house.rs"]
mod house;
#[path = "hub/scenes.rs"]
mod scenes;
#[path = "hub/why.rs"]
mod why;

use std::time::Duration;

use hub_core::{Control, ControlError, Edit, EditError, Edited, Moment, Progress};
use hub_model::{
    Actor, CommandKey, Cursor, Grant, Level, Notice, Outcome, Role, SceneStep, Scope, Severity, Value, What,
    capability::{brightness, on_off},
};

use house::House;

#[tokio::test]
async fn a_command_is_done_when_the_device_says_so_and_the_change_names_the_person() {
    let house = House::open().await;
    let session = house.person("Ada", Role::Member, vec![]);
    let mut watch = session.watch(Some(house.hub.local().view().home.cursor));
    let ended = session.control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    assert_eq!(ended.outcome, Outcome::Done, "{:?}", ended.reason);
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(true), "the state is there before the answer");
    let Some(Moment::Event(event)) = watch.next().await else { panic!("a resumed watch begins with an event") };
    assert!(matches!(event.what, What::Changed { new: Value::Bool(true), .. }));
    assert!(matches!(&event.cause.actor, Actor::Person { name, .. } if name == "Ada"));
}

#[tokio::test]
async fn outcomes_are_honest() {
    let house = House::open().await;
    let session = house.hub.local();
    let outcome = async |control| session.control(control).await.unwrap().outcome;
    assert_eq!(outcome(house.set("mute", &on_off::ON, true)).await, Outcome::Assumed);
    assert_eq!(outcome(house.set("sleeper", &on_off::ON, true)).await, Outcome::Queued);
    assert_eq!(outcome(house.set("stubborn", &on_off::ON, true)).await, Outcome::Refused);
    assert_eq!(outcome(house.set("deaf", &on_off::ON, true)).await, Outcome::TimedOut);
    assert_eq!(outcome(house.set("lamp", &brightness::LEVEL, 300.0)).await, Outcome::OutOfRange);
    assert_eq!(outcome(house.set("mute", &brightness::LEVEL, 30.0)).await, Outcome::Unsupported);
    let empty = Control::of(house.target("lamp"));
    assert_eq!(session.control(empty).await, Err(ControlError::Empty));
}

#[tokio::test]
async fn the_same_key_acts_once_even_after_a_restart() {
    let house = House::open().await;
    let keyed =
        |house: &House, on: bool| Control { key: Some(CommandKey("k1".into())), ..house.set("lamp", &on_off::ON, on) };
    let first = house.hub.local().control(keyed(&house, true)).await.unwrap();
    let again = house.hub.local().control(keyed(&house, false)).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(true));
    let house = house.restart().await;
    let restarted = house.hub.local().control(keyed(&house, false)).await.unwrap();
    assert_eq!((restarted.id, restarted.outcome), (first.id, Outcome::Done));
}

#[tokio::test]
async fn a_watch_resumes_after_its_cursor_and_gets_a_snapshot_where_it_cannot() {
    let house = House::open().await;
    let session = house.hub.local();
    session.control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    let cursor = session.view().home.cursor;
    let Some(Moment::Snapshot(view)) = session.watch(None).next().await else { panic!("without a cursor, a snapshot") };
    assert_eq!(view.home.cursor, cursor);
    let foreign = Cursor { epoch: cursor.epoch + 1, seq: 1 };
    assert!(matches!(session.watch(Some(foreign)).next().await, Some(Moment::Snapshot(_))));
    let mut resumed = session.watch(Some(Cursor { seq: cursor.seq - 1, ..cursor }));
    assert!(matches!(resumed.next().await, Some(Moment::Event(event)) if event.cursor == cursor));
}

#[tokio::test]
async fn a_guest_sees_and_does_what_is_granted_and_nothing_else() {
    let house = House::open().await;
    let lamp = house.target("lamp").device;
    let may_see = Grant { scope: Scope::Device(lamp), level: Level::View, hours: None, until: None };
    let guest = house.person("Guest", Role::Guest, vec![may_see]);
    assert_eq!(guest.view().devices().map(|known| known.device.handle.to_string()).collect::<Vec<_>>(), ["lamp"]);
    let mut watch = guest.watch(Some(house.hub.local().view().home.cursor));
    assert_eq!(guest.control(house.set("lamp", &on_off::ON, true)).await.unwrap().outcome, Outcome::Refused);
    assert!(matches!(guest.control(house.set("mute", &on_off::ON, true)).await, Err(ControlError::NoSuchDevice(_))));
    assert_eq!(guest.edit(house.new_room("Attic")).await, Err(EditError::NotAllowed));
    house.hub.local().control(house.set("mute", &on_off::ON, true)).await.unwrap();
    house.hub.local().control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    while let Some(Moment::Event(event)) = watch.next().await {
        match &event.what {
            What::Changed { path, .. } => {
                assert_eq!(path.device, lamp);
                break;
            }
            What::Command { device, .. } => assert_eq!(*device, lamp),
            other => panic!("a guest is not shown {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_adapter_that_panics_is_run_again_and_its_devices_keep_their_values() {
    let house = House::open().await;
    house.hub.local().control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    let mut watch = house.hub.local().watch(Some(house.hub.local().view().home.cursor));
    house.break_adapter();
    let lamp = house.target("lamp").device;
    let mut next_reachable = async || loop {
        let Some(Moment::Event(event)) = watch.next().await else { panic!("the hub goes on") };
        if let What::Reachable { device, reachable } = event.what
            && device == lamp
        {
            return reachable;
        }
    };
    assert!(!next_reachable().await);
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(true));
    // Its last word came before its end, whatever the hub looks at first.
    house.hub.local().edit(house.new_room("Attic")).await.unwrap();
    assert!(!house.hub.local().view().find("lamp").unwrap().reachable);
    house.mend_adapter();
    assert!(next_reachable().await);
    assert_eq!(house.hub.stats().adapter_failures, 1);
}

#[tokio::test]
async fn edits_are_durable_in_order_and_checked() {
    let house = House::open().await;
    let session = house.hub.local();
    let Ok(Edited::Room(room)) = session.edit(house.new_room("Attic")).await else { panic!("a room is made") };
    let lamp = house.target("lamp").device;
    let device = |handle: Option<&str>, name: Option<&str>| Edit::Device {
        id: lamp,
        name: name.map(Into::into),
        handle: handle.map(|handle| handle.parse().unwrap()),
        room: Some(Some(room)),
        show_as: None,
        aliases: None,
    };
    let (handle, name) = (device(Some("attic-lamp"), None), device(None, Some("Attic lamp")));
    let (a, b) = tokio::join!(session.edit(handle), session.edit(name));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(session.edit(device(Some("mute"), None)).await, Err(EditError::Taken("mute".parse().unwrap())));
    let house = house.restart().await;
    let view = house.hub.local().view();
    let known = view.find("attic-lamp").expect("the handle was changed");
    assert_eq!((known.device.name.as_str(), known.device.room), ("Attic lamp", Some(room)));
}

#[tokio::test]
async fn a_scene_reports_every_step() {
    let house = House::open().await;
    let session = house.hub.local();
    let step = |handle: &str| SceneStep {
        target: house.target(handle),
        set: vec![((&on_off::ON).into(), true.into())],
        invoke: None,
        transition: None,
    };
    let steps = vec![step("lamp"), step("mute"), step("deaf")];
    let put = Edit::PutScene { id: None, handle: None, name: "Evening".into(), icon: None, steps };
    let Ok(Edited::Scene(scene)) = session.edit(put).await else { panic!("a scene is made") };
    let run = session.run_scene(scene, None, None).await.unwrap();
    let outcomes: Vec<_> = run.steps.iter().map(|step| step.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Assumed, Outcome::TimedOut]);
    assert_eq!(run.outcome, Outcome::TimedOut);
}

#[tokio::test]
async fn a_candidate_is_added_after_its_question_is_answered() {
    let house = House::open().await;
    let session = house.hub.local();
    let Ok(Edited::Room(room)) = session.edit(house.new_room("Attic")).await else { panic!("a room is made") };
    let near = loop {
        match session.candidates().pop() {
            Some(near) => break near,
            None => tokio::task::yield_now().await,
        }
    };
    let id = session.add(Some(near.id), None, None, Some(room)).unwrap();
    let mut steps = session.onboarding(id).expect("the onboarding began");
    assert_eq!(steps.next().await, Some(Progress::Step("Looking".into())));
    assert!(matches!(steps.next().await, Some(Progress::Asks(asks)) if asks[0].name == "pin"));
    session.answer(id, [("pin".into(), "1234".into())].into()).unwrap();
    let Some(Progress::Done(device)) = steps.next().await else { panic!("it is added") };
    assert_eq!(session.view().device(device).and_then(|known| known.device.room), Some(room));
    assert_eq!(steps.next().await, None);
}

#[tokio::test]
async fn a_removed_account_ends_what_is_open_for_it() {
    let house = House::open().await;
    let token = house.hub.local().create_token("Phone", Role::Admin).await.unwrap();
    let phone = house.hub.authenticate(&token).expect("the token is good");
    assert!(house.hub.authenticate("no such token").is_none());
    let account = house.hub.local().accounts().unwrap()[0].id;
    assert!(phone.remove_account(account).await.is_err(), "an admin is no owner");
    house.hub.local().remove_account(account).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), phone.revoked()).await.expect("the session is revoked");
    assert!(house.hub.authenticate(&token).is_none());
}

#[tokio::test]
async fn the_last_states_are_there_after_a_restart_before_any_adapter_speaks() {
    let house = House::open().await;
    house.hub.local().control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    let epoch = house.hub.local().view().home.cursor.epoch;
    let house = house.restart_without_adapter().await;
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(true));
    let view = house.hub.local().view();
    assert!(!view.find("lamp").unwrap().reachable);
    assert_eq!(view.home.cursor.epoch, epoch + 1);
}

#[tokio::test]
async fn what_people_were_told_is_listed_again_after_a_restart() {
    let house = House::open().await;
    let notice = |title: &str| Notice {
        severity: Severity::Info,
        title: title.into(),
        text: "x".into(),
        to: vec![],
        answers: vec![],
    };
    house.hub.local().notify(notice("first"), None).await;
    house.hub.local().notify(notice("second"), None).await;
    let house = house.restart().await;
    house.hub.local().notify(notice("third"), None).await;
    let house = house.restart().await;
    let titles: Vec<_> = house.hub.local().notices().into_iter().map(|(_, notice)| notice.title).collect();
    assert_eq!(titles, ["first", "second", "third"]);
}

#[tokio::test]
async fn an_adapter_may_finish_what_it_has_to_keep_when_the_hub_ends() {
    let house = House::open().await;
    assert_eq!(house.goodbyes(), 0);
    assert_eq!(house.restart().await.goodbyes(), 5);
}

#[tokio::test]
async fn a_device_that_is_wanted_while_it_is_away_is_looked_for() {
    let house = House::open().await;
    let session = house.hub.local();
    assert_eq!(session.control(house.set("lamp", &on_off::ON, true)).await.unwrap().outcome, Outcome::Done);
    assert_eq!(house.looked_for(), Vec::<String>::new());
    house.lose("lamp").await;
    assert_eq!(session.control(house.set("lamp", &on_off::ON, true)).await.unwrap().outcome, Outcome::Unreachable);
    assert_eq!(house.looked_for(), ["lamp"]);
}

#[tokio::test]
async fn an_owner_s_name_reaches_the_adapter_and_holds_against_the_device_s_own() {
    let house = House::open().await;
    let session = house.hub.local();
    let lamp = house.target("lamp").device;
    let device = |name: Option<&str>| Edit::Device {
        id: lamp,
        name: name.map(Into::into),
        handle: None,
        room: None,
        show_as: Some(None),
        aliases: None,
    };
    session.edit(device(None)).await.unwrap();
    assert_eq!(session.edit(device(Some(" "))).await, Err(EditError::Name));
    assert_eq!(house.renamed(), [], "nothing was renamed yet");
    session.edit(device(Some(" Attic lamp "))).await.unwrap();
    assert_eq!(house.renamed(), [("lamp".to_owned(), "Attic lamp".to_owned())]);
    // The device says its own name again, when its adapter is run anew.
    let house = house.restart().await;
    assert_eq!(house.hub.local().view().find("lamp").unwrap().device.name, "Attic lamp");
    assert_eq!(house.renamed(), [], "an owner renames once");
}
