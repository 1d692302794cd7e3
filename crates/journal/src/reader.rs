use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;

use crate::{Entry, EntryRef, Failure};

/// A read-only view of the journal.
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the journal at `path` for reading.
    ///
    /// # Errors
    /// There is no journal, or it cannot be read from here.
    pub fn open(_path: &Path) -> Result<Self, Failure> {
        Err(Failure::Closed)
    }

    /// The last position recorded; 0 when the journal is empty.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn head(&self) -> Result<u64, Failure> {
        let _ = &self.connection;
        Err(Failure::Closed)
    }

    /// Up to `limit` events after position `after`, in order, in place of what `into` held.
    ///
    /// # Errors
    /// The file cannot be read, or there is a gap.
    pub fn read(&self, _after: u64, _limit: usize, _into: &mut Vec<Entry>) -> Result<(), Failure> {
        Err(Failure::Closed)
    }

    /// Shows every event after `after` up to and with `upto` to `f`, in order; answers the last position shown.
    ///
    /// # Errors
    /// The file cannot be read, or there is a gap.
    pub fn for_each(
        &self,
        _after: u64,
        _upto: u64,
        _f: impl FnMut(EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Failure> {
        Err(Failure::Closed)
    }

    /// One stream, from its event at `head` back to its first, oldest first.
    ///
    /// # Errors
    /// The file cannot be read, or the stream's events do not follow one another.
    pub fn stream_back(&self, _head: u64) -> Result<Vec<Entry>, Failure> {
        Err(Failure::Closed)
    }

    /// As [`Reader::stream_back`], but only versions after `after_version`.
    ///
    /// # Errors
    /// As there.
    pub fn stream_since(&self, _head: u64, _after_version: u64) -> Result<Vec<Entry>, Failure> {
        Err(Failure::Closed)
    }

    /// The event at `position`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn event(&self, _position: u64) -> Result<Option<Entry>, Failure> {
        Err(Failure::Closed)
    }

    /// Whether anybody committed since this was last asked; reads no table.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn changed(&mut self) -> Result<bool, Failure> {
        Err(Failure::Closed)
    }
}
