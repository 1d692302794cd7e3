//! The journal: every event this office ever recorded, in one append-only table (R39), in one file of one machine (R45).
//!
//! - [`Journal`] is the one writer's handle: [`Journal::append`] answers when the events are on the disk, not before.
//! - [`Reader`] is anybody's: any number, in any process, while the writer writes; [`Follower`] waits for what comes.
//! - [`verify`] reads everything and names what does not fit.
//!
//! Invariants:
//! - **an acknowledged event is never lost**, and an event once recorded is never changed or removed;
//! - **positions are dense from 1, versions are dense from 1 in each stream**, and an append is recorded whole or not at all;
//! - **what does not fit is named, never papered over**: a gap, a broken chain and a damaged page are failures with a position;
//! - **one writer**: a second is refused and told who holds the journal;
//! - **the table is the truth**: whatever else is kept (heads, snapshots, bookmarks) can be deleted and made anew.
//!
//! `docs/journal.md` documents the table for readers in SQL and other languages.

mod ahead;
mod chain;
mod entry;
mod failure;
mod fault;
mod follower;
mod journal;
mod lock;
mod reader;
mod shared;
mod table;
mod tail;
mod verify;
mod writer;

pub use entry::{Append, Appended, BoxError, Entry, EntryRef, Head, Heads, NewEvent, NoHeads};
pub use failure::{AppendError, Failure};
pub use fault::Fault;
pub use follower::Follower;
pub use journal::Journal;
pub use reader::Reader;
pub use verify::{Verified, verify};
