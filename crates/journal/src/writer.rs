use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{CachedStatement, Connection, ffi, params};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::chain::Chain;
use crate::lock::Lock;
use crate::shared::Shared;
use crate::table::{self, iso_day};
use crate::tail::at;
use crate::{Append, AppendError, Appended, EntryRef, Failure, Head};

/// One transaction takes so many appends at most, so that nobody waits for a group that never ends.
const GROUP: usize = 1024;

/// A group waits so long, at most, for those who were in the one before: well below the cost of a sync.
const LINGER: Duration = Duration::from_micros(60);

/// What the writer is asked.
pub(crate) enum Ask {
    Append(Waiting),
    Close(oneshot::Sender<Result<(), Failure>>),
    #[cfg(test)]
    Run(Box<dyn FnOnce(&Connection) + Send>),
}

/// An append that waits to be durable.
pub(crate) struct Waiting {
    pub(crate) append: Append,
    pub(crate) answer: oneshot::Sender<Result<Appended, AppendError>>,
    /// Its share of the memory that waiting appends may take.
    pub(crate) room: OwnedSemaphorePermit,
}

/// The thread that alone writes: it takes whatever waits into one transaction, syncs once, then answers all.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) chain: Chain,
    pub(crate) shared: Arc<Shared>,
    /// Freed last, when the connection is closed.
    pub(crate) lock: Lock,
}

/// How far the writer can be trusted to know what the disk holds.
enum Standing {
    Sure,
    /// A transaction failed: look before the next.
    Unsure,
    /// It cannot be known any more without opening anew.
    Lost(Arc<Failure>),
}

/// The writer within one opening: its statements, and what is not yet durable.
struct Desk<'c> {
    connection: &'c Connection,
    path: &'c PathBuf,
    shared: &'c Shared,
    begin: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    commit: CachedStatement<'c>,
    one: CachedStatement<'c>,
    /// The durable end of the journal.
    chain: Chain,
    standing: Standing,
    /// The heads of the streams changed by the transaction at hand.
    changed: HashMap<String, Head>,
}

impl Writer {
    /// Works until the journal is closed or its last handle is dropped.
    pub(crate) fn run(self, mut asks: mpsc::Receiver<Ask>) {
        let Self { connection, path, chain, shared, lock } = self;
        let closing = match Desk::new(&connection, &path, &shared, chain) {
            Ok(mut desk) => desk.work(&mut asks),
            Err(failure) => refuse_all(&mut asks, &failure),
        };
        let folded = fold(&connection, &path);
        let closed = connection
            .close()
            .map_err(|(_, source)| Failure::sqlite("close the journal", &path)(source));
        drop(lock);
        if let Some(answer) = closing {
            // Who closes may have gone away meanwhile.
            let _ = answer.send(folded.and(closed));
        }
    }
}

impl<'c> Desk<'c> {
    fn new(
        connection: &'c Connection,
        path: &'c PathBuf,
        shared: &'c Shared,
        chain: Chain,
    ) -> Result<Self, Failure> {
        let prepare = |sql| {
            connection
                .prepare_cached(sql)
                .map_err(Failure::sqlite("prepare the writing of events", path))
        };
        Ok(Self {
            connection,
            path,
            shared,
            begin: prepare("BEGIN IMMEDIATE")?,
            insert: prepare(table::INSERT)?,
            commit: prepare("COMMIT")?,
            one: prepare(table::ONE)?,
            chain,
            standing: Standing::Sure,
            changed: HashMap::new(),
        })
    }

    /// Answers who closes, if somebody does.
    fn work(
        &mut self,
        asks: &mut mpsc::Receiver<Ask>,
    ) -> Option<oneshot::Sender<Result<(), Failure>>> {
        let mut closing = None;
        let mut group = Vec::new();
        let mut usual = 1;
        while let Some(ask) = asks.blocking_recv() {
            let began = Instant::now();
            let mut next = Some(ask);
            while let Some(ask) = next {
                match ask {
                    Ask::Append(waiting) => group.push(waiting),
                    Ask::Close(answer) => {
                        // Nobody can ask any more; what waits already is written first.
                        asks.close();
                        closing = Some(answer);
                    }
                    #[cfg(test)]
                    Ask::Run(work) => work(self.connection),
                }
                next = if group.len() < GROUP {
                    asks.try_recv().ok().or_else(|| late(asks, began, group.len() < usual))
                } else {
                    None
                };
            }
            usual = group.len();
            self.record(&mut group);
        }
        closing
    }

