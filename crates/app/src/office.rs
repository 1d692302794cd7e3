//! The office, and the desk where things are looked up.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use cqrs_es::Aggregate;
use event_store::{Asked, Done, EventStore};
use kernel::{CommandId, Dated, LetterId};
use projections::Window;
use read_store::{Over, ReadStore};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::clock::{self, Clock};
use crate::keys::Keys;
use crate::letters::{Hold, Post, Unremoved};
use crate::reactions::Reactions;
use crate::record::KeptRecord;
use crate::{Documents, Failure, Progress};

/// Wishes that are asked side by side: enough that many events share one sync of the disk.
pub(crate) const AT_ONCE: usize = 512;

/// What lies where in the office's folder.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
    /// The truth.
    pub journal: PathBuf,
    /// Derived from it.
    pub read_models: PathBuf,
    /// What schools gave as evidence, named by its SHA-256; events name it, and nothing can make it anew.
    pub documents: PathBuf,
    /// The keys under which people are sealed, in a file of their own that may lie elsewhere.
    pub keys: PathBuf,
    /// Who writes to schools, and through which server.
    pub letter_settings: PathBuf,
    /// Letters as files, for another program to send.
    pub outbox: PathBuf,
    /// Sealed copies of the letters that went; events name them, and nothing can make them anew.
    pub copies: PathBuf,
    /// Is there while letters are held, because the office was put back from a backup.
    pub letters_held: PathBuf,
    /// The letters that went before it was; nothing else keeps them.
    pub letters_went: PathBuf,
}

impl Folder {
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            journal: dir.join("journal.sqlite"),
            read_models: dir.join("read-models.sqlite"),
            documents: dir.join("documents"),
            keys: dir.join("keys").join("keys.sqlite"),
            letter_settings: dir.join("letters.toml"),
            outbox: dir.join("outbox"),
            copies: dir.join("sent-letters"),
            letters_held: dir.join("letters-held"),
            letters_went: dir.join("letters-went"),
        }
    }

    /// The same with its keys in another place.
    #[must_use]
    pub fn with_keys(self, keys: &Path) -> Self {
        Self { keys: keys.to_owned(), ..self }
    }

    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn hold(&self) -> Hold {
        Hold { held: self.letters_held.clone(), went: self.letters_went.clone() }
    }

    /// Whether a file lies in it, or would.
    #[must_use]
    pub fn holds(&self, file: &Path) -> bool {
        let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = beside.unwrap_or(Path::new(".")).canonicalize();
        match (folder, self.dir.canonicalize()) {
            (Ok(folder), Ok(dir)) => folder.starts_with(dir),
            _ => false,
        }
    }

    /// A reader of the journal.
    ///
    /// # Errors
    /// There must be a journal.
    pub fn reader(&self) -> Result<journal::Reader, Failure> {
        if !self.journal.exists() {
            return Err(Failure::NoJournal(self.dir.display().to_string()));
        }
        Ok(journal::Reader::open(&self.journal)?)
    }
}

/// Looks things up.  Any number of processes may, while one office writes.
pub struct Desk {
    pub(crate) read: ReadStore,
    pub(crate) journal: journal::Reader,
    pub(crate) documents: Documents,
    pub(crate) keys: Keys,
    pub(crate) post: Post,
    pub(crate) hold: Hold,
    pub(crate) settings: PathBuf,
    pub(crate) went: OnceCell<BTreeSet<LetterId>>,
    pub(crate) record: KeptRecord,
    clock: Clock,
    /// Where the read models of an earlier day lie, which go when this goes.
    _earlier: Option<TempDir>,
}

/// The office: the one that writes.
pub struct Office {
    pub(crate) store: EventStore,
    pub(crate) desk: Desk,
    pub(crate) reactions: Reactions,
    pub(crate) unremoved: Vec<Unremoved>,
    actor: String,
}

