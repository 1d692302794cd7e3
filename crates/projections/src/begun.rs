//! Which files were begun to be read, and which of them were given up.  What a file said that was begun and not read to its
//! end is not whole, and decides nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kernel::Release;
use schools::national_data::{Abandoned, Dataset, Event as NationalData};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns, imports};

#[derive(Debug, Default)]
pub struct Begun {
    held: BTreeMap<u64, Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub actor: String,
    pub dataset: Dataset,
    pub release: Option<Release>,
    pub file: String,
    pub sha256: String,
    #[serde(with = "columns::optional_day")]
    pub public_from: Option<NaiveDate>,
    pub given_up_at: Option<i64>,
    pub given_up_because: Option<String>,
}

/// How far files were read.  A file is half read from its beginning until it is read to its end, or another of the same
/// dataset and release is, which says what the rest would have said; or until it is given up.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    begun: Vec<Row>,
    /// The position of the last file of each dataset and release that was read to its end.
    last_read: HashMap<(Dataset, Option<Release>), u64>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "imports_begun",
        key: &["position"],
        ddl: "\
CREATE TABLE imports_begun (
  position         INTEGER PRIMARY KEY, -- of the event in the journal
  recorded_at      INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor            TEXT NOT NULL,       -- who began it
  dataset          TEXT NOT NULL,       -- ks4, ofsted, register, links, names, locations or cover
  release          TEXT,                -- 2017/18 final, where the dataset comes in releases
  file             TEXT NOT NULL,
  sha256           TEXT NOT NULL,       -- of the whole file, 64 hex digits; with dataset and release it names the import
  public_from      TEXT,                -- the day from which anyone could read it
  given_up_at      INTEGER,             -- when it was given up, microseconds since 1970-01-01 UTC
  given_up_because TEXT                 -- why
)",
        indexes: &[],
    };
}

impl Row {
    /// As known at an instant, in microseconds since 1970: what was given up later is not given up yet.
    #[must_use]
    pub fn as_known_on(self, known_on: i64) -> Self {
        Self { given_up_at: self.given_up_at.filter(|at| *at <= known_on), ..self }
    }
}

impl Reading {
    pub fn begun(&mut self, row: Row) {
        self.begun.push(row);
    }

    /// A file was read to its end.
    pub fn read(&mut self, row: &imports::Row) {
        let last = self.last_read.entry((row.dataset, row.release)).or_default();
        *last = row.position.max(*last);
    }

    /// In the order in which they were begun, as their rows were handed in.
    pub fn half_read(&self) -> impl Iterator<Item = &Row> {
        self.unfinished().filter(|row| row.given_up_at.is_none())
    }

    /// The first half read file that a membership may follow from: while there is one, nothing follows and no day begins.
    #[must_use]
    pub fn holds_up(&self) -> Option<&Row> {
        self.half_read().find(|row| match row.dataset {
            Dataset::Ofsted | Dataset::Register | Dataset::Links | Dataset::Cover => true,
            Dataset::Ks4 | Dataset::Names | Dataset::Locations => false,
        })
    }

    /// The files that were given up, and since when nothing of the kind was read to its end.
    pub fn given_up(&self) -> impl Iterator<Item = &Row> {
        self.unfinished().filter(|row| row.given_up_at.is_some())
    }

    /// Whether any file of a dataset that comes in no releases was read to its end.
    #[must_use]
    pub fn was_read(&self, dataset: Dataset) -> bool {
        self.last_read.contains_key(&(dataset, None))
    }

    /// As it would stand were that file given up.
    pub fn give_up(&mut self, dataset: Dataset, release: Option<Release>, sha256: &str) {
        let is_meant =
            |row: &&mut Row| (row.dataset, row.release, &*row.sha256) == (dataset, release, sha256);
        for row in self.begun.iter_mut().filter(is_meant) {
            row.given_up_at = row.given_up_at.or(Some(i64::MAX));
        }
    }

    fn unfinished(&self) -> impl Iterator<Item = &Row> {
        self.begun.iter().filter(|row| {
            self.last_read.get(&(row.dataset, row.release)).is_none_or(|read| *read < row.position)
        })
    }
}

impl Begun {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        match &recorded.event {
            Event::NationalData(_, NationalData::ImportBegun(begun)) => {
                let row = Row {
                    position: recorded.position,
                    recorded_at: recorded.recorded_at.timestamp_micros(),
                    actor: recorded.actor.clone(),
                    dataset: begun.dataset,
                    release: begun.release,
                    file: begun.file.clone(),
                    sha256: begun.sha256.clone(),
                    public_from: begun.public_from,
                    given_up_at: None,
                    given_up_because: None,
                };
                self.held.insert(recorded.position, Held { row, changed: true });
            }
            Event::NationalData(_, NationalData::ImportAbandoned(abandoned)) => {
                self.give_up(abandoned, recorded.recorded_at.timestamp_micros(), past)?;
            }
            Event::NationalData(
                _,
                NationalData::DatasetImported(_) | NationalData::ThresholdComputed(_),
            )
            | Event::School(..)
            | Event::Criteria(..)
            | Event::Review(..)
            | Event::Fee(..)
            | Event::Membership(..)
            | Event::Ledger(..)
            | Event::Issuer(_)
            | Event::Customer(..)
            | Event::Calendar(_)
            | Event::Parked(..)
            | Event::Letter(..)
            | Event::Person(..) => {}
        }
        Ok(())
    }

    fn give_up<P: Past>(
        &mut self,
        abandoned: &Abandoned,
        at: i64,
        past: &mut P,
    ) -> Result<(), P::Error> {
        for row in past.rows::<Row>("sha256", Key::Text(&abandoned.sha256))? {
            self.held.entry(row.position).or_insert(Held { row, changed: false });
        }
        for held in self.held.values_mut() {
            let row = &mut held.row;
            if (row.dataset, row.release, &row.sha256)
                == (abandoned.dataset, abandoned.release, &abandoned.sha256)
                && row.given_up_at.is_none()
            {
                row.given_up_at = Some(at);
                row.given_up_because = Some(abandoned.reason.clone());
                held.changed = true;
            }
        }
        Ok(())
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for held in self.held.values_mut().filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}
