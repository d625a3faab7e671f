//! Conditions of the sun: each rising and each setting of a year is seen, wherever the home is.

use super::bench::Bench;
use crate::sun::{Place, SunEvent};

const PLACES: [(&str, f64, f64); 4] = [
    ("Europe/Berlin", 52.52, 13.405),
    ("Europe/Oslo", 59.913, 10.752),
    ("Australia/Sydney", -33.869, 151.209),
    ("America/New_York", 40.713, -74.006),
];

const NOTICES: [&str; 4] = ["notice rises", "notice sets", "notice dawns", "notice darkens"];
const EVENTS: [SunEvent; 4] = [SunEvent::Sunrise, SunEvent::Sunset, SunEvent::Dawn, SunEvent::Dusk];
const STANDS: [&str; 4] = ["\"above_horizon\"", "\"below_horizon\"", "{ above = -6 }", "\"night\""];

fn notify(notice: &str) -> String {
    format!("{{ notify = {{ title = \"{}\", text = \"-\" }} }}", notice.trim_start_matches("notice "))
}

/// How often each notice comes in a year.
fn told(zone: &str, (latitude, longitude): (f64, f64), text: &str) -> [usize; 4] {
    let mut bench = Bench::at("2026-01-01T11:00:00Z", zone, "");
    let place = (Some(latitude), Some(longitude));
    let settings = hub_model::HomeSettings { latitude: place.0, longitude: place.1, ..(*bench.home.settings).clone() };
    bench.home.settings = settings.into();
    assert_eq!(bench.load(text), [""; 0]);
    bench.occurs("bedside-button", "button.single");
    let told = bench.pass("8760h");
    NOTICES.map(|notice| told.iter().filter(|told| *told == notice).count())
}

/// How often the sun does each of these in the same year.
fn happens((latitude, longitude): (f64, f64)) -> [usize; 4] {
    let place = Place { latitude, longitude };
    let begin: jiff::Timestamp = "2026-01-01T11:00:00Z".parse().unwrap();
    let end = begin + jiff::SignedDuration::from_hours(8760);
    EVENTS.map(|event| {
        let moments = std::iter::successors(place.next(event, begin), |at| place.next(event, *at));
        moments.take_while(|at| *at <= end).count()
    })
}

#[test]
fn a_condition_of_the_sun_begins_to_hold_at_each_passing_of_a_year() {
    let rule = |(stands, notice)| {
        format!(
            "[[rule]]\nname = \"{notice}\"\nwhen = [ {{ holds = {{ sun = {stands} }} }} ]\nthen = [ {} ]\n",
            notify(notice)
        )
    };
    let text: String = STANDS.into_iter().zip(NOTICES).map(rule).collect();
    for (zone, north, east) in PLACES {
        assert_eq!(told(zone, (north, east), &text), happens((north, east)), "{zone}");
    }
}

#[test]
fn a_wait_for_the_sun_ends_at_each_passing_of_a_year() {
    let rule = |(stands, other, notice): (&str, &str, &str)| {
        format!(
            "[[rule]]\nname = \"{notice}\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\n\
             then = [ {{ repeat = {{ times = 1000, do = [ {{ wait_until = {{ sun = {other} }} }},\n\
             {{ wait_until = {{ sun = {stands} }} }}, {} ] }} }} ]\n",
            notify(notice)
        )
    };
    let others = [STANDS[1], STANDS[0], STANDS[3], STANDS[2]];
    let text: String = (0..4).map(|number| rule((STANDS[number], others[number], NOTICES[number]))).collect();
    for (zone, north, east) in PLACES {
        assert_eq!(told(zone, (north, east), &text), happens((north, east)), "{zone}");
    }
}
