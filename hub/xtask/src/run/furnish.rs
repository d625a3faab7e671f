//! What makes the demonstration home lively: a clock that runs faster, rules to look at, scenes to run. It is done once;
//! what a person changes afterwards stays.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::repository;

/// A simulated minute passes in a second, so that a day takes 24 minutes.
const SETTINGS: &str = "# The demonstration home of `cargo xtask run`.\n\n[simulated]\nspeed = 60\n\n[matter]\n";

/// The scenes: a name, and what each brings about.
const SCENES: &[(&str, &[&str])] = &[
    (
        "Good night",
        &[
            "living-room-lamp/on_off.on=off",
            "kitchen-lamp/on_off.on=off",
            "hall-lamp/on_off.on=off",
            "bedside-lamp/on_off.on=on",
            "bedside-lamp/brightness.level=20",
            "living-room-blind/covering.position=0",
            "bedroom-curtain/covering.position=0",
        ],
    ),
    (
        "Movie",
        &[
            "living-room-lamp/on_off.on=on",
            "living-room-lamp/brightness.level=15",
            "living-room-blind/covering.position=0",
            "tv/on_off.on=on",
        ],
    ),
    ("Welcome", &["hall-lamp/on_off.on=on", "hall-lamp/brightness.level=70", "living-room-lamp/on_off.on=on"]),
];

/// Before the first start: settings and rules.
pub(super) fn folder(home: &Path) -> Result<()> {
    let rules = home.join("automations");
    if home.join("hub.toml").exists() {
        return Ok(());
    }
    fs::create_dir_all(&rules)?;
    let examples = repository::metadata()?.workspace_root.as_std_path().join("automations/examples");
    for example in fs::read_dir(&examples)? {
        let example = example?.path();
        if example.extension().is_some_and(|extension| extension == "toml") {
            fs::copy(&example, rules.join(example.file_name().context("a file has a name")?))?;
        }
    }
    // Last, so that a start that was broken off is made good by the next.
    Ok(fs::write(home.join("hub.toml"), SETTINGS)?)
}

/// While the hub runs: the scenes, where there are none.
pub(super) async fn scenes(program: &Path, home: &Path) -> Result<()> {
    let hub_scene = |arguments: Vec<&str>| {
        let mut command = Command::new(program);
        command.arg("scene").args(arguments).arg("--data").arg(home);
        command
    };
    let known = hub_scene(Vec::new()).output().await?;
    // The first line is the heading.
    if String::from_utf8_lossy(&known.stdout).lines().nth(1).is_some() {
        return Ok(());
    }
    for (name, settings) in SCENES {
        let set = settings.iter().flat_map(|setting| ["--set", setting]);
        let saved = hub_scene(["--save", name].into_iter().chain(set).collect()).output().await?;
        ensure!(saved.status.success(), "the scene {name}: {}", String::from_utf8_lossy(&saved.stderr));
    }
    Ok(())
}
