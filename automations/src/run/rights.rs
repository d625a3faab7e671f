//! With whose rights a rule acts: those that its last editor has now, and not those that they had when they wrote it.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hub_core::{Hub, Session, View};
use hub_model::{Actor, Author, Notice, Principal, Role, RuleId, RunId, RunOf, Severity, Trace, run::Part, run::Taken};

use crate::engine::By;

/// Whoever edited each rule last. Cheap to clone.
#[derive(Clone)]
pub(super) struct Rights {
    hub: Hub,
    editors: Arc<HashMap<RuleId, Author>>,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Default)]
struct Noted {
    /// The runs that go on of rules whose editor does not see everything, and whether they saw what their editor may not
    /// see. Such a run does nothing more, for what it does would tell of it.
    runs: HashMap<RunId, (RuleId, bool)>,
    /// The rules of which people were told that they may not do what they want; told anew when the rules change.
    told: HashSet<RuleId>,
}

impl Rights {
    pub(super) fn new(hub: Hub) -> Self {
        Self { hub, editors: Arc::default(), noted: Arc::default() }
    }

    /// These are the editors from now on.
    pub(super) fn turn_to(&mut self, editors: HashMap<RuleId, Author>) {
        self.editors = Arc::new(editors);
        self.noted().told.clear();
    }

    /// The hub with the rights of a rule's editor, for something that takes at least that role; else why it is not done.
    pub(super) fn session(&self, by: &By, least: Role) -> Result<Session, String> {
        let session = self.session_of(&by.rule);
        let principal = session.principal();
        if self.noted().runs.get(&by.run).is_some_and(|(_, saw_too_much)| *saw_too_much) {
            return Err(format!("{} may not see what the rule looks at", whose(principal)));
        }
        if principal.role < least {
            let (has, needs) = (principal.role.word(), least.word());
            return Err(format!("{} has the rights of a {has}, and this takes those of a {needs}", whose(principal)));
        }
        Ok(session)
    }

    /// Follows what runs see.
    pub(super) fn note(&self, trace: &Trace) {
        match trace {
            Trace::Began(record) if record.skipped().is_none() => {
                let RunOf::Rule(rule) = &record.of else { return };
                let session = self.session_of(rule);
                if session.principal().sees_all() {
                    return;
                }
                let view = session.view();
                let event = record.trigger.as_ref().and_then(|trigger| trigger.event.as_ref());
                let shows = event.is_none_or(|event| view.shows(event));
                let sees = record.condition.as_ref().is_none_or(|part| may_see(part, &view));
                self.noted().runs.insert(record.id, (rule.clone(), !(shows && sees)));
            }
            Trace::Step(run, step) => {
                if let Taken::Looked(part) = &step.what {
                    self.look(*run, part);
                }
            }
            Trace::Over(run, _, Some(part)) => self.look(*run, part),
            Trace::Ended(run, _) => drop(self.noted().runs.remove(run)),
            _ => {}
        }
    }

    /// What people are to be told where something of a rule failed: once, that its editor may no longer do it all.
    pub(super) fn notice(&self, rule: &RuleId, why: &str) -> Option<Notice> {
        let session = self.session_of(rule);
        let principal = session.principal();
        // Whoever may edit rules may do all that rules do.
        if principal.role >= Role::Admin || !self.noted().told.insert(rule.clone()) {
            return None;
        }
        let text = format!(
            "`{rule}` acts with the rights of {}, who edited it last: {why}. Whoever saves it anew takes it over.",
            name(principal)
        );
        Some(Notice::to_all(Severity::Warning, "A rule may not do all that it wants", text))
    }

    fn look(&self, run: RunId, part: &Part) {
        let Some((rule, false)) = self.noted().runs.get(&run).cloned() else { return };
        if !may_see(part, &self.session_of(&rule).view()) {
            self.noted().runs.insert(run, (rule, true));
        }
    }

    fn session_of(&self, rule: &RuleId) -> Session {
        // One that nobody is known to have edited stands in the folder by the owner's hand.
        self.hub.session_of(self.editors.get(rule).unwrap_or(&Author::File))
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn may_see(part: &Part, view: &View) -> bool {
    let seen = part.saw.iter().filter_map(|seen| seen.path.as_ref());
    seen.map(|path| view.device(path.device)).all(|known| known.is_some())
        && part.parts.iter().all(|part| may_see(part, view))
}

fn name(principal: &Principal) -> &str {
    if let Actor::Person { name, .. } = &principal.actor { name } else { "the owner" }
}

fn whose(principal: &Principal) -> String {
    format!("{}, with whose rights this acts,", name(principal))
}
