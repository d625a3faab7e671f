//! No set of rules makes the engine panic, go on for ever or grow without bound, and the same log gives the same effects.

use hub_model::Signal;
use proptest::prelude::*;

use super::bench::{Bench, rules};
use crate::engine::{Engine, Input};

const WHEN: [&str; 18] = [
    "property = { of = \"hall-motion/occupancy.occupied\", becomes = true }",
    "property = { of = \"kind:light/on_off.on\", changes = true }",
    "property = { of = \"outdoor/temperature.measured\", above = 25, held = \"20s\", hysteresis = 2 }",
    "occurs = { of = \"bedside-button\", what = \"single\" }, id = \"press\"",
    "every = \"7s\"",
    "at = \"12:00:30\"",
    "cron = \"*/20 * * * * *\"",
    "sun = \"noon\", offset = \"10m\"",
    "holds = { property = { of = \"hall-lamp/on_off.on\", is = true }, mean = { of = \"outdoor/temperature.measured\", over = \"1m\", above = 20 } }",
    "holds = { between = [\"12:01\", \"12:02\"] }, held = \"10s\"",
    "reachable = { of = \"kind:light\", becomes = false, held = \"5s\" }",
    "battery = {}",
    "presence = { who = \"anyone\", becomes = \"home\" }",
    "rule = \"r0\"",
    "rule = \"r1\"",
    "phrase = \"go\"",
    "webhook = {}",
    "started = true",
];
const IF: [&str; 8] = [
    "",
    "if = { not = { property = { of = \"hall-lamp/on_off.on\", is = true } } }\n",
    "if = { last_run = { not_within = \"3s\" } }\n",
    "if = { any = [ { sun = \"above_horizon\" }, { days = [\"sun\"] } ] }\n",
    "if = { compare = { of = \"outdoor/temperature.measured\", above = \"bathroom-climate/temperature.measured\" } }\n",
    "if = { body = { field = \"a\", is = 1 } }\n",
    "if = { reachable = { of = \"hall-lamp\", is = true }, dates = [\"11-01\", \"12-31\"] }\n",
    "if = { property = { of = \"hall-motion/occupancy.occupied\", is = true, held = \"10s\" } }\n",
];
const THEN: [&str; 22] = [
    "{ set = { target = \"kind:light\", \"on_off.on\" = true } }",
    "{ set = { target = \"hall-lamp\", \"on_off.on\" = true }, on_failure = \"retry\" }",
    "{ scene = \"good-night\", on_failure = \"stop\" }",
    "{ toggle = \"group:downstairs\" }",
    "{ step = { target = \"hall-lamp\", \"brightness.level\" = 10 } }",
    "{ wait = \"3s\" }",
    "{ wait_until = { property = { of = \"hall-lamp/on_off.on\", is = true }, at_most = \"9s\" }, on_timeout = [ { toggle = \"hall-lamp\" } ] }",
    "{ wait_until = { property = { of = \"hall-lamp/on_off.on\", is = true, held = \"4s\" } } }",
    "{ if = { trigger = \"press\" }, then = [ { wait = \"1s\" } ], else = [ { toggle = \"bench-lamp\" } ] }",
    "{ repeat = { times = 3, do = [ { wait = \"1s\" }, { toggle = \"hall-lamp\" } ] } }",
    "{ repeat = { while = { between = [\"00:00\", \"00:00\"] }, do = [ { toggle = \"hall-lamp\" } ] } }",
    "{ repeat = { until = { property = { of = \"hall-lamp/on_off.on\", is = true } }, do = [ { wait = \"2s\" } ] } }",
    "{ repeat = { each = \"kind:light\", do = [ { set = { target = \"it\", \"on_off.on\" = false } }, { wait = \"1s\" } ] } }",
    "{ parallel = [ [ { wait = \"2s\" } ], [ { wait = \"4s\" }, { toggle = \"hall-lamp\" } ], [ { set = { target = \"hall-lamp\", \"on_off.on\" = true }, on_failure = \"retry\" } ] ] }",
    "{ parallel = [ [ { parallel = [ [ { wait = \"1s\" } ], [ { stop = \"enough\" } ] ] } ], [ { wait = \"9s\" } ] ] }",
    "{ stop = \"done\" }",
    "{ run = \"r0\" }",
    "{ run = \"r1\" }",
    "{ run = \"r2\" }",
    "{ disable = \"r0\" }",
    "{ notify = { title = \"a\", text = \"{hall-lamp/brightness.level}\" } }",
    "{ speak = { text = \"a\" }, on_failure = \"stop\" }",
];
const MODES: [&str; 4] = ["single", "restart", "queued", "parallel"];

