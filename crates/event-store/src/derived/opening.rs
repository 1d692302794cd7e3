use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use journal::BoxError;

/// Does something with sled, which panics where it finds on disk what it does not expect.
pub(crate) fn guarded<T>(sled: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    catch_unwind(AssertUnwindSafe(sled)).unwrap_or_else(|panic| Err(said(&*panic).into()))
}

/// Opens the database in `directory`; in place of one that cannot be opened, an empty one.
pub(crate) fn open(directory: &Path) -> Option<sled::Db> {
    match patiently(directory) {
        Ok(db) => Some(db),
        // Whoever holds it, it is not ours to remove.
        Err(error) if is_lock(&error) => {
            tracing::warn!(directory = %directory.display(), error, "held by somebody else: nothing derived is kept in this run");
            None
        }
        Err(error) => {
            tracing::warn!(directory = %directory.display(), error, "cannot be opened: derived anew");
            empty(directory)
        }
    }
}

/// An empty database in place of whatever is in `directory`.
pub(crate) fn empty(directory: &Path) -> Option<sled::Db> {
    let removed = match fs::symlink_metadata(directory) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(directory),
        Ok(_) => fs::remove_file(directory),
        Err(_) => Ok(()),
    };
    match removed.map_err(BoxError::from).and_then(|()| patiently(directory)) {
        Ok(db) => Some(db),
        Err(error) => {
            tracing::warn!(directory = %directory.display(), error, "cannot be made: nothing derived is kept in this run");
            None
        }
    }
}

/// A database this process closed a moment ago may still be let go of by sled's own threads.
fn patiently(directory: &Path) -> Result<sled::Db, BoxError> {
    const EVERY: Duration = Duration::from_millis(5);
    const TIMES: usize = 400;
    let mut opened = once(directory);
    for _ in 0..TIMES {
        match &opened {
            Err(error) if is_lock(error) => thread::sleep(EVERY),
            _ => break,
        }
        opened = once(directory);
    }
    opened
}

fn once(directory: &Path) -> Result<sled::Db, BoxError> {
    // Flushed by the one thread that writes; the cache is small, since the journal's memory has what is in use.
    let config = sled::Config::new()
        .path(directory)
        .cache_capacity(16 << 20)
        .flush_every_ms(None)
        .mode(sled::Mode::LowSpace);
    guarded(|| Ok(config.open()?))
}

/// Sled has no kind of error for it, only a text.
fn is_lock(error: &BoxError) -> bool {
    error.to_string().contains("could not acquire lock")
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    format!("sled panicked: {text}")
}
