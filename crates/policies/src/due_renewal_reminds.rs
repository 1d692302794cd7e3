//! A renewal that is to be answered soon reminds the school, once (R12).

use chrono::{Days, NaiveDate};
use membership::membership::Step;

use crate::due::reminder;
use crate::{Asking, Cannot, Known, Occasion};

/// Three weeks: schools decide on what they spend next year at meetings of their governors, and those are rare.
const LEAD: Days = Days::new(21);

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let row = &school.membership;
    let offered = school.present().and(row.renewal_offered_on).is_some_and(|day| day <= on);
    let due = row.renewal_answer_by.filter(|_| offered);
    Ok(reminder(occasion, on, school, (Step::RenewalAnswer, due, LEAD)))
}