impl Desk {
    /// Opens the desk of a folder and brings its read models up to date.
    ///
    /// # Errors
    /// There must be a journal.
    pub fn open(dir: &Path, clock: Clock, progress: Progress<'_>) -> Result<Self, Failure> {
        Self::open_in(&Folder::at(dir), clock, progress)
    }

    /// The same, of a folder whose parts lie where it says.
    ///
    /// # Errors
    /// There must be a journal.
    pub fn open_in(folder: &Folder, clock: Clock, progress: Progress<'_>) -> Result<Self, Failure> {
        let journal = folder.reader()?;
        let mut read = ReadStore::open(&folder.read_models)?;
        let head = journal.head()?;
        let report = |done: u64| progress("reading the journal", done, head);
        // Whoever only looks things up is answered from a folder that cannot be written, too.
        read.catch_up_if_writable(&journal, head, &report)?;
        Ok(Self {
            read,
            journal,
            documents: Documents::at(folder.documents.clone()),
            keys: Keys::at(&folder.keys),
            post: Post::of(folder),
            hold: folder.hold(),
            settings: folder.letter_settings.clone(),
            went: OnceCell::new(),
            record: KeptRecord::default(),
            clock,
            _earlier: None,
        })
    }

    /// The desk as of a day: what had happened and was public by then, whenever it was entered, and that day for today.
    /// `progress` is told the position that was reached, and breaks it off.
    ///
    /// # Errors
    /// The day has not come; there is no room for the read models of that day, which are made for this alone.
    pub fn as_of(
        self,
        day: NaiveDate,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<Self, Failure> {
        let today = self.today();
        if day > today {
            return Err(Failure::DayToCome { day, today });
        }
        let no_room =
            |source| Failure::File { path: std::env::temp_dir().display().to_string(), source };
        let folder = TempDir::new().map_err(no_room)?;
        let file = folder.path().join("read-models.sqlite");
        let window = Window { as_at: Some(day), known_on: None };
        read_store::replay(&self.journal, &file, window, Over::AnEarlierReplay, progress)?;
        let noon = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12);
        Ok(Self {
            read: ReadStore::open(&file)?,
            record: KeptRecord::default(),
            clock: Arc::new(move || noon),
            _earlier: Some(folder),
            ..self
        })
    }

    /// Brings the read models up to the journal's head, and says where that is.
    pub(crate) fn catch_up(&mut self, progress: Progress<'_>) -> Result<u64, Failure> {
        let head = self.journal.head()?;
        let report = |done: u64| progress("reading the journal", done, head);
        Ok(self.read.catch_up(&self.journal, head, &report)?)
    }

    #[must_use]
    pub fn today(&self) -> NaiveDate {
        clock::day_of(self.now())
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    #[must_use]
    pub fn read_store(&self) -> &ReadStore {
        &self.read
    }

    /// To rebuild and switch.
    pub fn read_store_mut(&mut self) -> &mut ReadStore {
        &mut self.read
    }

    #[must_use]
    pub fn journal(&self) -> &journal::Reader {
        &self.journal
    }

    #[must_use]
    pub fn documents(&self) -> &Documents {
        &self.documents
    }
}

impl Office {
    /// Opens the office of a folder, making the folder where there is none.
    ///
    /// # Errors
    /// One office a folder: a second is refused and told who holds it.
    pub fn open(
        dir: &Path,
        clock: Clock,
        actor: impl Into<String>,
        progress: Progress<'_>,
    ) -> Result<Self, Failure> {
        Self::open_in(&Folder::at(dir), clock, actor, progress)
    }

