use adapter_api::Delivery;
use hub_model::{
    Actor, EndpointId,
    capability::{brightness, on_off, temperature},
};

use super::*;
use crate::{
    expect::expected,
    fixture::{command, invoke, read, say, with_lamp},
    state::State,
};

/// Seconds after a moment that is always the same within a test run.
fn at(second: u64) -> Instant {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *START.get_or_init(Instant::now) + std::time::Duration::from_secs(second)
}

fn accept(pending: &mut Pending, state: &State, command: &Arc<Command>, second: u64) -> Vec<Ending> {
    let known = state.home.device(command.target.device).unwrap();
    let endpoint = Arc::clone(known.device.endpoint(&command.target.endpoint).unwrap());
    let expected = expected(command, known, |property| pending.presumed(&command.target, property));
    pending.accept(Arc::clone(command), endpoint, expected, at(second))
}

fn ends(endings: &[Ending]) -> Vec<(CommandId, Outcome)> {
    endings.iter().map(|ending| (ending.command.id, ending.outcome)).collect()
}

fn toggle(state: &State) -> Arc<Command> {
    invoke(state, &on_off::TOGGLE, &[])
}

fn brighter_by_ten(state: &State) -> Arc<Command> {
    invoke(state, &brightness::STEP, &[("by", 10.0.into())])
}

fn path(command: &Command, spec: &'static hub_model::capability::PropertySpec) -> Path {
    Path { device: command.target.device, endpoint: EndpointId::first(), property: spec.into() }
}

#[test]
fn a_command_is_done_when_the_device_reports_all_of_it() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let both = command(&state, &[(&on_off::ON, true.into()), (&brightness::LEVEL, 30.0.into())]);
    accept(&mut pending, &state, &both, 0);
    assert_eq!(pending.delivered(both.id, Delivery::Sent), []);
    let (cause, endings) = pending.reported(&path(&both, &on_off::ON), &true.into());
    assert_eq!(cause.unwrap().from, Some(Source::Command(both.id)));
    assert_eq!(endings, []);
    let (cause, endings) = pending.reported(&path(&both, &brightness::LEVEL), &29.9.into());
    assert_eq!(cause.unwrap().actor, Actor::Voice(None));
    assert_eq!(ends(&endings), [(both.id, Outcome::Done)]);
    assert_eq!(pending.wakes_at(), None);
}

#[test]
fn what_a_command_did_not_ask_for_is_the_devices_own() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let off = command(&state, &[(&on_off::ON, false.into())]);
    accept(&mut pending, &state, &off, 0);
    assert_eq!(pending.reported(&path(&off, &temperature::MEASURED), &21.0.into()), (None, vec![]));
    // A hand on the switch while the command is under way: not what was asked, and not on the way there.
    assert_eq!(pending.reported(&path(&off, &on_off::ON), &true.into()), (None, vec![]));
}

#[test]
fn a_silent_device_times_out_and_a_late_report_is_its_own() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let on = command(&state, &[(&on_off::ON, true.into())]);
    accept(&mut pending, &state, &on, 0);
    pending.delivered(on.id, Delivery::Sent);
    assert!(pending.expire(at(4)).is_empty());
    assert_eq!(pending.wakes_at(), Some(at(5)));
    let endings = pending.expire(at(5));
    assert_eq!(endings[0].outcome, Outcome::TimedOut);
    assert_eq!(pending.reported(&path(&on, &on_off::ON), &true.into()), (None, vec![]));
}

#[test]
fn a_newer_command_supersedes_what_the_older_one_still_waits_for() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let thirty = command(&state, &[(&brightness::LEVEL, 30.0.into())]);
    let eighty = command(&state, &[(&brightness::LEVEL, 80.0.into())]);
    assert!(accept(&mut pending, &state, &thirty, 0).is_empty());
    let endings = accept(&mut pending, &state, &eighty, 1);
    assert_eq!((endings[0].command.id, endings[0].outcome), (thirty.id, Outcome::Superseded));
    let (_, endings) = pending.reported(&path(&eighty, &brightness::LEVEL), &80.0.into());
    assert_eq!(ends(&endings), [(eighty.id, Outcome::Done)]);
}

#[test]
fn a_dimmed_lamp_going_on_and_the_steps_of_a_transition_belong_to_the_command() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&brightness::LEVEL, 0.0));
    let level = command(&state, &[(&brightness::LEVEL, 80.0.into())]);
    accept(&mut pending, &state, &level, 0);
    let (cause, endings) = pending.reported(&path(&level, &on_off::ON), &true.into());
    assert!(cause.is_some() && endings.is_empty());
    let (cause, endings) = pending.reported(&path(&level, &brightness::LEVEL), &40.0.into());
    assert!(cause.is_some() && endings.is_empty());
}

#[test]
fn a_lost_device_ends_its_commands() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let on = command(&state, &[(&on_off::ON, true.into())]);
    accept(&mut pending, &state, &on, 0);
    assert_eq!(pending.lost(on.target.device)[0].outcome, Outcome::Unreachable);
    assert_eq!(pending.delivered(on.id, Delivery::Sent), []);
}

