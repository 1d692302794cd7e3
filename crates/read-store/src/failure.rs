use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use projections::Undecodable;
use rusqlite::{ErrorCode, ffi};
use thiserror::Error;

use crate::columns::Misfit;

/// Something the read store set out to do and could not.  The journal is never touched, so nothing is lost: a file of
/// read models can always be rebuilt.
#[derive(Debug, Error)]
pub enum Failure {
    /// SQLite, or the disk below it, refused.
    #[error("cannot {doing} ({})", path.display())]
    Sqlite { doing: &'static str, path: PathBuf, source: rusqlite::Error },

    /// A file could not be used.
    #[error("cannot {doing} ({})", path.display())]
    File { doing: &'static str, path: PathBuf, source: io::Error },

    /// A row does not fit the columns of its table.
    #[error("cannot read or write a row of `{table}` ({})", path.display())]
    Row { table: &'static str, path: PathBuf, source: Misfit },

    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] journal::Failure),

    /// An event is not understood.  Nothing after it was taken in.
    #[error("cannot take in event {position}")]
    Event { position: u64, source: Undecodable },

    /// Another process has been writing for very long.
    #[error(
        "{} is being written by {by}, and was for {} minutes; see what that process is doing, or stop it",
        path.display(),
        waited.as_secs() / 60
    )]
    Held { path: PathBuf, by: String, waited: Duration },

    /// The position asked for was not reached in time.
    #[error("the read models are at position {reached}; position {asked} was not reached within {} ms", waited.as_millis())]
    Behind { asked: u64, reached: u64, waited: Duration },

    /// What is there is not replaced by read models.
    #[error("{} is {found}, and is not replaced by read models; name another file", path.display())]
    Taken { path: PathBuf, found: &'static str },

    /// Read models that people look up by their name are replaced by a rebuild beside them only.
    #[error(
        "{} is in use: people look the read models up by the name {}; name another file, or none to rebuild these",
        path.display(),
        name.display()
    )]
    InUse { path: PathBuf, name: PathBuf },

    /// Whoever waited for it did not want it any more.
    #[error("broken off")]
    BrokenOff,

    /// There is nothing to answer from, and it cannot be made here.
    #[error(
        "{} cannot be made where {found}; let somebody who may write in its folder ask once, or make room",
        path.display()
    )]
    NotMade { path: PathBuf, found: &'static str, source: Box<Self> },

    /// There is no file of read models to read.
    #[error("{} is not a file of read models: {found}", path.display())]
    NotReadModels { path: PathBuf, found: String },
}

impl Failure {
    /// Whether SQLite found that it would have had to write where it may not.
    pub(crate) fn is_read_only(&self) -> bool {
        let Self::Sqlite { source, .. } = self else { return false };
        source.sqlite_error_code() == Some(ErrorCode::ReadOnly)
    }

    /// Whether it is the folder, the medium or the room on it that keeps the file from being written: what is in the file
    /// can still be read.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } | Self::Row { source: Misfit::Sqlite(source), .. } => {
                cannot_write(source)
            }
            Self::File { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::PermissionDenied
                    | io::ErrorKind::ReadOnlyFilesystem
                    | io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
            ),
            Self::NotMade { .. } => true,
            Self::Row { .. }
            | Self::Journal(_)
            | Self::Event { .. }
            | Self::Held { .. }
            | Self::Behind { .. }
            | Self::Taken { .. }
            | Self::InUse { .. }
            | Self::BrokenOff
            | Self::NotReadModels { .. } => false,
        }
    }

    /// `map_err(Failure::sqlite("read the schools", path))`
    pub(crate) fn sqlite(doing: &'static str, path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Sqlite { doing, path: path.to_owned(), source }
    }

    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }

    pub(crate) fn row(table: &'static str, path: &Path) -> impl FnOnce(Misfit) -> Self {
        move |source| Self::Row { table, path: path.to_owned(), source }
    }
}

/// Whether SQLite could not write, or not make what it keeps beside a file.
pub(crate) fn cannot_write(error: &rusqlite::Error) -> bool {
    let Some(error) = error.sqlite_error() else { return false };
    match error.code {
        ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::PermissionDenied => true,
        ErrorCode::SystemIoFailure => matches!(
            error.extended_code,
            ffi::SQLITE_IOERR_WRITE
                | ffi::SQLITE_IOERR_SHMOPEN
                | ffi::SQLITE_IOERR_SHMSIZE
                | ffi::SQLITE_IOERR_SHMMAP
        ),
        _ => false,
    }
}
