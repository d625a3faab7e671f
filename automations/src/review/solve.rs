//! Looks for states of the home in which conditions hold: assigns one property after the other, and turns back as soon as
//! what is assigned decides against it.

use hub_model::{Home, Path, Signal, Value};
use jiff::{SignedDuration, Timestamp};

use super::{
    Desk, Stimulus,
    case::{Case, Given, State},
    domain::{Domain, Thing},
    fair::{in_turns, spread},
    moments::one_of_each_kind,
};
use crate::{
    engine::holds_at,
    message::{Payload, value_at},
    plan::Check,
    rule::Test,
};

/// No search looks at more states than this.
const STATES: usize = 20_000;

/// What is looked for: states in which something happens and rules are met by it.
pub(super) struct Puzzle<'a> {
    home: &'a Home,
    now: Timestamp,
    domain: &'a Domain<'a>,
    stimulus: &'a Stimulus,
    /// How long it lasts until rules are met.
    lasts: SignedDuration,
    /// Only states in which every property is known.
    pub(super) known: bool,
    /// All of these have to hold then, or not to.
    pub(super) must: Vec<(&'a Check, bool)>,
    /// Of these, every way to hold or not is of interest.
    pub(super) also: Vec<&'a Check>,
    /// Properties of which every value is of interest.
    pub(super) vary: Vec<&'a Path>,
}

/// What was found.
pub(super) struct Solutions {
    pub(super) found: Vec<Case>,
    /// Nothing was left out, and every condition could be looked into: where nothing was found, there is nothing.
    pub(super) whole: bool,
}

/// A state that was found, and the moment of it.
type Found = (Timestamp, State);

/// A condition at one moment, over numbered properties.
enum Formula {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// For each way that a property can be, whether this holds.
    Of(usize, Vec<Option<bool>>),
    Known(bool),
    /// It does at this moment, or does not; at others it may be otherwise.
    Likely(bool),
    /// It can't be looked into.
    Closed,
}

struct Search<'a> {
    domain: &'a Domain<'a>,
    things: Vec<Thing<'a>>,
    ways: Vec<Vec<Given>>,
    chosen: Vec<Option<usize>>,
    must: Vec<Formula>,
    /// Up to this property, all are chosen before a state counts.
    wanted: usize,
    most: usize,
    states: usize,
    cut: bool,
    closed: bool,
}

impl<'a> Puzzle<'a> {
    /// Any state in which something happens that lasts for so long.
    pub(super) fn new(desk: &'a Desk, domain: &'a Domain<'a>, stimulus: &'a Stimulus, lasts: SignedDuration) -> Self {
        let (home, now) = (&desk.home, desk.now);
        let (must, also, vary) = (Vec::new(), Vec::new(), Vec::new());
        Self { home, now, domain, stimulus, lasts, known: false, must, also, vary }
    }

    /// What a property is then in any case.
    fn fixed(&self, wanted: &Path) -> Option<&Value> {
        match self.stimulus {
            Stimulus::Change { path, new, .. } => Some(new).filter(|_| path == wanted),
            _ => None,
        }
    }

    fn case(&self, (at, mut state): Found) -> Case {
        state.given.retain(|path, _| self.fixed(path).is_none());
        Case { at: at - self.lasts, state, happens: self.stimulus.clone() }
    }

    /// At most so many solutions.
    pub(super) fn solve(&self, most: usize) -> Solutions {
        let (things, wanted) = self.things();
        let ways: Vec<_> = things.iter().map(|thing| self.ways(*thing)).collect();
        let (chosen, must, domain) = (vec![None; things.len()], Vec::new(), self.domain);
        let mut search =
            Search { domain, things, ways, chosen, must, wanted, most, states: 0, cut: false, closed: false };
        let mut by_moment = Vec::new();
        for moment in self.moments() {
            search.must =
                self.must.iter().map(|(check, wanted)| self.formula(check, *wanted, moment, &search)).collect();
            search.closed |= search.must.iter().any(Formula::is_likely);
            let mut found = Vec::new();
            search.go(0, moment, &mut found);
            by_moment.extend(Some(spread(found)).filter(|found| !found.is_empty()));
            if by_moment.len() >= most {
                break;
            }
        }
        let found = in_turns(by_moment).into_iter().take(most).map(|found| self.case(found)).collect();
        Solutions { found, whole: !search.cut && !search.closed }
    }

