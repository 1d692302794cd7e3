use std::fmt;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate};
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use uuid::Uuid;

use crate::{EntryRef, Failure, Fault};

/// `PRAGMA application_id`: the letters `Ledg`, so that nobody's other database is mistaken for a journal.
const APPLICATION: i64 = 0x4c65_6467;

/// `PRAGMA user_version`: the format of the table and of the hash.
const FORMAT: i64 = 1;

/// Nothing but the position is indexed: every index would cost the writer more than the table itself.  The two
/// triggers keep a slip of the hand in some SQL shell from changing the past; the view is for reading in one.
const SCHEMA: &str = "
CREATE TABLE events (
    position     INTEGER PRIMARY KEY,
    stream       TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    previous     INTEGER NOT NULL,
    event_type   TEXT    NOT NULL,
    schema       INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    recorded_at  INTEGER NOT NULL,
    effective_on TEXT    NOT NULL,
    actor        TEXT    NOT NULL,
    command      BLOB    NOT NULL,
    correlation  BLOB    NOT NULL,
    causation    BLOB,
    payload      TEXT    NOT NULL,
    hash         BLOB    NOT NULL
) STRICT;
CREATE TRIGGER an_event_is_never_changed BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'an event, once recorded, is never changed; record another that corrects it'); END;
CREATE TRIGGER an_event_is_never_removed BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'an event, once recorded, is never removed; record another that corrects it'); END;
CREATE VIEW readable AS
SELECT position, stream, version, event_type,
       strftime('%Y-%m-%d %H:%M:%f', recorded_at / 1000000.0, 'unixepoch') AS recorded,
       effective_on, actor, payload, previous, schema,
       lower(hex(id)) AS id, lower(hex(command)) AS command, lower(hex(correlation)) AS correlation,
       lower(hex(causation)) AS causation, lower(hex(hash)) AS hash
  FROM events;
";

/// The columns in the order [`entry`] reads them.
macro_rules! columns {
    () => {
        "position, stream, version, previous, event_type, schema, id, recorded_at, effective_on, actor, command, \
         correlation, causation, payload, hash"
    };
}

pub(crate) const INSERT: &str = concat!(
    "INSERT INTO events (",
    columns!(),
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
);
pub(crate) const RANGE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position"
);
pub(crate) const ONE: &str = concat!("SELECT ", columns!(), " FROM events WHERE position = ?1");
pub(crate) const LAST: &str = "SELECT max(position) FROM events";

/// How many positions are read in one transaction: long enough that starting one costs nothing, short enough that the
/// write-ahead log can be folded back in between.
pub(crate) const STRIDE: u64 = 1024;

/// How long a connection waits for another that is recovering or closing the file.
const PATIENCE: Duration = Duration::from_secs(10);

/// A row that is not an event.
pub(crate) struct NotAnEvent {
    pub(crate) position: u64,
    pub(crate) why: String,
}

impl From<NotAnEvent> for Fault {
    fn from(NotAnEvent { position, why }: NotAnEvent) -> Self {
        Self::Row { position, why }
    }
}

/// Opens the file for its one writer, and makes the table when the file is new.
pub(crate) fn open_to_write(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(Failure::sqlite("open the journal", path))?;
    connection.busy_timeout(PATIENCE).map_err(Failure::sqlite("set up the journal", path))?;
    let new = recognise(&connection, path)?;

    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(Failure::sqlite("begin the write-ahead log of the journal", path))?;
    if mode != "wal" {
        let found = format!(
            "its file system lets SQLite keep no write-ahead log (journal_mode stays {mode})"
        );
        return Err(Failure::NotAJournal { path: path.to_owned(), found });
    }
    // FULL: a commit is on the disk when it returns.  4,000 pages (16 MB) of log: folded back seldom enough to cost
    // little, often enough that the log stays small.
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )
        .map_err(Failure::sqlite("set up the journal", path))?;
    if new {
        let making = format!(
            "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT;"
        );
        connection.execute_batch(&making).map_err(Failure::sqlite("make the journal", path))?;
    }
    Ok(connection)
}

