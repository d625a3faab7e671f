//! Looks over a whole set of rules before it runs: rules that fight, rules that set each other off for ever, rules that
//! never run, and rules that add nothing to another.
//!
//! Each finding comes with an example: a state of the home, a moment and what happens then. Examples are sought among the
//! values and times at which conditions turn (`domain`, `solve`) and then run through the engine (`case`); what the
//! engine does not confirm is not told. So a kind of condition that the search can't look into costs findings, and never
//! a false alarm. For the same reason, an example of rules that fight or run in a circle has no property of which nobody
//! knows how it is: rules that say "not open" and "not closed" are meant never to meet.

mod case;
mod cast;
mod chain;
mod clash;
mod cycle;
mod domain;
mod fair;
mod hearing;
mod idle;
mod link;
mod moments;
mod round;
mod shadow;
mod solve;
mod stimulus;
mod subject;
#[cfg(test)]
mod tests;
mod way;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use hub_model::{Home, Path, RuleId, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

pub use self::stimulus::Stimulus;
use self::{case::Case, cast::by_rule};
pub(crate) use self::{clash::is_same, subject::Subject};
use crate::{fault::Fault, plan::Step, rule::Rule};

/// What a review found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Review {
    /// The worst first: conflicts, cycles and chains, rules that never run, rules that add nothing.
    pub findings: Vec<Finding>,
    /// Whether there was so much to look at that the rest was left out.
    pub cut_short: bool,
}

/// Something about the rules that nobody can have meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The rules that it is about.
    pub rules: Vec<RuleId>,
    /// The same in words, at the place of the last of these rules.
    pub fault: Fault,
    /// A case of it.
    pub example: Example,
}

/// What can be the matter with rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Two rules set one property to different values at the same moment.
    Conflict,
    /// Rules set each other off, or one sets off itself, for ever.
    Cycle,
    /// Rules set each other off in a chain that is so long that the hub cuts it.
    Cut,
    /// A rule can't run: whenever it is triggered, its condition does not hold.
    NeverRuns,
    /// A rule does only what another does at the same moment.
    Shadowed,
}

impl FindingKind {
    /// A few words for it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Conflict => "Two rules fight",
            Self::Cycle => "Rules run in a circle",
            Self::Cut => "A chain of rules is cut",
            Self::NeverRuns => "A rule can never run",
            Self::Shadowed => "A rule adds nothing",
        }
    }
}

/// A case: how the home is, what happens then, and what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// When.
    pub at: Timestamp,
    /// How the home is at that moment, as far as it matters.
    pub given: Vec<(Path, Value)>,
    /// What else is so then.
    pub aside: Aside,
    /// What happens; `None` where nothing can.
    pub happens: Option<Stimulus>,
    /// What the rules write then, in its order.
    pub then: Vec<Write>,
}

/// What is so at a moment, beside how properties are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aside {
    /// What is going on, by calendar and title; the title is empty where it is called anything.
    pub going_on: Vec<(SmolStr, SmolStr)>,
    /// Rules that ran before, and how long ago.
    pub ran: Vec<(RuleId, Duration)>,
}

/// Something that a rule writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// When.
    pub at: Timestamp,
    /// Which rule.
    pub rule: RuleId,
    /// Which property.
    pub path: Path,
    /// The value.
    pub value: Value,
}

/// How much a review does at most for findings of one kind; beyond, it is cut short and says so.
#[derive(Debug)]
struct Budget {
    findings: usize,
    runs: usize,
}

/// What is reviewed.
struct Desk {
    /// Every device can be reached in it, so that what rules do shows.
    home: Home,
    /// About when cases take place.
    now: Timestamp,
    /// Those that act, and those that are asleep until one of the others wakes them.
    subjects: Vec<Subject>,
    by_id: BTreeMap<RuleId, usize>,
    /// For each rule, those that run it.
    runners: BTreeMap<RuleId, Vec<usize>>,
    /// For each rule, those that enable it.
    wakers: BTreeMap<RuleId, Vec<usize>>,
    /// For each rule, those that enable or disable it.
    switchers: BTreeMap<RuleId, Vec<usize>>,
    budget: Budget,
    /// Something was too much to be looked at.
    left_out: bool,
}

