//! Read models in SQLite: what people query (R43).
//!
//! A [`ReadStore`] is a file of tables that any tool can open (`docs/read-models.md` describes them), brought up to date
//! from the journal.  Any number of processes read it while one at a time writes; [`ReadStore::rebuild_beside`]
//! (R41) makes a new one beside it, [`replay`] (R42) makes one for itself, as things stood on any date, [`compare`] says how
//! two differ, and [`ReadStore::switch`] puts one in the place of the other.
//!
//! Invariants:
//! - **rows and position are written together**: killed at any moment, the file says how far it came, and goes on there;
//! - **no event is passed over in silence**: one that is not understood stops everything and is named, and a count and a
//!   rolling hash of all that was taken in can be compared with the journal ([`ReadStore::verify`]);
//! - **a file belongs to one journal and one set of definitions**; any other is rebuilt, never patched;
//! - **nothing here is the truth**: deleting the file loses nothing.

mod access;
mod behind;
mod billing;
mod by_urn;
mod columns;
mod compare;
mod cover;
mod evidence;
mod failure;
mod list;
mod lock;
mod names;
mod open;
mod place;
mod rebuild;
mod rows;
mod schema;
mod search;
mod seen;
mod sheets;
mod take_in;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use journal::Reader;
use projections::{ReadModels, Window};
use rusqlite::Connection;

pub use behind::Behind;
pub use columns::Misfit;
pub use compare::{Difference, What, compare};
pub use failure::Failure;
pub use list::{Filter, Page, Sort};
pub use rebuild::{Over, Rebuilt, replay};
pub use seen::Seen;

use access::{Access, Opened, connect};
use open::{current, make_current, not_made};
use place::Place;
use rebuild::{Left, Unfinished};

/// A file of read models, open for queries, and for bringing it up to date.
#[derive(Debug)]
pub struct ReadStore {
    place: Place,
    /// The file that was current when it was opened.
    file: PathBuf,
    connection: Connection,
    access: Access,
    models: ReadModels,
    /// What `models` have seen; another process may have taken the file further.
    seen: Seen,
    checked: Journal,
    behind: Option<Behind>,
}

/// A connection for anybody's SQL on a file of read models that lies anywhere, of whatever definitions: it can read
/// everything and change nothing.
///
/// # Errors
/// [`Failure::NotReadModels`]; the file cannot be opened.
pub fn read_only(path: &Path) -> Result<Connection, Failure> {
    if !schema::is_ours(path)? {
        let found = "it is something else".to_owned();
        return Err(Failure::NotReadModels { path: path.to_owned(), found });
    }
    access::connect_to_read(path)
}

/// Whether the file was held against the journal by this process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Journal {
    NotCheckedYet,
    Checked,
}

/// From here on it is faster to make a file anew than to take so many events into an empty one.
const REBUILD_FROM: u64 = 10_000;