    /// Makes the group durable, then answers each.
    fn record(&mut self, group: &mut Vec<Waiting>) {
        if group.is_empty() {
            return;
        }
        let outcome = self.settle().and_then(|()| self.transaction(group));
        match outcome {
            Ok(answers) => {
                if !self.changed.is_empty() {
                    self.shared.advance(self.chain.position, &mut self.changed);
                }
                for (waiting, answer) in group.drain(..).zip(answers) {
                    waiting.answered(answer);
                }
            }
            Err(failure) => {
                self.changed.clear();
                self.doubt(&failure);
                for waiting in group.drain(..) {
                    waiting.answered(Err(failure.clone().into()));
                }
            }
        }
    }

    /// One transaction, one sync.  On failure nothing of it is recorded.
    fn transaction(
        &mut self,
        group: &[Waiting],
    ) -> Result<Vec<Result<Appended, AppendError>>, Failure> {
        let failed = Failure::sqlite("record events in the journal", self.path);
        let run = |statement: &mut CachedStatement<'_>| statement.raw_execute();
        if let Err(source) = run(&mut self.begin) {
            return Err(failed(source));
        }
        let mut chain = self.chain.clone();
        let mut answers = Vec::with_capacity(group.len());
        for waiting in group {
            answers.push(match self.head_of(&waiting.append.stream) {
                Err(failure) => Err(failure.into()),
                Ok(head) if head.version != waiting.append.expected => {
                    Err(conflict(&waiting.append, head))
                }
                Ok(head) => Ok(self.insert(&waiting.append, head, &mut chain)?),
            });
        }
        if let Err(source) = run(&mut self.commit) {
            return Err(failed(source));
        }
        self.chain = chain;
        Ok(answers)
    }

    fn insert(
        &mut self,
        append: &Append,
        mut head: Head,
        chain: &mut Chain,
    ) -> Result<Appended, Failure> {
        let first = chain.position + 1;
        // Clocks are set back now and then; the journal's time is not.
        let asked = append.recorded_at.timestamp_micros();
        let micros = asked.max(chain.recorded_at);
        let recorded_at =
            chrono::DateTime::from_timestamp_micros(micros).unwrap_or(append.recorded_at);
        for event in &append.events {
            let entry = EntryRef {
                position: chain.position + 1,
                stream: &append.stream,
                version: head.version + 1,
                previous: head.position,
                event_type: &event.event_type,
                schema: event.schema,
                id: event.id,
                recorded_at,
                effective_on: event.effective_on,
                actor: &append.actor,
                command: append.command,
                correlation: append.correlation,
                causation: append.causation,
                payload: &event.payload,
                hash: &[0; 32],
            };
            let hash = chain.next_hash(&entry);
            self.insert_row(&entry, micros, &hash)
                .map_err(Failure::sqlite("record events in the journal", self.path))?;
            head = Head { position: entry.position, version: entry.version };
            (chain.position, chain.hash, chain.recorded_at) = (entry.position, hash, micros);
        }
        match self.changed.get_mut(&append.stream) {
            Some(known) => *known = head,
            None => {
                self.changed.insert(append.stream.clone(), head);
            }
        }
        Ok(Appended { first, last: head.position, version: head.version })
    }

    fn insert_row(
        &mut self,
        entry: &EntryRef<'_>,
        micros: i64,
        hash: &[u8; 32],
    ) -> rusqlite::Result<()> {
        let day = iso_day(entry.effective_on).unwrap_or_default();
        let day = str::from_utf8(&day)?;
        self.insert.execute(params![
            entry.position.cast_signed(),
            entry.stream,
            entry.version.cast_signed(),
            entry.previous.cast_signed(),
            entry.event_type,
            entry.schema,
            &entry.id.as_bytes()[..],
            micros,
            day,
            entry.actor,
            &entry.command.as_bytes()[..],
            &entry.correlation.as_bytes()[..],
            entry.causation.as_ref().map(|id| &id.as_bytes()[..]),
            entry.payload,
            &hash[..],
        ])?;
        Ok(())
    }

