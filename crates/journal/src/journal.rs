use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde::de::IgnoredAny;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use crate::lock::Lock;
use crate::shared::Shared;
use crate::table::{self, iso_day};
use crate::writer::{Ask, Waiting, Writer, conflict};
use crate::{Append, AppendError, Appended, Failure, Head, Heads, NewEvent, Reader, tail};

/// So many appends may wait for the writer; more wait before they are handed over.
const WAITING: usize = 4096;

/// So many KiB of events may wait, however few appends they are in; also the most one append can hold.
const ROOM_KIB: u32 = 64 * 1024;

/// The writer's handle.  One writer per file; cloned freely within the process.  When the last clone is dropped, what
/// waits is still written and the file closed, on that thread: [`Journal::close`] does the same and tells how it went.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    path: PathBuf,
    shared: Arc<Shared>,
    room: Arc<Semaphore>,
    /// `None` only while it is dropped, which is how the writer hears of it.
    asks: Option<mpsc::Sender<Ask>>,
    writer: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens or makes the journal at `path`, reads what `heads` does not cover, checks that it fits together, and
    /// starts the writer.
    ///
    /// An index that covers more than the journal holds is not of this journal, or the journal lost its end (a file
    /// `-wal` deleted, an old backup): it is not asked, everything is read, and [`Journal::distrusts_heads`] tells.
    ///
    /// # Errors
    /// Another writer holds it; the file is no journal; what was recorded last does not fit together.
    pub fn open(path: &Path, heads: Arc<dyn Heads>) -> Result<Self, Failure> {
        let lock = Lock::take(path)?;
        let new = !path.exists();
        let connection = table::open_to_write(path)?;
        if new {
            sync_folder(path)?;
        }
        let head = table::last(&connection, path)?;
        let trusted = heads.covered() <= head;
        if !trusted {
            tracing::warn!(
                covered = heads.covered(),
                head,
                "the index of heads covers more than the journal holds; it is not asked"
            );
        }
        let covered = if trusted { heads.covered() } else { 0 };
        let tail::Tail { chain, streams } = tail::check(&connection, path, covered)?;
        let shared = Arc::new(Shared::new(chain.position, streams, heads, trusted));

        let (asks, asked) = mpsc::channel(WAITING);
        let writer =
            Writer { connection, path: path.to_owned(), chain, shared: Arc::clone(&shared), lock };
        let writer = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(asked))
            .map_err(Failure::file("start the writer of the journal", path))?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            shared,
            room: Arc::new(Semaphore::new(ROOM_KIB as usize)),
            asks: Some(asks),
            writer: Some(writer),
        })))
    }

    /// A reader of the same file.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader, Failure> {
        Reader::open(&self.0.path)
    }

    /// The last durable position; 0 when the journal is empty.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.0.shared.head()
    }

    /// The stream's last durable event; zeros when there is no stream.
    ///
    /// # Errors
    /// The index of heads could not answer.
    pub fn stream_head(&self, stream: &str) -> Result<Head, Failure> {
        Ok(self.0.shared.find(stream)?.unwrap_or_default())
    }

    /// Records one command's events, and answers when they are durable, not before.  No events: nothing is written,
    /// and the answer is the stream's head.
    ///
    /// Dropped while it waits, the events may be recorded or not; the same after [`AppendError::Failure`].  Load the
    /// stream again, or ask again under the same command id.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when the stream is not at the expected version, counting what is recorded before it
    /// in the same transaction; else the failure, which everyone in the transaction shares.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        if append.events.is_empty() {
            let head = self.stream_head(&append.stream)?;
            return if head.version == append.expected {
                Ok(Appended { first: head.position, last: head.position, version: head.version })
            } else {
                Err(conflict(&append, head))
            };
        }
        let size = weigh(&append)?;
        let room =
            Arc::clone(&self.0.room).acquire_many_owned(size).await.map_err(|_| Failure::Closed)?;
        let (answer, answered) = oneshot::channel();
        let asks = self.0.asks.as_ref().ok_or(Failure::Closed)?;
        asks.send(Ask::Append(Waiting { append, answer, room }))
            .await
            .map_err(|_| Failure::Closed)?;
        answered.await.map_err(|_| Failure::Closed)?
    }

    /// The last durable position, for followers in this process.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.0.shared.watch()
    }

    /// The heads of the streams changed since the last [`Journal::release_heads`] (or more), and the position they cover.
    #[must_use]
    pub fn changed_heads(&self) -> (u64, Vec<(String, Head)>) {
        self.0.shared.changed()
    }

    /// The index holds every head up to `covered`: those can be forgotten here, and are asked of it from now on.
    pub fn release_heads(&self, covered: u64) {
        self.0.shared.release(covered);
    }

    /// Whether the index of heads claimed more than the journal holds when it was opened, and is therefore not asked
    /// until the next [`Journal::release_heads`].  Its owner should empty it and fill it from
    /// [`Journal::changed_heads`], which then has every stream.
    #[must_use]
    pub fn distrusts_heads(&self) -> bool {
        self.0.shared.distrusts_index()
    }

    /// Writes what is waiting, folds the write-ahead log back into the file and frees the lock.  Other clones are
    /// answered [`Failure::Closed`] from then on.
    ///
    /// # Errors
    /// The log could not be folded back.  Nothing is lost: the next opening reads it.
    pub async fn close(self) -> Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        let asks = self.0.asks.as_ref().ok_or(Failure::Closed)?;
        asks.send(Ask::Close(answer)).await.map_err(|_| Failure::Closed)?;
        answered.await.map_err(|_| Failure::Closed)?
    }

    /// Does `work` on the writer's connection, between two transactions.
    #[cfg(test)]
    pub(crate) async fn run(&self, work: impl FnOnce(&rusqlite::Connection) + Send + 'static) {
        self.0.asks.as_ref().unwrap().send(Ask::Run(Box::new(work))).await.ok().unwrap();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.asks.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!(path = %self.path.display(), "the writer of the journal ended in a panic");
        }
    }
}

/// How many KiB the append takes while it waits; refused when no journal could hold it.
fn weigh(append: &Append) -> Result<u32, Failure> {
    let unfit = |why: String| Failure::Unfit { stream: append.stream.clone(), why };
    if append.stream.is_empty() {
        return Err(unfit("a stream has a name".to_owned()));
    }
    let mut bytes = append.stream.len() + append.actor.len();
    for event in &append.events {
        let NewEvent { event_type, payload, effective_on, .. } = event;
        if let Err(error) = serde_json::from_str::<IgnoredAny>(payload) {
            return Err(unfit(format!("the payload of its {event_type} is not JSON: {error}")));
        }
        if iso_day(*effective_on).is_none() {
            return Err(unfit(format!(
                "the day {effective_on} of its {event_type} has no year of four digits"
            )));
        }
        bytes += event_type.len() + payload.len() + size_of::<NewEvent>();
    }
    u32::try_from(bytes / 1024 + 1).ok().filter(|kib| *kib <= ROOM_KIB).ok_or_else(|| {
        unfit(format!("its events take {bytes} bytes, and one append holds {ROOM_KIB} KiB at most"))
    })
}

/// A new file is found after a power cut only when its folder is on the disk too.
fn sync_folder(path: &Path) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Failure::file("sync the folder of the journal", folder))
}
