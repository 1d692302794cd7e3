//! The criteria that were adopted, and each change to them (R1).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::criteria::{Adoption, Event as Decided};
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Criteria {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub position: u64,
    pub recorded_at: i64,
    pub actor: String,
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub adopted_on: NaiveDate,
    pub minute: String,
    pub amendment: Option<String>,
    pub terms: String,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "criteria",
        key: &["position"],
        ddl: "\
CREATE TABLE criteria (
  position    INTEGER PRIMARY KEY, -- of the event in the journal; the last one of a year counts
  recorded_at INTEGER NOT NULL,    -- microseconds since 1970-01-01 UTC
  actor       TEXT NOT NULL,       -- who took the decision down
  year        TEXT NOT NULL,       -- the Leading Edge year, as 2019-20
  adopted_on  TEXT NOT NULL,       -- the day of the steering group's decision
  minute      TEXT NOT NULL,       -- where the decision is written down
  amendment   TEXT,                -- the reason, where adopted criteria were changed
  terms       TEXT NOT NULL        -- the criteria, as JSON
)",
        indexes: &[],
    };
}

impl Row {
    /// The decision, as it was taken.
    ///
    /// # Errors
    /// The terms are not what this program wrote.
    pub fn adoption(&self) -> Result<Adoption, serde_json::Error> {
        Ok(Adoption {
            year: self.year,
            adopted_on: self.adopted_on,
            minute: self.minute.clone(),
            terms: serde_json::from_str(&self.terms)?,
        })
    }
}

impl Criteria {
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        let Event::Criteria(year, event) = &recorded.event else { return };
        let (adoption, amendment) = match event {
            Decided::CriteriaAdopted(adoption) => (adoption, None),
            Decided::CriteriaAmended { adoption, reason } => (adoption, Some(reason.clone())),
        };
        self.new.push(Row {
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
            actor: recorded.actor.clone(),
            year: *year,
            adopted_on: adoption.adopted_on,
            minute: adoption.minute.clone(),
            amendment,
            terms: columns::json(&adoption.terms),
        });
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}
