use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rusqlite::{CachedStatement, Connection};

use crate::table::{self, NotAnEvent};
use crate::{Entry, EntryRef, Failure, Fault, ahead};

/// So many events are worth a thread that reads ahead.
const LONG: u64 = 8 * table::STRIDE;

/// A read-only view of the journal, in any process.  It reads by ranges of positions, each in its own short
/// transaction, and sees what was durable when that began.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    /// SQLite's `data_version` when last asked.
    version: Option<i64>,
}

impl Reader {
    /// Opens the journal at `path` for reading.
    ///
    /// # Errors
    /// There is no journal, or it cannot be read from here: while no writer has it open, SQLite must be able to make
    /// the files `-wal` and `-shm` beside it.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        Ok(Self { connection: table::open_to_read(path)?, path: path.to_owned(), version: None })
    }

    /// The last position recorded; 0 when the journal is empty.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn head(&self) -> Result<u64, Failure> {
        table::last(&self.connection, &self.path)
    }

    /// Up to `limit` events after position `after`, in order, in place of what `into` held.
    ///
    /// # Errors
    /// The file cannot be read, or there is a gap.
    pub fn read(&self, after: u64, limit: usize, into: &mut Vec<Entry>) -> Result<(), Failure> {
        into.clear();
        let upto = after.saturating_add(limit as u64);
        self.for_each(after, upto, |entry| {
            into.push(entry.to_entry());
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Shows every event after `after` up to and with `upto` (or the last there is) to `f`, in order: the fast way to
    /// read everything.  A long range is read ahead by a thread of its own while `f` works; memory stays flat.
    /// Answers the last position shown, or `after`.
    ///
    /// # Errors
    /// The file cannot be read, a row is no event, or a position is missing; what comes before was shown.
    pub fn for_each(
        &self,
        after: u64,
        upto: u64,
        f: impl FnMut(EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Failure> {
        let upto = upto.min(self.head()?);
        // Reading ahead takes another connection; where none can be had, this one does it alone.
        if upto.saturating_sub(after) > LONG
            && let Ok(other) = Self::open(&self.path)
        {
            return ahead::for_each(other, after, upto, f);
        }
        self.walk(after, upto, f)
    }

    /// One stream, from its event at `head` back to its first, oldest first; none for `head` 0.
    ///
    /// # Errors
    /// The file cannot be read, or the stream's events do not follow one another.
    pub fn stream_back(&self, head: u64) -> Result<Vec<Entry>, Failure> {
        self.stream_since(head, 0)
    }

    /// As [`Reader::stream_back`], but only the versions after `after_version`.
    ///
    /// # Errors
    /// As there.
    pub fn stream_since(&self, head: u64, after_version: u64) -> Result<Vec<Entry>, Failure> {
        if head == 0 {
            return Ok(Vec::new());
        }
        // One transaction for the walk, which otherwise would take and free SQLite's locks at every step.
        let walk = self.connection.unchecked_transaction().map_err(|source| self.failed(source))?;
        let mut statement = self.prepare(table::ONE)?;
        let mut found: Vec<Entry> = Vec::new();
        let mut position = head;
        while position != 0 {
            let entry = self
                .one(&mut statement, position)?
                .ok_or_else(|| self.damaged(Fault::Missing { position }))?;
            if let Some(fault) = found.last().and_then(|next| unfollowed(&entry, next)) {
                return Err(self.damaged(fault));
            }
            if entry.version <= after_version {
                break;
            }
            position = entry.previous;
            found.push(entry);
        }
        if let Some(first) = found.last().filter(|first| position == 0 && first.version != 1) {
            let (position, found) = (first.position, first.version);
            return Err(self.damaged(Fault::Version {
                position,
                stream: first.stream.clone(),
                expected: 1,
                found,
            }));
        }
        drop(statement);
        walk.finish().map_err(|source| self.failed(source))?;
        found.reverse();
        Ok(found)
    }

    /// Copies the journal, as it stands now, to a file that is not there yet, and answers when that is on the disk.  The
    /// writer may be at work.
    ///
    /// # Errors
    /// The journal cannot be read, or the copy not be made; what was made of it stays there.
    pub fn copy_to(&self, copy: &Path) -> Result<(), Failure> {
        self.connection
            .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
            .map_err(Failure::sqlite("copy the journal", copy))?;
        std::fs::File::open(copy)
            .and_then(|file| file.sync_all())
            .map_err(Failure::file("write the copy to the disk", copy))
    }

    /// The event at `position`.
    ///
    /// # Errors
    /// The file cannot be read, or the row is no event.
    pub fn event(&self, position: u64) -> Result<Option<Entry>, Failure> {
        self.one(&mut self.prepare(table::ONE)?, position)
    }

    /// Whether anybody committed since this was last asked (or since opening): cheap, reads no table.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn changed(&mut self) -> Result<bool, Failure> {
        let version = self
            .prepare("PRAGMA data_version")?
            .query_row([], |row| row.get(0))
            .map_err(|source| self.failed(source))?;
        Ok(self.version.replace(version) != Some(version))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Shows the events of a range that is not beyond the last position, straight from the rows.
    pub(crate) fn walk(
        &self,
        after: u64,
        upto: u64,
        mut f: impl FnMut(EntryRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Failure> {
        let mut statement = self.prepare(table::RANGE)?;
        let mut shown = after;
        while shown < upto {
            let end = upto.min(shown + table::STRIDE);
            let failed = |source, shown| table::unreadable(&self.path, shown, source);
            let mut rows = statement
                .query((shown.cast_signed(), end.cast_signed()))
                .map_err(|source| failed(source, shown))?;
            while let Some(row) = rows.next().map_err(|source| failed(source, shown))? {
                let entry = table::entry(row).map_err(|odd| self.damaged(odd.into()))?;
                if entry.position != shown + 1 {
                    return Err(self.damaged(Fault::Gap { after: shown, found: entry.position }));
                }
                shown = entry.position;
                if f(entry).is_break() {
                    return Ok(shown);
                }
            }
            if shown < end {
                return Err(self.damaged(Fault::Missing { position: shown + 1 }));
            }
        }
        Ok(shown)
    }

    fn one(
        &self,
        statement: &mut CachedStatement<'_>,
        position: u64,
    ) -> Result<Option<Entry>, Failure> {
        let mut rows =
            statement.query([position.cast_signed()]).map_err(|source| self.failed(source))?;
        let Some(row) =
            rows.next().map_err(|source| table::unreadable(&self.path, position - 1, source))?
        else {
            return Ok(None);
        };
        let entry = table::entry(row).map_err(|odd: NotAnEvent| self.damaged(odd.into()))?;
        Ok(Some(entry.to_entry()))
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, Failure> {
        self.connection.prepare_cached(sql).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: rusqlite::Error) -> Failure {
        table::unreadable(&self.path, 0, source)
    }

    fn damaged(&self, fault: Fault) -> Failure {
        Failure::Damaged { path: self.path.clone(), fault }
    }
}

/// What is wrong when `next` names `entry` as the event before it in its stream.
fn unfollowed(entry: &Entry, next: &Entry) -> Option<Fault> {
    let (position, stream) = (next.position, || next.stream.clone());
    if entry.stream != next.stream {
        let why = format!(
            "it names event {} as the one before it in its stream, which is of {}",
            entry.position, entry.stream
        );
        return Some(Fault::Row { position, why });
    }
    if entry.version + 1 != next.version {
        return Some(Fault::Version {
            position,
            stream: stream(),
            expected: entry.version + 1,
            found: next.version,
        });
    }
    // Only what was recorded before can come before; anything else could walk in a circle.
    if entry.position >= next.position {
        return Some(Fault::Previous {
            position,
            stream: stream(),
            expected: position - 1,
            found: entry.position,
        });
    }
    None
}