#[test]
fn two_steps_at_once_end_one_above_the_other() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&brightness::LEVEL, 30.0));
    let (first, second) = (brighter_by_ten(&state), brighter_by_ten(&state));
    accept(&mut pending, &state, &first, 0);
    accept(&mut pending, &state, &second, 0);
    pending.delivered(first.id, Delivery::Sent);
    let level = path(&first, &brightness::LEVEL);
    let (cause, endings) = pending.reported(&level, &40.0.into());
    assert_eq!(cause.unwrap().from, Some(Source::Command(first.id)));
    assert_eq!(ends(&endings), [(first.id, Outcome::Done)]);
    assert_eq!(pending.delivered(second.id, Delivery::Sent), []);
    let (cause, endings) = pending.reported(&level, &50.0.into());
    assert_eq!(cause.unwrap().from, Some(Source::Command(second.id)));
    assert_eq!(ends(&endings), [(second.id, Outcome::Done)]);
}

#[test]
fn a_second_toggle_that_was_not_sent_is_not_done_by_what_the_lamp_was_before_the_first() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&on_off::ON, false));
    let (first, second) = (toggle(&state), toggle(&state));
    accept(&mut pending, &state, &first, 0);
    accept(&mut pending, &state, &second, 0);
    pending.delivered(first.id, Delivery::Sent);
    let on = path(&first, &on_off::ON);
    assert_eq!(pending.reported(&on, &false.into()).1, []);
    assert_eq!(ends(&pending.reported(&on, &true.into()).1), [(first.id, Outcome::Done)]);
    assert_eq!(pending.delivered(second.id, Delivery::Sent), []);
    assert_eq!(ends(&pending.reported(&on, &false.into()).1), [(second.id, Outcome::Done)]);
}

#[test]
fn a_lamp_that_reports_only_what_came_of_two_steps_leaves_none_waiting() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&brightness::LEVEL, 30.0));
    let (first, second) = (brighter_by_ten(&state), brighter_by_ten(&state));
    for command in [&first, &second] {
        accept(&mut pending, &state, command, 0);
        assert_eq!(pending.delivered(command.id, Delivery::Sent), []);
    }
    let (cause, endings) = pending.reported(&path(&first, &brightness::LEVEL), &50.0.into());
    assert_eq!(cause.unwrap().from, Some(Source::Command(second.id)));
    assert_eq!(ends(&endings), [(first.id, Outcome::Superseded), (second.id, Outcome::Done)]);
}

#[test]
fn a_step_at_the_end_is_done_with_the_step_that_came_there() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&brightness::LEVEL, 95.0));
    let (first, second) = (brighter_by_ten(&state), brighter_by_ten(&state));
    for command in [&first, &second] {
        accept(&mut pending, &state, command, 0);
        assert_eq!(pending.delivered(command.id, Delivery::Sent), []);
    }
    let (_, endings) = pending.reported(&path(&first, &brightness::LEVEL), &100.0.into());
    assert_eq!(ends(&endings), [(first.id, Outcome::Done), (second.id, Outcome::Done)]);
}

#[test]
fn what_is_told_again_to_a_silent_device_is_not_done_by_having_been_told() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&on_off::ON, false));
    let (first, again) = (command(&state, &[(&on_off::ON, true.into())]), toggle(&state));
    accept(&mut pending, &state, &first, 0);
    pending.delivered(first.id, Delivery::Sent);
    let second = command(&state, &[(&on_off::ON, true.into())]);
    assert_eq!(ends(&accept(&mut pending, &state, &second, 1)), [(first.id, Outcome::Superseded)]);
    assert_eq!(pending.delivered(second.id, Delivery::Sent), []);
    // Nor by what one before it was to bring, when that came to nothing.
    accept(&mut pending, &state, &again, 2);
    assert_eq!(ends(&pending.expire(at(6))), [(second.id, Outcome::TimedOut)]);
    assert_eq!(pending.delivered(again.id, Delivery::Sent), []);
    assert_eq!(ends(&pending.reported(&path(&again, &on_off::ON), &true.into()).1), [(again.id, Outcome::Done)]);
}

#[test]
fn a_step_that_never_acted_takes_nothing_from_the_next() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    say(&mut state, "lamp", 0, read(&brightness::LEVEL, 30.0));
    let (first, second) = (brighter_by_ten(&state), brighter_by_ten(&state));
    accept(&mut pending, &state, &first, 0);
    accept(&mut pending, &state, &second, 0);
    let refused = Delivery::Failed(Outcome::Refused, "it is busy".into());
    assert_eq!(ends(&pending.delivered(first.id, refused)), [(first.id, Outcome::Refused)]);
    pending.delivered(second.id, Delivery::Sent);
    let (_, endings) = pending.reported(&path(&second, &brightness::LEVEL), &40.0.into());
    assert_eq!(ends(&endings), [(second.id, Outcome::Done)]);
}
