//! Scenes, groups and undoing as checked transactions.

use hub_core::{Control, Edit, Edited, RunQuery, UndoError};
use hub_model::{
    Actor, Cause, CommandKey, Invoke, Outcome, Role, RuleId, RunEnd, RunId, RunOf, RunRecord, SceneStep, Source, Trace,
    Value,
    capability::{brightness, on_off},
};
use jiff::Timestamp;

use crate::house::House;

#[tokio::test]
async fn a_device_that_missed_it_is_asked_again_within_its_deadline() {
    let house = House::open().await;
    let scene = house.scene("Evening", vec![house.step("shy", &on_off::ON, true)]).await;
    let run = house.hub.local().run_scene(scene, None, None).await.unwrap();
    assert_eq!((run.outcome, run.summary.as_str(), run.steps[0].tries), (Outcome::Done, "1 of 1 done", 2));
    assert_eq!(house.orders("shy"), 2);
}

#[tokio::test]
async fn a_silent_device_is_named_and_the_others_are_done() {
    let house = House::open().await;
    let steps = ["lamp", "mute", "deaf"].map(|handle| house.step(handle, &on_off::ON, true));
    let scene = house.scene("Evening", steps.into()).await;
    let run = house.hub.local().run_scene(scene, None, None).await.unwrap();
    assert_eq!(run.summary, "2 of 3 done, mute can't tell, deaf silent");
    assert_eq!((house.orders("deaf"), house.orders("lamp"), house.orders("mute")), (3, 1, 1));
}

#[tokio::test]
async fn what_acts_is_never_sent_again() {
    let house = House::open().await;
    house.report("deaf", &on_off::ON, false).await;
    let invoke = Some(Invoke::plain(&on_off::TOGGLE));
    let step = SceneStep { target: house.target("deaf"), set: Vec::new(), invoke, transition: None };
    let scene = house.scene("Flip", vec![step]).await;
    let run = house.hub.local().run_scene(scene, None, None).await.unwrap();
    assert_eq!((run.outcome, run.steps[0].tries, house.orders("deaf")), (Outcome::TimedOut, 1, 1));
}

#[tokio::test]
async fn a_scene_sent_again_with_its_key_acts_once_together_and_after_a_restart() {
    let house = House::open().await;
    let steps = vec![house.step("lamp", &on_off::ON, true), house.step("deaf", &on_off::ON, true)];
    let scene = house.scene("Evening", steps).await;
    let session = house.hub.local();
    let key = Some(CommandKey("k".into()));
    let both = tokio::join!(session.run_scene(scene, key.clone(), None), session.run_scene(scene, key.clone(), None));
    let (first, second) = (both.0.unwrap(), both.1.unwrap());
    assert_eq!(first, second);
    assert_eq!(first.summary, "1 of 2 done, deaf silent");
    assert_eq!(house.orders("lamp"), 1);
    let house = house.restart().await;
    assert_eq!(house.hub.local().run_scene(scene, key, None).await.unwrap(), first);
    assert_eq!((house.orders("lamp"), house.orders("deaf")), (0, 0));
}

#[tokio::test]
async fn undo_brings_back_what_was_there_and_can_be_undone_itself() {
    let house = House::open().await;
    house.report("lamp", &on_off::ON, true).await;
    house.report("lamp", &brightness::LEVEL, 80.0).await;
    let session = house.person("Ada", Role::Member, vec![]);
    session.control(house.set("lamp", &on_off::ON, true)).await.unwrap();
    let scene = house.scene("Dim", vec![house.step("lamp", &brightness::LEVEL, 20.0)]).await;
    let run = session.run_scene(scene, None, None).await.unwrap();
    assert_eq!(house.value("lamp", &brightness::LEVEL), Value::Number(20.0));
    let undone = session.undo(run.id, None).await.unwrap();
    assert_eq!(undone.summary, "1 of 1 done");
    assert_eq!(house.value("lamp", &brightness::LEVEL), Value::Number(80.0));
    assert!(matches!(session.undo(run.id, None).await, Err(UndoError::Nothing)), "it is as it was");
    session.undo(undone.id, None).await.unwrap();
    assert_eq!(house.value("lamp", &brightness::LEVEL), Value::Number(20.0));
}

#[tokio::test]
async fn undo_takes_back_what_changed_along_and_turns_off_what_was_off() {
    let house = House::open().await;
    house.report("lamp", &on_off::ON, false).await;
    house.report("lamp", &brightness::LEVEL, 80.0).await;
    let session = house.hub.local();
    let settled = async || {
        while house.value("lamp", &brightness::LEVEL) != Value::Number(80.0) {
            tokio::task::yield_now().await;
        }
    };
    settled().await;
    let scene = house.scene("Dim", vec![house.step("lamp", &brightness::LEVEL, 20.0)]).await;
    let run = session.run_scene(scene, None, None).await.unwrap();
    // A lamp that is dimmed goes on, and says so by itself.
    house.report("lamp", &on_off::ON, true).await;
    while house.value("lamp", &on_off::ON) != Value::Bool(true) {
        tokio::task::yield_now().await;
    }
    session.undo(run.id, None).await.unwrap();
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(false));
    assert_eq!(house.value("lamp", &brightness::LEVEL), Value::Number(20.0), "it would go on again");
}

