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
    let due = school.present().and(school.membership.renewal_answer_by);
    Ok(reminder(occasion, on, school, (Step::RenewalAnswer, due, LEAD)))
}