/// Opens the file for reading only.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, Failure> {
    if !path.exists() {
        return Err(Failure::NotAJournal {
            path: path.to_owned(),
            found: "there is no such file".to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(Failure::sqlite("open the journal", path))?;
    connection
        .busy_timeout(PATIENCE)
        .and_then(|()| {
            connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        })
        .map_err(Failure::sqlite("set up the reading of the journal", path))?;
    if recognise(&connection, path)? {
        return Err(Failure::NotAJournal {
            path: path.to_owned(),
            found: "it is empty".to_owned(),
        });
    }
    Ok(connection)
}

/// The event in a row of [`RANGE`] or [`ONE`].
pub(crate) fn entry<'row>(row: &'row Row<'_>) -> Result<EntryRef<'row>, NotAnEvent> {
    columns(row).map_err(|odd| {
        let Odd { column, why } = *odd;
        let position = row.get_ref(0).ok().and_then(|value| value.as_i64().ok()).unwrap_or(0);
        NotAnEvent {
            position: position.try_into().unwrap_or(0),
            why: format!("column {column}: {why}"),
        }
    })
}

/// The last position in the table.
pub(crate) fn last(connection: &Connection, path: &Path) -> Result<u64, Failure> {
    connection
        .prepare_cached(LAST)
        .and_then(|mut statement| statement.query_row([], |row| row.get::<_, Option<i64>>(0)))
        .map(|position| position.unwrap_or(0).try_into().unwrap_or(0))
        .map_err(|source| unreadable(path, 0, source))
}

/// What a failed read after position `after` means: a damaged page is a fault of the file, anything else of the moment.
pub(crate) fn unreadable(path: &Path, after: u64, source: rusqlite::Error) -> Failure {
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Failure::Damaged {
            path: path.to_owned(),
            fault: Fault::Page { after, why: source.to_string() },
        },
        _ => Failure::sqlite("read the journal", path)(source),
    }
}

/// `2018-04-05`; `None` for a year that is not four digits.
pub(crate) fn iso_day(day: NaiveDate) -> Option<[u8; 10]> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year <= 9999)?;
    let digit = |number: u32, of: u32| b'0' + (number / of % 10) as u8;
    let (year, month, day) = (u32::from(year), day.month(), day.day());
    Some([
        digit(year, 1000),
        digit(year, 100),
        digit(year, 10),
        digit(year, 1),
        b'-',
        digit(month, 10),
        digit(month, 1),
        b'-',
        digit(day, 10),
        digit(day, 1),
    ])
}

/// Whether the file is new; a failure when it is somebody else's, or of a format this program does not read.
fn recognise(connection: &Connection, path: &Path) -> Result<bool, Failure> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id").map_err(|source| unopened(path, source))?;
    let format = number("PRAGMA user_version").map_err(|source| unopened(path, source))?;
    let tables =
        number("SELECT count(*) FROM sqlite_schema").map_err(|source| unopened(path, source))?;
    match (application, format, tables) {
        (0, 0, 0) => Ok(true),
        (APPLICATION, FORMAT, 1..) => Ok(false),
        (APPLICATION, FORMAT, _) => Err(Failure::NotAJournal {
            path: path.to_owned(),
            found: "its table is missing".to_owned(),
        }),
        (APPLICATION, other, _) => {
            let found = format!("its format is {other}, and this program knows format {FORMAT}");
            Err(Failure::NotAJournal { path: path.to_owned(), found })
        }
        _ => {
            let found = "it is a SQLite database of another program".to_owned();
            Err(Failure::NotAJournal { path: path.to_owned(), found })
        }
    }
}

