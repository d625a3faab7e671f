//! Versions of scenes and rules: what a change adds to them, what one differs in from the one before, and how to go back.

use std::{fmt::Write as _, sync::Arc};

use hub_model::{Author, Home, Role, RunOf, Scene, Version};
use hub_store::{Change, CommitError, ReadError};
use jiff::Timestamp;

use crate::{
    edit::{Edit, EditError, Edited},
    session::Session,
    view::View,
};

/// Why a version can't be had.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// The principal's role doesn't allow it.
    #[error("only an admin or the owner may change the home")]
    NotAllowed,
    /// No such version, or it was one of a removal.
    #[error("there is no version {0} to go back to")]
    NoSuch(i64),
    /// There is nothing before the newest version.
    #[error("there is no earlier version to go back to")]
    NoEarlier,
    /// It can't be brought back.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// It can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It can't be kept.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Session {
    /// The versions of a rule or a scene, the newest first; none for a guest.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn versions(&self, of: RunOf) -> Result<Vec<Version>, ReadError> {
        if self.principal.sees_all() { self.shared.store.versions(of).await } else { Ok(Vec::new()) }
    }

    /// The version of that number.
    ///
    /// # Errors
    /// When the role doesn't allow it, there is none, or it can't be read.
    pub async fn version(&self, number: i64) -> Result<Version, VersionError> {
        if self.principal.role < Role::Admin {
            return Err(VersionError::NotAllowed);
        }
        self.shared.store.version(number).await?.ok_or(VersionError::NoSuch(number))
    }

    /// The newest version of each rule or scene (`rule`, `scene`), also of those that are gone; none for a guest.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn newest_versions(&self, kind: &'static str) -> Result<Vec<Version>, ReadError> {
        if self.principal.sees_all() { self.shared.store.newest_versions(kind).await } else { Ok(Vec::new()) }
    }

    /// Keeps versions of rules, whose text is not in the store.
    ///
    /// # Errors
    /// When the role doesn't allow it, or they can't be written.
    pub async fn keep_versions(&self, versions: Vec<Version>) -> Result<(), VersionError> {
        if self.principal.role < Role::Admin {
            return Err(VersionError::NotAllowed);
        }
        Ok(self.shared.store.commit(versions.into_iter().map(Change::PutVersion).collect()).await?)
    }

    /// Makes a scene what it was in a version; one that was removed comes back.
    ///
    /// # Errors
    /// When the role doesn't allow it, or the version is none of a scene.
    pub async fn restore_scene(&self, version: &Version) -> Result<Edited, VersionError> {
        let scene = version.body.as_deref().and_then(|body| serde_json::from_str::<Scene>(body).ok());
        let scene = scene.ok_or(VersionError::NoSuch(version.number))?;
        Ok(self.edit(Edit::RestoreScene(scene)).await?)
    }

    /// The version before the newest one; a removal counts, so that what was made can be taken back too.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub async fn earlier_version(&self, of: RunOf) -> Result<Version, VersionError> {
        self.versions(of).await?.into_iter().nth(1).ok_or(VersionError::NoEarlier)
    }
}

/// The versions that changes of the registry make. A place in the list is no part of what a scene is. Pure.
pub(crate) fn versions_of(changes: &[Change], home: &Home, author: &Author, at: Timestamp) -> Vec<Change> {
    let version = |scene: &Scene, body: Option<String>| {
        let (of, name, file) = (RunOf::Scene(scene.id), scene.name.clone(), String::new());
        let (author, editor) = (author.clone(), author.clone());
        Change::PutVersion(Version { number: 0, of, name, at, author, editor, body, file })
    };
    let made = |change: &Change| match change {
        Change::PutScene(scene) => {
            let is_same = |old: &Arc<Scene>| Scene { position: scene.position, ..Scene::clone(old) } == *scene;
            let is_new = !home.scenes.get(&scene.id).is_some_and(is_same);
            is_new.then(|| version(scene, Some(serde_json::to_string(scene).expect("a scene is plain data"))))
        }
        Change::RemoveScene(id) => home.scenes.get(id).map(|scene| version(scene, None)),
        _ => None,
    };
    changes.iter().filter_map(made).collect()
}

impl View {
    /// What a version differs in from the one before it, as a unified diff; all of it where there is none before.
    pub fn difference(&self, version: &Version, before: Option<&Version>) -> String {
        let (old, new) = (before.map_or_else(String::new, |before| self.lines(before)), self.lines(version));
        similar::TextDiff::from_lines(&old, &new).unified_diff().context_radius(2).to_string()
    }

    /// A version in lines: a rule as its file has it, a scene as one setting in each.
    fn lines(&self, version: &Version) -> String {
        let Some(body) = &version.body else { return String::new() };
        match (&version.of, serde_json::from_str::<Scene>(body)) {
            (RunOf::Scene(_), Ok(scene)) => self.scene_lines(&scene),
            _ => body.clone(),
        }
    }

    fn scene_lines(&self, scene: &Scene) -> String {
        let mut text = format!("name = {}\nhandle = {}\n", scene.name, scene.handle);
        // Writing to a string can't fail.
        if let Some(icon) = &scene.icon {
            let _ = writeln!(text, "icon = {icon}");
        }
        for step in &scene.steps {
            let path = |property: &hub_model::Property| {
                let (device, endpoint) = (step.target.device, step.target.endpoint.clone());
                self.path_name(&hub_model::Path { device, endpoint, property: property.clone() })
            };
            let transition = step.transition.map(|time| format!(" in {} s", time.as_secs_f64())).unwrap_or_default();
            for (property, value) in &step.set {
                let _ = writeln!(text, "{} = {value}{transition}", path(property));
            }
            if let Some(invoke) = &step.invoke {
                let _ = writeln!(text, "{}: {invoke:?}", self.device_name(step.target.device));
            }
        }
        text
    }
}
