//! What a file has taken in of which journal.

use journal::EntryRef;
use rusqlite::Connection;

/// The row of the table `seen`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Of the last event taken in; 0: none yet.
    pub position: u64,
    /// How many events were taken in.
    pub events: u64,
    /// How many of them belong to contexts that this program does not know.
    pub skipped: u64,
    /// BLAKE3, event by event, over the hash before and the event's hash in the journal: two files with the same hash saw
    /// the same events in the same order, and none was left out.
    pub hash: [u8; 32],
    /// The hash of the journal's first event: which journal it is.
    pub journal_first: Option<[u8; 32]>,
    /// The hash of the event at `position`.
    pub journal_last: Option<[u8; 32]>,
}

impl Seen {
    /// Nothing was seen yet.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            position: 0,
            events: 0,
            skipped: 0,
            hash: [0; 32],
            journal_first: None,
            journal_last: None,
        }
    }

    /// Goes on by one event.
    pub fn take(&mut self, entry: &EntryRef<'_>) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.hash);
        hasher.update(entry.hash);
        self.hash = *hasher.finalize().as_bytes();
        self.position = entry.position;
        self.events += 1;
        self.journal_first.get_or_insert(*entry.hash);
        self.journal_last = Some(*entry.hash);
    }

    /// `None`: the file was made by other definitions than this program's.
    pub(crate) fn read(
        connection: &Connection,
        schema: &[u8; 32],
    ) -> rusqlite::Result<Option<Self>> {
        let sql =
            "SELECT position, events, skipped, hash, journal_first, journal_last, schema FROM seen";
        connection.query_row(sql, [], |row| {
            let whole = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
            let seen = Self {
                position: whole(0)?,
                events: whole(1)?,
                skipped: whole(2)?,
                hash: row.get(3)?,
                journal_first: row.get(4)?,
                journal_last: row.get(5)?,
            };
            Ok((row.get::<_, [u8; 32]>(6)? == *schema).then_some(seen))
        })
    }

    pub(crate) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "UPDATE seen SET position = ?1, events = ?2, skipped = ?3, hash = ?4, journal_first = ?5, journal_last = ?6",
            )?
            .execute((
                self.position.cast_signed(),
                self.events.cast_signed(),
                self.skipped.cast_signed(),
                self.hash,
                self.journal_first,
                self.journal_last,
            ))?;
        Ok(())
    }
}
