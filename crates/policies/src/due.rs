//! When an answer that is due calls for a reminder.

use chrono::{Days, NaiveDate};
use kernel::Day;
use membership::membership::{Command, Step};

use crate::{Asking, Known, Occasion};

/// Asks for a reminder from `lead` days before the day on which the answer is due, up to that day.  The membership reminds
/// once a step and day, and says why where nothing is awaited any more; so it may be asked on every day of these.  A day
/// that is caught up when the answer's own has passed reminds of nothing that can still be done: that is said instead, where
/// an answer is still awaited.
pub(crate) fn reminder(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
    (step, due, lead): (Step, Option<NaiveDate>, Days),
) -> Option<Asking> {
    let due =
        due.filter(|due| on <= *due && on.checked_add_days(lead).is_none_or(|day| day >= *due))?;
    match occasion {
        Occasion::DayCaughtUp { begun_on } if begun_on > due => {
            let why = format!("the office came to this day on {} only", Day(begun_on));
            Some(school.asks(Command::SkipReminder { step, due, why, on }))
        }
        Occasion::Day | Occasion::DayCaughtUp { .. } => {
            Some(school.asks(Command::Remind { step, due, on }))
        }
        Occasion::Happened(_) => None,
    }
}
