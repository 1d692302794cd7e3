//! The right to write, held by a lock on a file.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

const BETWEEN_TRIES: Duration = Duration::from_millis(2);

/// The system frees the lock however its holder ends, so whoever holds it is alive and at work.  An hour is longer than
/// any rebuild takes: by then it is stopped or stuck, and somebody must look.
pub(crate) const PATIENCE: Patience =
    Patience { tell: Duration::from_secs(5), give_up: Duration::from_secs(3_600) };

/// How long to wait for a lock before people are told, and in all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) tell: Duration,
    pub(crate) give_up: Duration,
}

/// Held while a process writes; the lock goes when it is dropped, or when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

/// A [`Lock`] that leaves no file behind.
#[derive(Debug)]
pub(crate) struct Passing(Lock);

impl Lock {
    /// Waits for the lock at `path`, which guards `what`.
    pub(crate) fn wait(path: PathBuf, what: &Path, patience: Patience) -> Result<Self, Failure> {
        let begun = Instant::now();
        let mut told = Duration::ZERO;
        loop {
            let file = open(&path).map_err(Failure::file("open the lock", &path))?;
            match file.try_lock() {
                // Whoever held it before may have taken the file away.
                Ok(()) if is_at(&file, &path) => return Ok(Self::signed(file, path)),
                Ok(()) => continue,
                Err(TryLockError::Error(source)) => {
                    return Err(Failure::file("take the lock", &path)(source));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            let waited = begun.elapsed();
            if waited >= patience.give_up {
                return Err(Failure::Held { path: what.to_owned(), by: holder(file), waited });
            }
            if waited >= told + patience.tell {
                told = waited;
                tracing::warn!(path = %what.display(), by = holder(file), seconds = waited.as_secs(), "waiting for another process, which is writing");
            }
            thread::sleep(BETWEEN_TRIES);
        }
    }

    /// With who holds it, for people.  A full disk keeps nobody from working: the lock holds without its sign.
    fn signed(mut file: File, path: PathBuf) -> Self {
        let sign = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "process {}", std::process::id())
        };
        if let Err(error) = sign(&mut file) {
            tracing::debug!(%error, path = %path.display(), "the lock does not say who holds it");
        }
        Self { file, path }
    }

    pub(crate) fn passing(self) -> Passing {
        Passing(self)
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // While it is held: who waits for it finds that the file is gone, and makes another.
        if is_at(&self.0.file, &self.0.path) {
            let _ = fs::remove_file(&self.0.path);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).read(true).write(true).open(path)
}

fn holder(mut file: File) -> String {
    let mut by = String::new();
    match (file.read_to_string(&mut by), by.trim()) {
        (Ok(_), by) if !by.is_empty() => by.to_owned(),
        _ => "another process".to_owned(),
    }
}

/// Whether the file is still the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// An open file cannot be taken away there.
#[cfg(windows)]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn wait(path: &Path) -> Lock {
        Lock::wait(path.to_owned(), path, PATIENCE).unwrap()
    }

    #[test]
    fn whoever_gives_up_is_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let _held = wait(&path);
        let patience = Patience { tell: Duration::ZERO, give_up: Duration::ZERO };
        let failure = Lock::wait(path, Path::new("a.sqlite"), patience).unwrap_err().to_string();
        let by = format!("process {}", std::process::id());
        assert!(failure.contains(&by) && failure.contains("a.sqlite"), "{failure}");
    }

    #[test]
    fn a_lock_that_leaves_no_file_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let holders = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let held = wait(&path).passing();
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        assert_eq!(holders.fetch_sub(1, Ordering::SeqCst), 1);
                        drop(held);
                    }
                });
            }
        });
        assert!(!path.exists());
    }
}
