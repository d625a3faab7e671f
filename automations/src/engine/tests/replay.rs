//! The same inputs give the same effects, and no inputs make the engine panic or grow without bound.

use proptest::prelude::*;

use super::bench::{Bench, rules};
use crate::engine::Input;

const RULES: &str = r#"
[[rule]]
name = "Motion"
mode = "restart"
when = [ { property = { of = "hall-motion/occupancy.occupied", becomes = true } } ]
then = [
    { set = { target = "kind:light", "on_off.on" = true, "brightness.level" = 40 } },
    { wait_until = { property = { of = "hall-motion/occupancy.occupied", is = false, held = "1m" }, at_most = "5m" } },
    { set = { target = "kind:light", "on_off.on" = false } },
]
[[rule]]
name = "Warm"
mode = "queued"
when = [ { property = { of = "bathroom-climate/temperature.measured", above = 25, held = "30s" } }, { at = "12:01" } ]
then = [ { wait = "20s" }, { notify = { title = "warm", text = "-" } } ]
[[rule]]
name = "Chase"
mode = "parallel"
when = [ { property = { of = "group:downstairs/on_off.on", changes = true } } ]
if = { not = { between = ["12:02", "12:03"] } }
then = [ { wait = "1s" }, { set = { target = "bench-lamp", "on_off.on" = false } } ]
"#;

#[derive(Debug, Clone)]
enum Happens {
    Motion(bool),
    Warmth(f64),
    Lamp(bool),
    Pass(u32),
    Clock(i64),
    Reload(bool),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        any::<bool>().prop_map(Happens::Motion),
        (20.0..30.0).prop_map(Happens::Warmth),
        any::<bool>().prop_map(Happens::Lamp),
        (0_u32..90_000).prop_map(Happens::Pass),
        (-7200_i64..7200).prop_map(Happens::Clock),
        any::<bool>().prop_map(Happens::Reload),
    ]
}

fn run(log: &[Happens]) -> Vec<String> {
    let mut bench = Bench::new(RULES);
    let mut effects = Vec::new();
    for what in log {
        effects.extend(match what {
            Happens::Motion(there) => bench.put("hall-motion/occupancy.occupied", *there),
            Happens::Warmth(warmth) => bench.put("bathroom-climate/temperature.measured", *warmth),
            Happens::Lamp(on) => bench.put("hall-lamp/on_off.on", *on),
            Happens::Pass(milliseconds) => bench.pass(&format!("{milliseconds}ms")),
            Happens::Clock(seconds) => {
                let to = bench.now + jiff::SignedDuration::from_secs(*seconds);
                bench.set_clock(&to.to_string())
            }
            Happens::Reload(all) => {
                let mut rules = rules(RULES);
                rules.truncate(if *all { 3 } else { 1 });
                bench.tell(Input::Rules(rules))
            }
        });
        let runs: usize = bench.engine.slots.iter().flatten().map(|armed| armed.runs.len() + armed.queue.len()).sum();
        assert!(runs <= 21, "{runs}");
    }
    bench.tell(Input::Rules(Vec::new()));
    assert_eq!(bench.engine.wakes_at(), None, "nothing is left behind");
    assert_eq!(format!("{:?}", bench.engine.index), format!("{:?}", crate::engine::Index::default()));
    assert_eq!(format!("{:?}", bench.engine.lasting), format!("{:?}", crate::engine::Lasting::default()));
    effects
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_replay_gives_the_same_effects_and_rules_that_go_leave_nothing(log in proptest::collection::vec(happens(), 0..60)) {
        prop_assert_eq!(run(&log), run(&log));
    }
}