/// Three rules of any triggers, condition and actions.
fn any_rules() -> impl Strategy<Value = String> {
    let rule = (
        proptest::sample::select(&MODES[..]),
        proptest::collection::vec(proptest::sample::select(&WHEN[..]), 1..4),
        proptest::sample::select(&IF[..]),
        proptest::collection::vec(proptest::sample::select(&THEN[..]), 1..5),
    );
    proptest::collection::vec(rule, 3).prop_map(|rules| {
        let text = rules.into_iter().enumerate().map(|(number, (mode, when, condition, then))| {
            // An id stands once, or conditions ask for one that is not there.
            let press = if when.iter().any(|when| when.contains("id =")) { "" } else { ", { occurs = { of = \"bedside-button\", what = \"long\" }, id = \"press\" }" };
            let mut seen = false;
            let when: Vec<_> = when.into_iter().filter(|when| !when.contains("id =") || !std::mem::replace(&mut seen, true)).collect();
            let when = when.iter().map(|when| format!("{{ {when} }}")).collect::<Vec<_>>().join(", ");
            format!("[[rule]]\nname = \"R{number}\"\nmode = \"{mode}\"\nwhen = [ {when}{press} ]\n{condition}then = [ {} ]\n", then.join(", "))
        });
        text.collect()
    })
}

#[derive(Debug, Clone)]
enum Happens {
    Motion(bool),
    Lamp(bool),
    Warmth(f64),
    Home(bool),
    Reach(bool),
    Press,
    Said(usize),
    Outcomes(bool),
    Pass(u32),
    Clock(i64),
    Restart,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        any::<bool>().prop_map(Happens::Motion),
        any::<bool>().prop_map(Happens::Lamp),
        (15.0..30.0).prop_map(Happens::Warmth),
        any::<bool>().prop_map(Happens::Home),
        any::<bool>().prop_map(Happens::Reach),
        Just(Happens::Press),
        (0_usize..4).prop_map(Happens::Said),
        any::<bool>().prop_map(Happens::Outcomes),
        (0_u32..40_000).prop_map(Happens::Pass),
        (-7200_i64..7200).prop_map(Happens::Clock),
        Just(Happens::Restart),
    ]
}

fn step(bench: &mut Bench, text: &str, what: &Happens) -> Vec<String> {
    match what {
        Happens::Motion(there) => bench.put("hall-motion/occupancy.occupied", *there),
        Happens::Lamp(on) => bench.put("hall-lamp/on_off.on", *on),
        Happens::Warmth(warmth) => bench.put("outdoor/temperature.measured", *warmth),
        Happens::Home(home) => bench.put("alex-phone/presence.home", *home),
        Happens::Reach(reachable) => bench.reach("hall-lamp", *reachable),
        Happens::Press => bench.occurs("bedside-button", "button.single"),
        Happens::Said(number) => {
            let rule = hub_model::RuleId(format!("r{number}").into());
            let body = Some(serde_json::json!({ "a": number }));
            let phrase = Signal::Phrase { words: "go".into(), language: "en".into() };
            [Signal::Webhook { rule, trigger: *number, body }, phrase]
                .iter()
                .flat_map(|signal| bench.signal(signal))
                .collect()
        }
        Happens::Outcomes(good) => bench.outcomes(if *good { Ok(()) } else { Err("no".into()) }),
        Happens::Pass(milliseconds) => bench.pass(&format!("{milliseconds}ms")),
        Happens::Clock(seconds) => {
            let to = bench.now + jiff::SignedDuration::from_secs(*seconds);
            bench.set_clock(&to.to_string())
        }
        Happens::Restart => {
            bench.engine.other_runs = true;
            let kept = bench.engine.waiting_runs().unwrap();
            bench.engine = Engine::new();
            let loaded = bench.load(text);
            [loaded, bench.tell(Input::Restore(kept))].concat()
        }
    }
}

fn run(text: &str, log: &[Happens]) -> Vec<String> {
    let mut bench = Bench::new("");
    let mut effects = bench.load(text);
    for what in log {
        effects.extend(step(&mut bench, text, what));
        let threads = |armed: &crate::engine::Armed| {
            armed.runs.iter().map(|run| run.threads.len()).sum::<usize>() + armed.queue.len()
        };
        let waiting: usize = bench.engine.slots.iter().flatten().map(threads).sum();
        assert!(waiting <= 3 * 20 * 20, "{waiting}\n{text}");
        let asked = bench.engine.deeds.len();
        assert!(asked <= waiting * 20, "{asked}\n{text}");
    }
    bench.tell(Input::Rules(rules("")));
    assert_eq!(bench.engine.wakes_at(), None, "nothing is left behind\n{text}");
    assert!(bench.engine.deeds.is_empty(), "{text}");
    assert_eq!(format!("{:?}", bench.engine.index), format!("{:?}", crate::engine::Index::default()), "{text}");
    assert_eq!(format!("{:?}", bench.engine.windows), format!("{:?}", crate::engine::Windows::default()), "{text}");
    effects
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_rules_end_whatever_happens_and_the_same_log_gives_the_same_effects(
        text in any_rules(),
        log in proptest::collection::vec(happens(), 0..40),
    ) {
        prop_assert_eq!(run(&text, &log), run(&text, &log));
    }
}
