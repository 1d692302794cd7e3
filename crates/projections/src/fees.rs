//! What each year costs (R10), decision by decision.

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::fee::Event as Fee;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Fees {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub year: LeadingEdgeYear,
    pub fee_pence: u64,
    pub minute: String,
    #[serde(with = "columns::day")]
    pub set_on: NaiveDate,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "fees",
        key: &["position"],
        ddl: "\
CREATE TABLE fees (
  position    INTEGER PRIMARY KEY, -- of the event in the journal; the last one for a year counts
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  year        TEXT NOT NULL,       -- the Leading Edge year, as 2019-20; it holds for later years without one of their own
  fee_pence   INTEGER NOT NULL,    -- of the full package, without VAT
  minute      TEXT NOT NULL,
  set_on      TEXT NOT NULL
)",
        indexes: &[],
    };
}

impl Fees {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        if let Event::Fee(_, Fee::FeeSet(price)) = &recorded.event {
            self.new.push(Row {
                position: recorded.position,
                recorded_at: recorded.recorded_at.timestamp_micros(),
                year: price.year,
                fee_pence: price.fee_pence,
                minute: price.minute.clone(),
                set_on: price.on,
            });
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