    /// One moment of each kind.
    fn moments(&self) -> Vec<Timestamp> {
        match self.stimulus {
            Stimulus::Clock(at) => vec![*at],
            _ => {
                let checks: Vec<_> =
                    self.must.iter().map(|(check, _)| *check).chain(self.also.iter().copied()).collect();
                one_of_each_kind(self.domain.moments(self.now, self.home), &checks, &self.domain.offsets, self.home)
            }
        }
    }

    /// The things to choose: those of interest first, then those that the conditions look at.
    fn things(&self) -> (Vec<Thing<'a>>, usize) {
        let mut things: Vec<Thing<'a>> = Vec::new();
        let add = |things: &mut Vec<Thing<'a>>, thing: Thing<'a>| {
            let matters = !matches!(thing, Thing::Property(path) if self.domain.values(path).is_empty());
            if matters && !things.contains(&thing) {
                things.push(thing);
            }
        };
        self.vary.iter().for_each(|path| add(&mut things, Thing::Property(path)));
        for check in &self.also {
            self.domain.each_thing(check, &mut |thing| add(&mut things, thing));
        }
        let wanted = things.len();
        for (check, _) in &self.must {
            self.domain.each_thing(check, &mut |thing| add(&mut things, thing));
        }
        (things, wanted)
    }

    fn ways(&self, thing: Thing<'a>) -> Vec<Given> {
        let Thing::Property(path) = thing else {
            // Most often nothing is going on.
            return [false, true].map(|is| Given { value: is.into(), lasted: true }).into();
        };
        let fixed = self.fixed(path);
        let values = fixed.map_or_else(|| self.domain.values(path), std::slice::from_ref);
        let lasts = self.domain.lasts(path) && fixed.is_none();
        let spans: &[bool] = if lasts { &[true, false] } else { &[true] };
        values
            .iter()
            .filter(|value| !self.known || **value != Value::Unknown)
            .flat_map(|value| spans.iter().map(|lasted| Given { value: value.clone(), lasted: *lasted }))
            .collect()
    }

    fn formula(&self, check: &Check, wanted: bool, moment: Timestamp, search: &Search<'_>) -> Formula {
        let formula = self.plain(check, moment, search);
        if wanted { formula } else { Formula::Not(Box::new(formula)) }
    }

    fn plain(&self, check: &Check, moment: Timestamp, search: &Search<'_>) -> Formula {
        let parts = |parts: &[Check]| parts.iter().map(|part| self.plain(part, moment, search)).collect();
        match check {
            Check::All(all) => Formula::All(parts(all)),
            Check::Any(any) => Formula::Any(parts(any)),
            Check::Not(inner) => Formula::Not(Box::new(self.plain(inner, moment, search))),
            Check::Property { paths, every, test, held } => {
                let atoms = paths.iter().map(|path| self.atom(path, test, held.is_some(), search)).collect();
                if *every { Formula::All(atoms) } else { Formula::Any(atoms) }
            }
            Check::Between(..) | Check::Days(_) => Formula::Known(holds_at(check, self.home, moment)),
            // Of these, not every turn is among the moments.
            Check::Sun { .. } | Check::Dates(..) => Formula::Likely(holds_at(check, self.home, moment)),
            Check::Calendar { calendar, title } if !self.begins_in(calendar) => {
                let titles = self.domain.titles(calendar, title.as_deref());
                Formula::Any(titles.map(|title| self.is_so(Thing::Entry(title), true, search)).collect())
            }
            Check::NotRunWithin { rule: Some(rule), .. } => self.is_so(Thing::Ran(rule), false, search),
            // Other things may be said than those that are tried.
            Check::Body { at, test } => {
                Formula::Likely(said(self.stimulus, at).is_some_and(|value| test.holds(&value)))
            }
            _ => Formula::Closed,
        }
    }

    /// Whether what happens is itself something in a calendar: then how that is depends on the moment.
    fn begins_in(&self, wanted: &str) -> bool {
        matches!(self.stimulus, Stimulus::Entry { calendar, .. } if calendar == wanted)
    }

    fn is_so(&self, thing: Thing<'_>, wanted: bool, search: &Search<'_>) -> Formula {
        let number = search.things.iter().position(|known| *known == thing);
        let holds = |given: &Given| Some((given.value == Value::Bool(true)) == wanted);
        number.map_or(Formula::Closed, |number| Formula::Of(number, search.ways[number].iter().map(holds).collect()))
    }

