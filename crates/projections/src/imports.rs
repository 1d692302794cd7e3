//! Which files were read, and what became of their rows.

use chrono::NaiveDate;
use kernel::Release;
use schools::national_data::{Dataset, Event as NationalData};
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Imports {
    new: Vec<Row>,
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
    pub layout: String,
    #[serde(with = "columns::optional_day")]
    pub public_from: Option<NaiveDate>,
    pub rows_read: u64,
    pub recorded: u64,
    pub unchanged: u64,
    pub passed_over: u64,
    pub repeated: u64,
    pub contradicting: u64,
    pub confirmed: u64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "imports",
        key: &["position"],
        ddl: "\
CREATE TABLE imports (
  position      INTEGER PRIMARY KEY, -- of the event in the journal
  recorded_at   INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor         TEXT NOT NULL,       -- who imported it
  dataset       TEXT NOT NULL,       -- ks4, ofsted, register, links, names, locations or cover
  release       TEXT,                -- 2017/18 final, where the dataset comes in releases
  file          TEXT NOT NULL,
  sha256        TEXT NOT NULL,       -- of the whole file, 64 hex digits
  layout        TEXT NOT NULL,       -- which layout its columns were recognised as
  public_from   TEXT,                -- the day from which anyone could read it
  rows_read     INTEGER NOT NULL,    -- rows below the header
  recorded      INTEGER NOT NULL,    -- rows that recorded something new
  unchanged     INTEGER NOT NULL,    -- rows that said nothing new
  passed_over   INTEGER NOT NULL,    -- rows that are not about one school
  repeated      INTEGER NOT NULL,    -- rows that repeat another to the letter
  contradicting INTEGER NOT NULL,    -- rows that contradict another
  confirmed     INTEGER NOT NULL     -- schools whose earlier figures this release vouches for
)",
        indexes: &[],
    };
}

impl Imports {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::NationalData(_, NationalData::DatasetImported(import)) = &recorded.event else {
            return;
        };
        self.new.push(Row {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            actor: recorded.actor.clone(),
            dataset: import.dataset,
            release: import.release,
            file: import.file.clone(),
            sha256: import.sha256.clone(),
            layout: import.layout.clone(),
            public_from: import.public_from,
            rows_read: import.rows.read,
            recorded: import.rows.recorded,
            unchanged: import.rows.unchanged,
            passed_over: import.rows.passed_over,
            repeated: import.rows.repeated,
            contradicting: import.rows.contradicting,
            confirmed: import.confirmed.len() as u64,
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
