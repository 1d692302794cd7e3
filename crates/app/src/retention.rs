//! Retention, Leading Edge year by Leading Edge year: who was kept, who is new, who came back, who was lost and why.
//!
//! A school is counted once a year, however many terms it has in it; one that goes on under a successor's URN in the
//! course of a year is counted as the successor (D12).  Of every year:
//!
//! - *members* are the schools with a day of membership in it, at least;
//! - *kept* are those that were members on 31 March before it and on its 1 April, whatever their URN;
//! - *new* are those not kept that never were members before, *returned* the others not kept;
//! - *lost* are the members of the year before that are not kept: they left in its course (the school closed, or went into
//!   another), or after its last day; those of which it is not known yet are *undecided*.
//!
//! So it always adds up: members = kept + new + returned, and the members of the year before = kept + lost + undecided.
//! The *rate* is kept / members on the last day of the year before, so a school that closed in its course is lost and no
//! failure to keep it.  While anybody is undecided there is none: it would count them as lost.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use kernel::{LeadingEdgeYear, Urn};
use membership::Membership;
use projections::terms::{Ending, Row, Terms};
use projections::{Event, NoPast, Recorded};
use serde::{Serialize, Serializer};

use crate::office::known_on;
use crate::{Desk, Failure};

mod years;

use years::Years;

/// The report.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Retention {
    /// The day on which it was asked, or as it was known on.
    pub today: NaiveDate,
    /// Ascending, without a gap.
    pub years: Vec<Year>,
}

/// How far a year has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Over,
    /// What is said of its end is what is agreed now.
    Running,
    /// What is agreed so far; nobody joins before the first day has come.
    ToCome,
}

/// One year's figures, each a number of schools unless it says otherwise.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Year {
    pub year: LeadingEdgeYear,
    pub state: State,
    pub members: u64,
    /// On 1 April.
    pub at_start: u64,
    /// On 31 March.
    pub at_end: u64,
    /// Members that were none on 1 April (R9).
    pub joined_late: u64,
    pub kept: u64,
    pub new: u64,
    pub returned: u64,
    /// In the course of the year before.
    pub members_before: u64,
    /// On 31 March of the year before.
    pub at_end_before: u64,
    pub lost: u64,
    /// Those lost, by what came of their last term.
    pub lost_by_reason: BTreeMap<Ending, u64>,
    /// Members of the year before of whom nothing is known yet for this one.
    pub undecided: u64,
    /// Of those on 31 March before, per cent to one decimal.  `None`: there were none, or of some it is not known yet.
    #[serde(serialize_with = "per_cent")]
    pub rate: Option<Rate>,
    /// Agreed for the year, in whole pence without VAT (R10).
    pub fee_pence: u64,
    /// Members of which no fee is on record: they were members before this system (R38).
    pub without_fee: u64,
}

/// A part of a hundred, in tenths.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Rate(u64);

/// The schools behind one figure of a year.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Listed {
    pub year: LeadingEdgeYear,
    pub list: List,
    /// Ascending by URN.
    pub schools: Vec<ListedSchool>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    Members,
    Kept,
    New,
    Returned,
    JoinedLate,
    Lost,
    Undecided,
}

/// A school behind a figure: with its last term in the year, or in the year before where it was lost or is undecided.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ListedSchool {
    pub urn: Urn,
    pub name: Option<String>,
    /// The URN under which it was a member at the end of the year before, where it was another.
    pub formerly: Option<Urn>,
    /// Its days as a member within that year, both inclusive.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub member_since: NaiveDate,
    pub continuous_since: NaiveDate,
    /// In whole pence without VAT.
    pub fee_pence: Option<u64>,
    /// What came of it.  `None`: that is open.
    pub ending: Option<Ending>,
    /// The same in words, where somebody gave a reason.
    pub reason: Option<String>,
}

impl Desk {
    /// The retention report, from the first year with a member to the last, and the one after it where that has begun and
    /// lost some of them; as this office knew it at the end of a day,
    /// where one is named.
    ///
    /// # Errors
    /// The read models or the journal cannot be read.
    pub fn retention(&self, as_known_on: Option<NaiveDate>) -> Result<Retention, Failure> {
        let today = as_known_on.unwrap_or_else(|| self.today());
        Ok(Retention::of(&self.terms(as_known_on)?, today))
    }

    /// The schools behind one figure of the report.
    ///
    /// # Errors
    /// As there.
    pub fn retention_list(
        &self,
        year: LeadingEdgeYear,
        list: List,
        as_known_on: Option<NaiveDate>,
    ) -> Result<Listed, Failure> {
        let mut listed = Years::of(&self.terms(as_known_on)?).list(year, list);
        for school in &mut listed.schools {
            school.name = match self.read.school(school.urn)?.and_then(|row| row.name) {
                Some(name) => Some(name),
                // As it was invited, or as it applied.
                None => self.read.membership(school.urn)?.and_then(|row| row.name),
            };
        }
        Ok(listed)
    }

    fn terms(&self, as_known_on: Option<NaiveDate>) -> Result<Vec<Row>, Failure> {
        let Some(instant) = known_on(as_known_on) else { return Ok(self.read.terms()?) };
        let mut terms = Terms::default();
        let mut failure = None;
        let memberships = format!("{}.", Membership::TYPE);
        self.journal.for_each(0, u64::MAX, |entry| {
            if entry.recorded_at > instant {
                return ControlFlow::Break(());
            }
            if !entry.stream.starts_with(&memberships) {
                return ControlFlow::Continue(());
            }
            let taken = Event::decode(entry.stream, entry.payload).map(|event| {
                let Some(event) = event else { return };
                let recorded = Recorded {
                    position: entry.position,
                    version: entry.version,
                    recorded_at: entry.recorded_at,
                    effective_on: entry.effective_on,
                    actor: entry.actor.to_owned(),
                    event,
                };
                let Ok(()) = terms.apply(&recorded, &mut NoPast);
            });
            match taken {
                Ok(()) => ControlFlow::Continue(()),
                Err(source) => {
                    let position = entry.position;
                    failure = Some(read_store::Failure::Event { position, source });
                    ControlFlow::Break(())
                }
            }
        })?;
        match failure {
            Some(failure) => Err(failure.into()),
            None => Ok(terms.rows().cloned().collect()),
        }
    }
}

impl Retention {
    /// The report on what the terms of all schools say.
    #[must_use]
    pub fn of(terms: &[Row], today: NaiveDate) -> Self {
        let years = Years::of(terms);
        let mut told: Vec<Year> = years.all().map(|year| years.figures(year, today)).collect();
        // Where nobody stayed, that is told of the first year without a member, once it has begun.
        let after = told.last().map(|last| years.figures(last.year.next(), today));
        told.extend(after.filter(|after| after.lost > 0 && after.state != State::ToCome));
        Self { today, years: told }
    }
}

impl Rate {
    /// Per cent.
    #[must_use]
    pub fn per_cent(self) -> f64 {
        f64::from(u32::try_from(self.0).unwrap_or(u32::MAX)) / 10.0
    }
}

fn per_cent<S: Serializer>(rate: &Option<Rate>, serializer: S) -> Result<S::Ok, S::Error> {
    rate.map(Rate::per_cent).serialize(serializer)
}
