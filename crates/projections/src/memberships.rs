//! How each school stands with the network: one row a URN (R43).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Urn};
use membership::membership::Event as Membership;
use serde::{Deserialize, Serialize};

use crate::{Event, Key, Past, Recorded, Sink, Table, TableRow, columns};

mod changes;
#[cfg(test)]
mod tests;
mod words;

pub use words::{Application, Departure, Invitation, Renewal, Standing, Terms};

#[derive(Debug, Default)]
pub struct Memberships {
    held: BTreeMap<Urn, Held>,
}

#[derive(Debug)]
struct Held {
    row: Row,
    changed: bool,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub name: Option<String>,
    pub standing: Standing,
    pub year: Option<LeadingEdgeYear>,
    #[serde(with = "columns::optional_day")]
    pub term_from: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub term_until: Option<NaiveDate>,
    pub terms: Option<Terms>,
    pub fee_pence: Option<u64>,
    #[serde(with = "columns::optional_day")]
    pub member_since: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub continuous_since: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub membership_from: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub here_since: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub last_day: Option<NaiveDate>,
    pub departure: Option<Departure>,
    #[serde(with = "columns::optional_urn")]
    pub successor: Option<Urn>,
    #[serde(with = "columns::optional_urn")]
    pub predecessor: Option<Urn>,
    pub mark_grade: Option<Grade>,
    #[serde(with = "columns::optional_day")]
    pub mark_published_on: Option<NaiveDate>,
    pub mark_counts_for: Option<LeadingEdgeYear>,
    #[serde(with = "columns::optional_day")]
    pub grade_published_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub grade_inspected_on: Option<NaiveDate>,
    pub renewal_year: Option<LeadingEdgeYear>,
    pub renewal: Option<Renewal>,
    #[serde(with = "columns::optional_day")]
    pub renewal_offered_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub renewal_answer_by: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub renewal_accepted_on: Option<NaiveDate>,
    pub renewal_refused: Option<Departure>,
    pub renewal_refused_at: Option<u64>,
    #[serde(with = "columns::optional_day")]
    pub cover_ends_on: Option<NaiveDate>,
    pub invitation_year: Option<LeadingEdgeYear>,
    pub invitation: Option<Invitation>,
    #[serde(with = "columns::optional_day")]
    pub invitation_answer_by: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub invited_on: Option<NaiveDate>,
    pub application_year: Option<LeadingEdgeYear>,
    pub application: Option<Application>,
    #[serde(with = "columns::optional_day")]
    pub applied_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub evidence_due: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub meeting_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub first_day: Option<NaiveDate>,
    pub agreed_fee_pence: Option<u64>,
    pub last_reason: Option<String>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "memberships",
        key: &["urn"],
        ddl: "\
CREATE TABLE memberships (
  urn                  INTEGER PRIMARY KEY,
  name                 TEXT,             -- as invited, or as it applied
  standing             TEXT NOT NULL,    -- outside, member or left
  year                 TEXT,             -- the last Leading Edge year agreed, as 2019-20
  term_from            TEXT,             -- its days within that year, both inclusive
  term_until           TEXT,
  terms                TEXT,             -- how it joined: full_package, agreed_terms or from_next_april
  fee_pence            INTEGER,          -- of that year, without VAT
  member_since         TEXT,             -- the first day it was ever a member
  continuous_since     TEXT,             -- the first day of the present, or last, unbroken run
  membership_from      TEXT,             -- the first day of the present, or last, membership
  here_since           TEXT,             -- the first day of it under this URN: that of a carry-over, or the same
  last_day             TEXT,             -- of a school that left
  departure            TEXT,             -- not_renewed, never_offered, unanswered, refused_mark, refused_review, refused_judgement,
                                      -- refused_cover, declined, closed, merged, carried_over or earlier
  successor            INTEGER,          -- the URN at which the membership goes on, or into which the school went
  predecessor          INTEGER,          -- the URN whose membership it took over
  mark_grade           INTEGER,          -- not eligible to renew: the Ofsted grade, 3 or 4
  mark_published_on    TEXT,
  mark_counts_for      TEXT,             -- the first year it bars
  grade_published_on   TEXT,             -- of the grade that marked it last, or lifted the mark
  grade_inspected_on   TEXT,
  renewal_year         TEXT,             -- the year whose renewal is spoken of
  renewal              TEXT,             -- offered, accepted, agreed, refused or declined
  renewal_offered_on   TEXT,             -- where an offer stands, the day it was made
  renewal_answer_by    TEXT,
  renewal_accepted_on  TEXT,             -- where it is accepted, the day of the school's yes
  renewal_refused      TEXT,             -- why the network does not renew, in the words of departure; kept while the
                                      -- school has declined, in case it takes that back
  renewal_refused_at   INTEGER,          -- of the event in the journal that refused it
  cover_ends_on        TEXT,             -- the last day of SSAT cover, where it was warned of
  invitation_year      TEXT,             -- of the last invitation
  invitation           TEXT,             -- open, declined, expired or taken
  invitation_answer_by TEXT,             -- the last day to answer, as it was extended
  invited_on           TEXT,
  application_year     TEXT,             -- of the last application
  application          TEXT,             -- evidence_needed, below_criteria, evidence_asked, evidence_received, referred,
                                      -- prepared, accepted, declined, withdrawn or joined
  applied_on           TEXT,
  evidence_due         TEXT,
  meeting_on           TEXT,             -- of the steering group that is asked
  first_day            TEXT,             -- of membership, as accepted
  agreed_fee_pence     INTEGER,          -- without VAT, where it was accepted on terms of its own
  last_reason          TEXT,             -- the last that anybody gave
  position             INTEGER NOT NULL, -- of the last event in the journal that changed the row
  recorded_at          INTEGER NOT NULL  -- of that event, microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX memberships_by_standing ON memberships (standing, year)"],
    };
}

