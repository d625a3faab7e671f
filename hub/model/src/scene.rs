//! Scenes: states to bring about together.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Handle, Invoke, Property, SceneId, Target, Value};

/// A named list of steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Ours.
    pub id: SceneId,
    /// For rule files (`good-night`).
    pub handle: Handle,
    /// For people.
    pub name: String,
    /// The name of an icon.
    pub icon: Option<String>,
    /// Its place among the scenes; those of the same place stand by their ids.
    #[serde(default)]
    pub position: u32,
    /// What is to be; all steps are sent at once, each to its endpoint.
    pub steps: Vec<SceneStep>,
}

/// One endpoint's part of a scene.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SceneStep {
    /// For whom.
    pub target: Target,
    /// The properties to set, sent as one.
    #[serde(default)]
    pub set: Vec<(Property, Value)>,
    /// The action to take.
    #[serde(default)]
    pub invoke: Option<Invoke>,
    /// How long the change shall take.
    #[serde(default)]
    pub transition: Option<Duration>,
}
