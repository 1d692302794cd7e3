//! An overdue invoice reminds the school a week, two weeks and thirty days after it was due, once a step (R10).
//!
//! A day that is caught up reminds nobody: three reminders on one morning are none.  Where nobody began the days, or it was open again only later, the steps begin then, and go in order and as far apart.

use billing::ledger::{Command, Step};
use chrono::NaiveDate;

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Occasion::Day = occasion else { return Ok(None) };
    Ok(school.past_due(on).find_map(|invoice| {
        let last = invoice.reminded.zip(invoice.reminded_on);
        let step = Step::to_take(invoice.due_on, last, on)?;
        let command = Command::Remind { number: invoice.number, step, on };
        Some(school.asks_ledger(invoice.year, command))
    }))
}
