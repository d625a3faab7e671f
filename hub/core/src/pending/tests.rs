use adapter_api::Delivery;
use hub_model::{
    Actor, EndpointId,
    capability::{brightness, on_off, temperature},
};

use super::*;
use crate::{
    expect::expected,
    fixture::{command, with_lamp},
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
    pending.accept(Arc::clone(command), endpoint, expected(command, known), at(second))
}

fn path(command: &Command, spec: &'static hub_model::capability::PropertySpec) -> Path {
    Path { device: command.target.device, endpoint: EndpointId::first(), property: spec.into() }
}

#[test]
fn a_command_is_done_when_the_device_reports_all_of_it() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let both = command(&state, &[(&on_off::ON, true.into()), (&brightness::LEVEL, 30.0.into())]);
    accept(&mut pending, &state, &both, 0);
    assert_eq!(pending.delivered(both.id, Delivery::Sent), None);
    let (cause, ending) = pending.reported(&path(&both, &on_off::ON), &true.into());
    assert_eq!(cause.unwrap().from, Some(Source::Command(both.id)));
    assert_eq!(ending, None);
    let (cause, ending) = pending.reported(&path(&both, &brightness::LEVEL), &29.9.into());
    assert_eq!(cause.unwrap().actor, Actor::Voice(None));
    assert_eq!(ending.unwrap().outcome, Outcome::Done);
    assert_eq!(pending.wakes_at(), None);
}

#[test]
fn what_a_command_did_not_ask_for_is_the_devices_own() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let off = command(&state, &[(&on_off::ON, false.into())]);
    accept(&mut pending, &state, &off, 0);
    assert_eq!(pending.reported(&path(&off, &temperature::MEASURED), &21.0.into()), (None, None));
    // A hand on the switch while the command is under way: not what was asked, and not on the way there.
    assert_eq!(pending.reported(&path(&off, &on_off::ON), &true.into()), (None, None));
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
    assert_eq!(pending.reported(&path(&on, &on_off::ON), &true.into()), (None, None));
}

#[test]
fn a_newer_command_supersedes_what_the_older_one_still_waits_for() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let thirty = command(&state, &[(&brightness::LEVEL, 30.0.into())]);
    let eighty = command(&state, &[(&brightness::LEVEL, 80.0.into())]);
    assert!(accept(&mut pending, &state, &thirty, 0).is_empty());
    let endings = accept(&mut pending, &state, &eighty, 1);
    assert_eq!((endings[0].command.id, endings[0].outcome), (thirty.id, Outcome::Superseded));
    let (_, ending) = pending.reported(&path(&eighty, &brightness::LEVEL), &80.0.into());
    assert_eq!(ending.unwrap().command.id, eighty.id);
}

#[test]
fn a_dimmed_lamp_going_on_and_the_steps_of_a_transition_belong_to_the_command() {
    let (mut pending, mut state) = (Pending::default(), with_lamp());
    crate::fixture::say(&mut state, "lamp", 0, crate::fixture::read(&brightness::LEVEL, 0.0));
    let level = command(&state, &[(&brightness::LEVEL, 80.0.into())]);
    accept(&mut pending, &state, &level, 0);
    let (cause, ending) = pending.reported(&path(&level, &on_off::ON), &true.into());
    assert!(cause.is_some() && ending.is_none());
    let (cause, ending) = pending.reported(&path(&level, &brightness::LEVEL), &40.0.into());
    assert!(cause.is_some() && ending.is_none());
}

#[test]
fn a_lost_device_ends_its_commands() {
    let (mut pending, state) = (Pending::default(), with_lamp());
    let on = command(&state, &[(&on_off::ON, true.into())]);
    accept(&mut pending, &state, &on, 0);
    assert_eq!(pending.lost(on.target.device)[0].outcome, Outcome::Unreachable);
    assert_eq!(pending.delivered(on.id, Delivery::Sent), None);
}
