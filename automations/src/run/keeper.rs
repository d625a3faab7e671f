//! Keeps the folder: reads it, reads it again when it changes, edits it, and sends the rules to the engine.

use std::collections::{BTreeMap, BTreeSet};

use hub_core::Session;
use hub_model::{Author, Handle, Notice, RuleId, Severity};
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    task::{self, JoinHandle},
};

use super::{
    Request, Saved,
    shell::Load,
    told::ToldBefore,
    versions::{Hand, Versions},
};
use crate::{
    NoSuchRule,
    fault::Fault,
    folder::{
        EnableError, Folder, Loaded, Look, Renamed, SaveError, Source, Watcher, Wish, Write, name_of, plan,
        rename_handle, replace, set_enabled,
    },
    review::{Finding, Review, review},
};

/// What is found in the folder was written by whoever edits files there.
const BY_HAND: Hand = Hand::Edits(Author::File);

pub(super) struct Keeper {
    /// Away only while a blocking thread has it.
    folder: Option<Folder>,
    loads: mpsc::Sender<Load>,
    session: Session,
    loaded: Loaded,
    /// The text of each rule.
    sources: Vec<Source>,
    /// The names of files that are no TOML just now, with what is wrong with them.
    stale: BTreeMap<String, Vec<Fault>>,
    versions: Versions,
    /// The mistakes that people were told of.
    told: ToldBefore,
    /// The findings of reviews that people were told of: what, and of which rules.
    found: ToldBefore,
    /// What the latest review found.
    review: Review,
    /// The folder could not be read at the last look.
    lost: bool,
}

impl Keeper {
    pub(super) fn new(folder: Folder, loads: mpsc::Sender<Load>, session: Session) -> Self {
        let loaded = Loaded { rules: Vec::new(), broken: Vec::new() };
        Self {
            folder: Some(folder),
            loads,
            versions: Versions::new(session.clone()),
            told: ToldBefore::recall(&session, "told-mistakes"),
            found: ToldBefore::recall(&session, "told-findings"),
            review: Review::default(),
            session,
            loaded,
            sources: Vec::new(),
            stale: BTreeMap::new(),
            lost: false,
        }
    }

