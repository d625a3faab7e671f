//! What a backup holds beside the databases: rule files, settings, the authority of the hub's certificate.

use std::{fs, io, path::Path};

use crate::{folder::Folder, folder::make_private};

/// Adds the files that people wrote, and the certificates, to a folder that has the copies of the databases.
pub(crate) fn add_files(folder: &Folder, into: &Path) -> io::Result<()> {
    copy_all(&folder.automations(), &into.join("automations"))?;
    copy_all(&folder.tls(), &into.join("tls"))?;
    match fs::copy(folder.settings(), into.join("hub.toml")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Copies files and folders; links and the like stay behind, as they mean nothing on another machine.
fn copy_all(from: &Path, into: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    make_private(into)?;
    for entry in entries {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, into.join(entry.file_name()));
        if kind.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
