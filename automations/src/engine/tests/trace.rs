use std::time::Duration;

use hub_model::{
    RuleId, RunEnd, RunRecord, Signal, SkipReason, Trace, Value, What,
    run::{Part, Prompted, Taken},
};

use super::bench::Bench;

const NIGHT: &str = "name = \"Night\"\nmode = \"restart\"\n\
     when = [ { at = \"03:00\" }, { property = { of = \"hall-motion/occupancy.occupied\", becomes = true } } ]\n\
     if = { between = [\"21:00\", \"06:00\"], not = { property = { of = \"hall-lamp/on_off.on\", is = true } } }\n\
     then = [ { set = { target = \"hall-lamp\", \"on_off.on\" = true } }, { wait = \"1m\" },\n\
     { wait_until = { property = { of = \"hall-motion/occupancy.occupied\", is = false }, at_most = \"5m\" } },\n\
     { if = { property = { of = \"kitchen-lamp/on_off.on\", is = true } }, then = [ { scene = \"good-night\" } ] } ]";

fn began(bench: &Bench) -> Vec<&RunRecord> {
    let records = bench.traces.iter().filter_map(|trace| match trace {
        Trace::Began(record) => Some(&**record),
        _ => None,
    });
    records.collect()
}

/// A part and those in it, each in a line: what it says, whether it held, what it saw.
fn lines(part: &Part) -> Vec<String> {
    let saw: Vec<_> = part.saw.iter().map(|seen| seen.value.to_string()).collect();
    let own = format!("{} [{}] {}", part.text, saw.join(", "), if part.holds { "held" } else { "did not hold" });
    std::iter::once(own).chain(part.parts.iter().flat_map(lines)).collect()
}

#[test]
fn a_run_tells_what_triggered_it_and_what_its_condition_saw() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    bench.put("hall-motion/occupancy.occupied", false);
    bench.put("hall-motion/occupancy.occupied", true);
    let [record] = began(&bench)[..] else { panic!("{:?}", bench.traces) };
    let trigger = record.trigger.as_ref().unwrap();
    assert_eq!((trigger.number, trigger.due), (Some(1), bench.now));
    let event = trigger.event.as_ref().unwrap();
    assert!(matches!(&event.what, What::Changed { old: Value::Bool(false), new: Value::Bool(true), .. }));
    let wanted = [
        "all of these [] held",
        "not [] held",
        "hall-lamp/on_off.on is true [unknown] did not hold",
        "it is between 21:00 and 06:00 [22:30] held",
    ];
    assert_eq!(lines(record.condition.as_ref().unwrap()), wanted);
}

#[test]
fn a_run_by_hand_is_of_none_of_the_triggers() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    bench.signal(&Signal::ByHand(RuleId("night".into())));
    let [record] = began(&bench)[..] else { panic!("{:?}", bench.traces) };
    let trigger = record.trigger.as_ref().unwrap();
    assert_eq!(trigger.number, None);
    assert_eq!(trigger.prompt.as_ref().map(|prompt| &prompt.what), Some(&Prompted::ByHand));
}

#[test]
fn a_condition_that_does_not_hold_is_remembered_with_the_part_that_decided() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    bench.put("hall-lamp/on_off.on", true);
    bench.put("hall-motion/occupancy.occupied", true);
    let [record] = began(&bench)[..] else { panic!("{:?}", bench.traces) };
    assert_eq!(record.skipped(), Some(SkipReason::Condition));
    let culprit = record.condition.as_ref().unwrap().culprit();
    assert_eq!(culprit.text, "not");
}

#[test]
fn every_step_is_told_with_the_time_it_took() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    bench.put("hall-motion/occupancy.occupied", true);
    bench.pass("3m");
    bench.put("hall-motion/occupancy.occupied", false);
    let steps = bench.traces.iter().map(|trace| match trace {
        Trace::Began(_) => "began".to_owned(),
        Trace::Step(_, step) => match &step.what {
            Taken::Waited(span) => format!("waits {span:?}"),
            Taken::Looked(part) => format!("looks: {} ({}), {:?}", part.text, part.holds, step.took),
            other => format!("{other:?}"),
        },
        Trace::Over(_, at, part) => {
            format!("goes on {}, {:?}", at.strftime("%H:%M"), part.as_ref().map(|part| part.holds))
        }
        Trace::Ended(_, end) => format!("{end:?}"),
    });
    let wanted = [
        "began",
        "waits 60s",
        "goes on 21:31, None",
        "looks: hall-motion/occupancy.occupied is false (false), None",
        "goes on 21:33, Some(true)",
        &format!("looks: kitchen-lamp/on_off.on is true (false), {:?}", Some(Duration::ZERO)),
        "Finished",
    ];
    assert_eq!(steps.collect::<Vec<_>>(), wanted);
}

#[test]
fn a_time_of_day_that_triggers_is_told_with_when_it_was_due() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    bench.pass("5h");
    let [record] = began(&bench)[..] else { panic!("{:?}", bench.traces) };
    let trigger = record.trigger.as_ref().unwrap();
    assert_eq!((trigger.number, trigger.due.to_string().as_str()), (Some(0), "2026-11-24T02:00:00Z"));
    assert_eq!(trigger.event, None);
}

#[test]
fn a_run_whose_place_is_taken_or_whose_rule_goes_is_told_to_have_ended() {
    let mut bench = Bench::at("2026-11-23T21:30:00Z", "Europe/Berlin", NIGHT);
    for there in [true, false, true] {
        bench.put("hall-motion/occupancy.occupied", there);
    }
    bench.load("");
    let ends: Vec<_> = bench
        .traces
        .iter()
        .filter_map(|trace| if let Trace::Ended(_, end) = trace { Some(*end) } else { None })
        .collect();
    assert_eq!(ends, [RunEnd::Restarted, RunEnd::RuleChanged]);
}