    fn atom(&self, path: &Path, test: &Test, held: bool, search: &Search<'_>) -> Formula {
        let number = search.things.iter().position(|known| *known == Thing::Property(path));
        let Some(number) = number else { return Formula::Closed };
        // How long what happens just now will have lasted is for the engine to say.
        let unsure = held && self.fixed(path).is_some();
        let holds = |given: &Given| match test.holds(&given.value) {
            true if unsure => None,
            holds => Some(holds && (!held || given.lasted)),
        };
        Formula::Of(number, search.ways[number].iter().map(holds).collect())
    }
}

impl Formula {
    /// Whether other moments than those that are looked at may matter.
    fn is_likely(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_likely),
            Self::Not(inner) => inner.is_likely(),
            Self::Likely(_) => true,
            Self::Of(..) | Self::Known(_) | Self::Closed => false,
        }
    }
}

impl Search<'_> {
    fn go(&mut self, next: usize, moment: Timestamp, found: &mut Vec<Found>) {
        self.states += 1;
        if self.states > STATES {
            self.cut = true;
        }
        if self.cut || found.len() >= self.most {
            return;
        }
        let truth = self.must.iter().map(|formula| self.truth(formula)).try_fold(true, |all, truth| match truth {
            Some(false) => None,
            truth => Some(all && truth == Some(true)),
        });
        let Some(holds) = truth else { return };
        if next >= self.wanted && (holds || next == self.things.len()) {
            // What is still open now can't be looked into.
            self.closed |= !holds;
            found.push((moment, self.state()));
            return;
        }
        for way in 0..self.ways[next].len() {
            self.chosen[next] = Some(way);
            self.go(next + 1, moment, found);
        }
        self.chosen[next] = None;
    }

    /// Whether a formula holds as far as is chosen.
    fn truth(&self, formula: &Formula) -> Option<bool> {
        match formula {
            Formula::All(parts) => self.decided(parts, false),
            Formula::Any(parts) => self.decided(parts, true),
            Formula::Not(inner) => self.truth(inner).map(|holds| !holds),
            Formula::Of(path, holds) => self.chosen[*path].and_then(|way| holds[way]),
            Formula::Known(holds) | Formula::Likely(holds) => Some(*holds),
            Formula::Closed => None,
        }
    }

    /// Of several parts, one that is `deciding` decides; all others have to be known to be otherwise.
    fn decided(&self, parts: &[Formula], deciding: bool) -> Option<bool> {
        let mut open = false;
        for part in parts {
            match self.truth(part) {
                Some(holds) if holds == deciding => return Some(deciding),
                Some(_) => {}
                None => open = true,
            }
        }
        if open { None } else { Some(!deciding) }
    }

    /// What is chosen; of what does not matter, the first.
    fn state(&self) -> State {
        let mut state = State::default();
        for (at, thing) in self.things.iter().enumerate() {
            let Some(given) = self.ways[at].get(self.chosen[at].unwrap_or(0)) else { continue };
            let is_so = given.value == Value::Bool(true);
            match thing {
                Thing::Property(path) => drop(state.given.insert((*path).clone(), given.clone())),
                Thing::Entry((calendar, title)) if is_so => {
                    state.aside.going_on.push(((*calendar).clone(), (*title).into()));
                }
                Thing::Ran(rule) if is_so => {
                    state.aside.ran.extend(self.domain.ago(rule).map(|ago| ((*rule).clone(), ago)));
                }
                Thing::Entry(_) | Thing::Ran(_) => {}
            }
        }
        state
    }
}

/// What stands at a place of what a rule is told.
fn said(stimulus: &Stimulus, place: &str) -> Option<Value> {
    match stimulus {
        Stimulus::Message { payload, .. } => value_at(&Payload::new(payload).into_json()?, place),
        Stimulus::Told(Signal::Webhook { body, .. }) => value_at(body.as_ref()?, place),
        _ => None,
    }
}

/// Every property that a condition looks at.
pub(super) fn each_path<'a>(check: &'a Check, visit: &mut impl FnMut(&'a Path)) {
    match check {
        Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| each_path(part, visit)),
        Check::Not(inner) => each_path(inner, visit),
        Check::Property { paths, .. } => paths.iter().for_each(visit),
        _ => {}
    }
}