impl Memberships {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::Membership(urn, event) = &recorded.event else { return Ok(()) };
        let held = self.held(*urn, past)?;
        held.row.position = recorded.position;
        held.row.take_down(event);
        held.row.recorded_at = recorded.recorded_at.timestamp_micros();
        held.changed = true;
        Ok(())
    }

    fn held<P: Past>(&mut self, urn: Urn, past: &mut P) -> Result<&mut Held, P::Error> {
        use std::collections::btree_map::Entry;
        Ok(match self.held.entry(urn) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let row = past.rows::<Row>("urn", Key::Number(urn.number()))?.pop();
                let row = row.unwrap_or_else(|| Row::unknown(urn));
                place.insert(Held { row, changed: false })
            }
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

impl Row {
    /// A member is offered renewal instead, and a school that is no more, or goes on elsewhere, nothing.
    #[must_use]
    pub fn may_be_invited(&self) -> bool {
        let gone = matches!(
            self.departure,
            Some(Departure::Closed | Departure::Merged | Departure::CarriedOver)
        );
        self.standing != Standing::Member && !gone
    }

    /// Whether it is, or was, a member on a day of its present, or last, unbroken run of membership (R37).
    #[must_use]
    pub fn is_member_on(&self, day: NaiveDate) -> bool {
        let until = match self.standing {
            Standing::Outside => return false,
            Standing::Member => self.term_until,
            Standing::Left => self.last_day,
        };
        self.continuous_since.is_some_and(|since| since <= day)
            && until.is_none_or(|until| day <= until)
    }

    /// As it is once something more has happened to the school, that is not on record.
    pub fn take_in(&mut self, event: &Membership) {
        self.take_down(event);
    }

    /// Of a school that the network has never dealt with.
    #[must_use]
    pub fn unknown(urn: Urn) -> Self {
        Self {
            urn,
            name: None,
            standing: Standing::Outside,
            year: None,
            term_from: None,
            term_until: None,
            terms: None,
            fee_pence: None,
            member_since: None,
            continuous_since: None,
            membership_from: None,
            here_since: None,
            last_day: None,
            departure: None,
            successor: None,
            predecessor: None,
            mark_grade: None,
            mark_published_on: None,
            mark_counts_for: None,
            grade_published_on: None,
            grade_inspected_on: None,
            renewal_year: None,
            renewal: None,
            renewal_offered_on: None,
            renewal_answer_by: None,
            renewal_accepted_on: None,
            renewal_refused: None,
            renewal_refused_at: None,
            cover_ends_on: None,
            invitation_year: None,
            invitation: None,
            invitation_answer_by: None,
            invited_on: None,
            application_year: None,
            application: None,
            applied_on: None,
            evidence_due: None,
            meeting_on: None,
            first_day: None,
            agreed_fee_pence: None,
            last_reason: None,
            position: 0,
            recorded_at: 0,
        }
    }
}
