//! Membership of the SSAT Secondary Network (D10), statement by statement.

use chrono::NaiveDate;
use kernel::Urn;
use membership::facts;
use schools::school::Event as School;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Cover {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    #[serde(with = "columns::day")]
    pub covered_from: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub covered_until: Option<NaiveDate>,
    pub via_trust: Option<String>,
    pub file: String,
    pub sha256: String,
    pub line: u64,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "cover",
        key: &["position"],
        ddl: "\
CREATE TABLE cover (
  urn           INTEGER NOT NULL,
  covered_from  TEXT NOT NULL,    -- the first day
  covered_until TEXT,             -- the last day; NULL: open-ended
  via_trust     TEXT,             -- the trust whose membership covers the school
  file          TEXT NOT NULL,    -- the file that says so
  sha256        TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line          INTEGER NOT NULL, -- the line or row in it, counted from 1
  position      INTEGER NOT NULL, -- of the event in the journal; the last one for a first day counts
  recorded_at   INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX cover_of ON cover (urn)"],
    };
}

impl Row {
    /// As a decision on membership takes it.
    #[must_use]
    pub fn covered(&self) -> facts::Cover {
        facts::Cover::Covered {
            from: self.covered_from,
            until: self.covered_until,
            via_trust: self.via_trust.clone(),
            source: columns::source(&self.file, &self.sha256, self.line),
        }
    }
}

/// The statement on one school that covers a day, if any does, of all that were made, oldest first (D10).  Of two on one
/// first day the last recorded counts.
#[must_use]
pub fn covering(statements: &[Row], day: NaiveDate) -> Option<&Row> {
    let stands = |row: &&Row| {
        let last = statements.iter().rev().find(|other| other.covered_from == row.covered_from);
        last.is_some_and(|last| last.position == row.position)
    };
    let covers =
        |row: &&Row| row.covered_from <= day && row.covered_until.is_none_or(|until| day <= until);
    statements.iter().filter(stands).filter(covers).max_by_key(|row| row.covered_from)
}

impl Cover {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        if let Event::School(urn, School::SsatCoverRecorded { from, until, via_trust, source }) =
            &recorded.event
        {
            self.new.push(Row {
                urn: *urn,
                covered_from: *from,
                covered_until: *until,
                via_trust: via_trust.clone(),
                file: source.file.clone(),
                sha256: source.sha256.clone(),
                line: source.line,
                position: recorded.position,
                recorded_at: recorded.recorded_at.timestamp_micros(),
            });
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
