//! Which files were begun to be read.  One that is not among the imports was not read to its end, and decides nothing.

use chrono::NaiveDate;
use kernel::Release;
use schools::national_data::{Dataset, Event as NationalData};
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Begun {
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
    #[serde(with = "columns::optional_day")]
    pub public_from: Option<NaiveDate>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "imports_begun",
        key: &["position"],
        ddl: "\
CREATE TABLE imports_begun (
  position    INTEGER PRIMARY KEY, -- of the event in the journal
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor       TEXT NOT NULL,       -- who began it
  dataset     TEXT NOT NULL,       -- ks4, ofsted, register, links, names, locations or cover
  release     TEXT,                -- 2017/18 final, where the dataset comes in releases
  file        TEXT NOT NULL,
  sha256      TEXT NOT NULL,       -- of the whole file, 64 hex digits; with dataset and release it names the import
  public_from TEXT                 -- the day from which anyone could read it
)",
        indexes: &[],
    };
}

impl Begun {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::NationalData(_, NationalData::ImportBegun(begun)) = &recorded.event else {
            return;
        };
        self.new.push(Row {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            actor: recorded.actor.clone(),
            dataset: begun.dataset,
            release: begun.release,
            file: begun.file.clone(),
            sha256: begun.sha256.clone(),
            public_from: begun.public_from,
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
