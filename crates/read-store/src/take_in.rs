//! Taking events in: a few at a time into a live file, or all of them into a new one.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, Scope};

use journal::{EntryRef, Reader};
use projections::{Event, ReadModels, Recorded, View, Window};
use rusqlite::{Connection, TransactionBehavior};

use crate::rows::{Rows, State, Written};
use crate::seen::Seen;
use crate::{Failure, schema};

/// Events that go from the reading thread to the writing one at once.
const CHUNK: usize = 2_048;
/// Such portions on their way, about a megabyte each.
const CHUNKS: usize = 4;
/// Events between two writes of a live file: each is one transaction.
const LIVE: u64 = 4_096;
/// Events between two writes of a new file.
const BULK: u64 = 16_384;
/// How often, in events, it is asked whether memory has grown too large.
const WEIGHED: u64 = 16 * BULK;
/// Rows of the timeline that a new file keeps back, so that they can be written in the order of their key.
const TIMELINE: usize = 1_000_000;
/// Facts held in memory, about 250 bytes each.  (Twenty years of all England's secondary results, and Ofsted's
/// inspections of all its schools, are about 300,000.  With more, schools are forgotten and looked up again, which is
/// right and much slower.)
const FACTS: usize = 500_000;

struct Chunk {
    events: Vec<Recorded>,
    /// As of the last event read, shown or not.
    seen: Seen,
}

/// Takes the events after `seen` up to `upto` into a live file, a transaction at a time.
pub(crate) fn follow(
    connection: &mut Connection,
    path: &Path,
    models: &mut ReadModels,
    seen: &mut Seen,
    journal: &Reader,
    upto: u64,
    progress: &dyn Fn(u64),
) -> Result<(), Failure> {
    while seen.position < upto {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Failure::sqlite("begin to write", path))?;
        let mut written = Written::in_file(&transaction, path, State::Indexed);
        let mut next = seen.clone();
        let until = upto.min(seen.position + LIVE);
        let mut failure = None;
        let before = seen.position;
        journal.for_each(before, until, |entry| {
            let taken = decoded(&entry, &mut next).and_then(|recorded| match recorded {
                Some(recorded) => models.apply(&recorded, &mut written),
                None => Ok(()),
            });
            match taken {
                Ok(()) => ControlFlow::Continue(()),
                Err(why) => {
                    failure = Some(why);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        if next.position == before {
            break;
        }
        models.write(&mut Rows::of(&transaction, path))?;
        next.write(&transaction).map_err(Failure::sqlite("write the position", path))?;
        transaction.commit().map_err(Failure::sqlite("commit", path))?;
        if before / WEIGHED != next.position / WEIGHED {
            models.forget(FACTS);
        }
        *seen = next;
        progress(seen.position);
    }
    Ok(())
}

/// Takes the events from the first up to `upto` into a new file: one thread reads the journal and decodes, another
/// writes.
pub(crate) fn fill(
    connection: &mut Connection,
    path: &Path,
    window: Window,
    journal: &Reader,
    upto: u64,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<Seen, Failure> {
    let (sender, receiver) = sync_channel(CHUNKS);
    // Events go back to the thread that made them, to be dropped there: it has time, and their memory is its own.
    let (used, back) = channel();
    thread::scope(|scope| {
        let writer = thread::Builder::new()
            .name("read models".to_owned())
            .spawn_scoped(scope, move || {
                write_all(scope, connection, path, window, &receiver, &used)
            })
            .map_err(Failure::file("start the writing thread", path))?;
        let read = read_all(journal, window, upto, &sender, &back, progress);
        drop(sender);
        // The writer's failure is the cause when the reader could not hand on what it read.
        let seen = match writer.join() {
            Ok(written) => written?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        read?;
        Ok(seen)
    })
}

fn read_all(
    journal: &Reader,
    window: Window,
    upto: u64,
    sender: &SyncSender<Chunk>,
    back: &Receiver<Vec<Recorded>>,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut view = View::of(window);
    let mut seen = Seen::nothing();
    let mut events = Vec::with_capacity(CHUNK);
    let mut failure = None;
    journal.for_each(0, upto, |entry| {
        match decoded(&entry, &mut seen) {
            Ok(recorded) => events.extend(recorded.filter(|recorded| view.shows(recorded))),
            Err(why) => {
                failure = Some(why);
                return ControlFlow::Break(());
            }
        }
        if seen.events.is_multiple_of(CHUNK as u64) {
            let mut empty = back.try_recv().unwrap_or_default();
            empty.clear();
            let events = std::mem::replace(&mut events, empty);
            if sender.send(Chunk { events, seen: seen.clone() }).is_err() {
                return ControlFlow::Break(());
            }
            if progress(seen.position).is_break() {
                failure = Some(Failure::BrokenOff);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    // Nobody takes it when the writer failed, and then its failure is told.
    let _ = sender.send(Chunk { events, seen: seen.clone() });
    match progress(seen.position) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Failure::BrokenOff),
    }
}

fn write_all<'scope>(
    scope: &'scope Scope<'scope, '_>,
    connection: &mut Connection,
    path: &Path,
    window: Window,
    chunks: &Receiver<Chunk>,
    used: &Sender<Vec<Recorded>>,
) -> Result<Seen, Failure> {
    let transaction = connection.transaction().map_err(Failure::sqlite("begin to write", path))?;
    let mut models = ReadModels::of(window);
    let mut written = Written::in_file(&transaction, path, State::AllInMemory);
    let mut sink = Rows::of(&transaction, path);
    let mut seen = Seen::nothing();
    let mut waiting = 0;
    for chunk in chunks {
        for recorded in &chunk.events {
            models.apply(recorded, &mut written)?;
        }
        waiting += chunk.events.len() as u64;
        seen = chunk.seen;
        // The reading thread may have read everything already.
        let _ = used.send(chunk.events);
        if waiting >= BULK {
            waiting = 0;
            models.write_versions(&mut sink)?;
        }
        if seen.events.is_multiple_of(WEIGHED) {
            let (facts, moments) = models.held();
            if facts > FACTS || moments > TIMELINE {
                models.write(&mut sink)?;
                if models.forget(FACTS) {
                    written.must_be_looked_up()?;
                }
            }
        }
    }
    models.write(&mut sink)?;
    drop(sink);
    // Letting go of hundreds of thousands of facts takes nearly as long as making the indexes: it is done meanwhile.
    scope.spawn(move || drop(models));
    seen.write(&transaction).map_err(Failure::sqlite("write the position", path))?;
    schema::create_indexes(&transaction).map_err(Failure::sqlite("make the indexes", path))?;
    schema::create_search(&transaction)
        .map_err(Failure::sqlite("make the search for names", path))?;
    transaction.commit().map_err(Failure::sqlite("commit", path))?;
    Ok(seen)
}

/// Goes on by one event; `None`: it belongs to a context that this program does not know.
fn decoded(entry: &EntryRef<'_>, seen: &mut Seen) -> Result<Option<Recorded>, Failure> {
    let event = Event::decode(entry.stream, entry.payload)
        .map_err(|source| Failure::Event { position: entry.position, source })?;
    seen.take(entry);
    let Some(event) = event else {
        seen.skipped += 1;
        return Ok(None);
    };
    Ok(Some(Recorded {
        position: entry.position,
        version: entry.version,
        recorded_at: entry.recorded_at,
        effective_on: entry.effective_on,
        actor: entry.actor.to_owned(),
        event,
    }))
}
