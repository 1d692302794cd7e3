//! What was stated of a school, statement by statement.

use chrono::NaiveDate;
use kernel::{RecordType, SchoolKind, Source, Urn};
use schools::details::Location;
use schools::school::Event as School;
use schools::{Details as Stated, LaEstab, Phase, Register};
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
    pub laestab: Option<LaEstab>,
    pub ukprn: Option<u32>,
    pub local_authority: Option<String>,
    pub street: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
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
  urn             INTEGER NOT NULL,
  name            TEXT,             -- NULL in any column down to longitude: this statement does not say
  kind            TEXT,             -- DfE's NFTYPE code
  record_type     TEXT,             -- mainstream or special (DfE's RECTYPE 1 or 2)
  phase           TEXT,
  status          TEXT,             -- open, proposed_to_close, closed, proposed_to_open
  opened_on       TEXT,
  closed_on       TEXT,             -- open or proposed_to_open without it calls off a closure stated before
  laestab         TEXT,             -- local authority and establishment, as 202/4104
  ukprn           INTEGER,          -- UK provider reference number, eight digits
  local_authority TEXT,
  street          TEXT,             -- what comes before the town, a line each
  town            TEXT,
  postcode        TEXT,             -- as the file writes it
  latitude        REAL,             -- WGS 84, in degrees
  longitude       REAL,
  public_from     TEXT NOT NULL,    -- the day from which anyone could know it
  file            TEXT NOT NULL,    -- the file that says so
  sha256          TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line            INTEGER NOT NULL, -- the line or row in it, counted from 1
  position        INTEGER NOT NULL, -- of the event in the journal; of one day the last one counts
  recorded_at     INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX details_of ON details (urn)"],
    };
}

impl Row {
    /// What was stated.
    pub(crate) fn stated(&self) -> Stated {
        let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
        let location = self.latitude.zip(self.longitude).map(|(latitude, longitude)| Location {
            latitude: millionths(latitude),
            longitude: millionths(longitude),
        });
        Stated {
            name: self.name.clone(),
            laestab: self.laestab,
            ukprn: self.ukprn,
            kind: self.kind,
            record_type: self.record_type,
            phase: self.phase,
            status: self.status,
            local_authority: self.local_authority.clone(),
            street: self.street.as_deref().map(|it| it.lines().map(str::to_owned).collect()),
            town: self.town.clone(),
            postcode: self.postcode.clone(),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
            location,
        }
    }
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
                self.new.push(row(*urn, &closed(*on), *public_from, source, recorded));
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

/// What a closure states.
pub(crate) fn closed(on: Option<NaiveDate>) -> Stated {
    Stated { status: Some(Register::Closed), closed_on: on, ..Stated::default() }
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
        laestab: stated.laestab,
        ukprn: stated.ukprn,
        local_authority: stated.local_authority.clone(),
        street: stated.street.as_ref().map(|lines| lines.join("\n")),
        town: stated.town.clone(),
        postcode: stated.postcode.clone(),
        latitude: stated.location.map(|place| f64::from(place.latitude) / 1e6),
        longitude: stated.location.map(|place| f64::from(place.longitude) / 1e6),
        public_from,
        file: source.file.clone(),
        sha256: source.sha256.clone(),
        line: source.line,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
    }
}
