//! What failed is asked again as it was, and of those only of which it failed.

use super::{bench::Bench, restart::restart};
use crate::engine::Input;

fn retries(action: &str) -> String {
    format!(
        "name = \"A\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\n\
         then = [ {{ {action}, on_failure = \"retry\" }}, {{ scene = \"good-night\" }} ]"
    )
}

/// The button is pressed; all that is asked then succeeds, except of one device.
fn press_while_fails(bench: &mut Bench, handle: &str) {
    let asked = bench.occurs("bedside-button", "button.single");
    let deeds = std::mem::take(&mut bench.deeds);
    assert_eq!(asked.len(), deeds.len(), "{asked:?}");
    for (asked, deed) in asked.into_iter().zip(deeds) {
        let (name, change) = asked.split_once(' ').unwrap();
        let (property, value) = change.split_once('=').unwrap();
        let outcome = if name == handle { Err("silent".into()) } else { Ok(()) };
        if outcome.is_ok() {
            let value = value.parse::<f64>().map_or(true.into(), hub_model::Value::Number);
            bench.put(&format!("{name}/{property}"), value);
        }
        assert_eq!(bench.tell(Input::Outcome(deed, outcome)), [""; 0]);
    }
}

const SCENE: [&str; 1] = ["scene good-night"];
const TOGGLE: &str = "toggle = \"kind:light in room:garden\"";
const STEP: &str = "step = { target = \"group:downstairs\", \"brightness.level\" = 10 }";

#[test]
fn a_toggle_that_failed_in_part_is_not_turned_over_again() {
    let mut bench = Bench::new(&retries(TOGGLE));
    press_while_fails(&mut bench, "garden-lights");
    for pause in ["2s", "4s"] {
        assert_eq!(bench.pass(pause), ["garden-lights on_off.on=true"]);
        assert_eq!(bench.outcomes(Err("silent".into())), [""; 0]);
    }
    assert_eq!(bench.pass("8s"), ["garden-lights on_off.on=true"]);
    assert_eq!(bench.outcomes(Ok(())), SCENE);
    bench.put("garden-lights/on_off.on", true);
    let asked = bench.occurs("bedside-button", "button.single");
    assert!(asked.len() == 2 && asked.iter().all(|asked| asked.ends_with("=false")), "{asked:?}");
}

#[test]
fn a_step_that_failed_in_part_is_added_once() {
    let mut bench = Bench::new(&retries(STEP));
    bench.put("hall-lamp/brightness.level", 20.0);
    bench.put("kitchen-lamp/brightness.level", 40.0);
    press_while_fails(&mut bench, "kitchen-lamp");
    // It did what was asked, although it said that it had not.
    bench.put("kitchen-lamp/brightness.level", 50.0);
    assert_eq!(bench.pass("2s"), ["kitchen-lamp brightness.level=50"]);
    assert_eq!(bench.outcomes(Ok(())), SCENE);
}

#[test]
fn what_nobody_said_anything_of_is_asked_again_alone() {
    let mut bench = Bench::new(&retries(TOGGLE));
    let asked = bench.occurs("bedside-button", "button.single");
    let first = bench.deeds.remove(0);
    bench.tell(Input::Outcome(first, Ok(())));
    bench.deeds.clear();
    assert_eq!(bench.pass("71m"), asked[1..]);
    assert_eq!(bench.outcomes(Ok(())), SCENE);
}

#[test]
fn what_failed_is_asked_again_as_it_was_after_a_start_too() {
    let text = retries(TOGGLE);
    let mut bench = Bench::new(&text);
    press_while_fails(&mut bench, "garden-lights");
    assert_eq!(restart(&mut bench, &text, "1m"), ["garden-lights on_off.on=true"]);
    assert_eq!(bench.outcomes(Ok(())), SCENE);
}
