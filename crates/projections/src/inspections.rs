//! What Ofsted found of each school, statement by statement: nothing is ever written over.

use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{Grade, Outcome, Source, Urn};
use schools::school::{Event as School, Fact, Inspection};
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::known::Known;
use crate::shared::{Shared, Texts};
use crate::{Event, Past, Recorded, Sink, Table, TableRow, columns};

pub(crate) mod in_force;

pub use in_force::{Counting, in_force};

#[derive(Debug, Default)]
pub struct Inspections {
    new: Vec<Arc<Row>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    #[serde(with = "columns::day")]
    pub inspected_on: NaiveDate,
    #[serde(with = "columns::optional_day")]
    pub published_on: Option<NaiveDate>,
    pub kind: Kind,
    pub grade: Option<Grade>,
    pub outcome: Option<String>,
    pub also_printed: Option<Grade>,
    pub file: Shared,
    pub sha256: Shared,
    pub line: u64,
    pub correction: Option<String>,
    pub position: u64,
    pub recorded_at: i64,
}

/// What an inspection came to, in a word.
#[derive(Clone, Copy, Debug, Deserialize, Display, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Overall,
    Areas,
    ReportCard,
    Ungraded,
    /// It was not an inspection of this school (D17).
    Withdrawn,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "inspections",
        key: &["urn", "inspected_on", "position"],
        ddl: "\
CREATE TABLE inspections (
  urn          INTEGER NOT NULL,
  inspected_on TEXT NOT NULL,
  published_on TEXT,             -- NULL: the file does not say, and the inspection day stands for it
  kind         TEXT NOT NULL,    -- overall, areas, report_card, ungraded; withdrawn: it was not this school's
  grade        INTEGER,          -- overall effectiveness, 1 to 4; NULL where none was given
  outcome      TEXT,             -- areas, report card or Ofsted's words, as JSON; NULL where the grade says it all
  also_printed INTEGER,          -- a better grade printed for the same day; the poorer counts
  file         TEXT NOT NULL,    -- the file that says so
  sha256       TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line         INTEGER NOT NULL, -- the line or row in it, counted from 1
  correction   TEXT,             -- the reason, where the office corrected what it had recorded
  position     INTEGER NOT NULL, -- of the event in the journal; the last one for a day counts
  recorded_at  INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX inspections_of ON inspections (urn)"],
    };
}

impl Row {
    /// What the inspection came to; `None`: it was not an inspection of this school.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match (self.kind, self.grade, &self.outcome) {
            (Kind::Withdrawn, ..) => None,
            (_, Some(grade), _) => Some(Outcome::Overall(grade)),
            (_, None, Some(text)) => serde_json::from_str(text).ok(),
            (_, None, None) => None,
        }
    }

    #[must_use]
    pub fn source(&self) -> Source {
        columns::source(&self.file, &self.sha256, self.line)
    }

    /// Whether it can be the grade in force (D6, D7).
    #[must_use]
    pub fn is_graded(&self) -> bool {
        match self.kind {
            Kind::Overall | Kind::Areas | Kind::ReportCard => true,
            Kind::Ungraded | Kind::Withdrawn => false,
        }
    }

    fn with(mut self, outcome: Option<&Outcome>) -> Self {
        self.grade = outcome.and_then(Outcome::overall);
        (self.kind, self.outcome) = match outcome {
            None => (Kind::Withdrawn, None),
            Some(Outcome::Overall(_)) => (Kind::Overall, None),
            Some(other @ Outcome::Areas(_)) => (Kind::Areas, serde_json::to_string(other).ok()),
            Some(other @ Outcome::ReportCard(_)) => {
                (Kind::ReportCard, serde_json::to_string(other).ok())
            }
            Some(other @ Outcome::Ungraded(_)) => {
                (Kind::Ungraded, serde_json::to_string(other).ok())
            }
        };
        self
    }
}

impl Inspections {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::School(urn, event) = &recorded.event else { return Ok(()) };
        let row = match event {
            School::OfstedInspected(inspection) => {
                stated(*urn, inspection, recorded, known.texts())
            }
            School::FactCorrected { fact: Fact::Inspection { inspected_on, to, .. }, reason } => {
                // A window in time may show the correction and not what it corrects.
                let school = known.school(*urn, past)?;
                let Some(was) = school.inspection(*inspected_on) else { return Ok(()) };
                corrected(was, to.as_ref(), reason, recorded)
            }
            School::SchoolRegistered { .. }
            | School::SchoolDetailsCorrected { .. }
            | School::SchoolClosed { .. }
            | School::SchoolConverted(_)
            | School::SchoolsMerged(_)
            | School::SchoolSplit(_)
            | School::ResultsPublished(_)
            | School::ResultsRevised { .. }
            | School::OfstedUpgraded { .. }
            | School::OfstedDowngraded { .. }
            | School::SsatCoverRecorded { .. }
            | School::FactCorrected { .. } => return Ok(()),
        };
        let row = Arc::new(row);
        known.school(*urn, past)?.hold_inspection(Arc::clone(&row));
        self.new.push(row);
        Ok(())
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&*row))
    }
}

fn stated(urn: Urn, inspection: &Inspection, recorded: &Recorded, texts: &mut Texts) -> Row {
    Row {
        urn,
        inspected_on: inspection.inspected_on,
        published_on: inspection.published_on,
        kind: Kind::Withdrawn,
        grade: None,
        outcome: None,
        also_printed: inspection.also_printed,
        file: texts.shared(&inspection.source.file),
        sha256: texts.shared(&inspection.source.sha256),
        line: inspection.source.line,
        correction: None,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
    }
    .with(Some(&inspection.outcome))
}

/// It keeps its public day: a correction says what was true all along (D17).
fn corrected(was: &Row, to: Option<&Outcome>, reason: &str, recorded: &Recorded) -> Row {
    Row {
        correction: Some(reason.to_owned()),
        also_printed: None,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
        ..was.clone()
    }
    .with(to)
}
