//! An invitation that is to be answered soon reminds the school, once (R3, R4).

use chrono::{Days, NaiveDate};
use membership::membership::Step;

use crate::due::reminder;
use crate::{Asking, Cannot, Known, Occasion};

/// Two weeks: time for the headteacher to put it before the governors.
const LEAD: Days = Days::new(14);

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let due = school.membership.invitation_answer_by;
    Ok(reminder(occasion, on, school, (Step::InvitationAnswer, due, LEAD)))
}
