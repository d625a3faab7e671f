//! A filesystem before a folder that passes everything on, later or not at all where it is told so. By FUSE, so that the
//! hub meets what it would meet at a failing disk: in its reads and writes, its syncs and its mapped files.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs::{self, File, Metadata, OpenOptions},
    io,
    os::unix::{
        fs::{
            DirBuilderExt as _, DirEntryExt as _, FileExt as _, MetadataExt as _, OpenOptionsExt as _,
            PermissionsExt as _,
        },
        net::UnixListener,
    },
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner,
    OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen,
    ReplyWrite, Request, TimeOrNow, WriteFlags,
};

/// What a disk suffers from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ailment {
    /// Nothing.
    #[default]
    None,
    /// Each write and each sync takes so long.
    Slow(Duration),
    /// There is no room: ENOSPC.
    Full,
    /// The kernel has made it read-only after an error: EROFS.
    ReadOnly,
    /// It breaks: EIO.
    Broken,
}

/// What the disk suffers from now.
#[derive(Debug, Default)]
pub struct Patient {
    ailment: Mutex<Ailment>,
    changed: Condvar,
}

impl Patient {
    /// From now on it suffers from this.
    pub fn suffers(&self, ailment: Ailment) {
        *self.ailment.lock().unwrap_or_else(PoisonError::into_inner) = ailment;
        self.changed.notify_all();
    }

