//! The days that have begun (D16).

use chrono::NaiveDate;
use routine::calendar::Event as Calendar;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Days {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::day")]
    pub day: NaiveDate,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "days",
        key: &["day"],
        ddl: "\
CREATE TABLE days (
  day         TEXT PRIMARY KEY, -- in Europe/London
  position    INTEGER NOT NULL, -- of the event in the journal
  recorded_at INTEGER NOT NULL  -- when it was begun, microseconds since 1970-01-01 UTC
)",
        indexes: &[],
    };
}

impl Days {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        if let Event::Calendar(Calendar::DayBegan { on }) = &recorded.event {
            self.new.push(Row {
                day: *on,
                position: recorded.position,
                recorded_at: recorded.recorded_at.timestamp_micros(),
            });
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