    /// Runs until it is asked to stop, nobody is left to ask, or the engine is gone.
    /// The engine's task ends when this does, for no further rules can come then.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>, shell: JoinHandle<()>) {
        let Some(path) = self.folder.as_ref().map(|folder| folder.path().to_owned()) else { return };
        if let Err(error) = tokio::fs::create_dir_all(&path).await {
            tracing::warn!(path = %path.display(), %error, "The folder of rules can't be made.");
        }
        // Watched first and read then, so that nothing changes in between.
        let mut watcher = Watcher::of(&path);
        self.look(Look::Thorough, None, &BY_HAND).await;
        loop {
            if self.lost && path.is_dir() {
                // The old one watched a folder that is gone.
                watcher = Watcher::of(&path);
                self.look(Look::Thorough, None, &BY_HAND).await;
            }
            let request = tokio::select! {
                request = requests.recv() => request,
                look = watcher.changed() => {
                    self.look(look, None, &BY_HAND).await;
                    continue;
                }
            };
            match request {
                Some(Request::Change(wish, author, reply)) => {
                    let result = self.change(wish, author).await;
                    // Whoever asked may be gone; the file is written all the same.
                    let _ = reply.send(result);
                }
                Some(Request::Text(id, reply)) => {
                    let source = self.sources.iter().find(|source| source.id == id);
                    // Whoever asked may be gone.
                    let _ = reply.send(source.map(|source| source.own_text().to_owned()));
                }
                Some(Request::Enable(id, enabled, author, reply)) => {
                    let result = self.enable(&id, enabled, author).await;
                    // Whoever asked may be gone; the file is written all the same.
                    let _ = reply.send(result);
                }
                Some(Request::Rename(old, new, author, reply)) => {
                    let result = self.rename(&old, &new, author).await;
                    // Whoever asked may be gone; the files are written all the same.
                    let _ = reply.send(result);
                }
                Some(Request::Stop(reply)) => {
                    drop(self.loads);
                    if let Err(error) = shell.await {
                        tracing::error!(%error, "The rule engine had ended by a panic.");
                    }
                    // Whoever asked may be gone.
                    let _ = reply.send(());
                    return;
                }
                None => return,
            }
        }
    }

    /// Looks at the folder, and sends what it holds to the engine where that is something else than before, or where
    /// a rule is to run again.
    async fn look(&mut self, look: Look, resume: Option<RuleId>, hand: &Hand) {
        let Some(mut folder) = self.folder.take() else { return };
        let path = folder.path().to_owned();
        let scanned = task::spawn_blocking(move || {
            let result = folder.scan(look);
            let read = (folder.loaded(), folder.sources(), folder.stale());
            (folder, result, read)
        });
        let (folder, result, (loaded, sources, stale)) = match scanned.await {
            Ok(scanned) => scanned,
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "Reading the rules ended by a panic; they are read anew.");
                self.folder = Some(Folder::new(path));
                return;
            }
        };
        self.folder = Some(folder);
        let changed = match result {
            Ok(changed) => changed,
            Err(error) => return self.lose(&error, &path),
        };
        self.lost = false;
        if changed {
            (self.sources, self.stale) = (sources, stale);
        }
        self.versions.keep(&self.sources, &self.stale, hand).await;
        if changed || resume.is_some() {
            self.loaded = loaded;
            self.tell_of_mistakes().await;
            self.send(resume).await;
            self.tell_of_findings().await;
        }
    }

    /// The folder can't be read. The rules that were read go on, and it is looked for again and again.
    fn lose(&mut self, error: &std::io::Error, path: &std::path::Path) {
        if !std::mem::replace(&mut self.lost, true) {
            tracing::warn!(path = %path.display(), %error, "The folder of rules can't be read; its rules stay as they were.");
        }
    }

    async fn send(&self, resume: Option<RuleId>) {
        let (done, taken) = oneshot::channel();
        let (loaded, editors) = (self.loaded.clone(), self.versions.editors());
        let load = Load { loaded, editors, resume, done };
        if self.loads.send(load).await.is_ok() {
            // The engine drops the reply at the latest when it ends.
            let _ = taken.await;
        }
    }

    /// Carries out a wish of the app: what people edited meanwhile is theirs, what is written then is the author's.
    async fn change(&mut self, wish: Wish, author: Author) -> Result<Saved, SaveError> {
        self.look(Look::Thorough, None, &BY_HAND).await;
        if let Some(faults) = wish.id().and_then(|id| self.in_stale(id)) {
            return Err(SaveError::Invalid(faults.clone()));
        }
        let before = self.review.findings.clone();
        let folder = self.folder.as_ref().ok_or(SaveError::Stopped)?;
        let (path, library) = (folder.path().to_owned(), folder.blueprints().clone());
        let (sources, home) = (self.sources.clone(), self.session.view().home);
        let written = task::spawn_blocking(move || {
            let (id, writes) = plan(wish, &path, &sources, &library, &home)?;
            writes.into_iter().try_for_each(write)?;
            Ok::<_, SaveError>(id)
        });
        let id = written.await.map_err(|_| SaveError::Stopped)??;
        self.look(Look::Thorough, None, &Hand::Edits(author)).await;
        Ok(Saved { id, findings: self.review.clone().since(&before).findings })
    }

    async fn enable(&mut self, id: &RuleId, enabled: bool, author: Author) -> Result<(), EnableError> {
        // Somebody may have edited the files just now.
        self.look(Look::Thorough, None, &BY_HAND).await;
        let Some(rule) = self.loaded.rules.iter().find(|rule| rule.id.value == *id) else {
            return Err(self.not_whole(id));
        };
        if let Some(fault) = self.in_stale(id).and_then(|faults| faults.first()) {
            return Err(EnableError::Broken(fault.clone()));
        }
        let (file, owned) = (rule.file.clone(), id.clone());
        let written = task::spawn_blocking(move || set_enabled(&file, &owned, enabled)).await;
        written.map_err(|_| EnableError::Stopped)??;
        self.look(Look::Thorough, enabled.then(|| id.clone()), &Hand::Adjusts(author)).await;
        Ok(())
    }

    async fn rename(&mut self, old: &Handle, new: &Handle, author: Author) -> Result<Renamed, EnableError> {
        self.look(Look::Thorough, None, &BY_HAND).await;
        let Some(path) = self.folder.as_ref().map(|folder| folder.path().to_owned()) else {
            return Err(EnableError::Stopped);
        };
        let (old, new) = (old.clone(), new.clone());
        let renamed = task::spawn_blocking(move || rename_handle(&path, &old, &new)).await;
        let renamed = renamed.map_err(|_| EnableError::Stopped)??;
        self.look(Look::Thorough, None, &Hand::Adjusts(author)).await;
        Ok(renamed)
    }

    /// What is wrong with the file of a rule that runs as it was when its file was last TOML.
    fn in_stale(&self, id: &RuleId) -> Option<&Vec<Fault>> {
        let rule = self.loaded.rules.iter().find(|rule| rule.id.value == *id)?;
        self.stale.get(&name_of(&rule.file))
    }

    fn not_whole(&self, id: &RuleId) -> EnableError {
        let broken = self.loaded.broken.iter().find(|broken| broken.id == *id);
        if let Some(fault) = broken.and_then(|broken| broken.faults.first()) {
            return EnableError::Broken(fault.clone());
        }
        NoSuchRule::among(id, self.loaded.rules.iter().map(|rule| &rule.id.value)).into()
    }

    /// Tells people of each mistake once, and again only after it was put right.
    async fn tell_of_mistakes(&mut self) {
        let faults: BTreeSet<_> =
            self.loaded.broken.iter().flat_map(|broken| &broken.faults).map(ToString::to_string).collect();
        let (unlogged, new) = self.told.turn_to(&self.session, faults).await;
        for fault in unlogged {
            tracing::warn!(fault, "Rules have a mistake and don't run, or go on as they were before it.");
        }
        if let Some(first) = new.first() {
            let more = if new.len() > 1 { format!(" (and {} more)", new.len() - 1) } else { String::new() };
            let notice = Notice::to_all(Severity::Warning, "A rule has a mistake", format!("{first}{more}"));
            self.session.notify(notice, None).await;
        }
    }

    /// Reviews the rules as they are now, and tells people of each finding once, and again only after it was gone. The
    /// rules run meanwhile.
    async fn tell_of_findings(&mut self) {
        let (rules, home) = (self.loaded.rules.clone(), self.session.view().home);
        let reviewed = task::spawn_blocking(move || review(&rules, &home, Timestamp::now())).await;
        let Ok(review) = reviewed else {
            tracing::error!("The review of the rules ended by a panic.");
            return;
        };
        self.review = review;
        let findings = &self.review.findings;
        let key = |finding: &Finding| {
            let rules = finding.rules.iter().map(|rule| rule.0.as_str());
            std::iter::once(finding.kind.title()).chain(rules).collect::<Vec<_>>().join(" / ")
        };
        let (unlogged, new) = self.found.turn_to(&self.session, findings.iter().map(key).collect()).await;
        for finding in findings.iter().filter(|finding| unlogged.contains(&key(finding))) {
            tracing::warn!(finding = %finding.fault, "The review of the rules found something.");
        }
        let new: Vec<_> = findings.iter().filter(|finding| new.contains(&key(finding))).collect();
        if let Some(first) = new.first() {
            let more = if new.len() > 1 {
                format!(" (and {} more; `hub check` lists them)", new.len() - 1)
            } else {
                String::new()
            };
            let (title, text) = (first.kind.title().to_owned(), format!("{}{more}", first.fault));
            self.session.notify(Notice::to_all(Severity::Warning, title, text), None).await;
        }
    }
}

/// Does with a file what was planned; blocking.
fn write(write: Write) -> Result<(), SaveError> {
    let (file, done) = match write {
        Write::Text(file, text) => (file.clone(), replace(&file, &text)),
        Write::Remove(file) => (file.clone(), std::fs::remove_file(&file)),
    };
    done.map_err(|source| SaveError::File { file, source })
}
