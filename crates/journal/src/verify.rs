use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use rusqlite::{CachedStatement, Connection};
use serde::de::IgnoredAny;

use crate::chain::{Chain, Streams, follow_stream};
use crate::table;
use crate::{EntryRef, Failure, Fault, Head};

/// What a journal was found to hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// Events read.
    pub events: u64,
    /// The hash of the last one: two journals with the same last hash hold the same events.  Kept elsewhere, it also
    /// shows whether the end of a journal was cut off, which nothing inside the file can show.
    pub last_hash: [u8; 32],
    /// What does not fit, in order of position; empty when all is well.
    pub faults: Vec<Fault>,
}

/// Reads the whole journal, up to what is durable now, and names everything that does not fit: positions, hashes,
/// times, each stream's versions and previous positions, payloads that are no JSON, damaged pages, and whatever SQLite's
/// own check finds.  `progress` is told the position reached and the last one, now and then.  The writer may be at work.
///
/// # Errors
/// The file cannot be opened, or is no journal.
pub fn verify(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Verified, Failure> {
    let connection = table::open_to_read(path)?;
    let mut audit = Audit {
        path: path.to_owned(),
        chain: Chain::default(),
        streams: Streams::new(),
        holes: Vec::new(),
        events: 0,
        faults: Vec::new(),
    };
    let head = match table::last(&connection, path) {
        Ok(head) => head,
        Err(Failure::Damaged { fault, .. }) => {
            audit.faults.push(fault);
            0
        }
        Err(failure) => return Err(failure),
    };
    audit.read(&connection, head, progress)?;
    audit.check_structure(&connection);
    Ok(Verified { events: audit.events, last_hash: audit.chain.hash, faults: audit.faults })
}

/// The reading so far.
struct Audit {
    path: PathBuf,
    chain: Chain,
    streams: Streams,
    /// Positions that are missing or cannot be read: what names one of them as the event before it is not itself at fault.
    holes: Vec<RangeInclusive<u64>>,
    events: u64,
    faults: Vec<Fault>,
}

impl Audit {
    fn read(
        &mut self,
        connection: &Connection,
        head: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Failure> {
        let failed = Failure::sqlite("read the journal", &self.path);
        let mut statement = connection.prepare_cached(table::RANGE).map_err(failed)?;
        let mut after = 0;
        while after < head {
            progress(after, head);
            let end = head.min(after + table::STRIDE);
            after = match self.stride(&mut statement, after, end) {
                Ok(()) => end,
                Err(source) => {
                    let reached = self.chain.position.max(after);
                    match table::unreadable(&self.path, reached, source) {
                        Failure::Damaged { fault, .. } => self.faults.push(fault),
                        failure => return Err(failure),
                    }
                    let next = beyond(&mut statement, reached, head);
                    self.holes.push(reached + 1..=next);
                    self.chain.skip(next);
                    next
                }
            };
        }
        if self.chain.position < head && self.faults.is_empty() {
            self.faults.push(Fault::Missing { position: self.chain.position + 1 });
        }
        progress(head, head);
        Ok(())
    }

    fn stride(
        &mut self,
        statement: &mut CachedStatement<'_>,
        after: u64,
        end: u64,
    ) -> rusqlite::Result<()> {
        let mut rows = statement.query((after.cast_signed(), end.cast_signed()))?;
        while let Some(row) = rows.next()? {
            match table::entry(row) {
                Ok(entry) => self.hold(&entry),
                Err(odd) => {
                    self.holes.push(self.chain.position + 1..=odd.position);
                    self.chain.skip(odd.position);
                    self.faults.push(odd.into());
                }
            }
        }
        Ok(())
    }

    /// Holds one event against all that came before.
    fn hold(&mut self, entry: &EntryRef<'_>) {
        self.events += 1;
        self.chain.follow(entry, |fault| {
            if let Fault::Gap { after, found } = fault {
                self.holes.push(after + 1..=found.saturating_sub(1));
            }
            self.faults.push(fault);
        });
        let here = Head { position: entry.position, version: entry.version };
        let before = match self.streams.get_mut(entry.stream) {
            Some(known) => std::mem::replace(known, here),
            None => {
                self.streams.insert(entry.stream.to_owned(), here);
                Head::default()
            }
        };
        if !self.holes.iter().any(|hole| hole.contains(&entry.previous)) {
            self.faults.extend(follow_stream(before, entry));
        }
        if let Err(error) = serde_json::from_str::<IgnoredAny>(entry.payload) {
            self.faults.push(Fault::Payload { position: entry.position, why: error.to_string() });
        }
    }

    /// SQLite's own check finds what reading by position does not pass: pages in no use, lost pages, wrong order.
    fn check_structure(&mut self, connection: &Connection) {
        let structure = |why: String| Fault::Structure { why };
        let before =
            connection.query_row("SELECT count(*) FROM events WHERE position < 1", [], |row| {
                row.get::<_, i64>(0)
            });
        if let Ok(rows @ 1..) = before {
            self.faults.push(structure(format!("{rows} rows stand before position 1")));
        }
        let found = connection.prepare("PRAGMA quick_check(100)").and_then(|mut statement| {
            statement
                .query_map([], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        match found {
            Ok(lines) => {
                self.faults.extend(lines.into_iter().filter(|line| line != "ok").map(structure));
            }
            Err(error) => self.faults.push(structure(error.to_string())),
        }
    }
}

/// From which position on the table can be read again after a damaged page: looked for ahead in growing steps.
fn beyond(statement: &mut CachedStatement<'_>, reached: u64, head: u64) -> u64 {
    let mut step = 1;
    loop {
        let next = reached.saturating_add(step);
        if next >= head {
            return head;
        }
        let probe = statement
            .query((next.cast_signed(), next.saturating_add(1).cast_signed()))
            .and_then(|mut rows| rows.next().map(|row| row.is_some()));
        if let Ok(true) = probe {
            return next;
        }
        step *= 2;
    }
}
