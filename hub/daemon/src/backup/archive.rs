//! The file itself: a tar archive, encrypted by age with a passphrase, so that `age -d` opens it anywhere.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write},
    iter,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use age::{DecryptError, Decryptor, Encryptor, scrypt};

use super::Passphrase;

/// The most work that a backup may ask of whoever opens it, as a power of two. Above it a file is an attack.
const MOST_WORK: u8 = 22;

/// Why a backup can't be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// The disk says no.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
    /// Somebody would lose what is in it.
    #[error("{} is there already: choose another name", .0.display())]
    Exists(PathBuf),
    /// The words are others.
    #[error("the passphrase is not the one of {}: try again", .0.display())]
    WrongPassphrase(PathBuf),
    /// It is no backup, or was cut short or changed.
    #[error("{} is not a whole backup: {reason}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Writes a folder into a new file at `out`. A file that could not be finished is removed.
pub(crate) fn seal(folder: &Path, out: &Path, passphrase: Passphrase) -> Result<(), ArchiveError> {
    seal_with(folder, out, &scrypt::Recipient::new(passphrase))
}

fn seal_with(folder: &Path, out: &Path, recipient: &scrypt::Recipient) -> Result<(), ArchiveError> {
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(out);
    let file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ArchiveError::Exists(out.into()),
        _ => ArchiveError::Disk { path: out.into(), error },
    })?;
    write(folder, &file, recipient).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = fs::remove_file(out);
        ArchiveError::Disk { path: out.into(), error }
    })
}

fn write(folder: &Path, file: &File, recipient: &scrypt::Recipient) -> io::Result<()> {
    let encryptor = Encryptor::with_recipients(iter::once(recipient as _)).map_err(io::Error::other)?;
    let mut archive = tar::Builder::new(encryptor.wrap_output(BufWriter::new(file))?);
    archive.follow_symlinks(false);
    archive.append_dir_all("", folder)?;
    archive.into_inner()?.finish()?.flush()
}

/// Reads a backup into a folder that is empty. Whatever is wrong with the file, nothing is written outside of it.
pub(crate) fn unseal(path: &Path, into: &Path, passphrase: Passphrase) -> Result<(), ArchiveError> {
    let damaged = |reason: String| ArchiveError::Damaged { path: path.into(), reason };
    let disk = |error| ArchiveError::Disk { path: path.into(), error };
    let file = BufReader::new(File::open(path).map_err(disk)?);
    let decryptor = Decryptor::new_buffered(file).map_err(|error| damaged(error.to_string()))?;
    let mut identity = scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(MOST_WORK);
    let plain = decryptor.decrypt(iter::once(&identity as _)).map_err(|error| match error {
        DecryptError::DecryptionFailed => ArchiveError::WrongPassphrase(path.into()),
        DecryptError::NoMatchingKeys => damaged("it is encrypted to a key, not with a passphrase".into()),
        error => damaged(error.to_string()),
    })?;
    let mut archive = tar::Archive::new(plain);
    archive.set_preserve_permissions(true);
    for entry in archive.entries().map_err(|error| damaged(error.to_string()))? {
        let mut entry = entry.map_err(|error| damaged(error.to_string()))?;
        // A backup of ours has nothing else; a link could lead out of the folder.
        if !matches!(entry.header().entry_type(), tar::EntryType::Regular | tar::EntryType::Directory) {
            return Err(damaged(format!("it holds something that is neither file nor folder: {:?}", entry.path())));
        }
        match entry.unpack_in(into) {
            Ok(true) => {}
            Ok(false) => return Err(damaged(format!("it names a file outside of the folder: {:?}", entry.path()))),
            Err(error) => return Err(damaged(error.to_string())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::create_dir_all(home.join("automations")).unwrap();
        fs::write(home.join("key"), [7; 32]).unwrap();
        fs::write(home.join("automations/hall.toml"), "name = 'Hall'").unwrap();
        let out = folder.path().join("backup.age");
        let mut recipient = scrypt::Recipient::new("correct horse".to_owned().into());
        recipient.set_work_factor(2);
        seal_with(&home, &out, &recipient).unwrap();
        (folder, out)
    }

    fn open(out: &Path, passphrase: &str) -> Result<tempfile::TempDir, ArchiveError> {
        let into = tempfile::tempdir().unwrap();
        unseal(out, into.path(), passphrase.to_owned().into()).map(|()| into)
    }

    #[test]
    fn what_was_sealed_comes_back_and_only_with_the_passphrase() {
        let (_folder, out) = sealed();
        let back = open(&out, "correct horse").unwrap();
        assert_eq!(fs::read(back.path().join("key")).unwrap(), [7; 32]);
        assert_eq!(fs::read_to_string(back.path().join("automations/hall.toml")).unwrap(), "name = 'Hall'");
        assert!(matches!(open(&out, "battery staple"), Err(ArchiveError::WrongPassphrase(_))));
        let bytes = fs::read(&out).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n-> scrypt"));
        assert!(!bytes.windows(4).any(|four| four == b"Hall"));
    }

    #[test]
    fn a_file_that_was_cut_or_changed_is_refused() {
        let (_folder, out) = sealed();
        let bytes = fs::read(&out).unwrap();
        for cut in [0, 10, 100, bytes.len() - 1] {
            fs::write(&out, &bytes[..cut]).unwrap();
            assert!(matches!(open(&out, "correct horse"), Err(ArchiveError::Damaged { .. })), "{cut}");
        }
        let mut changed = bytes.clone();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        fs::write(&out, changed).unwrap();
        assert!(matches!(open(&out, "correct horse"), Err(ArchiveError::Damaged { .. })));
    }

    #[test]
    fn no_backup_is_ever_overwritten() {
        let (folder, out) = sealed();
        let again = seal(&folder.path().join("home"), &out, "other".to_owned().into());
        assert!(matches!(again, Err(ArchiveError::Exists(_))));
        assert!(open(&out, "correct horse").is_ok());
    }
}
