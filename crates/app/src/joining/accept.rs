//! Acceptance: the first day, the terms, what was missed, and SSAT cover (R7 to R10, D10, D11).

use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, Urn};
use membership::facts::Cover;
use membership::membership::{Acceptance, Command, JoiningTerms};
use projections::memberships::{Application, Terms};
use serde::Serialize;

use crate::{Desk, Failure, Office};

/// The ways in which a school may join, and what each means for it (D11).
#[derive(Clone, Debug, Serialize)]
pub struct WaysIn {
    pub urn: Urn,
    pub name: String,
    /// The Leading Edge year it applied for.
    pub year: LeadingEdgeYear,
    /// What it would have missed of that year, were it to join now (R9).
    pub missed: Vec<String>,
    /// None, once the years that it could join in are over.
    pub ways: Vec<WayIn>,
}

/// One way in.
#[derive(Clone, Debug, Serialize)]
pub struct WayIn {
    pub terms: Terms,
    pub first_day: NaiveDate,
    /// 31 March (R11).
    pub last_day: NaiveDate,
    /// Of membership in its first year, both ends counted, and how many the year has.
    pub days: i64,
    pub of_days: i64,
    /// The year's full fee without VAT (R10).  `None`: none is set for the year, or it is to be agreed.
    pub fee_pence: Option<u64>,
    /// Why it could not be accepted in this way: SSAT does not cover the first day (R7).
    pub without_cover: Option<String>,
}

impl Office {
    /// Accepts a school from a day: by default the first of the year it applied for, or, once that is past, `on` (R9); the
    /// next 1 April where the terms say so.  SSAT cover on that day is looked up; what it has missed is listed, and what
    /// the office states is added.
    ///
    /// # Errors
    /// Its eligibility is not shown, or SSAT does not cover the first day: it stays prepared and is not accepted (R7, D10).  Or the
    /// year that it would join in was over on the last day that has begun: nobody becomes a member of a year that is past.
    pub async fn accept(
        &mut self,
        urn: Urn,
        first_day: Option<NaiveDate>,
        terms: JoiningTerms,
        missed: Vec<String>,
        on: Option<NaiveDate>,
    ) -> Result<Acceptance, Failure> {
        let on = self.day(on)?;
        let year = self.desk().applied_for(urn)?;
        let first_day = match first_day {
            Some(day) => day,
            None => self.desk().first_day(urn, year, &terms, on)?,
        };
        let joins_in = LeadingEdgeYear::containing(first_day);
        let (is_over, is_accepted) =
            (self.desk().is_over(joins_in, on)?, self.desk().is_accepted(urn)?);
        if is_over && !is_accepted {
            return Err(Failure::Refused(format!(
                "{urn}: {joins_in} ended on {}: withdraw its application, and let it apply for a year that is not over",
                Day(joins_in.last_day())
            )));
        }
        let missed = missed_by(first_day, year).into_iter().chain(missed).collect();
        let cover = self.desk().cover_on(urn, first_day)?;
        let acceptance = Acceptance { first_day, terms, missed, cover, on };
        self.ask_to_join(urn, Command::Accept(acceptance.clone())).await?;
        Ok(acceptance)
    }
}

impl Desk {
    /// The ways in which a school that applied may join, were it decided on a day; none in a year that is over.
    ///
    /// # Errors
    /// It has no application.
    pub fn ways_in(
        &self,
        urn: Urn,
        first_day: Option<NaiveDate>,
        on: Option<NaiveDate>,
    ) -> Result<WaysIn, Failure> {
        let year = self.applied_for(urn)?;
        let on = on.unwrap_or_else(|| self.today());
        let first_day = first_day.unwrap_or_else(|| first_day_by(year, on));
        let mut ways = vec![];
        if LeadingEdgeYear::containing(first_day) == year && !self.is_over(year, on)? {
            ways.push(self.way_in(urn, Terms::FullPackage, first_day)?);
            if first_day > year.first_day() {
                ways.push(self.way_in(urn, Terms::AgreedTerms, first_day)?);
            }
        }
        if on >= year.first_day() && !self.is_over(year.next(), on)? {
            ways.push(self.way_in(urn, Terms::FromNextApril, year.next().first_day())?);
        }
        let name = self.school_name(urn)?;
        Ok(WaysIn { urn, name, year, missed: missed_by(first_day, year), ways })
    }

    /// Whether a year is over, for what is decided on a day: on that day, or on the last that has begun.
    fn is_over(&self, year: LeadingEdgeYear, on: NaiveDate) -> Result<bool, Failure> {
        let last = self.read.day_begun(u64::MAX >> 1)?.map(|day| day.day);
        Ok(last.map_or(on, |last| last.max(on)) > year.last_day())
    }

