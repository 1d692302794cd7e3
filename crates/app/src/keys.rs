//! The key of each person, in a file of its own: what is sealed under a key is known for as long as the key is (R39).
//!
//! Invariants:
//! - **a key is on the disk for good before anything is sealed under it**;
//! - **a destroyed key leaves no byte in the file, and a mark that it was destroyed**: an older journal, or an older file of
//!   keys, brings nobody back;
//! - **keys are in this file and in memory, and nowhere else**: no log, no error, no read model, no export, no backup of the
//!   office has them, and memory is wiped behind them.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chrono::NaiveDate;
use kernel::{PersonId, Sealed};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

use crate::Failure;
use crate::documents::{make_private_dir, private_file, sync_dir};

/// SQLite's `application_id`, by which a file of keys is known from any other: `LeKy`.
const APPLICATION: u32 = 0x4c65_4b79;

/// How long another process is waited for that writes at the moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is sealed is filled up to a multiple of so many bytes, so that its length does not tell one name from another.
const BLOCK: usize = 128;

const TABLE: &str = "\
CREATE TABLE keys (
  person       TEXT PRIMARY KEY,
  key          BLOB, -- 32 bytes; NULL: destroyed
  destroyed_on TEXT
) WITHOUT ROWID";

type Key = Zeroizing<[u8; 32]>;

/// The file of keys.  It is opened when it is first needed, and made when there is a first person.
pub(crate) struct Keys {
    file: PathBuf,
    connection: RefCell<Option<Connection>>,
}

/// What the file says of a person.
enum Found {
    Key(Key),
    Destroyed,
    Nothing,
}

impl Keys {
    pub(crate) fn at(file: &Path) -> Self {
        Self { file: file.to_owned(), connection: RefCell::new(None) }
    }

    /// Makes a key for each of these who has none, and answers when all would survive a loss of power.
    ///
    /// # Errors
    /// The file cannot be written, or the machine gives no chance numbers.
    pub(crate) fn make(&self, people: &[PersonId]) -> Result<(), Failure> {
        let mut keys: Vec<(String, Key)> = vec![];
        for person in people {
            keys.push((person.to_string(), chance()?));
        }
        self.make_file()?;
        self.write("make keys", |connection| {
            let transaction = connection.transaction()?;
            for (person, key) in &keys {
                transaction
                    .prepare_cached("INSERT OR IGNORE INTO keys VALUES (?1, ?2, NULL)")?
                    .execute((person, key.as_slice()))?;
            }
            transaction.commit()
        })
    }

