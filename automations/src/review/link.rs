//! How rules set each other off: by what they write, by scenes and messages, by running or enabling each other, or only
//! by beginning to run.

use std::collections::{BTreeMap, BTreeSet};

use hub_model::{Message, Path, RuleId, SceneId, TopicFilter, Value};

use super::{stimulus::may_meet, subject::Subject};
use crate::{
    message::{Payload, Wording},
    plan::{Step, Watch},
};

/// Rules by what sets them off.
#[derive(Default)]
pub(super) struct Links<'a> {
    by_path: BTreeMap<&'a Path, Vec<(usize, &'a Watch)>>,
    by_scene: BTreeMap<SceneId, Vec<usize>>,
    by_rule: BTreeMap<&'a RuleId, Vec<usize>>,
    by_message: Vec<(usize, &'a TopicFilter, &'a Wording)>,
    by_id: BTreeMap<&'a RuleId, usize>,
}

impl<'a> Links<'a> {
    pub(super) fn of(subjects: impl Iterator<Item = &'a Subject>) -> Self {
        let mut links = Self::default();
        for (at, subject) in subjects.enumerate() {
            links.by_id.insert(&subject.rule.id.value, at);
            for watch in &subject.plan.watches {
                match watch {
                    Watch::Scene(scene) => links.by_scene.entry(*scene).or_default().push(at),
                    Watch::Rule(rule) => links.by_rule.entry(rule).or_default().push(at),
                    Watch::Message { topic, wording } => links.by_message.push((at, topic, wording)),
                    _ => super::subject::watched(watch)
                        .into_iter()
                        .for_each(|path| links.by_path.entry(path).or_default().push((at, watch))),
                }
            }
        }
        links
    }

    /// Those that a write may set off.
    pub(super) fn written(&self, path: &Path, value: Option<&Value>) -> impl Iterator<Item = usize> {
        let watchers = self.by_path.get(path).into_iter().flatten();
        watchers.filter(move |(_, watch)| may_meet(watch, path, value)).map(|(at, _)| *at)
    }

    /// Those that a rule may set off otherwise than by what it writes.
    pub(super) fn otherwise(&self, by: &Subject) -> BTreeSet<usize> {
        let begun = self.by_rule.get(&by.rule.id.value).into_iter().flatten();
        let mut found: BTreeSet<usize> = begun.copied().collect();
        for step in &by.plan.program {
            match step {
                Step::Scene(scene) => found.extend(self.by_scene.get(scene).into_iter().flatten()),
                Step::Run(id) | Step::Enable(id, true) => found.extend(self.by_id.get(id)),
                Step::Publish(message) => found.extend(self.hear(message)),
                _ => {}
            }
        }
        found
    }

    fn hear(&self, message: &Message) -> impl Iterator<Item = usize> {
        let payload = Payload::new(&message.payload);
        let hears = self
            .by_message
            .iter()
            .filter(move |(_, filter, wording)| filter.matches(message.topic.as_str()) && wording.fits(&payload));
        hears.map(|(at, ..)| *at)
    }
}

/// Whether one of two rules may set off the other otherwise than by what it writes.
pub(super) fn leads(by: &Subject, to: &Subject) -> bool {
    !Links::of(std::iter::once(to)).otherwise(by).is_empty()
}