    fn is_accepted(&self, urn: Urn) -> Result<bool, Failure> {
        let row = self.read.membership(urn)?;
        Ok(row.is_some_and(|row| row.application == Some(Application::Accepted)))
    }

    fn way_in(&self, urn: Urn, terms: Terms, first_day: NaiveDate) -> Result<WayIn, Failure> {
        let year = LeadingEdgeYear::containing(first_day);
        let fee_pence = match terms {
            Terms::FullPackage | Terms::FromNextApril => {
                self.fee_of(year)?.map(|fee| fee.fee_pence)
            }
            Terms::AgreedTerms => None,
        };
        let cover = self.cover_on(urn, first_day)?;
        Ok(WayIn {
            terms,
            first_day,
            last_day: year.last_day(),
            days: days(first_day, year.last_day()),
            of_days: days(year.first_day(), year.last_day()),
            fee_pence,
            without_cover: cover.covers(first_day).err().map(|why| why.to_string()),
        })
    }

    /// A school's SSAT cover on a day, or what is known instead (R7, D10).
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn cover_on(&self, urn: Urn, day: NaiveDate) -> Result<Cover, Failure> {
        let statements = self.read.cover_of(&[urn])?;
        Ok(match (self.read.cover_lists()?.cover_on(&statements, day), statements.last()) {
            // Cover of other days is shown as what it is.
            (Cover::None, Some(last)) => last.covered(),
            (cover, _) => cover,
        })
    }

    /// The year for which a school applied last.
    fn applied_for(&self, urn: Urn) -> Result<LeadingEdgeYear, Failure> {
        let name = self.school_name(urn)?;
        self.read
            .membership(urn)?
            .and_then(|row| row.application_year)
            .ok_or_else(|| Failure::Refused(format!("{urn} {name}: it has no application")))
    }

    /// The first day that nobody named.  That of an acceptance on record stays, so that accepting twice is once.
    fn first_day(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
        terms: &JoiningTerms,
        on: NaiveDate,
    ) -> Result<NaiveDate, Failure> {
        if *terms == JoiningTerms::FromNextApril {
            return Ok(year.next().first_day());
        }
        let row = self.read.membership(urn)?;
        let accepted = row.filter(|row| row.application == Some(Application::Accepted));
        let before = accepted.and_then(|row| row.first_day);
        let stands = before.filter(|day| LeadingEdgeYear::containing(*day) == year);
        Ok(stands.unwrap_or_else(|| first_day_by(year, on)))
    }
}

/// 1 April, or, once that is past, the day of the decision (R9).
fn first_day_by(year: LeadingEdgeYear, on: NaiveDate) -> NaiveDate {
    year.first_day().max(on)
}

/// What is missed of a year by who joins on a day of it.  Of editions, visits and conferences nothing is known yet: the office
/// states those.
fn missed_by(first_day: NaiveDate, year: LeadingEdgeYear) -> Vec<String> {
    let Some(before) = first_day.pred_opt().filter(|day| *day >= year.first_day()) else {
        return vec![];
    };
    if before >= year.last_day() {
        return vec![];
    }
    vec![format!(
        "{} to {} ({} of the year's {} days)",
        Day(year.first_day()),
        Day(before),
        days(year.first_day(), before),
        days(year.first_day(), year.last_day())
    )]
}

/// Both ends counted.
fn days(from: NaiveDate, until: NaiveDate) -> i64 {
    (until - from).num_days() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// R9, D11: 2019-20 has a 29 February.
    #[test]
    fn who_joins_late_has_missed_the_days_before_and_who_starts_in_april_none() {
        let year: LeadingEdgeYear = "2019-20".parse().unwrap();
        assert_eq!(missed_by(day("2019-04-01"), year), Vec::<String>::new());
        assert_eq!(
            missed_by(day("2019-04-02"), year),
            ["1 Apr 2019 to 1 Apr 2019 (1 of the year's 366 days)"]
        );
        assert_eq!(
            missed_by(day("2020-01-13"), year),
            ["1 Apr 2019 to 12 Jan 2020 (287 of the year's 366 days)"]
        );
        assert_eq!(missed_by(day("2020-04-01"), year), Vec::<String>::new());
    }

    #[test]
    fn the_first_day_is_the_first_of_april_or_the_day_of_a_later_decision() {
        let year: LeadingEdgeYear = "2019-20".parse().unwrap();
        assert_eq!(first_day_by(year, day("2019-03-12")), day("2019-04-01"));
        assert_eq!(first_day_by(year, day("2020-01-13")), day("2020-01-13"));
    }
}
