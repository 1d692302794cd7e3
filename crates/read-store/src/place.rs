//! Where a file of read models lies, and how another takes its place.
//!
//! The name people open is a symbolic link to the file that is current.  SQLite names its write-ahead log after the file
//! the link leads to, so a reader of the file before goes on undisturbed with a log of its own, while whoever opens the
//! name from now on gets the new file.  (Renaming one database over another would let the old log loose on the new file.)

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::lock::{Lock, PATIENCE};

/// What SQLite keeps beside a database.
pub(crate) const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The name people open.
    name: PathBuf,
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

    /// Where a file is made that then becomes current; only by whoever holds the place.
    pub(crate) fn made(&self) -> PathBuf {
        beside(&self.name, ".made")
    }

    /// Where a file is made to be compared with the current one.  One is at a time, and whatever is there is a killed
    /// one's.
    pub(crate) fn rebuilt(&self) -> Result<(PathBuf, Lock), Failure> {
        let file = beside(&self.name, ".rebuilt");
        let lock = Lock::wait(lock_of(&file), &self.name, PATIENCE)?;
        remove_with_log(&file);
        Ok((file, lock))
    }

    /// A name that is not taken, for the file that becomes current.
    fn next(&self) -> PathBuf {
        let stem = self.name.file_stem().unwrap_or_default().to_string_lossy();
        let end =
            self.name.extension().map_or_else(|| "sqlite".into(), |end| end.to_string_lossy());
        let mut number = self.current().and_then(|file| number_of(&file)).unwrap_or(0);
        loop {
            number += 1;
            let file = self.folder().join(format!("{stem}.{number}.{end}"));
            if !file.exists() {
                return file;
            }
        }
    }

    fn folder(&self) -> &Path {
        self.name.parent().unwrap_or(Path::new(""))
    }

    /// Makes `made`, which must lie beside the name, the current file; it gets a name of its own.  Only by whoever holds
    /// the place.
    pub(crate) fn switch_to(&self, made: &Path) -> Result<(), Failure> {
        let before = self.current();
        let file = self.next();
        remove_log(&file);
        fs::rename(made, &file).map_err(Failure::file("name the new file", made))?;
        remove_log(made);
        let link = beside(&self.name, ".link");
        let _ = fs::remove_file(&link);
        let target = file.file_name().unwrap_or_default();
        symlink(Path::new(target), &link).map_err(Failure::file("make a link", &link))?;
        fs::rename(&link, &self.name)
            .map_err(Failure::file("switch the read models", &self.name))?;
        sync_folder(self.folder());
        if let Some(before) = before.filter(|before| *before != self.name) {
            // Readers of it keep it open for as long as they need; nobody finds it any more.
            remove_with_log(&before);
        }
        Ok(())
    }

    /// Waits for the right to write.
    pub(crate) fn hold(&self) -> Result<Lock, Failure> {
        Lock::wait(lock_of(&self.name), &self.name, PATIENCE)
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
    for end in LOGS {
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