/// A first read that failed: most often the directory, not the file, is what is in the way.
fn unopened(path: &Path, source: rusqlite::Error) -> Failure {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Failure::NotAJournal {
            path: path.to_owned(),
            found: "it is no SQLite database".to_owned(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => Failure::sqlite(
            "read the journal: while no writer has it open, a reader must be able to write in its directory; \
             start the writer, or copy the file",
            path,
        )(source),
        _ => unreadable(path, 0, source),
    }
}

/// A value that cannot stand in its column.  (Boxed, so that what is read a dozen times a row stays small.)
struct Odd {
    column: &'static str,
    why: String,
}

impl Odd {
    fn new(column: &'static str, why: impl fmt::Display) -> Box<Self> {
        Box::new(Self { column, why: why.to_string() })
    }
}

fn columns<'row>(row: &'row Row<'_>) -> Result<EntryRef<'row>, Box<Odd>> {
    let recorded_at = integer(row, 7, "recorded_at")?;
    let effective_on = text(row, 8, "effective_on")?;
    Ok(EntryRef {
        position: number(row, 0, "position")?,
        stream: text(row, 1, "stream")?,
        version: number(row, 2, "version")?,
        previous: number(row, 3, "previous")?,
        event_type: text(row, 4, "event_type")?,
        schema: integer(row, 5, "schema")?.try_into().map_err(|why| Odd::new("schema", why))?,
        id: uuid(value(row, 6, "id")?, "id")?,
        recorded_at: DateTime::from_timestamp_micros(recorded_at)
            .ok_or_else(|| Odd::new("recorded_at", format_args!("{recorded_at} is no time")))?,
        effective_on: day(effective_on)
            .ok_or_else(|| Odd::new("effective_on", format_args!("{effective_on:?} is no day")))?,
        actor: text(row, 9, "actor")?,
        command: uuid(value(row, 10, "command")?, "command")?,
        correlation: uuid(value(row, 11, "correlation")?, "correlation")?,
        causation: match value(row, 12, "causation")? {
            ValueRef::Null => None,
            found => Some(uuid(found, "causation")?),
        },
        payload: text(row, 13, "payload")?,
        hash: bytes(value(row, 14, "hash")?, "hash")?,
    })
}

fn value<'row>(
    row: &'row Row<'_>,
    index: usize,
    column: &'static str,
) -> Result<ValueRef<'row>, Box<Odd>> {
    row.get_ref(index).map_err(|why| Odd::new(column, why))
}

fn integer(row: &Row<'_>, index: usize, column: &'static str) -> Result<i64, Box<Odd>> {
    value(row, index, column)?.as_i64().map_err(|why| Odd::new(column, why))
}

fn number(row: &Row<'_>, index: usize, column: &'static str) -> Result<u64, Box<Odd>> {
    integer(row, index, column)?.try_into().map_err(|why| Odd::new(column, why))
}

fn text<'row>(
    row: &'row Row<'_>,
    index: usize,
    column: &'static str,
) -> Result<&'row str, Box<Odd>> {
    value(row, index, column)?.as_str().map_err(|why| Odd::new(column, why))
}

fn uuid(value: ValueRef<'_>, column: &'static str) -> Result<Uuid, Box<Odd>> {
    bytes(value, column).map(|bytes: &[u8; 16]| Uuid::from_bytes(*bytes))
}

fn bytes<'row, const N: usize>(
    value: ValueRef<'row>,
    column: &'static str,
) -> Result<&'row [u8; N], Box<Odd>> {
    let found = value.as_blob().map_err(|why: FromSqlError| Odd::new(column, why))?;
    found.try_into().map_err(|_| Odd::new(column, format_args!("{} bytes, not {N}", found.len())))
}

/// Only the form that is hashed, `2018-04-05`: any other would be a change nobody could see.
fn day(text: &str) -> Option<NaiveDate> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let year = digit(a)? * 1000 + digit(b)? * 100 + digit(c)? * 10 + digit(d)?;
    NaiveDate::from_ymd_opt(
        year.try_into().ok()?,
        digit(e)? * 10 + digit(f)?,
        digit(g)? * 10 + digit(h)?,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn a_day_is_read_as_it_was_written(days in 1..3_652_058_i32) {
            let there = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            let written = iso_day(there).unwrap();
            let written = std::str::from_utf8(&written).unwrap();
            prop_assert_eq!(written, there.to_string());
            prop_assert_eq!(day(written), Some(there));
        }
    }

    #[test]
    fn a_day_in_any_other_form_is_no_day() {
        for text in [
            "",
            "2018-4-05",
            "2018-04-05 ",
            "2018/04/05",
            "2018-02-30",
            "+2018-04-05",
            "20180405--",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(iso_day(NaiveDate::MAX), None);
        assert_eq!(iso_day(NaiveDate::from_ymd_opt(-1, 1, 1).unwrap()), None);
    }
}
