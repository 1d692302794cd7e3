//! The annual reviews, one row each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Release};
use membership::review::{Basis, Counts, Event as Review};
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Reviews {
    held: BTreeMap<LeadingEdgeYear, Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub as_at: NaiveDate,
    pub release: Option<Release>,
    pub criteria_year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub criteria_adopted_on: NaiveDate,
    pub threshold: Option<i32>,
    pub basis: String,
    pub runs: u32,
    pub opened_at: u64,
    pub position: u64,
    pub recorded_at: i64,
    #[serde(with = "columns::optional_day")]
    pub closed_on: Option<NaiveDate>,
    pub counts: Option<String>,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "reviews",
        key: &["year"],
        ddl: "\
CREATE TABLE reviews (
  year                TEXT PRIMARY KEY, -- the Leading Edge year, as 2019-20
  as_at               TEXT NOT NULL,    -- facts public on or before this day count
  release             TEXT,             -- the release of results reviewed, as 2017/18 final
  criteria_year       TEXT NOT NULL,    -- whose year's criteria were in force
  criteria_adopted_on TEXT NOT NULL,
  threshold           INTEGER,          -- in ten-thousandths: 2700 is 0.27
  basis               TEXT NOT NULL,    -- all that the review rests on, as JSON
  runs                INTEGER NOT NULL, -- how often it was run on another basis or on other facts
  opened_at           INTEGER NOT NULL, -- position of the event that opened it
  position            INTEGER NOT NULL, -- of the event that ran it last, or closed it
  recorded_at         INTEGER NOT NULL, -- of that event, microseconds since 1970-01-01 UTC
  closed_on           TEXT,
  counts              TEXT              -- at the close, as JSON
)",
        indexes: &[],
    };
}

impl Row {
    /// What the review rests on.
    ///
    /// # Errors
    /// The basis is not what this program wrote.
    pub fn basis(&self) -> Result<Basis, serde_json::Error> {
        serde_json::from_str(&self.basis)
    }

    /// The counts at its close.
    ///
    /// # Errors
    /// The counts are not what this program wrote.
    pub fn counts(&self) -> Result<Option<Counts>, serde_json::Error> {
        self.counts.as_deref().map(serde_json::from_str).transpose()
    }
}

impl Reviews {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Review(year, event) = &recorded.event else { return Ok(()) };
        match event {
            Review::AnnualReviewOpened(basis) | Review::AnnualReviewRepeated(basis) => {
                let before =
                    self.held(*year, past)?.map(|held| (held.row.opened_at, held.row.runs));
                let (opened_at, runs) = before.unwrap_or((recorded.position, 0));
                let row = run(*year, basis, recorded, opened_at, runs + 1);
                self.held.insert(*year, Held { row, changed: true });
            }
            Review::AnnualReviewClosed { on, counts } => {
                if let Some(held) = self.held(*year, past)? {
                    held.row.closed_on = Some(*on);
                    held.row.counts = Some(columns::json(counts));
                    held.row.position = recorded.position;
                    held.row.recorded_at = recorded.recorded_at.timestamp_micros();
                    held.changed = true;
                }
            }
            Review::SchoolReviewed(_)
            | Review::SchoolLeftReview { .. }
            | Review::JudgementRecorded { .. } => {}
        }
        Ok(())
    }

    fn held<P: Past>(
        &mut self,
        year: LeadingEdgeYear,
        past: &mut P,
    ) -> Result<Option<&mut Held>, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.held.entry(year) {
            Entry::Occupied(held) => Some(held.into_mut()),
            Entry::Vacant(place) => past
                .rows::<Row>("year", Key::Text(&year.to_string()))?
                .pop()
                .map(|row| place.insert(Held { row, changed: false })),
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for held in self.held.values_mut().filter(|held| held.changed) {
            sink.put(&held.row)?;
            held.changed = false;
        }
        Ok(())
    }
}

fn run(
    year: LeadingEdgeYear,
    basis: &Basis,
    recorded: &Recorded,
    opened_at: u64,
    runs: u32,
) -> Row {
    Row {
        year,
        as_at: basis.as_at,
        release: basis.release,
        criteria_year: basis.criteria.year,
        criteria_adopted_on: basis.criteria.adopted_on,
        threshold: basis.threshold.as_ref().map(|threshold| threshold.value),
        basis: columns::json(basis),
        runs,
        opened_at,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
        closed_on: None,
        counts: None,
    }
}
