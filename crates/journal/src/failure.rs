use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::fault::Fault;

/// Something the journal set out to do and could not.  (Cloned to everyone who waited for the same transaction, so the
/// causes are shared.)
#[derive(Clone, Debug, Error)]
pub enum Failure {
    /// SQLite, or the disk below it, refused.
    #[error("cannot {doing} ({})", path.display())]
    Sqlite { doing: &'static str, path: PathBuf, source: Arc<rusqlite::Error> },

    /// A file beside the table could not be used.
    #[error("cannot {doing} ({})", path.display())]
    File { doing: &'static str, path: PathBuf, source: Arc<io::Error> },

    /// A journal has one writer.
    #[error("{} is being written already, by {by}; a journal has one writer: stop that one first", path.display())]
    Held { path: PathBuf, by: String },

    /// There is no file, or a file that somebody else made.
    #[error("{} is not a journal: {found}", path.display())]
    NotAJournal { path: PathBuf, found: String },

    /// What is recorded does not fit together.  Nothing was changed.
    #[error("{} is damaged: {fault}; verify names every fault, and a backup or a replica has what was there", path.display())]
    Damaged { path: PathBuf, fault: Fault },

    /// The index of heads could not answer.
    #[error("cannot find the head of stream {stream:?}")]
    Heads { stream: String, source: Arc<dyn Error + Send + Sync> },

    /// The index of heads answered something that is not so.  It can be deleted: it is derived from the journal.
    #[error(
        "the index says the head of stream {stream:?} is {says}, but there the journal has {found}; delete the index, it is made anew"
    )]
    HeadsDisagree { stream: String, says: String, found: String },

    /// What was asked cannot be recorded by anybody.
    #[error("cannot record in stream {stream:?}: {why}")]
    Unfit { stream: String, why: String },

    /// An earlier failure left it unsure what the disk holds, so the writer stopped.  Opening the journal again finds out.
    #[error("the journal stopped writing after an earlier failure; open it again")]
    Stopped { source: Arc<Self> },

    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
}

/// Why an append was not recorded.
#[derive(Clone, Debug, Error)]
pub enum AppendError {
    /// Somebody else was there first: load again and decide again.
    #[error("stream {stream:?} is at version {actual}, not at {expected} as the command saw it")]
    Conflict { stream: String, expected: u64, actual: u64 },

    /// It is not known to be recorded.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Failure {
    /// `map_err(Failure::sqlite("read events", path))`
    pub(crate) fn sqlite(doing: &'static str, path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Sqlite { doing, path: path.to_owned(), source: Arc::new(source) }
    }

    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source: Arc::new(source) }
    }
}
