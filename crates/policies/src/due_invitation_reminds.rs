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
    let row = &school.membership;
    let due = row.invitation_answer_by.filter(|_| row.invited_on.is_some_and(|day| day <= on));
    Ok(reminder(occasion, on, school, (Step::InvitationAnswer, due, LEAD)))
}
