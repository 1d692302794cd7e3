//! A new file beside the old one, how they differ, and which of them is current.

use std::fs::File;
use std::path::{Path, PathBuf};

use journal::Reader;
use projections::Window;
use rusqlite::Connection;

use crate::place::{remove_log, remove_with_log};
use crate::seen::Seen;
use crate::{Failure, schema, take_in};

/// A file that is not finished; dropped before it is, it is removed with what lies beside it.
struct Unfinished {
    path: PathBuf,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove_with_log(&self.path);
    }
}

/// Makes a new file of read models at `into` from the journal's events up to its head, showing what `window` lets
/// through.  Whatever was at `into` stays there until the new file is whole and on the disk; an interrupted rebuild leaves
/// nothing behind that a later one would not remove.
///
/// # Errors
/// The journal cannot be read or holds an event that is not understood; the new file cannot be written.
pub fn rebuild(
    journal: &Reader,
    into: &Path,
    window: Window,
    progress: &dyn Fn(u64),
) -> Result<Seen, Failure> {
    let mut building = into.as_os_str().to_owned();
    building.push(".building");
    let unfinished = Unfinished { path: PathBuf::from(building) };
    let path = unfinished.path.as_path();
    remove_with_log(path);

    let mut connection =
        Connection::open(path).map_err(Failure::sqlite("make a new file of read models", path))?;
    // Nothing reads the file before it is whole, and if the power fails it is made anew: no journal and no syncs.
    connection
        .execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768",
        )
        .and_then(|()| schema::create_tables(&connection, window))
        .map_err(Failure::sqlite("make the tables", path))?;
    let upto = journal.head()?;
    let seen = take_in::fill(&mut connection, path, window, journal, upto, progress)?;
    connection.close().map_err(|(_, source)| {
        Failure::sqlite("close the new file of read models", path)(source)
    })?;

    let connection = Connection::open(path)
        .map_err(Failure::sqlite("open the new file of read models", path))?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002",
        )
        .map_err(Failure::sqlite("make the file ready for readers", path))?;
    connection.close().map_err(|(_, source)| {
        Failure::sqlite("close the new file of read models", path)(source)
    })?;
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(Failure::file("sync the new file", path))?;
    remove_log(into);
    std::fs::rename(path, into).map_err(Failure::file("put the new file in its place", into))?;
    Ok(seen)
}
