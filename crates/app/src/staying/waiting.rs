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
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct MembersWaiting {
    /// The year that they may renew for.
    pub year: Option<LeadingEdgeYear>,
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
        let is_reviewed = self.read.review(year)?.is_some();
        let (cover, has_fee) = (self.read.cover_told()?, self.fee_of(year)?.is_some());
        let waiting = MembersWaiting::of(&self.read.memberships()?, year, on, &cover, has_fee);
        Ok(waiting.map(|waiting| MembersWaiting { is_reviewed, ..waiting }))
    }
}

impl MembersWaiting {
    /// Those that wait on a day for a year that is reviewed; `None`: outside the weeks before it, or none does.
    pub(super) fn of(
        rows: &[Row],
        year: LeadingEdgeYear,
        on: NaiveDate,
        cover: &Told,
        has_fee: bool,
    ) -> Option<Self> {
        if !is_in_the_weeks_before(year, on) {
            return None;
        }
        let mut waiting = Self { year: Some(year), is_reviewed: true, ..Self::default() };
        for row in rows {
            waiting.take(row, year, cover, has_fee);
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

    fn take(&mut self, row: &Row, year: LeadingEdgeYear, cover: &Told, has_fee: bool) {
        let ends = row.year.map(LeadingEdgeYear::next) == Some(year);
        let marked = row.mark_counts_for.is_some_and(|from| from <= year);
        if row.standing != Standing::Member || !ends || marked {
            return;
        }
        let said = row.renewal.filter(|_| row.renewal_year == Some(year));
        match said {
            None => self.without_offer.push(row.urn),
            Some(Renewal::Offered) => self.unanswered.push(row.urn),
            Some(Renewal::Accepted) => match Covered::on(cover, row.urn, year.first_day()) {
                Covered::NotCovered | Covered::Unknown => self.without_cover.push(row.urn),
                Covered::Covered if !has_fee => self.without_fee.push(row.urn),
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
