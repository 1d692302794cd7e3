//! An invoice that is not paid by the day it was due is overdue from the day after it (R10).

use billing::ledger::Command;
use chrono::NaiveDate;

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    if !occasion.is_a_day() {
        return Ok(None);
    }
    let late = school.past_due(on).find(|invoice| invoice.overdue_on.is_none());
    Ok(late.map(|invoice| {
        let command = Command::MarkOverdue { number: invoice.number, on };
        school.asks_ledger(invoice.year, command)
    }))
}
