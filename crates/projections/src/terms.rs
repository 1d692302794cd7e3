//! The years of membership: one row a school and term, which lies within one Leading Edge year (R11).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::Event as Membership;
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::memberships::Departure;
use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

mod changes;
#[cfg(test)]
mod tests;

#[derive(Debug, Default)]
pub struct Terms {
    schools: BTreeMap<Urn, School>,
}

/// One school's terms, by their first days.
#[derive(Clone, Debug, Default)]
struct School {
    rows: BTreeMap<NaiveDate, Row>,
    changed: BTreeSet<NaiveDate>,
}

/// How a term came about.
#[derive(Clone, Copy, Debug, Deserialize, Display, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Came {
    /// The school was never a member before.
    Joined,
    /// It applied again, having been a member before.
    Returned,
    Renewed,
    /// From a predecessor, in the middle of the year or at its beginning (D12).
    TakenOver,
    /// It is of the time before this system (R38).
    Earlier,
}

/// What came of a term at its end.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// Another term follows.
    Renewed,
    /// The school said yes, and it was not agreed; or, of old, whatever kept it from being renewed.
    NotRenewed,
    NeverOffered,
    /// It did not answer its offer.
    Unanswered,
    RefusedMark,
    RefusedReview,
    RefusedJudgement,
    RefusedCover,
    /// The school's own wish.
    Declined,
    Closed,
    Merged,
    /// It goes on at the successor (D12).
    CarriedOver,
    /// Before this system began (R38).
    Earlier,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: LeadingEdgeYear,
    #[serde(with = "columns::day")]
    pub first_day: NaiveDate,
    #[serde(with = "columns::day")]
    pub last_day: NaiveDate,
    pub came: Came,
    pub fee_pence: Option<u64>,
    #[serde(with = "columns::optional_day")]
    pub agreed_on: Option<NaiveDate>,
    #[serde(with = "columns::day")]
    pub member_since: NaiveDate,
    #[serde(with = "columns::day")]
    pub continuous_since: NaiveDate,
    pub ending: Option<Ending>,
    #[serde(with = "columns::optional_day")]
    pub ended_on: Option<NaiveDate>,
    pub reason: Option<String>,
    #[serde(with = "columns::optional_urn")]
    pub predecessor: Option<Urn>,
    #[serde(with = "columns::optional_urn")]
    pub successor: Option<Urn>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "terms",
        key: &["urn", "first_day"],
        ddl: "\
CREATE TABLE terms (
  urn              INTEGER NOT NULL,
  year             TEXT NOT NULL,    -- the Leading Edge year, as 2019-20
  first_day        TEXT NOT NULL,    -- of its days within that year under this URN, as agreed, both inclusive
  last_day         TEXT NOT NULL,
  came             TEXT NOT NULL,    -- joined, returned, renewed, taken_over or earlier
  fee_pence        INTEGER,          -- of the year, without VAT; NULL: of the time before this system
  agreed_on        TEXT,             -- the office's day on which it was agreed here; NULL: taken over, or before this system
  member_since     TEXT NOT NULL,    -- the first day it was ever a member, as of this term
  continuous_since TEXT NOT NULL,    -- the first day of the unbroken run that this term belongs to
  ending           TEXT,             -- renewed, not_renewed, never_offered, unanswered, refused_mark, refused_review, refused_judgement,
                                  -- refused_cover, declined, closed, merged, carried_over or earlier; NULL: still open
  ended_on         TEXT,             -- the last day, where the membership ended here; before first_day: the term never ran
  reason           TEXT,             -- why it ended, in the words of the time
  predecessor      INTEGER,          -- the URN from which the term was taken over
  successor        INTEGER,          -- the URN at which it goes on, or into which the school went
  position         INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at      INTEGER NOT NULL, -- of that event, microseconds since 1970-01-01 UTC
  PRIMARY KEY (urn, first_day)
) WITHOUT ROWID",
        indexes: &["CREATE INDEX terms_of_year ON terms (year)"],
    };
}

impl Terms {
    /// Lays one event into the terms.  Events come in order of position, each once.
    ///
    /// # Errors
    /// Whatever keeps `past` from answering.
    pub fn apply<P: Past>(&mut self, recorded: &Recorded, past: &mut P) -> Result<(), P::Error> {
        let Event::Membership(urn, event) = &recorded.event else { return Ok(()) };
        let mut handed_over = vec![];
        if let Membership::MembershipTakenOver { from, .. } = event {
            handed_over = self.school(*from, past)?.handed_over_to(*urn);
        }
        let school = self.school(*urn, past)?;
        let before = school.rows.clone();
        school.take_down(*urn, event, &handed_over);
        school.look_back();
        for (first_day, row) in &mut school.rows {
            if let Some(old) = before.get(first_day) {
                row.position = old.position;
                row.recorded_at = old.recorded_at;
                if row == old {
                    continue;
                }
            }
            row.position = recorded.position;
            row.recorded_at = recorded.recorded_at.timestamp_micros();
            school.changed.insert(*first_day);
        }
        Ok(())
    }

    /// The terms of the schools seen so far, by URN and first day.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.schools.values().flat_map(|school| school.rows.values())
    }

    fn school<P: Past>(&mut self, urn: Urn, past: &mut P) -> Result<&mut School, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.schools.entry(urn) {
            Entry::Occupied(school) => school.into_mut(),
            Entry::Vacant(place) => {
                let rows = past.rows::<Row>("urn", Key::Number(urn.number()))?;
                let rows = rows.into_iter().map(|row| (row.first_day, row)).collect();
                place.insert(School { rows, changed: BTreeSet::new() })
            }
        })
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        for school in self.schools.values_mut() {
            for first_day in std::mem::take(&mut school.changed) {
                school.rows.get(&first_day).map_or(Ok(()), |row| sink.put(row))?;
            }
        }
        Ok(())
    }
}

impl Row {
    /// The last day of membership within this term, as things stand.
    #[must_use]
    pub fn until(&self) -> NaiveDate {
        self.ended_on.map_or(self.last_day, |ended_on| ended_on.min(self.last_day))
    }

    /// Whether the school was a member by it for a day at least.  A term that was agreed does not when the school itself
    /// ends, or goes on under another URN, before its first day.
    #[must_use]
    pub fn ran(&self) -> bool {
        self.first_day <= self.until()
    }
}

impl From<Departure> for Ending {
    fn from(departure: Departure) -> Self {
        match departure {
            Departure::NotRenewed => Self::NotRenewed,
            Departure::NeverOffered => Self::NeverOffered,
            Departure::Unanswered => Self::Unanswered,
            Departure::RefusedMark => Self::RefusedMark,
            Departure::RefusedReview => Self::RefusedReview,
            Departure::RefusedJudgement => Self::RefusedJudgement,
            Departure::RefusedCover => Self::RefusedCover,
            Departure::Declined => Self::Declined,
            Departure::Closed => Self::Closed,
            Departure::Merged => Self::Merged,
            Departure::CarriedOver => Self::CarriedOver,
            Departure::Earlier => Self::Earlier,
        }
    }
}
