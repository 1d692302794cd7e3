//! Whose renewal a year is about: the members of the day before it begins.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::memberships::{Row, Standing};
use projections::terms;

use super::Member;
use crate::{Desk, Failure};

/// The members of a day.
pub(super) struct Members {
    pub(super) on: NaiveDate,
    year: LeadingEdgeYear,
    who: Who,
}

enum Who {
    /// As every school stands today.
    Today(BTreeMap<Urn, Member>),
    /// By their terms then.
    Then(BTreeMap<Urn, terms::Row>),
}

impl Members {
    /// Of the last day before a year; today's, where that is not past.
    pub(super) fn before(year: LeadingEdgeYear, desk: &Desk) -> Result<Self, Failure> {
        let (today, eve) = (desk.today(), year.previous().last_day());
        if today <= eve {
            let rows = desk.read.memberships()?;
            let members = rows.iter().filter(|row| row.standing == Standing::Member);
            let members = members.map(|row| (row.urn, standing(row))).collect();
            return Ok(Self { on: today, year, who: Who::Today(members) });
        }
        let terms = desk.read.terms_in(year.previous())?;
        let there = terms.into_iter().filter(|term| term.ran() && term.until() == eve);
        let members = there.map(|term| (term.urn, term)).collect();
        Ok(Self { on: eve, year, who: Who::Then(members) })
    }

    pub(super) fn are(&self, urn: Urn) -> bool {
        match &self.who {
            Who::Today(members) => members.contains_key(&urn),
            Who::Then(terms) => terms.contains_key(&urn),
        }
    }

    /// How one of them stands; `row` is how it stands today.
    pub(super) fn of(&self, urn: Urn, row: Option<&Row>) -> Option<Member> {
        match &self.who {
            Who::Today(members) => members.get(&urn).copied(),
            Who::Then(terms) => terms.get(&urn).map(|term| Member {
                since: Some(term.member_since),
                year: Some(term.year),
                // What is said today counts only where it is said of this year.
                renewal: row
                    .filter(|row| row.renewal_year == Some(self.year))
                    .and_then(|row| row.renewal),
                mark_grade: row
                    .filter(|row| row.mark_counts_for.is_some_and(|first| first <= self.year))
                    .and_then(|row| row.mark_grade),
            }),
        }
    }
}

fn standing(row: &Row) -> Member {
    Member {
        since: row.member_since,
        year: row.year,
        renewal: row.renewal,
        mark_grade: row.mark_grade,
    }
}
