use super::*;
use crate::{parse::parse, sample};

/// The ids of the runs that begin.
#[derive(Default)]
struct Runs(Vec<RunId>);

impl Witness for Runs {
    fn effect(&mut self, _home: &Home, _at: Timestamp, effect: &Effect, _outcome: Outcome) {
        if let Effect::Trace(hub_model::Trace::Began(record)) = effect {
            self.0.push(record.id);
        }
    }
}

#[test]
fn no_run_in_a_home_that_is_not_there_has_the_id_of_a_real_one() {
    let text = "name = \"A\"\nwhen = [ { answer = \"a\" } ]\nthen = [ { stop = \"-\" } ]";
    let rules: Vec<_> = parse(&std::path::Path::new("a.toml").into(), text).rules.into_iter().map(Arc::new).collect();
    let (home, now) = (sample::home("UTC"), "2026-11-23T11:00:00Z".parse().unwrap());
    let (mut engine, mut runs) = (Engine::new(), Runs::default());
    engine.handle(Input::Rules(rules.clone()), now, &home);
    let (signal, cause) = (Signal::Answer("a".into()), Cause::root(Actor::Hub));
    for effect in engine.handle(Input::Told(Told { signal: &signal, cause: cause.clone() }), now, &home) {
        runs.effect(&home, now, &effect, Outcome::Done);
    }
    let mut twin = Twin::new(home, Around { rules, ..Around::default() }, now, &mut runs);
    twin.told(&signal, cause, &mut runs);
    assert_eq!(runs.0.len(), 2);
    assert_ne!(runs.0[0], runs.0[1]);
}
