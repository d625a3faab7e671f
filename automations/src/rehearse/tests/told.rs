//! What a rehearsal tells of many runs, of scenes, and of what would have left the hub.

use hub_model::{CommandId, RunStep, Source, run::Given};

use super::*;

#[test]
fn of_many_runs_and_skips_the_newest_are_told_and_what_their_conditions_saw() {
    let often = "name = \"Often\"\nmode = \"parallel\"\nwhen = [ { property = { of = \"hall-motion/occupancy.occupied\", changes = true } } ]\n\
        if = { property = { of = \"front-door/contact.open\", is = true } }\n\
        then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]\n";
    let time = |at: u32| format!("{:02}:{:02}:{:02}", 13 + at / 3600, at / 60 % 60, at % 60);
    for open in [true, false] {
        let mut past = Past::of(often).put("12:59:00", "front-door/contact.open", open, None);
        for at in 0..1500 {
            past = past.put(&time(at), MOTION, at % 2 == 0, None);
        }
        let rehearsal = past.rehearse();
        let told = if open { &rehearsal.runs } else { &rehearsal.skipped };
        assert_eq!(told.len(), Rehearsal::MOST);
        assert_eq!(told.last().unwrap().began, self::at(&time(1499)));
        assert!(told.windows(2).all(|two| two[0].began < two[1].began));
        assert!(told.iter().all(|run| run.steps.len() == usize::from(open) && run.ended.is_some()));
        let saw = |run: &RunRecord| run.condition.clone().unwrap();
        assert!(
            told.iter()
                .all(|run| saw(run).text == "front-door/contact.open is true" && saw(run).saw[0].value == open.into())
        );
    }
}

#[test]
fn what_a_scene_did_that_the_rule_ran_back_then_is_its_own_and_not_somebody_else_s() {
    let night = "name = \"Night\"\nwhen = [ { property = { of = \"hall-motion/occupancy.occupied\", becomes = true } } ]\n\
        then = [ { scene = \"good-night\" }, { set = { target = \"hall-lamp\", \"on_off.on\" = true } } ]\n";
    let (scene, command) = (SceneId::named("good-night"), CommandId::named("one"));
    let fights = |ran_by: Cause| {
        let past = Past::of(night);
        assert!(Needs::of(&past.rules, &past.home).unwrap().runs.contains(&RunOf::Scene(scene)));
        let mut past = past.put("17:59:00", MOTION, false, None).run("18:00:00", RunOf::Scene(scene), ran_by);
        let Some(Recorded { what: RecordedWhat::Run(run), .. }) = past.recorded.last_mut() else { panic!() };
        let given = Given {
            target: hub_model::Target { device: past.paths[0].device, endpoint: past.paths[0].endpoint.clone() },
            text: "-".into(),
            set: Vec::new(),
            before: Vec::new(),
            id: Some(command),
            tries: 1,
            outcome: Some(Outcome::Done),
            reason: None,
        };
        run.steps.push(RunStep { at: at("18:00:00"), took: None, what: Taken::Command(given) });
        let by_scene = Cause { from: Some(Source::Command(command)), ..Cause::root(Actor::Scene(scene)) };
        let rehearsal =
            past.put("18:00:01", LAMP, false, Some(by_scene)).put("18:00:30", MOTION, true, None).rehearse();
        rehearsal.fought
    };
    assert_eq!(fights(Cause::root(Actor::Rule(RuleId("night".into())))), 0);
    assert_eq!(fights(person("Alex")), 1);
}

#[test]
fn what_would_be_said_aloud_or_called_is_told_and_nothing_leaves() {
    let rule = "name = \"A\"\nwhen = [ { property = { of = \"hall-motion/occupancy.occupied\", becomes = true } } ]\n\
        then = [ { speak = { text = \"{trigger.name} moves\" }, on_failure = \"stop\" },\n\
        { http = { url = \"http://example.org/x\", method = \"POST\", body = \"{trigger.value}\" } } ]\n";
    let rehearsal = Past::of(rule).put("18:00:00", MOTION, true, None).rehearse();
    let steps: Vec<_> = rehearsal.runs[0].steps.iter().map(|step| step.what.clone()).collect();
    let did = |what: &str| Taken::Did(what.into());
    assert_eq!(steps, [did("says aloud: hall-motion moves"), did("calls POST http://example.org/x with true")]);
}
