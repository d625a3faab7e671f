//! Versions of rules: what their files said, and who changed them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
};

use hub_core::Session;
use hub_model::{Author, RuleId, RunOf, Version};
use jiff::Timestamp;

use crate::{
    fault::Fault,
    folder::{Source, name_of},
};

/// What is kept of the rules.
pub(super) struct Versions {
    session: Session,
    /// Nothing until it was read from the store.
    known: Option<HashMap<RuleId, Known>>,
}

/// What a rule was when it was last kept.
struct Known {
    /// Of its text.
    print: u64,
    editor: Author,
    /// The name of the file that it stood in.
    file: String,
}

/// Who changed the files.
pub(super) enum Hand {
    /// Somebody who says what the rules do, so that they act with their rights from now on.
    Edits(Author),
    /// Somebody who switches them on or off, or writes a handle anew: they do what their editor wanted.
    Adjusts(Author),
}

impl Versions {
    pub(super) const fn new(session: Session) -> Self {
        Self { session, known: None }
    }

    /// Keeps what is new about the rules as the work of `hand`. Of `stale` files nobody knows what they hold just now, so
    /// that the rules that stood in them are not gone. What can't be written is tried again at the next look.
    pub(super) async fn keep(&mut self, sources: &[Source], stale: &BTreeMap<String, Vec<Fault>>, hand: &Hand) {
        let Some(known) = self.known().await else { return };
        let mut versions = Vec::new();
        for source in sources {
            let before = known.get(&source.id);
            if before.is_none_or(|before| before.print != print(source.own_text())) {
                versions.push(version(source, hand, before));
            }
        }
        let here: BTreeSet<_> = sources.iter().map(|source| &source.id).collect();
        let gone = known.iter().filter(|(id, known)| !here.contains(id) && !stale.contains_key(&known.file));
        versions.extend(gone.map(|(id, _)| removal(id, hand)));
        if versions.is_empty() {
            return;
        }
        match self.session.keep_versions(versions.clone()).await {
            Ok(()) => versions.into_iter().for_each(|version| self.note(version)),
            Err(error) => tracing::warn!(%error, "Versions of rules could not be kept; it is tried again."),
        }
    }

    /// With whose rights each rule acts; nothing of those that nobody knows yet.
    pub(super) fn editors(&self) -> HashMap<RuleId, Author> {
        self.known.iter().flatten().map(|(id, known)| (id.clone(), known.editor.clone())).collect()
    }

    fn note(&mut self, version: Version) {
        let (RunOf::Rule(id), Some(known)) = (version.of, &mut self.known) else { return };
        match version.body {
            Some(body) => {
                known.insert(id, Known { print: print(&body), editor: version.editor, file: version.file });
            }
            None => drop(known.remove(&id)),
        }
    }

    async fn known(&mut self) -> Option<&HashMap<RuleId, Known>> {
        if self.known.is_none() {
            let newest = self.session.newest_versions("rule").await;
            let newest = newest.inspect_err(|error| tracing::warn!(%error, "Versions of rules can't be read.")).ok()?;
            self.known = Some(HashMap::new());
            newest.into_iter().for_each(|version| self.note(version));
        }
        self.known.as_ref()
    }
}

impl Hand {
    const fn author(&self) -> &Author {
        match self {
            Self::Edits(author) | Self::Adjusts(author) => author,
        }
    }
}

fn version(source: &Source, hand: &Hand, before: Option<&Known>) -> Version {
    let editor = match (hand, before) {
        (Hand::Edits(author), _) => author,
        (Hand::Adjusts(_), Some(before)) => &before.editor,
        // It was never kept, and stands in the folder by somebody's hand.
        (Hand::Adjusts(_), None) => &Author::File,
    };
    Version {
        number: 0,
        of: RunOf::Rule(source.id.clone()),
        name: source.name.clone(),
        at: Timestamp::now(),
        author: hand.author().clone(),
        editor: editor.clone(),
        body: Some(source.own_text().to_owned()),
        file: name_of(&source.file),
    }
}

fn removal(id: &RuleId, hand: &Hand) -> Version {
    let (of, name, at) = (RunOf::Rule(id.clone()), id.to_string(), Timestamp::now());
    let (author, editor) = (hand.author().clone(), hand.author().clone());
    Version { number: 0, of, name, at, author, editor, body: None, file: String::new() }
}

/// Texts are told apart by this; it is compared within one run of the hub only.
fn print(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