    /// Destroys the keys of these people, and answers how many had one.  Also where there is none, the mark is left.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn destroy(&self, people: &[(PersonId, NaiveDate)]) -> Result<usize, Failure> {
        self.make_file()?;
        self.write("destroy keys", |connection| {
            let transaction = connection.transaction()?;
            let mut destroyed = 0;
            for (person, on) in people {
                let had = "SELECT count(*) FROM keys WHERE person = ?1 AND key IS NOT NULL";
                let had = transaction
                    .prepare_cached(had)?
                    .query_row([person.to_string()], |row| row.get::<_, usize>(0))?;
                destroyed += had;
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO keys VALUES (?1, NULL, ?2)")?
                    .execute((person.to_string(), on.to_string()))?;
            }
            transaction.commit()?;
            if destroyed > 0 {
                // Keys that moved between pages may have left a copy behind: the file is written anew without.
                connection.execute_batch("VACUUM")?;
            }
            Ok(destroyed)
        })
    }

    /// Which of these people still have a key.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn held(&self, people: &[PersonId]) -> Result<Vec<PersonId>, Failure> {
        let mut held = vec![];
        for person in people {
            if let Found::Key(_) = self.find(*person)? {
                held.push(*person);
            }
        }
        Ok(held)
    }

    /// Seals something under a person's key.  `what` it is must be said again to open it.
    ///
    /// # Errors
    /// The person was forgotten, or has no key.
    pub(crate) fn seal(
        &self,
        person: PersonId,
        what: &str,
        plain: &[u8],
    ) -> Result<Sealed, Failure> {
        let key = match self.find(person)? {
            Found::Key(key) => key,
            Found::Destroyed => {
                return Err(Failure::Refused(format!("the contact {person} was forgotten")));
            }
            Found::Nothing => return Err(self.missing(person)),
        };
        let nonce = *chance::<{ Sealed::NONCE }>()?;
        let mut filled = Zeroizing::new(Vec::with_capacity(plain.len() + BLOCK + 4));
        filled.extend_from_slice(plain);
        // Its end is the last byte that is not zero, which is this one.
        filled.push(1);
        let length = filled.len().next_multiple_of(BLOCK);
        filled.resize(length, 0);
        let payload = Payload { msg: &filled, aad: &bound_to(person, what) };
        let ciphertext = cipher(&key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| self.not_opened(person))?;
        Ok(Sealed { person, nonce, ciphertext })
    }

    /// Opens what was sealed.  `None`: the person was forgotten.
    ///
    /// # Errors
    /// The person has no key and was not forgotten; or it does not open: it was changed, or is not what it is said to be.
    pub(crate) fn open(
        &self,
        sealed: &Sealed,
        what: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let person = sealed.person;
        let key = match self.find(person)? {
            Found::Key(key) => key,
            Found::Destroyed => return Ok(None),
            Found::Nothing => return Err(self.missing(person)),
        };
        let payload = Payload { msg: &sealed.ciphertext, aad: &bound_to(person, what) };
        let opened = cipher(&key).decrypt(&XNonce::from(sealed.nonce), payload);
        let mut plain = Zeroizing::new(opened.map_err(|_| self.not_opened(person))?);
        let end = plain.iter().rposition(|byte| *byte != 0).ok_or(self.not_opened(person))?;
        plain.truncate(end);
        Ok(Some(plain))
    }

    fn find(&self, person: PersonId) -> Result<Found, Failure> {
        if self.connection.borrow().is_none() && !self.file.exists() {
            return Ok(Found::Nothing);
        }
        self.write("look for a key", |connection| {
            let mut select = connection.prepare_cached("SELECT key FROM keys WHERE person = ?1")?;
            let found = select.query_row([person.to_string()], |row| {
                let mut key = Key::default();
                match row.get_ref(0)?.as_blob_or_null()? {
                    Some(blob) if blob.len() == key.len() => {
                        key.copy_from_slice(blob);
                        Ok(Found::Key(key))
                    }
                    Some(_) => Err(rusqlite::Error::IntegralValueOutOfRange(0, 0)),
                    None => Ok(Found::Destroyed),
                }
            });
            Ok(found.optional()?.unwrap_or(Found::Nothing))
        })
    }

    fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Failure> {
        let cannot = |source| Failure::Keys { what, path: self.file.display().to_string(), source };
        let mut held = self.connection.borrow_mut();
        let connection = match &mut *held {
            Some(connection) => connection,
            none => none.insert(connect(&self.file).map_err(cannot)?),
        };
        work(connection).map_err(cannot)
    }

    /// Makes an empty file in a folder that its owner alone can enter, unless there is one.
    fn make_file(&self) -> Result<(), Failure> {
        if self.connection.borrow().is_some() || self.file.exists() {
            return Ok(());
        }
        let cannot = |source| Failure::File { path: self.file.display().to_string(), source };
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        make_private_dir(folder).map_err(cannot)?;
        // Under another name until its table is there: a file of keys without one is nobody's.
        let made = self.file.with_extension("made");
        let _ = fs::remove_file(&made);
        private_file(&made).map_err(cannot)?;
        let path = made.display().to_string();
        connect(&made)
            .and_then(|connection| {
                connection.execute_batch(TABLE)?;
                connection.pragma_update(None, "application_id", APPLICATION)
            })
            .map_err(|source| Failure::Keys { what: "make the table", path, source })?;
        let _ = fs::remove_file(self.file.with_extension("made-journal"));
        fs::rename(&made, &self.file).and_then(|()| sync_dir(folder)).map_err(cannot)
    }

    fn missing(&self, person: PersonId) -> Failure {
        Failure::KeyMissing { person, path: self.file.display().to_string() }
    }

    pub(crate) fn not_opened(&self, person: PersonId) -> Failure {
        Failure::NotOpened { person, path: self.file.display().to_string() }
    }
}

/// The rollback journal is emptied with every commit, and that is on the disk before the commit is answered: neither a
/// destroyed key nor one that was just made comes back, or goes, with a loss of power.
fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.pragma_update(None, "journal_mode", "truncate")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&**key).into())
}

/// What a seal is held to beside its key: whose it is, and what.
fn bound_to(person: PersonId, what: &str) -> Vec<u8> {
    [b"ledge sealed 1 ", person.uuid().as_bytes().as_slice(), b" ", what.as_bytes()].concat()
}

/// Bytes that nobody can foresee.
fn chance<const N: usize>() -> Result<Zeroizing<[u8; N]>, Failure> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|why| Failure::NoChance(why.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