impl Budget {
    /// Nobody reads more findings, and a case takes the engine some microseconds.
    const MOST: Self = Self { findings: 50, runs: 5_000 };

    const fn is_spent(&self) -> bool {
        self.findings == 0 || self.runs == 0
    }
}

/// Reviews the rules that are enabled and whose names the home has. `now` is about when the examples take place.
pub fn review(rules: &[Arc<Rule>], home: &Home, now: Timestamp) -> Review {
    let mut desk = Desk::new(rules, home, now);
    let mut findings = Vec::new();
    for find in [clash::find, cycle::find, idle::find, shadow::find] {
        // Each kind has its own, so that many fights don't hide a circle.
        desk.budget = Budget::MOST;
        findings.extend(find(&mut desk));
        desk.left_out |= desk.budget.is_spent();
    }
    Review { findings, cut_short: desk.left_out }
}

impl Review {
    /// Leaves only what an earlier review did not find.
    pub fn since(mut self, earlier: &[Finding]) -> Self {
        self.findings.retain(|finding| !earlier.iter().any(|known| known.is_like(finding)));
        self
    }
}

impl Finding {
    /// Whether it is the same of the same rules, whatever the example.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.rules.len() == other.rules.len() && self.is_about(&other.rules)
    }

    fn is_about(&self, rules: &[RuleId]) -> bool {
        rules.iter().all(|rule| self.rules.contains(rule))
    }
}

impl Desk {
    fn new(rules: &[Arc<Rule>], home: &Home, now: Timestamp) -> Self {
        let mut home = home.clone();
        let ids: Vec<_> = home.devices().map(|known| known.device.id).collect();
        for id in ids {
            if let Some(known) = home.device_mut(id) {
                known.reachable = true;
            }
        }
        let all: Vec<_> = rules.iter().filter_map(|rule| Subject::of(rule, &home)).collect();
        let is_woken: BTreeSet<RuleId> = by_rule(&all, woken).into_keys().collect();
        let acts = |subject: &Subject| subject.rule.enabled || is_woken.contains(&subject.rule.id.value);
        let subjects: Vec<_> = all.into_iter().filter(acts).collect();
        let by_id = subjects.iter().enumerate().map(|(at, subject)| (subject.rule.id.value.clone(), at)).collect();
        let [runners, wakers, switchers] = [run, woken, switched].map(|pick| by_rule(&subjects, pick));
        Self { home, now, subjects, by_id, runners, wakers, switchers, budget: Budget::MOST, left_out: false }
    }

    /// Runs a case with some of the rules, if there is still time to.
    fn run(&mut self, case: &Case, subjects: &[usize]) -> Option<case::Course> {
        self.budget.runs = self.budget.runs.checked_sub(1)?;
        let subjects: Vec<_> = subjects.iter().filter_map(|at| self.subjects.get(*at)).collect();
        Some(case.run(&self.home, &subjects))
    }

    /// Whether a rule acts from the beginning.
    fn is_awake(&self, at: usize) -> bool {
        self.subjects.get(at).is_some_and(|subject| subject.rule.enabled)
    }

    /// Makes a finding, pointing to the last of its rules.
    fn finding(&mut self, kind: FindingKind, about: &[usize], text: String, example: Example) -> Finding {
        self.budget.findings = self.budget.findings.saturating_sub(1);
        let rules: Vec<_> = about.iter().filter_map(|at| self.subjects.get(*at)).map(|it| &it.rule).collect();
        let ids = rules.iter().map(|rule| rule.id.value.clone()).collect();
        let text = format!("{text}{}", words::example(&self.home, &example));
        // A finding is about at least one rule.
        let place = rules.last().map(|rule| (rule.file.clone(), rule.id.spot));
        let (file, spot) = place.unwrap_or_else(|| (std::path::Path::new("").into(), crate::fault::Spot::START));
        Finding { kind, rules: ids, fault: Fault::new(&file, spot, text), example }
    }
}

const fn run(step: &Step) -> Option<&RuleId> {
    if let Step::Run(id) = step { Some(id) } else { None }
}

const fn woken(step: &Step) -> Option<&RuleId> {
    if let Step::Enable(id, true) = step { Some(id) } else { None }
}

const fn switched(step: &Step) -> Option<&RuleId> {
    if let Step::Enable(id, _) = step { Some(id) } else { None }
}
