//! The socket in the data folder, by which commands on this machine reach the hub as its owner.

use std::{
    fs, io,
    os::{
        fd::AsRawFd,
        unix::fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use axum::serve::Listener;
use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};

/// The socket, open to the user of this process alone; its file goes with it.
pub(crate) struct LocalListener {
    listener: UnixListener,
    path: PathBuf,
    inode: u64,
}

impl LocalListener {
    /// Makes the socket at `path`. The caller holds the data folder's lock, so that one that lies there is stale.
    pub(crate) fn bind(path: PathBuf) -> io::Result<Self> {
        // Under its name it appears with its rights, so that there is no moment in which others could connect.
        let unnamed = path.with_extension("sock.new");
        remove(&unnamed)?;
        let listener = with_short_path(&unnamed, |short| UnixListener::bind(short))?;
        fs::set_permissions(&unnamed, fs::Permissions::from_mode(0o600))?;
        fs::rename(&unnamed, &path)?;
        let inode = fs::metadata(&path)?.ino();
        Ok(Self { listener, path, inode })
    }
}

impl Drop for LocalListener {
    fn drop(&mut self) {
        // Unless somebody put another in its place.
        if fs::metadata(&self.path).is_ok_and(|now| now.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Listener for LocalListener {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        Listener::accept(&mut self.listener).await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Connects to the socket at `path`.
pub(crate) async fn connect(path: &Path) -> io::Result<UnixStream> {
    let stream = with_short_path(path, std::os::unix::net::UnixStream::connect)?;
    stream.set_nonblocking(true)?;
    UnixStream::from_std(stream)
}

/// A socket's path takes at most 107 bytes (`man 7 unix`); a longer one is reached through its opened folder.
fn with_short_path<T>(path: &Path, deed: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
    const LONGEST: usize = 107;
    if path.as_os_str().len() <= LONGEST {
        return deed(path.into());
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return deed(path.into()) };
    let folder = fs::File::open(folder)?;
    deed(Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_private_replaces_a_stale_one_and_goes_with_its_listener() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a-long-name".repeat(12));
        fs::create_dir(&deep).unwrap();
        for path in [folder.path().join("hub.sock"), deep.join("hub.sock")] {
            fs::write(&path, "stale").unwrap();
            let mut listener = LocalListener::bind(path.clone()).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            let (client, server) = tokio::join!(connect(&path), listener.accept());
            drop((client.unwrap(), server));
            drop(listener);
            assert!(!path.exists());
        }
    }
}
