//! Evidence that is due soon reminds the school, once (R5, R6).

use chrono::{Days, NaiveDate};
use membership::membership::Step;

use crate::due::reminder;
use crate::{Asking, Cannot, Known, Occasion};

/// A week: the documents exist, and are only to be sent.
const LEAD: Days = Days::new(7);

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let row = &school.membership;
    let due = row.evidence_due.filter(|_| row.applied_on.is_some_and(|day| day <= on));
    Ok(reminder(occasion, on, school, (Step::Evidence, due, LEAD)))
}
