use std::fmt::Write;

use super::bench::Bench;

#[test]
fn of_thousands_of_rules_an_event_runs_only_those_that_look_at_it() {
    let mut text = String::new();
    for number in 0..2000 {
        let of = if number % 500 == 7 { "garden-lights/on_off.on" } else { "front-door/contact.open" };
        write!(
            text,
            "[[rule]]\nname = \"Rule {number}\"\nwhen = [ {{ property = {{ of = \"{of}\", becomes = true }} }} ]\n"
        )
        .unwrap();
        text.push_str("then = [ { scene = \"good-night\" } ]\n");
    }
    let mut bench = Bench::new(&text);
    assert_eq!(bench.put("hall-lamp/on_off.on", true), [""; 0]);
    assert_eq!(bench.put("garden-lights/on_off.on", true), ["scene good-night"; 4]);
    assert_eq!(bench.put("front-door/contact.open", true).len(), 1996);
}
