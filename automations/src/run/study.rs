//! What is asked about the rules of a folder without running them: reviews, suppositions, rehearsals, blueprints. The
//! folder is read anew each time, so that it is told of what is there now.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_core::{ReadError, Session};
use hub_model::{Author, RuleId};
use jiff::Timestamp;

use super::{Automations, calendars::read_all};
use crate::{
    NoSuchRule,
    blueprint::{Library, Use, UseError},
    calendar::Calendars,
    check::{Known, check_among, check_with, joined},
    fault::Fault,
    folder::{Folder, Loaded, Look, SaveError, Wish},
    parse::parse_with,
    rehearse::{Rehearsal, RehearseAsk, RehearseError, rehearse},
    review::{Review, review},
    rule::Rule,
    twin::Around,
    what_if::{Consequence, Supposition, what_if},
};

/// Which rules are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Meant {
    /// A rule of the folder.
    Rule(RuleId),
    /// Those of a text; the first is its file's name for messages.
    Text(PathBuf, String),
}

/// Why a question about rules has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// There is no such rule, or it is not sound.
    #[error(transparent)]
    NoSuchRule(#[from] NoSuchRule),
    /// The rules have mistakes.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
    /// The past can't be gone through.
    #[error(transparent)]
    Rehearse(#[from] RehearseError),
    /// A blueprint can't be used so.
    #[error(transparent)]
    Use(#[from] UseError),
    /// The rule can't be written.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// The folder can't be read.
    #[error("{}: {reason}", file.display())]
    File {
        /// Where.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// When rules last ran can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The hub ends.
    #[error("the hub is ending: try again when it runs")]
    Stopped,
}

impl Automations {
    /// Reviews all rules that are enabled, in the home of now.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn review(&self, session: &Session) -> Result<Review, StudyError> {
        let (folder, home) = (self.folder().to_owned(), session.view().home);
        blocking(move || Ok(review(&read(folder)?.rules, &home, Timestamp::now()))).await
    }

    /// What a review would find, beyond what it finds now, if a text were saved: as a new rule, or as the one of that id.
    ///
    /// # Errors
    /// When the text has mistakes, or the folder can't be read.
    pub async fn review_text(&self, session: &Session, id: Option<RuleId>, text: String) -> Result<Review, StudyError> {
        let (folder, home) = (self.folder().to_owned(), session.view().home);
        blocking(move || {
            let (file, library) = (folder.join("text"), Library::beside(&folder));
            let faults = check_with(&file, &text, &library, Some(&home));
            if !faults.is_empty() {
                return Err(StudyError::Faults(faults));
            }
            let mut rules = parse_with(&file.into(), &text, &library).rules;
            if let ([rule], Some(id)) = (rules.as_mut_slice(), id) {
                rule.id.value = id;
            }
            let rules: Vec<_> = rules.into_iter().map(Arc::new).collect();
            let (now, before) = (Timestamp::now(), read(folder)?.rules);
            let earlier = review(&before, &home, now).findings;
            Ok(review(&joined(&before, &rules), &home, now).since(&earlier))
        })
        .await
    }

    /// What the rules would do; those that are disabled are told as not running.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn what_if(
        &self,
        session: &Session,
        supposed: Supposition,
        at: Timestamp,
        span: Duration,
    ) -> Result<Vec<Consequence>, StudyError> {
        let (folder, home) = (self.folder().to_owned(), session.view().home);
        let calendars = self.calendars(session, (at, at.saturating_add(span).unwrap_or(at)));
        let rules = blocking(move || Ok(read(folder)?.rules)).await?;
        let ids = rules.iter().map(|rule| rule.id.value.clone()).collect();
        let ran = session.last_ran(ids, at).await?;
        blocking(move || {
            let around = Around { rules, calendars: calendars(), ran };
            Ok(what_if(&home, around, supposed, at, span))
        })
        .await
    }

    /// What stands in the calendars around a span; it blocks while it is read.
    fn calendars(&self, session: &Session, span: (Timestamp, Timestamp)) -> impl FnOnce() -> Calendars + Send + use<> {
        let (folder, zone) = (Arc::clone(&self.calendars), session.view().home.zone.clone());
        move || folder.as_deref().map(|folder| read_all(folder, &zone, span)).unwrap_or_default()
    }

    /// Checks files of rules, which need not be in the folder: what is wrong with them, also with the names of devices,
    /// rules and calendars in them, and what a review finds about them among all rules of the folder.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn check(&self, session: &Session, files: Vec<PathBuf>) -> Result<(Vec<Fault>, Review), StudyError> {
        let (folder, home, now) = (self.folder().to_owned(), session.view().home, Timestamp::now());
        let calendars = self.calendars(session, (now, now));
        blocking(move || {
            let rules = read(folder)?.rules;
            Ok(check_among(&files, &Known { home: &home, rules: &rules, calendars: &calendars() }, now))
        })
        .await
    }

    /// Tries rules on the past, whether they are enabled or not.
    ///
    /// # Errors
    /// When there is no such rule, it has mistakes, or the past can't be had.
    pub async fn rehearse(
        &self,
        session: &Session,
        meant: Meant,
        (from, to): (Timestamp, Timestamp),
        within: Duration,
    ) -> Result<Rehearsal, StudyError> {
        let folder = self.folder().to_owned();
        let calendars = self.calendars(session, (from, to));
        let (rules, around) = blocking(move || {
            let loaded = read(folder.clone())?;
            let around = Around { rules: loaded.rules.clone(), calendars: calendars(), ..Around::default() };
            Ok((rules_of(&folder, loaded, meant)?, around))
        })
        .await?;
        Ok(rehearse(session, RehearseAsk { rules, around, from, to, within }).await?)
    }

    /// The blueprints: those of the hub and those of the folder.
    ///
    /// # Errors
    /// Only when the hub ends.
    pub async fn blueprints(&self) -> Result<Library, StudyError> {
        let folder = self.folder().to_owned();
        blocking(move || Ok(Library::beside(&folder))).await
    }

    /// Writes a rule of a blueprint into a new file of the folder, as a use of it or as a plain rule. It gives the file and
    /// its text; the rule runs when this returns, if all that it names is there.
    ///
    /// # Errors
    /// When an input is missing or wrong, there is a rule of that name, or the file can't be written.
    pub async fn use_blueprint(&self, used: Use, plain: bool, author: Author) -> Result<(PathBuf, String), StudyError> {
        let text = if plain { used.plain()? } else { used.text()? };
        let id = self.change(Wish::Add(text.clone()), author).await?.id;
        let file = self.rules().into_iter().find(|rule| rule.id == id).map(|rule| rule.file);
        Ok((file.unwrap_or_else(|| self.folder().join(format!("{id}.toml"))), text))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StudyError> + Send + 'static,
) -> Result<T, StudyError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StudyError::Stopped)?
}