    /// Lets a write through, in its time, or not.
    fn admit(&self) -> Result<(), Errno> {
        let begun = Instant::now();
        let mut ailment = self.ailment.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match *ailment {
                Ailment::None => return Ok(()),
                Ailment::Full => return Err(Errno::ENOSPC),
                Ailment::ReadOnly => return Err(Errno::EROFS),
                Ailment::Broken => return Err(Errno::EIO),
                Ailment::Slow(time) => {
                    let left = time.saturating_sub(begun.elapsed());
                    if left.is_zero() {
                        return Ok(());
                    }
                    ailment = self.changed.wait_timeout(ailment, left).unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }
}

/// The kernel asks anew every time, as the test may change the folder behind.
const TTL: Duration = Duration::ZERO;
const ROOT: u64 = 1;

/// The filesystem.
pub(super) struct Passthrough {
    patient: Arc<Patient>,
    known: Mutex<Known>,
}

struct Known {
    paths: HashMap<u64, PathBuf>,
    files: HashMap<u64, Arc<File>>,
    opened: u64,
}

impl Passthrough {
    pub(super) fn new(behind: PathBuf, patient: Arc<Patient>) -> Self {
        let known = Known { paths: HashMap::from([(ROOT, behind)]), files: HashMap::new(), opened: 0 };
        Self { patient, known: Mutex::new(known) }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, inode: INodeNo) -> Result<PathBuf, Errno> {
        self.known().paths.get(&inode.0).cloned().ok_or(Errno::ENOENT)
    }

    fn child(&self, parent: INodeNo, name: &OsStr) -> Result<PathBuf, Errno> {
        Ok(self.path(parent)?.join(name))
    }

    fn file(&self, handle: FileHandle) -> Result<Arc<File>, Errno> {
        self.known().files.get(&handle.0).cloned().ok_or(Errno::EBADF)
    }

    /// What is at a path, remembered by its number.
    fn entry(&self, path: PathBuf) -> Result<FileAttr, Errno> {
        let found = fs::symlink_metadata(&path)?;
        self.known().paths.insert(found.ino(), path);
        Ok(attributes(&found, found.ino()))
    }

    fn keep(&self, file: File) -> FileHandle {
        let mut known = self.known();
        known.opened += 1;
        let number = known.opened;
        known.files.insert(number, Arc::new(file));
        FileHandle(number)
    }

    fn make(
        &self,
        parent: INodeNo,
        name: &OsStr,
        make: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<FileAttr, Errno> {
        self.patient.admit()?;
        let path = self.child(parent, name)?;
        make(&path)?;
        self.entry(path)
    }

    fn change(
        &self,
        inode: INodeNo,
        mode: Option<u32>,
        size: Option<u64>,
        handle: Option<FileHandle>,
    ) -> Result<FileAttr, Errno> {
        if mode.is_some() || size.is_some() {
            self.patient.admit()?;
        }
        if let Some(mode) = mode {
            fs::set_permissions(self.path(inode)?, fs::Permissions::from_mode(mode & 0o7777))?;
        }
        if let Some(size) = size {
            match handle.and_then(|handle| self.file(handle).ok()) {
                Some(file) => file.set_len(size)?,
                None => OpenOptions::new().write(true).open(self.path(inode)?)?.set_len(size)?,
            }
        }
        self.look(inode, handle)
    }

    fn look(&self, inode: INodeNo, handle: Option<FileHandle>) -> Result<FileAttr, Errno> {
        // A file that was removed lives on in whoever has it open.
        let found = match handle.and_then(|handle| self.file(handle).ok()) {
            Some(file) => file.metadata()?,
            None => fs::symlink_metadata(self.path(inode)?)?,
        };
        Ok(attributes(&found, inode.0))
    }

    fn rename(&self, from: PathBuf, to: PathBuf) -> Result<(), Errno> {
        self.patient.admit()?;
        fs::rename(&from, &to)?;
        let number = fs::symlink_metadata(&to)?.ino();
        self.known().paths.insert(number, to);
        Ok(())
    }

    fn list(&self, inode: INodeNo) -> Result<Vec<(u64, FileType, std::ffi::OsString)>, Errno> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.path(inode)?)? {
            let entry = entry?;
            let kind = FileType::from_std(entry.file_type()?).unwrap_or(FileType::RegularFile);
            entries.push((entry.ino(), kind, entry.file_name()));
        }
        Ok(entries)
    }
}

fn attributes(found: &Metadata, number: u64) -> FileAttr {
    let time = |seconds: i64, nanos: i64| -> SystemTime {
        UNIX_EPOCH + Duration::new(seconds.max(0).unsigned_abs(), nanos.clamp(0, 999_999_999) as u32)
    };
    FileAttr {
        ino: INodeNo(number),
        size: found.size(),
        blocks: found.blocks(),
        atime: time(found.atime(), found.atime_nsec()),
        mtime: time(found.mtime(), found.mtime_nsec()),
        ctime: time(found.ctime(), found.ctime_nsec()),
        crtime: UNIX_EPOCH,
        kind: FileType::from_std(found.file_type()).unwrap_or(FileType::RegularFile),
        perm: (found.mode() & 0o7777) as u16,
        nlink: found.nlink() as u32,
        uid: found.uid(),
        gid: found.gid(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

/// Answers with what came out, or its error. Each kind of answer is a type of its own, so that no function could.
macro_rules! answer {
    ($reply:ident, $result:expr, $done:expr) => {
        match $result {
            Ok(done) => $done(done),
            Err(error) => $reply.error(error),
        }
    };
}

impl Filesystem for Passthrough {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let found = self.child(parent, name).and_then(|path| self.entry(path));
        answer!(reply, found, |found| reply.entry(&TTL, &found, Generation(0)));
    }

    fn getattr(&self, _: &Request, inode: INodeNo, handle: Option<FileHandle>, reply: ReplyAttr) {
        answer!(reply, self.look(inode, handle), |found| reply.attr(&TTL, &found));
    }

    fn setattr(
        &self,
        _: &Request,
        inode: INodeNo,
        mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        handle: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        answer!(reply, self.change(inode, mode, size, handle), |found| reply.attr(&TTL, &found));
    }

    /// The only thing that the hub makes in this way is its socket.
    fn mknod(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, _: u32, _: u32, reply: ReplyEntry) {
        let made = self.make(parent, name, |path| {
            drop(UnixListener::bind(path)?);
            fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7777))
        });
        answer!(reply, made, |made| reply.entry(&TTL, &made, Generation(0)));
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, reply: ReplyEntry) {
        let made = self.make(parent, name, |path| fs::DirBuilder::new().mode(mode & !umask & 0o7777).create(path));
        answer!(reply, made, |made| reply.entry(&TTL, &made, Generation(0)));
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let gone = self.patient.admit().and_then(|()| Ok(fs::remove_file(self.child(parent, name)?)?));
        answer!(reply, gone, |()| reply.ok());
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let gone = self.patient.admit().and_then(|()| Ok(fs::remove_dir(self.child(parent, name)?)?));
        answer!(reply, gone, |()| reply.ok());
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let paths = self.child(parent, name).and_then(|from| Ok((from, self.child(new_parent, new_name)?)));
        answer!(reply, paths.and_then(|(from, to)| self.rename(from, to)), |()| reply.ok());
    }

    fn open(&self, _: &Request, inode: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        let writes = flags.acc_mode() != fuser::OpenAccMode::O_RDONLY;
        let opened = self.path(inode).and_then(|path| Ok(OpenOptions::new().read(true).write(writes).open(path)?));
        answer!(reply, opened, |file| reply.opened(self.keep(file), FopenFlags::empty()));
    }

    fn create(&self, _: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, _: i32, reply: ReplyCreate) {
        let created = self.patient.admit().and_then(|()| {
            let path = self.child(parent, name)?;
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create(true).truncate(false).mode(mode & !umask).open(&path)?;
            Ok((self.entry(path)?, self.keep(file)))
        });
        answer!(reply, created, |(found, handle)| reply.created(
            &TTL,
            &found,
            Generation(0),
            handle,
            FopenFlags::empty()
        ));
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let read = self.file(handle).and_then(|file| {
            let (mut bytes, mut filled) = (vec![0; size as usize], 0);
            loop {
                match file.read_at(&mut bytes[filled..], offset + filled as u64)? {
                    0 => break,
                    count => filled += count,
                }
            }
            bytes.truncate(filled);
            Ok(bytes)
        });
        answer!(reply, read, |bytes: Vec<u8>| reply.data(&bytes));
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let written = self.patient.admit().and_then(|()| Ok(self.file(handle)?.write_all_at(bytes, offset)?));
        answer!(reply, written, |()| reply.written(bytes.len() as u32));
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        self.known().files.remove(&handle.0);
        reply.ok();
    }

    fn fsync(&self, _: &Request, _: INodeNo, handle: FileHandle, _: bool, reply: ReplyEmpty) {
        let synced = self.patient.admit().and_then(|()| Ok(self.file(handle)?.sync_data()?));
        answer!(reply, synced, |()| reply.ok());
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.patient.admit(), |()| reply.ok());
    }

    fn readdir(&self, _: &Request, inode: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        match self.list(inode) {
            Ok(entries) => {
                for (at, (number, kind, name)) in entries.into_iter().enumerate().skip(offset as usize) {
                    if reply.add(INodeNo(number), at as u64 + 1, kind, name) {
                        break;
                    }
                }
                reply.ok();
            }
            Err(error) => reply.error(error),
        }
    }
}
