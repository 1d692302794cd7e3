//! Members whose year ends soon and whose renewal is not agreed: the office is told before 31 March, and not by the lapses (R11).

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::cover::Told;
use projections::memberships::{Renewal, Row, Standing};
use serde::Serialize;

use super::roll::Covered;
use crate::{Desk, Failure};

/// The members that lapse on 1 April unless something more is done, as far as it is not settled that they do: who was refused,
/// was marked, or declined is not among them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct MembersWaiting {
    /// The year that they may renew for.
    pub year: LeadingEdgeYear,
    /// Whether its review is on record.  Without it nobody is offered renewal (R12).
    pub is_reviewed: bool,
    /// No offer was made.
    pub without_offer: Vec<Urn>,
    /// The school has not answered its offer.
    pub unanswered: Vec<Urn>,
    /// The school said yes, and SSAT is not known to cover the first day (R7, D10).
    pub without_cover: Vec<Urn>,
    /// The school said yes and is covered, and no fee is set (R10).
    pub without_fee: Vec<Urn>,
    /// The school said yes, and what keeps it waiting is among what is parked.
    pub otherwise: Vec<Urn>,
}

/// What it depends on who waits, as it is known on a day.
pub(super) struct Known<'a> {
    pub(super) year: LeadingEdgeYear,
    pub(super) on: NaiveDate,
    pub(super) is_reviewed: bool,
    pub(super) has_fee: bool,
    pub(super) cover: &'a Told,
}

impl Desk {
    /// The members that wait on a day; `None`: outside the weeks before 31 March, or none does.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn members_waiting(&self, on: NaiveDate) -> Result<Option<MembersWaiting>, Failure> {
        let year = LeadingEdgeYear::containing(on).next();
        if !is_in_the_weeks_before(year, on) {
            return Ok(None);
        }
        let known = Known {
            year,
            on,
            is_reviewed: self.read.review(year)?.is_some(),
            has_fee: self.fee_of(year)?.is_some(),
            cover: &self.read.cover_told()?,
        };
        Ok(MembersWaiting::of(&self.read.memberships()?, &known))
    }
}

impl MembersWaiting {
    /// `None`: outside the weeks before the year, or nobody waits.
    pub(super) fn of(rows: &[Row], known: &Known<'_>) -> Option<Self> {
        if !is_in_the_weeks_before(known.year, known.on) {
            return None;
        }
        let mut waiting = Self {
            year: known.year,
            is_reviewed: known.is_reviewed,
            without_offer: vec![],
            unanswered: vec![],
            without_cover: vec![],
            without_fee: vec![],
            otherwise: vec![],
        };
        for row in rows {
            waiting.take(row, known);
        }
        Some(waiting).filter(|waiting| waiting.count() > 0)
    }

    #[must_use]
    pub fn accepted(&self) -> usize {
        self.without_cover.len() + self.without_fee.len() + self.otherwise.len()
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.without_offer.len() + self.unanswered.len() + self.accepted()
    }

    fn take(&mut self, row: &Row, known: &Known<'_>) {
        let year = known.year;
        let ends = row.year.map(LeadingEdgeYear::next) == Some(year);
        let marked = row.mark_counts_for.is_some_and(|from| from <= year);
        if row.standing != Standing::Member || !ends || marked {
            return;
        }
        let said = row.renewal.filter(|_| row.renewal_year == Some(year));
        match said {
            None => self.without_offer.push(row.urn),
            Some(Renewal::Offered) => self.unanswered.push(row.urn),
            Some(Renewal::Accepted) => match Covered::on(known.cover, row.urn, year.first_day()) {
                Covered::NotCovered | Covered::Unknown => self.without_cover.push(row.urn),
                Covered::Covered if !known.has_fee => self.without_fee.push(row.urn),
                Covered::Covered => self.otherwise.push(row.urn),
            },
            Some(Renewal::Agreed | Renewal::Refused | Renewal::Declined) => {}
        }
    }
}

/// From 1 February to 31 March: time enough to offer, to answer and to pay.
fn is_in_the_weeks_before(year: LeadingEdgeYear, on: NaiveDate) -> bool {
    let first = NaiveDate::from_ymd_opt(year.first_day_year(), 2, 1);
    first.is_some_and(|first| first <= on) && on <= year.previous().last_day()
}
