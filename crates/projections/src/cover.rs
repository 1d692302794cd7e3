//! Membership of the SSAT Secondary Network (D10), statement by statement.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::Urn;
use membership::facts;
use schools::national_data::Dataset;
use schools::school::Event as School;
use serde::{Deserialize, Serialize};

use crate::{Event, Recorded, Sink, Table, TableRow, begun, columns};

#[cfg(test)]
mod tests;

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

/// How far lists of SSAT cover were read: what a statement, or the want of one, is worth (D10).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Lists {
    /// None was begun: only of the schools of which something was recorded by hand anything is known.
    #[default]
    NeverRead,
    /// One was begun and not read to its end: until it is, or a newer one is, or it is given up, nothing is known of any
    /// school.  What an earlier list, or the office, said of it may be what the rest of the new one changes.
    HalfRead,
    /// Whom none of them names is not covered.
    Read,
}

/// Every statement on SSAT cover, and how far lists of it were read.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// By URN, then in the order in which they were recorded.
    rows: Vec<Row>,
    lists: Lists,
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

    fn covers(&self, day: NaiveDate) -> bool {
        self.covered_from <= day && self.covered_until.is_none_or(|until| day <= until)
    }
}

/// The terms that statements on one school come to, by their first day: of two on one first day the last recorded counts.
/// The statements are given oldest first.
pub fn terms(statements: &[Row]) -> impl DoubleEndedIterator<Item = &Row> {
    let by_first_day: BTreeMap<NaiveDate, &Row> =
        statements.iter().map(|row| (row.covered_from, row)).collect();
    by_first_day.into_values()
}

impl Lists {
    #[must_use]
    pub fn of(reading: &begun::Reading) -> Self {
        if reading.half_read().any(|row| row.dataset == Dataset::Cover) {
            Self::HalfRead
        } else if reading.was_read(Dataset::Cover) {
            Self::Read
        } else {
            Self::NeverRead
        }
    }

    /// Whether anything is known of a school, of which so much was said.
    #[must_use]
    pub fn know(self, statements: &[Row]) -> bool {
        match self {
            Self::NeverRead => !statements.is_empty(),
            Self::HalfRead => false,
            Self::Read => true,
        }
    }

    /// A school's cover on a day (R7, D10): the statements are all on that one school, oldest first.  Of terms that overlap
    /// the one that began last counts.
    #[must_use]
    pub fn cover_on(self, statements: &[Row], day: NaiveDate) -> facts::Cover {
        if !self.know(statements) {
            return facts::Cover::Unknown;
        }
        let covering = terms(statements).rev().find(|term| term.covers(day));
        covering.map_or(facts::Cover::None, Row::covered)
    }

    /// The last day of the unbroken cover that holds a day, or else that was the last to end before it.  `None`: nothing
    /// is known, or no end of it.
    #[must_use]
    pub fn cover_ends(self, statements: &[Row], day: NaiveDate) -> Option<NaiveDate> {
        let mut run: Option<Option<NaiveDate>> = None;
        for term in terms(statements).filter(|_| self.know(statements)) {
            let joins = |until: Option<NaiveDate>| {
                until
                    .and_then(|until| until.succ_opt())
                    .is_none_or(|next| term.covered_from <= next)
            };
            run = match run {
                Some(until) if joins(until) => {
                    Some(until.zip(term.covered_until).map(|(a, b)| a.max(b)))
                }
                Some(_) | None if term.covered_from <= day => Some(term.covered_until),
                before @ (Some(_) | None) => return before.flatten(),
            };
        }
        run.flatten()
    }
}

impl Told {
    /// The rows are given by URN, and of one school oldest first.
    #[must_use]
    pub fn of(rows: Vec<Row>, lists: Lists) -> Self {
        Self { rows, lists }
    }

    /// A school's cover on a day, or that nothing is known of it.
    #[must_use]
    pub fn on(&self, urn: Urn, day: NaiveDate) -> facts::Cover {
        self.lists.cover_on(self.statements(urn), day)
    }

    /// What was said of one school, oldest first.
    #[must_use]
    pub fn statements(&self, urn: Urn) -> &[Row] {
        let from = self.rows.partition_point(|row| row.urn < urn);
        let until = self.rows.partition_point(|row| row.urn <= urn);
        self.rows.get(from..until).unwrap_or_default()
    }
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
