use ratatui::{Terminal, backend::TestBackend};
use serde_json::json;

use super::{
    render::draw,
    state::{News, Press, State, Wish},
};
use crate::client::home::Home;

fn home() -> Home {
    let reading = |id: &str, value: serde_json::Value, unit: &str| json!({ "id": id, "value": value, "unit": unit });
    let endpoint = |id: &str, kind: &str, properties: serde_json::Value, actions: serde_json::Value| json!({ "id": id, "kind": kind, "name": null, "properties": properties, "actions": actions });
    let device = |id: &str, name: &str, room: serde_json::Value, reachable: bool, endpoints: serde_json::Value| {
        json!({ "id": id, "handle": id, "name": name, "room": room, "reachable": reachable,
                "lastSeen": "2026-01-02T03:04:05.678Z", "endpoints": endpoints })
    };
    let kitchen = json!({ "id": "r1", "name": "Kitchen" });
    let hall = json!({ "id": "r2", "name": "Hall" });
    let lamp = [reading("on_off.on", json!(true), ""), reading("brightness.level", json!(40.0), "%")];
    let lock = [reading("lock.state", json!("locked"), ""), reading("battery.level", json!(81.4), "%")];
    let switch = |on: bool| json!([reading("on_off.on", json!(on), "")]);
    serde_json::from_value(json!({
        "home": { "name": "Lindenstraße" },
        "rooms": [kitchen, hall],
        "scenes": [{ "id": "s1", "handle": "good-night", "name": "Good night" },
                   { "id": "s2", "handle": "movie", "name": "Movie" }],
        "devices": [
            device("outdoor", "Outdoor", json!(null), false,
                json!([endpoint("1", "SENSOR", json!([reading("temperature.measured", json!(-3.25), "°C")]), json!([]))])),
            device("front-door", "Front door", hall.clone(), true, json!([endpoint("1", "LOCK", json!(lock), json!(["lock.lock"]))])),
            device("hall-lamp", "走廊灯", hall, true, json!([endpoint("1", "LIGHT", json!(lamp), json!(["on_off.toggle"]))])),
            device("two-gang", "Two-gang switch", kitchen, true,
                json!([endpoint("left", "SWITCH", switch(false), json!([])), endpoint("right", "SWITCH", switch(true), json!([]))])),
        ]
    }))
    .unwrap()
}

fn state() -> State {
    let mut state = State::default();
    state.take(News::Home(Box::new(home())));
    state
}

fn picture(state: &State, width: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, 16)).unwrap();
    terminal.draw(|frame| draw(frame, state)).unwrap();
    terminal.backend().to_string()
}

fn change(property: &str, value: serde_json::Value) -> News {
    News::Changed { device: "hall-lamp".into(), endpoint: "1".into(), property: property.into(), value }
}

fn control(wish: Wish) -> super::deed::Deed {
    match wish {
        Wish::Control(deed) => deed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_home_reads_by_room_with_the_chosen_device_beside_it() {
    insta::assert_snapshot!(picture(&state(), 100));
}

#[test]
fn a_narrow_terminal_shows_the_rows_alone() {
    insta::assert_snapshot!(picture(&state(), 60));
}

#[test]
fn scenes_lie_over_the_rooms() {
    let mut state = state();
    assert_eq!(state.press(Press::Scenes), Wish::None);
    assert_eq!(state.press(Press::Down), Wish::None);
    insta::assert_snapshot!(picture(&state, 60));
    assert_eq!(state.press(Press::Switch), Wish::Scene("s2".into()));
    assert_eq!(state.scene, None);
}

#[test]
fn a_home_without_devices_says_what_to_do() {
    let mut state = State::default();
    state.take(News::Home(Box::default()));
    assert!(picture(&state, 100).contains("hub add"));
    assert_eq!(state.press(Press::Switch), Wish::None);
    assert_eq!(state.press(Press::Down), Wish::None);
}

#[test]
fn values_move_live_and_stand_out_for_a_while() {
    let mut state = state();
    state.take(change("brightness.level", json!(75.0)));
    assert!(picture(&state, 60).contains("on · 75 %"));
    assert!(state.is_fresh("hall-lamp", "1", "brightness.level"));
    for _ in 0..4 {
        state.take(News::Beat);
    }
    assert!(!state.is_lively("hall-lamp"));
    // News of what is not there is no news.
    state.take(change("fan.speed", json!(75.0)));
    assert!(!state.is_lively("hall-lamp"));
}

#[test]
fn a_lost_hub_is_said_and_the_choice_outlives_it() {
    let mut state = state();
    state.press(Press::Down);
    let chosen = state.device().unwrap().id.clone();
    state.take(News::Away("no hub answers".into()));
    assert!(picture(&state, 100).contains("no hub answers"));
    let mut later = home();
    later.devices.rotate_left(1);
    state.take(News::Home(Box::new(later)));
    assert_eq!(state.device().unwrap().id, chosen);
    assert_eq!(state.away, None);
}

#[test]
fn devices_come_are_renamed_and_go() {
    let mut state = state();
    state.press(Press::Down);
    let mut lamp = home().devices.remove(2);
    lamp.name = "Hall lamp".into();
    state.take(News::Device { id: lamp.id.clone(), now: Some(Box::new(lamp)) });
    assert!(picture(&state, 60).contains("Hall lamp"));
    state.take(News::Device { id: "two-gang".into(), now: None });
    assert!(!picture(&state, 60).contains("Kitchen"));
    assert_eq!(state.device().unwrap().id, "front-door");
    let mut new = home().devices.remove(3);
    new.id = "new".into();
    state.take(News::Device { id: "new".into(), now: Some(Box::new(new)) });
    assert_eq!(state.devices().count(), 4);
}

#[test]
fn space_switches_what_the_device_is_for() {
    let mut state = state();
    let deed = control(state.press(Press::Switch));
    assert_eq!((&*deed.endpoint, deed.set), ("left", Some(("on_off.on".into(), json!(true)))));
    state.press(Press::Down);
    assert_eq!(control(state.press(Press::Switch)).invoke.as_deref(), Some("lock.unlock"));
    state.press(Press::Down);
    assert_eq!(control(state.press(Press::Switch)).set, Some(("on_off.on".into(), json!(false))));
    state.press(Press::PageDown);
    assert_eq!(state.press(Press::Switch), Wish::None);
    assert_eq!(state.note, "This can't be switched.");
}

#[test]
fn plus_and_minus_dim_in_tens_and_never_to_darkness() {
    let mut state = state();
    state.press(Press::Down);
    state.press(Press::Down);
    assert_eq!(control(state.press(Press::More)).set, Some(("brightness.level".into(), json!(50.0))));
    state.take(change("brightness.level", json!(4.0)));
    assert_eq!(control(state.press(Press::Less)).set, Some(("brightness.level".into(), json!(1.0))));
}
