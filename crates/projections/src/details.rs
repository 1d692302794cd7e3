//! What was stated of a school's name, kind, phase and status, statement by statement.

use chrono::NaiveDate;
use kernel::{RecordType, SchoolKind, Source, Urn};
use schools::school::Event as School;
use schools::{Details as Stated, Phase, Register};
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Details {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub name: Option<String>,
    pub kind: Option<SchoolKind>,
    pub record_type: Option<RecordType>,
    pub phase: Option<Phase>,
    pub status: Option<Register>,
    #[serde(with = "columns::optional_day")]
    pub opened_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub closed_on: Option<NaiveDate>,
    #[serde(with = "columns::day")]
    pub public_from: NaiveDate,
    pub file: String,
    pub sha256: String,
    pub line: u64,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "details",
        key: &["urn", "position"],
        ddl: "\
CREATE TABLE details (
  urn         INTEGER NOT NULL,
  name        TEXT,             -- NULL in any column: this statement does not say
  kind        TEXT,             -- DfE's NFTYPE code
  record_type TEXT,             -- mainstream or special (DfE's RECTYPE 1 or 2)
  phase       TEXT,
  status      TEXT,             -- open, proposed_to_close, closed, proposed_to_open
  opened_on   TEXT,
  closed_on   TEXT,
  public_from TEXT NOT NULL,    -- the day from which anyone could know it
  file        TEXT NOT NULL,    -- the file that says so
  sha256      TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line        INTEGER NOT NULL, -- the line or row in it, counted from 1
  position    INTEGER NOT NULL, -- of the event in the journal
  recorded_at INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX details_of ON details (urn)"],
    };
}

impl Details {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::School(urn, event) = &recorded.event else { return };
        match event {
            School::SchoolRegistered { details, public_from, source }
            | School::SchoolDetailsCorrected { changes: details, public_from, source } => {
                self.new.push(row(*urn, details, *public_from, source, recorded));
            }
            School::SchoolClosed { on, public_from, source } => {
                let closed =
                    Stated { status: Some(Register::Closed), closed_on: *on, ..Stated::default() };
                self.new.push(row(*urn, &closed, *public_from, source, recorded));
            }
            School::SchoolConverted(_)
            | School::SchoolsMerged(_)
            | School::SchoolSplit(_)
            | School::ResultsPublished(_)
            | School::ResultsRevised { .. }
            | School::OfstedInspected(_)
            | School::OfstedUpgraded { .. }
            | School::OfstedDowngraded { .. }
            | School::SsatCoverRecorded { .. }
            | School::FactCorrected { .. } => {}
        }
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

fn row(
    urn: Urn,
    stated: &Stated,
    public_from: NaiveDate,
    source: &Source,
    recorded: &Recorded,
) -> Row {
    Row {
        urn,
        name: stated.name.clone(),
        kind: stated.kind,
        record_type: stated.record_type,
        phase: stated.phase,
        status: stated.status,
        opened_on: stated.opened_on,
        closed_on: stated.closed_on,
        public_from,
        file: source.file.clone(),
        sha256: source.sha256.clone(),
        line: source.line,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
    }
}
