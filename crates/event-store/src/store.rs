use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cqrs_es::Aggregate;
use journal::{Entry, Head, Journal};

use crate::Failure;
use crate::cache::{Cache, Limits};
use crate::derived::{Derived, Keeper};
use crate::failure::While;
use crate::known::Known;
use crate::readers::Readers;
use crate::stream;
use crate::turns::Turns;

/// Tells the time; what it says is when an event was recorded.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The one place where commands become events.  Clones share it.
///
/// In its directory are `journal.sqlite`, which is the truth, and `heads.sled`, which is derived from it: deleting that
/// while the program is down costs the next start a reading of the journal, and nothing else.
#[derive(Clone)]
pub struct EventStore {
    pub(crate) shared: Arc<Shared>,
}

/// What the clones share.  The fields are dropped in this order: what is derived is written while the journal is open.
pub(crate) struct Shared {
    keeper: Keeper,
    pub(crate) derived: Arc<Derived>,
    pub(crate) readers: Readers,
    pub(crate) journal: Journal,
    pub(crate) cache: Cache,
    pub(crate) turns: Turns,
    pub(crate) clock: Clock,
    was_put_back: bool,
}

const JOURNAL: &str = "journal.sqlite";
const HEADS: &str = "heads.sled";

/// Whether the journal in a directory has events and nothing that was derived of it: it seems to have been put back from a
/// copy.  Asked before a store is opened there, which derives it anew.
///
/// # Errors
/// The journal cannot be read.
pub fn seems_put_back(directory: &Path) -> Result<bool, Failure> {
    let path = directory.join(JOURNAL);
    if directory.join(HEADS).exists() || !path.exists() {
        return Ok(false);
    }
    let head = journal::Reader::open(&path).and_then(|reader| reader.head());
    Ok(head.while_(|| format!("reading the journal in {}", directory.display()))? > 0)
}

impl EventStore {
    /// Opens the store in `directory`, or begins one there.
    ///
    /// # Errors
    /// Another process writes this journal, or the journal does not fit together.
    pub fn open(directory: &Path, clock: Clock) -> Result<Self, Failure> {
        let shown = || directory.display().to_string();
        std::fs::create_dir_all(directory)
            .map_err(|source| Failure::Directory { directory: shown(), source })?;
        let path = directory.join(JOURNAL);
        let heads = directory.join(HEADS);
        let had_heads = heads.exists();
        let derived = Arc::new(Derived::new(heads, path.clone()));
        let journal = Journal::open(&path, Arc::<Derived>::clone(&derived))
            .while_(|| format!("opening the journal in {}", shown()))?;
        // Asked before the keeper mends it.
        let was_put_back = journal.head() > 0 && (!had_heads || derived.did_not_fit());
        let keeper = Keeper::start(Arc::clone(&derived), journal.clone())
            .map_err(|source| Failure::Thread { directory: shown(), source })?;
        let shared = Shared {
            keeper,
            derived,
            readers: Readers::new(journal.clone()),
            journal,
            cache: Cache::new(Limits::default()),
            turns: Turns::new(),
            clock,
            was_put_back,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Whether the journal seems to have been put back from a copy when this was opened: it has events, and what is derived of
    /// it was not there, or does not fit it.  So it is, too, where somebody deleted what is derived.
    #[must_use]
    pub fn was_put_back(&self) -> bool {
        self.shared.was_put_back
    }

    /// The journal below, to read it and to follow it.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.shared.journal
    }

    /// The aggregate as its last durable event left it; as it begins, when it has none.
    ///
    /// # Errors
    /// The id is none, the journal cannot be read, or an event is not one of the aggregate's.
    pub async fn load<A>(&self, id: &str) -> Result<A, Failure>
    where
        A: Aggregate + Clone + 'static,
    {
        self.look(id, A::clone).await
    }

    /// What `see` makes of the aggregate, which is not copied.
    ///
    /// # Errors
    /// As [`EventStore::load`].
    pub async fn look<A, T>(&self, id: &str, see: impl FnOnce(&A) -> T) -> Result<T, Failure>
    where
        A: Aggregate + 'static,
    {
        let stream = stream::name::<A>(id)?;
        let _turn = self.shared.turns.take(&stream).await;
        let known = self.recall::<A>(&stream).await?;
        let seen = see(&known.aggregate);
        self.shared.cache.put(stream, known);
        Ok(seen)
    }

    /// The position up to which a follower said it was done; 0: it never said so, or what it said is not of this
    /// journal.  After a crash it may be some seconds behind; it is never ahead.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn bookmark(&self, follower: &str) -> Result<u64, Failure> {
        self.shared.derived.bookmark(follower, &self.shared.readers)
    }

    /// A follower is done with everything up to `position`.  Written within seconds, and on closing.
    pub fn move_bookmark(&self, follower: &str, position: u64) {
        self.shared.derived.move_bookmark(follower, position.min(self.journal().head()));
    }

    /// Writes what is derived, lets the journal finish what it was given, and closes both.  Other clones are refused
    /// from then on.
    ///
    /// # Errors
    /// What the journal says on closing.
    pub async fn close(self) -> Result<(), Failure> {
        let journal = self.journal().clone();
        let shared = self.shared;
        // Writing what is derived takes a moment of disk.  That it did not get written is no reason to fail.
        if tokio::task::spawn_blocking(move || shared.keeper.stop()).await.is_err() {
            tracing::warn!(
                "what is derived from the journal was not written on closing; the next start makes it anew"
            );
        }
        journal.close().await.while_(|| "closing the journal")
    }

    /// The aggregate up to the last event of its stream: out of the cache, which has it no more, or read.
    pub(crate) async fn recall<A>(&self, stream: &Arc<str>) -> Result<Box<Known<A>>, Failure>
    where
        A: Aggregate + 'static,
    {
        /// So few events are read faster than another thread is asked to read them.
        const FEW: u64 = 100;

        let head = self
            .journal()
            .stream_head(stream)
            .while_(|| format!("finding the last event of {stream}"))?;
        let cached =
            self.shared.cache.take::<A>(stream).filter(|known| known.head.version <= head.version);
        match cached {
            Some(known) if known.head == head => Ok(known),
            None if head.version == 0 => Ok(Box::default()),
            cached
                if head.version - cached.as_ref().map_or(0, |known| known.head.version) <= FEW =>
            {
                self.read_on(cached, stream, head)
            }
            cached => {
                let (store, name) = (self.clone(), Arc::clone(stream));
                match tokio::task::spawn_blocking(move || store.read_on(cached, &name, head)).await
                {
                    Ok(known) => known,
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => std::panic::resume_unwind(panic),
                        Err(_) => Err(Failure::Stopping { stream: stream.to_string() }),
                    },
                }
            }
        }
    }

    /// Reads from where `cached`, or else the snapshot, or else nothing, stands up to `head`.
    fn read_on<A>(
        &self,
        cached: Option<Box<Known<A>>>,
        stream: &str,
        head: Head,
    ) -> Result<Box<Known<A>>, Failure>
    where
        A: Aggregate + 'static,
    {
        let mut known = match cached {
            Some(known) => known,
            None => self
                .shared
                .derived
                .snapshot::<A>(stream, head, &self.shared.readers)
                .unwrap_or_default(),
        };
        let entries: Vec<Entry> = self.shared.readers.read(
            || format!("reading {stream}"),
            |reader| reader.stream_since(head.position, known.head.version),
        )?;
        known.catch_up(entries)?;
        self.shared.derived.offer(stream, &mut known);
        Ok(known)
    }
}
