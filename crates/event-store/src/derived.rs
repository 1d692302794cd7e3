//! What the write side derives from the journal and keeps in sled, so that it need not be derived again: heads of
//! streams, snapshots of long aggregates, followers' bookmarks.
//!
//! Sled never holds the only copy of anything.  It is written by one thread, in batches, and believed only where the
//! journal has, at the position a record names, the hash that record names.  Since the journal's hashes are a chain,
//! that shows the record was made from this journal as it is now: not from another, nor from a longer one that was
//! later restored from a backup.

mod bookmarks;
mod bytes;
mod heads;
mod keeper;
mod opening;
mod program;
mod snapshots;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use cqrs_es::Aggregate;
use journal::{BoxError, Head, Heads, Journal, Reader};

use crate::Failure;
use crate::known::Known;
use crate::readers::Readers;
use bookmarks::Bookmarks;
use heads::HeadIndex;
use opening::guarded;
use snapshots::Snapshots;

pub(crate) use bytes::take;
pub(crate) use keeper::Keeper;

pub(crate) struct Derived {
    directory: PathBuf,
    journal: PathBuf,
    /// Opened when the journal first asks: by then it has locked out every other process.
    trees: RwLock<Opening>,
    /// Position up to which the index knows every head.
    covered: AtomicU64,
    /// Something about sled went wrong: it is written no more until the next start finds out what it is worth.
    broken: AtomicBool,
    misfit: AtomicBool,
    snapshots: Mutex<snapshots::Waiting>,
    bookmarks: Mutex<bookmarks::Waiting>,
}

#[derive(Default)]
enum Opening {
    #[default]
    NotYet,
    /// Absent when sled could not be opened at all: then nothing derived is kept in this run.
    Done(Option<Trees>),
}

struct Trees {
    db: sled::Db,
    heads: HeadIndex,
    snapshots: Snapshots,
    bookmarks: Bookmarks,
}

impl Derived {
    pub(crate) fn new(directory: PathBuf, journal: PathBuf) -> Self {
        Self {
            directory,
            journal,
            trees: RwLock::default(),
            covered: AtomicU64::new(0),
            broken: AtomicBool::new(false),
            misfit: AtomicBool::new(false),
            snapshots: Mutex::default(),
            bookmarks: Mutex::default(),
        }
    }

    /// The newest snapshot of the aggregate that this program made from this journal.
    pub(crate) fn snapshot<A>(
        &self,
        stream: &str,
        head: Head,
        readers: &Readers,
    ) -> Option<Box<Known<A>>>
    where
        A: Aggregate + 'static,
    {
        if !snapshots::worth_it(head.version) {
            return None;
        }
        let waiting = snapshots::waiting(&self.snapshots, stream);
        let bytes = match waiting {
            Some(bytes) => bytes,
            None => {
                let trees = self.trees();
                let snapshots = &trees.as_ref()?.snapshots;
                let fingerprint = program::fingerprint::<A>()?;
                match guarded(|| snapshots.find(stream, &fingerprint, readers)) {
                    Ok(found) => found?,
                    Err(error) => {
                        self.give_up("reading a snapshot", &error);
                        return None;
                    }
                }
            }
        };
        let known =
            Known::restore(&bytes).filter(|known: &Known<A>| known.head.version <= head.version);
        if known.is_none() {
            tracing::warn!(
                stream,
                "the snapshot cannot be read: the aggregate is made from its stream"
            );
        }
        known.map(Box::new)
    }