impl ReadStore {
    /// Opens the file of read models at `path`, or makes an empty one: where there is none, and where the one there was
    /// made by other definitions than this program's.
    ///
    /// # Errors
    /// The file cannot be read or made.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let place = Place::at(path);
        let found = match current(&place)? {
            Some(opened) => {
                if let Ok(Some(_)) = Seen::read(&opened.connection, &schema::fingerprint()) {
                    return Ok(Self::of(place, opened));
                }
                "the ones there were made by another program"
            }
            None => "there are none",
        };
        let file = make_current(&place).map_err(|failure| not_made(&place, found, failure))?;
        let opened = connect(&file)?;
        Ok(Self::of(place, opened))
    }

    fn of(place: Place, opened: Opened) -> Self {
        let Opened { file, connection, access } = opened;
        Self {
            place,
            file,
            connection,
            access,
            models: ReadModels::default(),
            seen: Seen::nothing(),
            checked: Journal::NotCheckedYet,
            behind: None,
        }
    }

    /// Takes in what the journal has up to `upto`, and answers the position reached (another process may have gone
    /// further).  A file of another journal, or one that is ahead of it, is rebuilt.
    ///
    /// # Errors
    /// The journal cannot be read; an event is not understood (nothing from it on is taken in); the file cannot be
    /// written.
    pub fn catch_up(
        &mut self,
        journal: &Reader,
        upto: u64,
        progress: &dyn Fn(u64),
    ) -> Result<u64, Failure> {
        self.refresh()?;
        let seen = self.seen()?;
        if self.checked == Journal::NotCheckedYet && is_of(&seen, journal)? {
            self.checked = Journal::Checked;
        }
        if self.checked == Journal::Checked && seen.position >= upto {
            self.behind = None;
            return Ok(seen.position);
        }
        let held = self.place.hold()?;
        self.refresh()?;
        let seen = self.seen()?;
        let is_same = is_of(&seen, journal)?;
        if !is_same {
            tracing::warn!(path = %self.place.name().display(), "the read models are of another journal, or ahead of it; they are made anew");
        }
        if !is_same || (seen.position == 0 && upto >= REBUILD_FROM) {
            let made = Unfinished::at(self.place.made());
            rebuild::build(
                journal,
                made.path(),
                Window::default(),
                Left::ToBeWritten,
                &to_the_end(progress),
            )?;
            self.place.switch_to(made.path())?;
            self.refresh()?;
            self.checked = Journal::Checked;
            self.behind = None;
            return self.position();
        }
        self.checked = Journal::Checked;
        if seen != self.seen {
            self.models = ReadModels::default();
            self.seen = seen;
        }
        let taken = take_in::follow(
            &mut self.connection,
            &self.file,
            &mut self.models,
            &mut self.seen,
            journal,
            upto,
            progress,
        );
        drop(held);
        if taken.is_err() {
            // What was applied and not written must not be written later.
            self.forget();
        }
        taken?;
        self.behind = None;
        Ok(self.seen.position)
    }

    /// What the file has taken in.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn seen(&self) -> Result<Seen, Failure> {
        Seen::read(&self.connection, &schema::fingerprint())
            .map_err(Failure::sqlite("read the position", &self.file))?
            .ok_or_else(|| Failure::NotReadModels {
                path: self.file.clone(),
                found: "it was made by another program".to_owned(),
            })
    }

    /// The position of the last event taken in.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn position(&self) -> Result<u64, Failure> {
        Ok(self.seen()?.position)
    }

    /// Waits until another process has taken in the event at `position`, and answers how far it came.
    ///
    /// # Errors
    /// [`Failure::Behind`] when it did not within `patience`.
    pub fn at_least(&mut self, position: u64, patience: Duration) -> Result<u64, Failure> {
        let begun = Instant::now();
        loop {
            self.refresh()?;
            let reached = self.position()?;
            if reached >= position {
                return Ok(reached);
            }
            if begun.elapsed() >= patience {
                return Err(Failure::Behind { asked: position, reached, waited: patience });
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Holds what was taken in against the journal, event by event.  `None`: all is well.  Else what the journal gives for
    /// the same events; see [`Seen`].
    ///
    /// # Errors
    /// The file or the journal cannot be read.
    pub fn verify(
        &self,
        journal: &Reader,
        progress: &dyn Fn(u64),
    ) -> Result<Option<Seen>, Failure> {
        let seen = self.seen()?;
        let mut expected = Seen { skipped: seen.skipped, ..Seen::nothing() };
        journal.for_each(0, seen.position, |entry| {
            expected.take(&entry);
            if expected.events.is_multiple_of(10_000) {
                progress(entry.position);
            }
            ControlFlow::Continue(())
        })?;
        Ok((expected != seen).then_some(expected))
    }

    /// Makes a new file beside the current one, from the journal's first event on; it is not current yet, and is gone
    /// when it is dropped before it was switched to.  While there is one, another that is asked for waits.
    ///
    /// # Errors
    /// The journal cannot be read or holds an event that is not understood; the new file cannot be written.
    pub fn rebuild_beside(
        &self,
        journal: &Reader,
        progress: &dyn Fn(u64),
    ) -> Result<Rebuilt, Failure> {
        let (file, lock) = self.place.rebuilt()?;
        let rebuilt = Rebuilt::at(file, lock);
        rebuild::build(
            journal,
            &rebuilt,
            Window::default(),
            Left::ToBeWritten,
            &to_the_end(progress),
        )?;
        Ok(rebuilt)
    }

    /// How the file that is open differs from another.
    ///
    /// # Errors
    /// As [`compare`].
    pub fn differences(&self, from: &Path) -> Result<Vec<Difference>, Failure> {
        // Its name may be gone, where another process switched meanwhile.
        compare::between(&self.connection, &compare::open(from)?, from)
    }

    /// Makes a file that [`ReadStore::rebuild_beside`] made the current one.  Whoever reads the one before goes on reading
    /// it; it is gone when the last of them is done.
    ///
    /// # Errors
    /// The file cannot be put in place.
    pub fn switch(&mut self, to: Rebuilt) -> Result<(), Failure> {
        let held = self.place.hold()?;
        self.place.switch_to(&to)?;
        drop(held);
        self.refresh()
    }

    /// The file that is open; the name it was opened by leads to it.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A connection for anybody's SQL: it can read everything and change nothing.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn read_only(&self) -> Result<Connection, Failure> {
        let read = access::connect_to_read(&self.file);
        match self.place.current() {
            // Another process switched meanwhile.
            Some(current) if read.is_err() && current != self.file => {
                access::connect_to_read(&current)
            }
            _ => read,
        }
    }

    /// Goes over to the file that is current now, if it was switched.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn refresh(&mut self) -> Result<(), Failure> {
        let is_current = self.place.current().is_none_or(|current| current == self.file);
        if is_current && !self.access.is_stale(&self.file) {
            return Ok(());
        }
        let opened = match current(&self.place) {
            // Its writer is just making the write-ahead log: until that is there, nobody else can open the file, and what
            // was opened before still answers.  The next look tries again.
            Err(failure) if failure.is_read_only() => return Ok(()),
            opened => opened?,
        };
        if let Some(Opened { file, connection, access }) = opened {
            if file != self.file {
                self.forget();
                self.checked = Journal::NotCheckedYet;
            }
            (self.file, self.connection, self.access) = (file, connection, access);
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.models = ReadModels::default();
        self.seen = Seen::nothing();
    }
}

/// Nobody breaks it off.
fn to_the_end(progress: &dyn Fn(u64)) -> impl Fn(u64) -> ControlFlow<()> {
    move |position| {
        progress(position);
        ControlFlow::Continue(())
    }
}

/// Whether what was seen is the beginning of this journal.
fn is_of(seen: &Seen, journal: &Reader) -> Result<bool, Failure> {
    if seen.position == 0 {
        return Ok(true);
    }
    let hash_of = |position| -> Result<Option<[u8; 32]>, Failure> {
        Ok(journal.event(position)?.map(|entry| entry.hash))
    };
    Ok(seen.journal_first == hash_of(1)? && seen.journal_last == hash_of(seen.position)?)
}
