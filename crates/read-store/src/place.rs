//! Where a file of read models lies, and how another takes its place.
//!
//! The name people open is a symbolic link to the file that is current.  SQLite names its write-ahead log after the file
//! the link leads to, so a reader of the file before goes on undisturbed with a log of its own, while whoever opens the
//! name from now on gets the new file.  (Renaming one database over another would let the old log loose on the new file.)

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

/// How long one process waits for another to finish bringing the file up to date.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The name people open.
    name: PathBuf,
}

/// Held while a process writes; the lock goes when it is dropped, or when the process dies.
#[derive(Debug)]
pub(crate) struct Held {
    _lock: File,
}

impl Place {
    pub(crate) fn at(name: &Path) -> Self {
        Self { name: name.to_owned() }
    }

    pub(crate) fn name(&self) -> &Path {
        &self.name
    }

    /// The file that is current, if there is one.
    pub(crate) fn current(&self) -> Option<PathBuf> {
        let target = match fs::read_link(&self.name) {
            Ok(target) => self.folder().join(target),
            // A plain file: somebody put a copy here.
            Err(_) => self.name.clone(),
        };
        target.is_file().then_some(target)
    }

    /// A name for the next file, beside the current one.
    pub(crate) fn next(&self) -> PathBuf {
        let number =
            self.current().and_then(|file| number_of(&file)).map_or(1, |number| number + 1);
        self.numbered(number)
    }

    fn numbered(&self, number: u64) -> PathBuf {
        let stem = self.name.file_stem().unwrap_or_default().to_string_lossy();
        let end =
            self.name.extension().map_or_else(|| "sqlite".into(), |end| end.to_string_lossy());
        self.folder().join(format!("{stem}.{number}.{end}"))
    }

    fn folder(&self) -> &Path {
        self.name.parent().unwrap_or(Path::new(""))
    }

    /// Makes `file`, which must lie beside the name, the current one.
    pub(crate) fn switch_to(&self, file: &Path) -> Result<(), Failure> {
        let before = self.current();
        let link = beside(&self.name, ".link");
        let _ = fs::remove_file(&link);
        let target = file.file_name().unwrap_or_default();
        symlink(Path::new(target), &link).map_err(Failure::file("make a link", &link))?;
        fs::rename(&link, &self.name)
            .map_err(Failure::file("switch the read models", &self.name))?;
        sync_folder(self.folder());
        if let Some(before) = before.filter(|before| before != file && *before != self.name) {
            // Readers of it keep it open for as long as they need; nobody finds it any more.
            remove_with_log(&before);
        }
        Ok(())
    }

    /// Waits for the right to write.
    pub(crate) fn hold(&self) -> Result<Held, Failure> {
        let path = lock_of(&self.name);
        let open = Failure::file("open the lock of the read models", &path);
        let lock =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(open)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Held { _lock: lock }),
                Err(TryLockError::Error(source)) => {
                    return Err(Failure::file("lock the read models", &path)(source));
                }
                Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                    return Err(Failure::Held { path: self.name.clone(), waited: PATIENCE });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(target, link)
}

fn number_of(file: &Path) -> Option<u64> {
    file.file_stem()?.to_str()?.rsplit_once('.')?.1.parse().ok()
}

/// So that the switch is on the disk.  Not every file system lets a folder be synced; then the switch is there later.
fn sync_folder(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Removes a database and what lies beside it, as far as it is there.
pub(crate) fn remove_with_log(file: &Path) {
    let _ = fs::remove_file(file);
    remove_log(file);
}

/// Removes what lies beside a database, so that it cannot be taken for the log of another in its place.
pub(crate) fn remove_log(file: &Path) {
    for end in ["-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(file, end));
    }
}

/// The lock that is held by whoever writes what `name` leads to.
pub(crate) fn lock_of(name: &Path) -> PathBuf {
    beside(name, ".lock")
}

/// The same name with something after it.
pub(crate) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}
