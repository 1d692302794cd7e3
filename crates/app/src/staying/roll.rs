//! The roll: every school that a membership has anything to tell of, filtered and sorted.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Urn};
use membership::facts::Cover;
use projections::cover::Told;
use projections::memberships::{Departure, Renewal, Row, Standing};
use projections::schools::Row as School;
use projections::terms;
use schools::Register;
use serde::Serialize;

use crate::{Desk, Failure};

/// Which schools of the roll; `None` and an empty list leave it alone.
#[derive(Clone, Debug, Default)]
pub struct RollFilter {
    pub standing: Option<Standing>,
    /// Members on some day of that year.
    pub year: Option<LeadingEdgeYear>,
    /// How far the renewal that is spoken of has come.
    pub renewal: Option<Renewal>,
    /// All of these.
    pub only: Vec<Only>,
}

/// What the office looks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Only {
    /// Not eligible to renew (R14).
    Marked,
    /// The register says that the school closed: somebody must sort out who goes on.
    Closed,
    /// No SSAT cover is known on the coming 1 April (R7, D10).
    WithoutCover,
}

/// What the roll is sorted by.  Schools without a value stand last.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RollSort {
    #[default]
    Name,
    Urn,
    /// The longest unbroken run first.
    Since,
    /// What is to be answered first.
    AnswerBy,
}

#[derive(Clone, Debug, Serialize)]
pub struct Roll {
    /// The first day of the coming year, of which `cover` speaks.
    pub first_day: NaiveDate,
    pub counts: RollCounts,
    pub schools: Vec<OnRoll>,
}

/// Of the schools listed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct RollCounts {
    pub schools: usize,
    pub members: usize,
    pub marked: usize,
    pub closed: usize,
    pub without_cover: usize,
    pub offered: usize,
    pub accepted: usize,
    pub agreed: usize,
    pub refused: usize,
    pub declined: usize,
}

/// One school of the roll.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OnRoll {
    pub urn: Urn,
    pub name: String,
    pub standing: Standing,
    /// The last Leading Edge year agreed, and its last day.
    pub year: Option<LeadingEdgeYear>,
    pub until: Option<NaiveDate>,
    pub member_since: Option<NaiveDate>,
    pub continuous_since: Option<NaiveDate>,
    pub mark_grade: Option<Grade>,
    pub mark_counts_for: Option<LeadingEdgeYear>,
    pub renewal_year: Option<LeadingEdgeYear>,
    pub renewal: Option<Renewal>,
    pub answer_by: Option<NaiveDate>,
    pub cover: Covered,
    /// What the register says, where it says that the school closed.
    pub closed: Option<ClosedSchool>,
    /// Of a school that left.
    pub last_day: Option<NaiveDate>,
    pub departure: Option<Departure>,
    /// The URN at which the membership goes on.
    pub successor: Option<Urn>,
}

/// SSAT cover on a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    Covered,
    NotCovered,
    /// No list of cover was read, and nothing recorded by hand; or one was not read to its end.
    Unknown,
}

/// A school that closed, and those that came after it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ClosedSchool {
    pub closed_on: Option<NaiveDate>,
    pub successors: Vec<Urn>,
}

impl Desk {
    /// # Errors
    /// The read models cannot be read.
    pub fn roll(&self, filter: &RollFilter, sort: RollSort) -> Result<Roll, Failure> {
        let first_day = LeadingEdgeYear::containing(self.today()).next().first_day();
        let cover = self.read.cover_told()?;
        let mut schools = vec![];
        let in_year = filter.year.map(|year| self.members_in(year)).transpose()?;
        let asked_for = |row: &&Row| {
            filter.admits(row) && in_year.as_ref().is_none_or(|urns| urns.contains(&row.urn))
        };
        for row in self.read.memberships()?.iter().filter(asked_for) {
            let line = self.on_roll(row, &cover, first_day)?;
            if filter.only.iter().all(|only| line.is(*only)) {
                schools.push(line);
            }
        }
        schools.sort_by(|one, other| sort.order(one, other));
        Ok(Roll { first_day, counts: counts(&schools), schools })
    }

    fn members_in(&self, year: LeadingEdgeYear) -> Result<BTreeSet<Urn>, Failure> {
        let terms = self.read.terms_in(year)?;
        let ran = |term: &terms::Row| term.ended_on.is_none_or(|day| day >= term.first_day);
        Ok(terms.iter().filter(|term| ran(term)).map(|term| term.urn).collect())
    }

