//! `hub check`.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context;
use automations::{check::check_all, folder::rule_files};

use crate::{
    cli::Ending,
    client::Which,
    config::{self, Overrides},
    folder::Folder,
    local::{self, Checked},
    wiring,
};

/// Check rule files and settings: exits 1 and names file, line and column of every fault.
///
/// With a home in the data folder, names are checked too: a rule for a device that is not there is a fault. The rules are
/// then also reviewed, those of files that are named among all others of the data folder: two that fight, some that run
/// in a circle, one that never runs or adds nothing is told with an example. Files called hub.toml are settings.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The files; without any, those of the data folder.
    files: Vec<PathBuf>,
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Ending> {
    let folder = args.which.folder()?;
    let files = if args.files.is_empty() { files_of(&folder)? } else { args.files };
    let (settings, rules): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.ends_with("hub.toml"));
    let mut faults: Vec<String> = settings.iter().filter_map(|file| settings_fault(file)).collect();
    faults.extend(rule_faults(rules, &folder, &args.which).await?);
    faults.iter().for_each(|fault| println!("{fault}"));
    Ok(Ending::of(faults.is_empty()))
}

fn files_of(folder: &Folder) -> anyhow::Result<Vec<PathBuf>> {
    let rules = folder.automations();
    let mut files = rule_files(&rules).with_context(|| format!("no rule files in {}", rules.display()))?;
    files.extend(Some(folder.settings()).filter(|settings| settings.is_file()));
    Ok(files)
}

fn settings_fault(file: &Path) -> Option<String> {
    let read = config::read(Some(file), file, &Overrides::new(), wiring::ADAPTERS);
    read.err().map(|error| error.to_string())
}

async fn rule_faults(rules: Vec<PathBuf>, folder: &Folder, which: &Which) -> anyhow::Result<Vec<String>> {
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    if !folder.has_home() {
        return Ok(check_all(&rules, None).iter().map(ToString::to_string).collect());
    }
    let here = env::current_dir()?;
    let wish = local::Check { files: rules.iter().map(|file| here.join(file)).collect() };
    let Checked { faults, findings } = which.ask_or_open(async |client| client.post(local::CHECK, &wish).await).await?;
    // As they were named.
    let here = format!("{}/", here.display());
    Ok(faults
        .into_iter()
        .chain(findings)
        .map(|fault| fault.strip_prefix(&here).map_or(fault.clone(), str::to_owned))
        .collect())
}
