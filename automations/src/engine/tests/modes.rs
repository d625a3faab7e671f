use super::bench::Bench;

/// A rule that turns the lamp on, waits a minute, and turns it off.
fn in_mode(mode: &str) -> Bench {
    Bench::new(&format!(
        "name = \"A\"\nmode = \"{mode}\"\nwhen = [ {{ occurs = {{ of = \"bedside-button\", what = \"single\" }} }} ]\n\
         then = [ {{ set = {{ target = \"hall-lamp\", \"on_off.on\" = true }} }}, {{ wait = \"1m\" }},\n\
         {{ set = {{ target = \"hall-lamp\", \"on_off.on\" = false }} }} ]"
    ))
}

fn press(bench: &mut Bench) -> Vec<String> {
    bench.occurs("bedside-button", "button.single")
}

const ON: &str = "hall-lamp on_off.on=true";
const OFF: &str = "hall-lamp on_off.on=false";

#[test]
fn single_drops_what_comes_while_it_runs_and_says_so() {
    let mut bench = in_mode("single");
    assert_eq!(press(&mut bench), [ON]);
    bench.pass("30s");
    assert_eq!(press(&mut bench), ["dropped, running"]);
    assert_eq!(bench.pass("30s"), [OFF]);
    assert_eq!(press(&mut bench), [ON]);
}

#[test]
fn restart_ends_the_running_one() {
    let mut bench = in_mode("restart");
    press(&mut bench);
    bench.pass("30s");
    assert_eq!(press(&mut bench), [ON]);
    assert_eq!(bench.pass("59s"), [""; 0]);
    assert_eq!(bench.pass("1s"), [OFF]);
    assert_eq!(bench.pass("1h"), [""; 0]);
}

#[test]
fn queued_runs_one_after_the_other_up_to_ten() {
    let mut bench = in_mode("queued");
    assert_eq!(press(&mut bench), [ON]);
    for _ in 0..9 {
        assert_eq!(press(&mut bench), [""; 0]);
    }
    assert_eq!(press(&mut bench), ["dropped, full"]);
    assert_eq!(bench.pass("1m"), [OFF, ON]);
    assert_eq!(bench.pass("9m").len(), 17);
    assert_eq!(bench.engine.wakes_at(), None);
}

#[test]
fn parallel_runs_up_to_ten_at_once() {
    let mut bench = in_mode("parallel");
    for _ in 0..10 {
        assert_eq!(press(&mut bench), [ON]);
    }
    assert_eq!(press(&mut bench), ["dropped, full"]);
    assert_eq!(bench.pass("1m"), [OFF; 10]);
}

#[test]
fn queued_runs_that_end_at_once_all_run() {
    let mut bench = Bench::new(
        "name = \"A\"\nmode = \"queued\"\nwhen = [ { occurs = { of = \"bedside-button\", what = \"single\" } } ]\n\
         then = [ { if = { property = { of = \"hall-lamp/on_off.on\", is = true } }, then = [ { wait = \"1m\" } ] },\n\
         { scene = \"good-night\" } ]",
    );
    bench.put("hall-lamp/on_off.on", true);
    for _ in 0..3 {
        press(&mut bench);
    }
    bench.put("hall-lamp/on_off.on", false);
    assert_eq!(bench.pass("1m"), ["scene good-night"; 3]);
}