    fn on_roll(&self, row: &Row, cover: &Told, first_day: NaiveDate) -> Result<OnRoll, Failure> {
        let school = self.read.school(row.urn)?;
        Ok(OnRoll {
            urn: row.urn,
            name: name_of(row, school.as_ref()),
            standing: row.standing,
            year: row.year,
            until: row.term_until,
            member_since: row.member_since,
            continuous_since: row.continuous_since,
            mark_grade: row.mark_grade,
            mark_counts_for: row.mark_counts_for,
            renewal_year: row.renewal_year,
            renewal: row.renewal,
            answer_by: row.renewal_answer_by.filter(|_| row.renewal == Some(Renewal::Offered)),
            cover: Covered::on(cover, row.urn, first_day),
            closed: self.closed(school.as_ref())?,
            last_day: row.last_day,
            departure: row.departure,
            successor: row.successor,
        })
    }

    /// What the register says of a school that closed.
    pub(super) fn closed(&self, school: Option<&School>) -> Result<Option<ClosedSchool>, Failure> {
        let Some(school) = school.filter(|school| school.status == Some(Register::Closed)) else {
            return Ok(None);
        };
        let links = self.read.successors_of(&[school.urn])?;
        let mut successors: Vec<Urn> = links.into_iter().map(|link| link.urn).collect();
        successors.sort_unstable();
        successors.dedup();
        Ok(Some(ClosedSchool { closed_on: school.closed_on, successors }))
    }
}

/// As the register has it, or else as the school was invited or applied.
pub(super) fn name_of(row: &Row, school: Option<&School>) -> String {
    let registered = school.and_then(|school| school.name.clone());
    registered.or_else(|| row.name.clone()).unwrap_or_default()
}

fn counts(schools: &[OnRoll]) -> RollCounts {
    let that = |holds: &dyn Fn(&OnRoll) -> bool| schools.iter().filter(|line| holds(line)).count();
    let renewal = |stage| that(&|line| line.renewal == Some(stage));
    RollCounts {
        schools: schools.len(),
        members: that(&|line| line.standing == Standing::Member),
        marked: that(&|line| line.is(Only::Marked)),
        closed: that(&|line| line.is(Only::Closed)),
        without_cover: that(&|line| line.is(Only::WithoutCover)),
        offered: renewal(Renewal::Offered),
        accepted: renewal(Renewal::Accepted),
        agreed: renewal(Renewal::Agreed),
        refused: renewal(Renewal::Refused),
        declined: renewal(Renewal::Declined),
    }
}

impl RollFilter {
    fn admits(&self, row: &Row) -> bool {
        self.standing.is_none_or(|standing| row.standing == standing)
            && self.renewal.is_none_or(|renewal| row.renewal == Some(renewal))
    }
}

impl RollSort {
    fn order(self, one: &OnRoll, other: &OnRoll) -> std::cmp::Ordering {
        let by_day = |one: Option<NaiveDate>, other: Option<NaiveDate>| {
            one.unwrap_or(NaiveDate::MAX).cmp(&other.unwrap_or(NaiveDate::MAX))
        };
        let first = match self {
            Self::Name => std::cmp::Ordering::Equal,
            Self::Urn => one.urn.cmp(&other.urn),
            Self::Since => by_day(one.continuous_since, other.continuous_since),
            Self::AnswerBy => by_day(one.answer_by, other.answer_by),
        };
        let name = |line: &OnRoll| line.name.to_lowercase();
        first.then_with(|| name(one).cmp(&name(other))).then_with(|| one.urn.cmp(&other.urn))
    }
}

impl OnRoll {
    fn is(&self, only: Only) -> bool {
        match only {
            Only::Marked => self.mark_counts_for.is_some(),
            Only::Closed => self.closed.is_some(),
            Only::WithoutCover => self.cover != Covered::Covered,
        }
    }
}

impl Covered {
    pub(super) fn on(cover: &Told, urn: Urn, day: NaiveDate) -> Self {
        match cover.on(urn, day) {
            Cover::Covered { .. } => Self::Covered,
            Cover::None => Self::NotCovered,
            Cover::Unknown => Self::Unknown,
        }
    }
}