fn read(path: PathBuf) -> Result<Loaded, StudyError> {
    let mut folder = Folder::new(path);
    match folder.scan(Look::Thorough) {
        Ok(_) => Ok(folder.loaded()),
        // Before the first start.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Loaded::default()),
        Err(error) => Err(StudyError::File { file: folder.path().to_owned(), reason: error.to_string() }),
    }
}

fn rules_of(folder: &Path, loaded: Loaded, meant: Meant) -> Result<Vec<Arc<Rule>>, StudyError> {
    match meant {
        Meant::Rule(id) => {
            if let Some(broken) = loaded.broken.into_iter().find(|broken| broken.id == id) {
                return Err(StudyError::Faults(broken.faults));
            }
            let found = loaded.rules.iter().find(|rule| rule.id.value == id).cloned();
            let missing = || NoSuchRule::among(&id, loaded.rules.iter().map(|rule| &rule.id.value));
            found.map(|rule| vec![rule]).ok_or_else(|| missing().into())
        }
        Meant::Text(file, text) => {
            let parsed = parse_with(&file.as_path().into(), &text, &Library::beside(folder));
            let faults: Vec<_> = parsed.faults().cloned().collect();
            if faults.is_empty() {
                Ok(parsed.rules.into_iter().map(Arc::new).collect())
            } else {
                Err(StudyError::Faults(faults))
            }
        }
    }
}
