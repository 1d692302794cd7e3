//! A new file of read models, from the journal's first event on: to take the place of the live one, or, replayed, for
//! itself.

use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::{ControlFlow, Deref};
use std::path::{Path, PathBuf};

use journal::Reader;
use projections::Window;
use rusqlite::Connection;

use crate::access::keep_statements;
use crate::lock::{Lock, PATIENCE};
use crate::place::{LOGS, beside, lock_of, remove_log, remove_with_log};
use crate::seen::Seen;
use crate::{Failure, schema, take_in};

/// A file that is not finished; dropped before it is put in its place, it is removed with what lies beside it.
#[derive(Debug)]
pub(crate) struct Unfinished {
    path: PathBuf,
}

/// A file that was made beside the current one, and is nobody else's: to be compared, and switched to.
#[derive(Debug)]
pub struct Rebuilt {
    file: Unfinished,
    /// After the file, so that the next one finds it removed.
    _lock: Lock,
}

impl Unfinished {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove_with_log(&self.path);
    }
}

impl Rebuilt {
    pub(crate) fn at(path: PathBuf, lock: Lock) -> Self {
        Self { file: Unfinished::at(path), _lock: lock }
    }
}

impl Deref for Rebuilt {
    type Target = Path;

    fn deref(&self) -> &Path {
        self.file.path()
    }
}

/// What may be written over where a file is replayed into.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Over {
    /// Read models that nobody looks up by their name: an earlier replay.
    AnEarlierReplay,
    /// Any plain file but read models in use, a database of anything else (such as a journal), and what lies beside one.
    AnyFile,
}

/// How a file is left when it is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Left {
    /// To be brought up to date while others read it.
    ToBeWritten,
    /// As it is: one file with nothing beside it, which can be sent and looked at anywhere.
    AsItIs,
}

/// Makes a new file of read models at `into` from the journal's events up to its head, showing what `window` lets
/// through (R42); where another process is making the same file, after that.  What was at `into` stays there until the
/// new file is whole and on the disk; one that is interrupted leaves nothing behind that a later one would not remove.
///
/// `progress` is told the position that was reached, and breaks it off.
///
/// # Errors
/// [`Failure::Taken`] and [`Failure::InUse`]: there is something at `into` that is not replaced, and nothing was done.
/// [`Failure::BrokenOff`]: `progress` did.  The journal cannot be read or holds an event that is not understood; the new
/// file cannot be written.
pub fn replay(
    journal: &Reader,
    into: &Path,
    window: Window,
    over: Over,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<Seen, Failure> {
    check_replaceable(into, over)?;
    let building = beside(into, ".building");
    // Before the file, so that it is let go of after that is removed.
    let _lock = Lock::wait(lock_of(&building), into, PATIENCE)?.passing();
    let unfinished = Unfinished::at(building);
    let path = unfinished.path();
    let seen = build(journal, path, window, Left::AsItIs, progress)?;
    // That took a while.
    check_replaceable(into, over)?;
    remove_log(into);
    fs::rename(path, into).map_err(Failure::file("put the new file in its place", into))?;
    Ok(seen)
}

/// Makes a file at `path` in place of whatever is there, whole and on the disk when this returns.
pub(crate) fn build(
    journal: &Reader,
    path: &Path,
    window: Window,
    left: Left,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<Seen, Failure> {
    remove_with_log(path);
    let mut connection =
        Connection::open(path).map_err(Failure::sqlite("make a new file of read models", path))?;
    // Nothing reads the file before it is whole, and if the power fails it is made anew: no journal and no syncs.
    connection
        .execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768",
        )
        .and_then(|()| keep_statements(&connection))
        .and_then(|()| schema::create_tables(&connection, window))
        .map_err(Failure::sqlite("make the tables", path))?;
    let upto = journal.head()?;
    let seen = take_in::fill(&mut connection, path, window, journal, upto, progress)?;
    connection.close().map_err(|(_, source)| {
        Failure::sqlite("close the new file of read models", path)(source)
    })?;

    let connection = Connection::open(path)
        .map_err(Failure::sqlite("open the new file of read models", path))?;
    let mode = match left {
        Left::ToBeWritten => "WAL",
        Left::AsItIs => "DELETE",
    };
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = {mode}; PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002"
        ))
        .map_err(Failure::sqlite("make the file ready for readers", path))?;
    connection.close().map_err(|(_, source)| {
        Failure::sqlite("close the new file of read models", path)(source)
    })?;
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(Failure::file("sync the new file", path))?;
    Ok(seen)
}

/// Read models are replaced where nobody looks them up, and other files where `over` says so; never a journal.
fn check_replaceable(into: &Path, over: Over) -> Result<(), Failure> {
    let taken = |found| Err(Failure::Taken { path: into.to_owned(), found });
    let in_use = |name| Err(Failure::InUse { path: into.to_owned(), name });
    match fs::symlink_metadata(into) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Left there, SQLite would take it for the new file's.
            return match beside(into, "-wal").exists() {
                true => taken("missing, but its write-ahead log is there"),
                false => Ok(()),
            };
        }
        Err(source) => return Err(Failure::file("look at what is there", into)(source)),
        Ok(there) if there.is_symlink() => {
            return match schema::is_ours(into)? {
                true => in_use(into.to_owned()),
                false => taken("a link"),
            };
        }
        Ok(there) if !there.is_file() => return taken("not a file"),
        Ok(_) if !schema::is_ours(into)? => {
            return match over {
                Over::AnEarlierReplay => taken("something else"),
                Over::AnyFile if is_of_a_database(into)? => taken("a database, or belongs to one"),
                Over::AnyFile => Ok(()),
            };
        }
        Ok(_) => {}
    }
    // Whoever keeps read models up to date holds a lock beside their name.
    if lock_of(into).exists() {
        return in_use(into.to_owned());
    }
    match link_to(into).map_err(Failure::file("look for links to what is there", into))? {
        Some(name) => in_use(name),
        None => Ok(()),
    }
}

/// Whether it is a database, a journal perhaps, or lies beside one: what was acknowledged may be in it.
fn is_of_a_database(file: &Path) -> Result<bool, Failure> {
    let mut header = [0; 16];
    let read = File::open(file)
        .and_then(|mut file| file.read(&mut header))
        .map_err(Failure::file("look at what is there", file))?;
    let name = file.to_string_lossy();
    let is_log = LOGS
        .iter()
        .any(|end| name.strip_suffix(end).is_some_and(|database| Path::new(database).exists()));
    let has_log = LOGS.iter().any(|end| beside(file, end).exists());
    Ok(header[..read].starts_with(b"SQLite format 3") || is_log || has_log)
}

/// The name beside `file` that leads to it.
fn link_to(file: &Path) -> io::Result<Option<PathBuf>> {
    let file = file.canonicalize()?;
    let Some(folder) = file.parent() else { return Ok(None) };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_symlink() && path.canonicalize().is_ok_and(|target| target == file) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
