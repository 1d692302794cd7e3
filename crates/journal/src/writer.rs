use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

use crate::{Append, AppendError, Appended, Failure, Head, Heads, Reader};

/// The writer's handle.  One writer per file; cloned freely within the process.
#[derive(Clone)]
pub struct Journal {
    durable: watch::Sender<u64>,
}

impl Journal {
    /// Opens or makes the journal at `path`, checks what was written last, and starts the writer.
    ///
    /// # Errors
    /// Another writer holds it; the file is no journal; what is recorded does not fit together.
    pub fn open(_path: &Path, _heads: Arc<dyn Heads>) -> Result<Self, Failure> {
        Err(Failure::Closed)
    }

    /// A reader of the same file.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader, Failure> {
        Err(Failure::Closed)
    }

    /// The last durable position; 0 when the journal is empty.
    #[must_use]
    pub fn head(&self) -> u64 {
        *self.durable.borrow()
    }

    /// The stream's last durable event; zeros when there is no stream.
    ///
    /// # Errors
    /// The index of heads could not answer.
    pub fn stream_head(&self, _stream: &str) -> Result<Head, Failure> {
        Err(Failure::Closed)
    }

    /// Records one command's events; answers only when they are durable.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when the stream is not at the expected version; else the failure.
    #[expect(clippy::unused_async, reason = "the interface before its filling")]
    pub async fn append(&self, _append: Append) -> Result<Appended, AppendError> {
        Err(Failure::Closed.into())
    }

    /// The last durable position, for followers in this process.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.durable.subscribe()
    }

    /// The heads of the streams changed since the last [`Journal::release_heads`], and the position they cover.
    #[must_use]
    pub fn changed_heads(&self) -> (u64, Vec<(String, Head)>) {
        (0, Vec::new())
    }

    /// The index holds every head up to `covered`: those can be forgotten here.
    pub fn release_heads(&self, _covered: u64) {}

    /// Whether the index of heads claimed more than the journal holds when it was opened, and is therefore not asked.
    /// Its owner should empty it.
    #[must_use]
    pub fn distrusts_heads(&self) -> bool {
        false
    }

    /// Writes what is waiting, folds the write-ahead log back into the table and frees the lock.
    ///
    /// # Errors
    /// The log could not be folded back (nothing is lost: the next opening reads it).
    #[expect(clippy::unused_async, reason = "the interface before its filling")]
    pub async fn close(self) -> Result<(), Failure> {
        Ok(())
    }
}