    /// The same, of a folder whose parts lie where it says.
    ///
    /// # Errors
    /// As [`Office::open`].
    pub fn open_in(
        folder: &Folder,
        clock: Clock,
        actor: impl Into<String>,
        progress: Progress<'_>,
    ) -> Result<Self, Failure> {
        let dir = folder.dir();
        std::fs::create_dir_all(dir)
            .map_err(|source| Failure::File { path: dir.display().to_string(), source })?;
        // On the disk before anything is derived anew, which would hide that the journal was put back.
        if event_store::seems_put_back(dir)? {
            folder.hold().take()?;
        }
        let store = EventStore::open(dir, clock.clone())?;
        if store.was_put_back() {
            folder.hold().take()?;
        }
        let mut desk = Desk {
            read: ReadStore::open(&folder.read_models)?,
            journal: store.journal().reader()?,
            documents: Documents::at(folder.documents.clone()),
            keys: Keys::at(&folder.keys),
            post: Post::of(folder),
            hold: folder.hold(),
            settings: folder.letter_settings.clone(),
            went: OnceCell::new(),
            record: KeptRecord::default(),
            clock,
            _earlier: None,
        };
        desk.catch_up(progress)?;
        let reactions = Reactions::of(policies::POLICIES, policies::concerned);
        let mut office = Self { store, desk, reactions, unremoved: vec![], actor: actor.into() };
        office.finish_forgetting()?;
        Ok(office)
    }

    /// What tells of people who were forgotten and could not be removed, so far as this office tried.
    #[must_use]
    pub fn unremoved(&self) -> &[Unremoved] {
        &self.unremoved
    }

    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.desk.today()
    }

    /// The journal's last durable position, whenever that changes; until the office is closed.
    #[must_use]
    pub fn recorded(&self) -> watch::Receiver<u64> {
        self.store.journal().watch()
    }

    /// A wish of this office's, as of today.
    #[must_use]
    pub fn asked(&self, command: CommandId) -> Asked {
        Asked {
            command,
            actor: self.actor.clone(),
            correlation: None,
            causation: None,
            effective_on: self.today(),
        }
    }

    /// Asks an aggregate, and answers when what it decided is durable.
    ///
    /// # Errors
    /// A refusal is the aggregate's own sentence.
    pub async fn ask<A>(&self, id: &str, command: A::Command, asked: Asked) -> Result<Done, Failure>
    where
        A: Aggregate<Services = ()> + 'static,
        A::Command: Clone,
        A::Event: Dated,
        A::Error: std::fmt::Display,
    {
        Ok(self.store.execute::<A>(id, command, asked).await?)
    }

    /// The day on which something happened that is entered now: the one that is named, or else today (D16).
    ///
    /// # Errors
    /// A day that has not come; and, where days begin at all, one that has not begun: what the days until then bring would
    /// come after it in the journal, and before it in time.
    pub fn day(&self, named: Option<NaiveDate>) -> Result<NaiveDate, Failure> {
        let day = self.day_that_came(named)?;
        match self.last_day()? {
            Some(last) if last < day => Err(Failure::DayNotBegun { day, last }),
            Some(_) | None => Ok(day),
        }
    }

    /// A day that has come, whether it has begun or not.
    pub(crate) fn day_that_came(&self, named: Option<NaiveDate>) -> Result<NaiveDate, Failure> {
        let today = self.today();
        match named {
            Some(day) if day > today => Err(Failure::DayToCome { day, today }),
            Some(day) => Ok(day),
            None => Ok(today),
        }
    }

    /// Brings the read models up to what was recorded: read your own writes.
    pub fn catch_up(&mut self, progress: Progress<'_>) -> Result<u64, Failure> {
        self.desk.catch_up(progress)
    }

    /// Writes down what is only derived, folds the journal's files back and lets the next office in.
    ///
    /// # Errors
    /// What was acknowledged is safe whatever happens here.
    pub async fn close(self) -> Result<(), Failure> {
        Ok(self.store.close().await?)
    }
}

/// The instant up to which things are looked at, for a day asked for by people.
pub(crate) fn known_on(day: Option<NaiveDate>) -> Option<DateTime<Utc>> {
    day.map(clock::last_instant_of)
}
