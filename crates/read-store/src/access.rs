//! How a file is opened: to be written, or where that cannot be, to be read.
//!
//! SQLite keeps a write-ahead log, and an index of it in shared memory, beside the file; whoever opens a file makes them
//! where there are none, even to read.  In a folder that may only be read, or without room, the file is then opened as one that nobody
//! changes, and looked at again ([`Access::is_stale`]) before each catching up.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::Failure;
use crate::failure::cannot_write;
use crate::place::beside;

/// A file that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) access: Access,
}

/// How a file was opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// Others may write it meanwhile.
    Shared,
    /// As one that nobody writes.
    Still(Option<Look>),
}

/// What changes when somebody writes the file after all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Look {
    len: u64,
    modified: Option<SystemTime>,
    has_log: bool,
}

impl Access {
    /// Whether somebody wrote the file since it was opened, who was not expected to.
    pub(crate) fn is_stale(&self, file: &Path) -> bool {
        match self {
            Self::Shared => false,
            Self::Still(look) => *look != Look::at(file),
        }
    }
}

impl Look {
    fn at(file: &Path) -> Option<Self> {
        let there = fs::metadata(file).ok()?;
        Some(Self {
            len: there.len(),
            modified: there.modified().ok(),
            has_log: fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0),
        })
    }
}

/// Opens a file of read models that is there, to be written if it can be.
pub(crate) fn connect(file: &Path) -> Result<Opened, Failure> {
    open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(Failure::sqlite("open the read models", file))
}

/// Opens a file of read models for reading only.
pub(crate) fn connect_to_read(file: &Path) -> Result<Connection, Failure> {
    open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|Opened { connection, .. }| {
            connection.pragma_update(None, "query_only", true)?;
            Ok(connection)
        })
        .map_err(Failure::sqlite("open the read models for reading", file))
}

fn open(file: &Path, how: OpenFlags) -> rusqlite::Result<Opened> {
    let opened = |connection, access| Opened { file: file.to_owned(), connection, access };
    let look = Look::at(file);
    let shared =
        Connection::open_with_flags(file, how | OpenFlags::SQLITE_OPEN_NO_MUTEX).and_then(prepared);
    match shared {
        Ok(connection) => Ok(opened(connection, Access::Shared)),
        // The folder, and not the file, keeps it from being opened.
        Err(error) if cannot_write(&error) && look.as_ref().is_some_and(|look| !look.has_log) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(still(file), flags).and_then(prepared)?;
            Ok(opened(connection, Access::Still(look)))
        }
        Err(error) => Err(error),
    }
}

fn prepared(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::from_secs(10))?;
    // Normal: after a power cut the last transactions may be missing, whole, and are taken in again.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA mmap_size = 268435456",
    )?;
    keep_statements(&connection)?;
    // The first look at the file shows whether it can be looked at.
    connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
    Ok(connection)
}

/// Lets statements be compiled once.
pub(crate) fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    // Else SQLite compiles a statement anew whenever another key is bound to it, to see whether its statistics suggest
    // another plan: more than half of the time of taking events in went there.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The file's name as SQLite takes it with a promise that nobody changes the file.
fn still(file: &Path) -> PathBuf {
    let mut name = "file:".to_owned();
    for sign in file.to_string_lossy().chars() {
        match sign {
            '%' => name.push_str("%25"),
            '?' => name.push_str("%3f"),
            '#' => name.push_str("%23"),
            sign => name.push(sign),
        }
    }
    name.push_str("?immutable=1");
    PathBuf::from(name)
}