    /// Takes a snapshot of the aggregate if one is due; it is written later.
    pub(crate) fn offer<A: Aggregate + 'static>(&self, stream: &str, known: &mut Known<A>) {
        if !known.snapshot_due() || self.broken.load(Ordering::Relaxed) {
            return;
        }
        if let Some(fingerprint) = program::fingerprint::<A>()
            && let Some(bytes) = known.snapshot()
        {
            snapshots::wait(&self.snapshots, stream, fingerprint, known.head, bytes);
        }
    }

    pub(crate) fn bookmark(&self, follower: &str, readers: &Readers) -> Result<u64, Failure> {
        if let Some(position) = bookmarks::waiting(&self.bookmarks, follower) {
            return Ok(position);
        }
        let trees = self.trees();
        let Some(Trees { bookmarks, .. }) = trees.as_ref() else { return Ok(0) };
        match guarded(|| Ok(bookmarks.find(follower)?)) {
            Ok(None) => Ok(0),
            Ok(Some(mark)) if readers.hash_at(mark.position)? == Some(mark.hash) => {
                Ok(mark.position)
            }
            Ok(Some(_)) => {
                tracing::warn!(
                    follower,
                    "the bookmark is not of this journal: the follower begins anew"
                );
                Ok(0)
            }
            Err(error) => {
                self.give_up("reading a bookmark", &error);
                Ok(0)
            }
        }
    }

    pub(crate) fn move_bookmark(&self, follower: &str, position: u64) {
        bookmarks::wait(&self.bookmarks, follower, position);
    }

    /// Writes what has changed since it was last called.
    pub(crate) fn write(&self, journal: &Journal, readers: &Readers) {
        if self.broken.load(Ordering::Relaxed) {
            return;
        }
        let trees = self.trees();
        let Some(trees) = trees.as_ref() else { return };
        let written = guarded(|| {
            let mut changed = self.write_heads(&trees.heads, journal, readers)?;
            changed |= trees.snapshots.write(&self.snapshots, readers)?;
            changed |= trees.bookmarks.write(&self.bookmarks, readers)?;
            if changed {
                trees.db.flush()?;
            }
            Ok(())
        });
        if let Err(error) = written {
            self.give_up("writing", &error);
        }
    }

    fn write_heads(
        &self,
        heads: &HeadIndex,
        journal: &Journal,
        readers: &Readers,
    ) -> Result<bool, BoxError> {
        if journal.head() <= self.covered.load(Ordering::Acquire) {
            return Ok(false);
        }
        let (covered, changed) = journal.changed_heads();
        let hash =
            readers.hash_at(covered)?.ok_or("the journal covers a position it does not have")?;
        heads.write(covered, &hash, &changed)?;
        self.covered.store(covered, Ordering::Release);
        journal.release_heads(covered);
        Ok(true)
    }

    /// Whether what was found was of another journal, or of more than this one holds.
    pub(crate) fn did_not_fit(&self) -> bool {
        let _opened = self.trees();
        self.misfit.load(Ordering::Acquire)
    }

    fn trees(&self) -> Guarded<'_> {
        let opening = self.trees.read().unwrap_or_else(PoisonError::into_inner);
        if matches!(*opening, Opening::Done(_)) {
            return Guarded(opening);
        }
        drop(opening);
        let mut opening = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*opening, Opening::NotYet) {
            *opening = Opening::Done(self.open());
        }
        drop(opening);
        Guarded(self.trees.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn open(&self) -> Option<Trees> {
        let db = opening::open(&self.directory)?;
        let believed = guarded(|| {
            let trees = Trees::of(db)?;
            let covered = trees.heads.check(|position| {
                Ok(Reader::open(&self.journal)?.event(position)?.map(|entry| entry.hash))
            })?;
            Ok((trees, covered))
        });
        match believed {
            Ok((trees, covered)) => {
                self.covered.store(covered, Ordering::Release);
                Some(trees)
            }
            Err(why) => {
                let directory = self.directory.display();
                self.misfit.store(true, Ordering::Release);
                tracing::warn!(%directory, why, "what was derived does not fit the journal: derived anew");
                guarded(|| {
                    Ok(Trees::of(opening::empty(&self.directory).ok_or("it cannot be made")?)?)
                })
                .ok()
            }
        }
    }

    fn give_up(&self, doing: &'static str, why: &BoxError) {
        if !self.broken.swap(true, Ordering::Relaxed) {
            let directory = self.directory.display();
            tracing::error!(%directory, doing, why, "what is derived is written no more in this run; nothing is lost");
        }
        snapshots::forget(&self.snapshots);
    }
}

impl Heads for Derived {
    fn covered(&self) -> u64 {
        let _opened = self.trees();
        self.covered.load(Ordering::Acquire)
    }

    fn find(&self, stream: &str) -> Result<Option<Head>, BoxError> {
        match self.trees().as_ref() {
            Some(trees) => guarded(|| trees.heads.find(stream)),
            None => Ok(None),
        }
    }
}

impl Trees {
    fn of(db: sled::Db) -> Result<Self, sled::Error> {
        Ok(Self {
            heads: HeadIndex::of(db.open_tree("heads")?),
            snapshots: Snapshots::of(db.open_tree("snapshots")?),
            bookmarks: Bookmarks::of(db.open_tree("bookmarks")?),
            db,
        })
    }
}

struct Guarded<'a>(RwLockReadGuard<'a, Opening>);

impl Guarded<'_> {
    fn as_ref(&self) -> Option<&Trees> {
        match &*self.0 {
            Opening::Done(trees) => trees.as_ref(),
            Opening::NotYet => None,
        }
    }
}

#[cfg(test)]
mod tests;
