//! Disks of a test's own that go wrong when it wants: one that is full, and one that is slow, broken or read-only.
//!
//! Both are mounted, which takes the rights of root. Without them a test has no such disk: it says so loudly.

mod passthrough;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use fuser::{BackgroundSession, Config, MountOption};
use tempfile::TempDir;

pub use passthrough::Ailment;
use passthrough::{Passthrough, Patient};

/// A mounted disk. It is unmounted when this is dropped, which must be after the hub on it.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// In memory, of a size of its own.
    Small,
    /// A filesystem of this process, before a folder.
    Ailing(Arc<Patient>, #[expect(dead_code, reason = "it is mounted as long as this is held")] BackgroundSession),
}

impl Disk {
    /// One that holds so many megabytes. `None`, with a loud word, where nothing may be mounted.
    pub fn small(megabytes: u32) -> Option<Self> {
        let folder = folder();
        let size = format!("size={megabytes}m");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(mount_point(&folder)).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { folder, kind: Kind::Small }),
            Ok(output) => not_tested("tmpfs", String::from_utf8_lossy(&output.stderr).trim()),
            Err(error) => not_tested("tmpfs", &error.to_string()),
        }
    }

    /// A healthy one that can be given an [`Ailment`]. `None`, with a loud word, where nothing may be mounted.
    pub fn ailing() -> Option<Self> {
        let folder = folder();
        let behind = folder.path().join("behind");
        fs::create_dir(&behind).expect("the temporary folder can be written");
        let patient = Arc::<Patient>::default();
        let filesystem = Passthrough::new(behind, Arc::clone(&patient));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("hearth-test".into()), MountOption::DefaultPermissions];
        match fuser::spawn_mount(filesystem, mount_point(&folder), &config) {
            Ok(session) => Some(Self { folder, kind: Kind::Ailing(patient, session) }),
            Err(error) => not_tested("FUSE", &error.to_string()),
        }
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        mount_point(&self.folder)
    }

    /// Gives an ailing disk what it suffers from, from now on. What waits because of the last one waits no longer.
    pub fn suffers(&self, ailment: Ailment) {
        match &self.kind {
            Kind::Ailing(patient, _) => patient.suffers(ailment),
            Kind::Small => panic!("a small disk has no ailment but that it is full"),
        }
    }

    /// Fills it to the last byte, by a file that is returned; whoever removes it makes room again.
    pub fn fill(&self) -> PathBuf {
        let ballast = self.path().join("ballast");
        let mut file = fs::File::create(&ballast).expect("the disk can be written");
        let block = [0_u8; 4096];
        while std::io::Write::write_all(&mut file, &block).is_ok() {}
        ballast
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Kind::Ailing(patient, _) = &self.kind {
            // Whoever waits for the disk could not be ended otherwise.
            patient.suffers(Ailment::None);
        }
        // Lazily: the hub on it was killed and may not be gone yet.
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    fs::create_dir(mount_point(&folder)).expect("the temporary folder can be written");
    folder
}

fn mount_point(folder: &TempDir) -> PathBuf {
    Path::join(folder.path(), "disk")
}

fn not_tested(what: &str, why: &str) -> Option<Disk> {
    eprintln!(
        "NOT TESTED: no disk of {what} can be mounted here: {why}. Run the tests as root where mounting is allowed."
    );
    None
}
