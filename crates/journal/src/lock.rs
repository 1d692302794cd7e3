use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};

use crate::Failure;

const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// The right to write, held by a lock on `<journal>.lock` beside the file.  The system frees it when the process ends,
/// however it ends; what stands in the file only tells people who has it.
pub(crate) struct Lock {
    /// Held for its lock alone.
    _file: File,
}

impl Lock {
    pub(crate) fn take(journal: &Path) -> Result<Self, Failure> {
        let path = journal.with_extension("lock");
        let failed = |doing| Failure::file(doing, &path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed("make the lock of the journal"))?;
        if !patiently(&file).map_err(failed("lock the journal"))? {
            let mut by = String::new();
            let read = file.read_to_string(&mut by);
            let by = match (read, by.trim()) {
                (Ok(_), holder) if !holder.is_empty() => holder.to_owned(),
                _ => "another process".to_owned(),
            };
            return Err(Failure::Held { path: journal.to_owned(), by });
        }
        let sign = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "process {} since {}", std::process::id(), now())
        };
        // A full disk must not keep anybody from opening: the lock holds without its sign.
        if let Err(error) = sign(&mut file) {
            tracing::warn!(%error, path = %path.display(), "the lock of the journal does not say who holds it");
        }
        Ok(Self { _file: file })
    }
}

/// Whether the lock could be taken.  One that is held is tried again for a moment: a process that the former holder was
/// starting has it too, until it runs its own program.
fn patiently(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

#[expect(
    clippy::disallowed_methods,
    reason = "tells people since when the journal is held; nothing is decided by it"
)]
fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}