#[tokio::test]
async fn undo_leaves_alone_what_somebody_changed_since_and_works_after_a_restart() {
    let house = House::open().await;
    let session = house.hub.local();
    for handle in ["lamp", "shy"] {
        house.report(handle, &on_off::ON, false).await;
    }
    house.report("lamp", &brightness::LEVEL, 80.0).await;
    while house.value("lamp", &brightness::LEVEL) != Value::Number(80.0) {
        tokio::task::yield_now().await;
    }
    let steps = vec![house.step("lamp", &brightness::LEVEL, 20.0), house.step("shy", &on_off::ON, true)];
    let scene = house.scene("Dim", steps).await;
    let run = session.run_scene(scene, None, None).await.unwrap();
    session.control(house.set("lamp", &brightness::LEVEL, 55.0)).await.unwrap();
    let house = house.restart().await;
    let undone = house.hub.local().undo(run.id, None).await.unwrap();
    assert_eq!(undone.steps.len(), 1, "{undone:?}");
    assert_eq!(house.value("lamp", &brightness::LEVEL), Value::Number(55.0));
    assert_eq!(house.value("shy", &on_off::ON), Value::Bool(false));
}

#[tokio::test]
async fn a_group_is_controlled_as_one_and_undone_as_one() {
    let house = House::open().await;
    house.report("lamp", &on_off::ON, false).await;
    let session = house.hub.local();
    let devices = ["lamp", "stubborn"].map(|handle| house.target(handle).device).to_vec();
    let put = Edit::PutGroup { id: None, name: "Downstairs".into(), devices };
    let Ok(Edited::Group(group)) = session.edit(put).await else { panic!("a group is made") };
    let set = vec![((&on_off::ON).into(), true.into())];
    let run = session.control_group(group, set, None, None).await.unwrap();
    assert_eq!(run.summary, "1 of 2 done, stubborn refused");
    session.undo(run.id, None).await.unwrap();
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(false));
    let nothing = session.control_group(group, vec![((&brightness::LEVEL).into(), 3.0.into())], None, None).await;
    assert_eq!(nothing.unwrap().steps.len(), 1, "only the lamp can be dimmed");
}

#[tokio::test]
async fn undo_of_a_rules_run_takes_back_the_scenes_that_it_ran() {
    let house = House::open().await;
    house.report("lamp", &on_off::ON, false).await;
    while house.value("lamp", &on_off::ON) != Value::Bool(false) {
        tokio::task::yield_now().await;
    }
    let session = house.hub.local();
    let scene = house.scene("Evening", vec![house.step("lamp", &on_off::ON, true)]).await;
    let (id, of) = (RunId::fresh(), RunOf::Rule(RuleId("movie".into())));
    let cause = Cause::root(Actor::Rule(RuleId("movie".into())));
    session.trace(Trace::Began(Box::new(RunRecord::new(id, of, "Movie".into(), Timestamp::now(), cause.clone()))));
    let of_run = Some(Cause { from: Some(Source::Run(id)), ..cause });
    session.run_scene(scene, None, of_run).await.unwrap();
    session.trace(Trace::Ended(id, RunEnd::Finished));
    let undone = session.undo(id, None).await.unwrap();
    assert_eq!(undone.summary, "1 of 1 done");
    assert_eq!(house.value("lamp", &on_off::ON), Value::Bool(false));
}

#[tokio::test]
async fn a_scene_is_captured_from_how_things_are() {
    let house = House::open().await;
    let session = house.hub.local();
    session.control(house.set("lamp", &brightness::LEVEL, 42.0)).await.unwrap();
    let devices = ["lamp", "mute"].map(|handle| house.target(handle).device);
    let steps = session.capture(&devices, &[], None).unwrap();
    assert_eq!(steps.len(), 1, "nothing is known of the mute one");
    assert_eq!(steps[0].set, [((&brightness::LEVEL).into(), Value::Number(42.0))]);
    session.control(house.set("lamp", &on_off::ON, false)).await.unwrap();
    let steps = session.capture(&devices, &[], None).unwrap();
    assert_eq!(steps[0].set, [((&on_off::ON).into(), Value::Bool(false))], "of what is off, nothing else is set");
}

#[tokio::test]
async fn runs_of_scenes_are_kept_beside_each_other_and_scenes_have_an_order() {
    let house = House::open().await;
    let session = house.hub.local();
    let mut scenes = Vec::new();
    for name in ["A", "B", "C"] {
        scenes.push(house.scene(name, vec![house.step("lamp", &on_off::ON, true)]).await);
    }
    for scene in &scenes {
        session.run_scene(*scene, None, None).await.unwrap();
    }
    let query = RunQuery { of: Some(RunOf::Scene(scenes[1])), skipped: None, before: None, runs: 10 };
    let house = house.restart().await;
    let names: Vec<_> = house.hub.local().runs(query).await.unwrap().iter().map(|run| run.name.clone()).collect();
    assert_eq!(names, ["B"]);
    house.hub.local().edit(Edit::OrderScenes(vec![scenes[2]])).await.unwrap();
    let view = house.hub.local().view();
    let places: Vec<_> = scenes.iter().map(|scene| view.home.scenes[scene].position).collect();
    assert_eq!(places, [1, 2, 0]);
}

#[tokio::test]
async fn a_scene_whose_caller_goes_away_goes_on() {
    let house = House::open().await;
    let scene = house.scene("Evening", vec![house.step("shy", &on_off::ON, true)]).await;
    let session = house.hub.local();
    let mut watch = session.watch(None);
    drop(tokio::time::timeout(std::time::Duration::from_millis(5), session.run_scene(scene, None, None)).await);
    while house.value("shy", &on_off::ON) != Value::Bool(true) {
        watch.next().await;
    }
    let control = Control::of(house.target("shy"));
    assert!(session.control(control).await.is_err(), "an empty command is none");
}