    /// The stream's head, counting what the transaction at hand already holds.
    fn head_of(&mut self, stream: &str) -> Result<Head, Failure> {
        if let Some(head) = self.changed.get(stream) {
            return Ok(*head);
        }
        match self.shared.recent_head(stream) {
            Some(head) => Ok(head),
            None => match self.shared.indexed(stream)? {
                Some(head) => self.confirmed(stream, head),
                None => Ok(Head::default()),
            },
        }
    }

    /// An index that answers wrongly would break the stream: the row it names is looked at.
    fn confirmed(&mut self, stream: &str, head: Head) -> Result<Head, Failure> {
        let found = at(&mut self.one, self.path, head.position, |entry| {
            (entry.stream == stream && entry.version == head.version)
                .then_some(())
                .ok_or_else(|| format!("version {} of stream {:?}", entry.version, entry.stream))
        })?;
        let found = match found {
            Some(Ok(())) => return Ok(head),
            Some(Err(other)) => other,
            None => "no event".to_owned(),
        };
        let says = format!("version {} at position {}", head.version, head.position);
        Err(Failure::HeadsDisagree { stream: stream.to_owned(), says, found })
    }

    /// After a failed transaction: is the journal still what the writer thinks it is?
    fn settle(&mut self) -> Result<(), Failure> {
        match &self.standing {
            Standing::Sure => return Ok(()),
            Standing::Lost(cause) => return Err(Failure::Stopped { source: Arc::clone(cause) }),
            Standing::Unsure => {}
        }
        let found = table::last(self.connection, self.path)?;
        if found != self.chain.position {
            let cause = format!(
                "after a failed transaction the journal ends at {found}, not at {}",
                self.chain.position
            );
            let cause = Failure::NotAJournal { path: self.path.clone(), found: cause };
            self.standing = Standing::Lost(Arc::new(cause));
            return self.settle();
        }
        self.standing = Standing::Sure;
        Ok(())
    }

    fn doubt(&mut self, failure: &Failure) {
        if matches!(self.standing, Standing::Lost(_)) {
            return;
        }
        tracing::error!(error = failure as &dyn std::error::Error, "events could not be recorded");
        // SQLite ends some failed transactions itself.
        let ended =
            self.connection.is_autocommit() || self.connection.execute_batch("ROLLBACK").is_ok();
        self.standing = if ended && !is_failed_sync(failure) {
            Standing::Unsure
        } else {
            Standing::Lost(Arc::new(failure.clone()))
        };
    }
}

/// The next ask, when more are usual and it comes soon.  Those answered together ask again together, but not in the same
/// instant: without this the first of them would have a sync of its own, and the others wait for that.
fn late(asks: &mut mpsc::Receiver<Ask>, began: Instant, more: bool) -> Option<Ask> {
    while more && began.elapsed() < LINGER {
        thread::yield_now();
        if let Ok(ask) = asks.try_recv() {
            return Some(ask);
        }
    }
    None
}

impl Waiting {
    fn answered(self, answer: Result<Appended, AppendError>) {
        let Self { answer: to, room, .. } = self;
        drop(room);
        // Who asked may have gone away meanwhile; the events are recorded all the same.
        let _ = to.send(answer);
    }
}

pub(crate) fn conflict(append: &Append, head: Head) -> AppendError {
    AppendError::Conflict {
        stream: append.stream.clone(),
        expected: append.expected,
        actual: head.version,
    }
}

/// After a failed sync the system may have dropped what it could not write and call the next one a success.
fn is_failed_sync(failure: &Failure) -> bool {
    let Failure::Sqlite { source, .. } = failure else { return false };
    source.sqlite_error().is_some_and(|error| {
        matches!(error.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    })
}

/// Folds the write-ahead log back into the table, so that the file alone is the whole journal.
fn fold(connection: &Connection, path: &std::path::Path) -> Result<(), Failure> {
    // A reader in the middle of something keeps part of the log from being folded back: the next opening does it.
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(Failure::sqlite("fold the write-ahead log back into the journal", path))
}

fn refuse_all(
    asks: &mut mpsc::Receiver<Ask>,
    failure: &Failure,
) -> Option<oneshot::Sender<Result<(), Failure>>> {
    while let Some(ask) = asks.blocking_recv() {
        match ask {
            Ask::Append(waiting) => waiting.answered(Err(failure.clone().into())),
            Ask::Close(answer) => return Some(answer),
            #[cfg(test)]
            Ask::Run(_) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
