//! The national thresholds that were computed (R3, D3).

use chrono::NaiveDate;
use kernel::{AcademicYear, Standing};
use schools::national_data::Event as NationalData;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Thresholds {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub year: AcademicYear,
    pub standing: Standing,
    pub percentile: u8,
    pub method: String,
    pub kinds: String,
    pub population: u32,
    pub value: i32,
    pub on_or_above: u32,
    pub tied: u32,
    pub significant: Option<u32>,
    #[serde(with = "columns::day")]
    pub public_from: NaiveDate,
    pub files: String,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "thresholds",
        key: &["position"],
        ddl: "\
CREATE TABLE thresholds (
  position    INTEGER PRIMARY KEY, -- of the event in the journal; the last one of a release counts
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  year        TEXT NOT NULL,       -- the school year, as 2017/18
  standing    TEXT NOT NULL,       -- provisional, revised or final
  percentile  INTEGER NOT NULL,
  method      TEXT NOT NULL,
  kinds       TEXT NOT NULL,       -- the kinds of school it is taken over, as JSON
  population  INTEGER NOT NULL,    -- schools of those kinds with a published Progress 8
  value       INTEGER NOT NULL,    -- in ten-thousandths: 2700 is 0.27
  on_or_above INTEGER NOT NULL,    -- schools with that score or more
  tied        INTEGER NOT NULL,    -- schools with exactly that score
  significant INTEGER,             -- schools whose lower confidence limit is above 0; NULL: the release has no limits
  public_from TEXT NOT NULL,       -- the day from which the release was public
  files       TEXT NOT NULL        -- SHA-256 of the files it rests on, as JSON
)",
        indexes: &[],
    };
}

impl Thresholds {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::NationalData(_, NationalData::ThresholdComputed(threshold)) = &recorded.event
        else {
            return;
        };
        self.new.push(Row {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            year: threshold.release.year,
            standing: threshold.release.standing,
            percentile: threshold.percentile,
            method: threshold.method.clone(),
            kinds: columns::json(&threshold.kinds),
            population: threshold.population,
            value: threshold.value,
            on_or_above: threshold.on_or_above,
            tied: threshold.tied,
            significant: threshold.significant,
            public_from: threshold.public_from,
            files: columns::json(&threshold.files),
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
