//! The tables of a file: those of the read models, and two of the store's own.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use projections::{TABLES, Window};
use rusqlite::{Connection, OpenFlags};

use crate::Failure;

/// SQLite's `application_id`, by which a file of read models is known from any other: `LeRM`.
const APPLICATION: u32 = 0x4c65_524d;

/// What a file has taken in.  The store writes it in the same transaction as the rows.
pub(crate) const SEEN: &str = "\
CREATE TABLE seen (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  position      INTEGER NOT NULL, -- of the last event in the journal that was taken in
  events        INTEGER NOT NULL, -- how many were
  skipped       INTEGER NOT NULL, -- how many of them belong to contexts that this program does not know
  hash          BLOB NOT NULL,    -- BLAKE3, event by event, over the hash before and the event's hash in the journal
  journal_first BLOB,             -- the hash of the journal's first event: which journal it is
  journal_last  BLOB,             -- the hash of the event at position
  schema        BLOB NOT NULL,    -- BLAKE3 over the definitions of all tables
  known_on      TEXT,             -- where the file shows only what was recorded by then
  as_at         TEXT              -- where the file shows only what was public by then
)";

/// Parts of names are found by their groups of three letters.
const NAMES: &str = "\
CREATE VIRTUAL TABLE school_names USING fts5(sought, content='', contentless_delete=1, tokenize='trigram', detail='none')";

/// Before a school's row is replaced, because afterwards nobody knows what its name was.
const NAMES_FOLLOW: &str = "\
CREATE TRIGGER school_names_follow BEFORE INSERT ON schools
WHEN new.sought IS NOT (SELECT sought FROM schools WHERE urn = new.urn)
BEGIN
  INSERT OR REPLACE INTO school_names (rowid, sought) VALUES (new.urn, new.sought);
END";

/// Which definitions a file was made by: a file of others is rebuilt.
pub(crate) fn fingerprint() -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for table in TABLES {
        hasher.update(table.ddl.as_bytes());
        for index in table.indexes {
            hasher.update(index.as_bytes());
        }
    }
    for own in [SEEN, NAMES, NAMES_FOLLOW] {
        hasher.update(own.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Whether the file is one of read models, of whatever definitions.
pub(crate) fn is_ours(path: &Path) -> Result<bool, Failure> {
    // Looked at from outside first: opening a database may change what lies beside it.
    let mut header = Vec::new();
    File::open(path)
        .and_then(|file| file.take(72).read_to_end(&mut header))
        .map_err(Failure::file("look at what is there", path))?;
    let Some((before, application)) = header.split_last_chunk::<4>() else { return Ok(false) };
    if !before.starts_with(b"SQLite format 3\0") || before.len() != 68 {
        return Ok(false);
    }
    Ok(match u32::from_be_bytes(*application) {
        APPLICATION => true,
        // The first ones had none.
        0 => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|connection| {
                let sql = "SELECT count(*) FROM pragma_table_info('seen') WHERE name IN ('journal_first', 'schema')";
                connection.query_row(sql, [], |row| row.get::<_, u8>(0))
            })
            .is_ok_and(|columns| columns == 2),
        _ => false,
    })
}

/// Makes the tables, without indexes and the search for names: rows are written much faster before those are there.
pub(crate) fn create_tables(connection: &Connection, window: Window) -> rusqlite::Result<()> {
    for table in TABLES {
        connection.execute_batch(table.ddl)?;
    }
    connection.execute_batch(SEEN)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.execute(
        "INSERT INTO seen VALUES (1, 0, 0, 0, ?1, NULL, NULL, ?2, ?3, ?4)",
        (
            [0_u8; 32],
            fingerprint(),
            window.known_on.map(|instant| instant.to_rfc3339()),
            window.as_at.map(|day| day.to_string()),
        ),
    )?;
    Ok(())
}

/// Makes the indexes of the read models, if they are not there yet.
pub(crate) fn create_indexes(connection: &Connection) -> rusqlite::Result<()> {
    for index in TABLES.iter().flat_map(|table| table.indexes) {
        connection.execute_batch(&index.replacen(
            "CREATE INDEX",
            "CREATE INDEX IF NOT EXISTS",
            1,
        ))?;
    }
    Ok(())
}

/// Makes the search for names, over the rows that are there.
pub(crate) fn create_search(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(NAMES)?;
    connection.execute_batch(
        "INSERT INTO school_names (rowid, sought) SELECT urn, sought FROM schools WHERE sought IS NOT NULL",
    )?;
    connection.execute_batch(NAMES_FOLLOW)
}
