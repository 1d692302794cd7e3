//! Which files were begun to be read, and which of them were given up.  One that is not among the imports was not read to its
//! end, and decides nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Release;
use schools::national_data::{Abandoned, Dataset, Event as NationalData};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

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
    /// Whether it was given up, as known at an instant, in microseconds since 1970.
    #[must_use]
    pub fn is_given_up(&self, known_on: i64) -> bool {
        self.given_up_at.is_some_and(|at| at <= known_on)
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
