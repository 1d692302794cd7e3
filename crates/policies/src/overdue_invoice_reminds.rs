//! An overdue invoice reminds the school a week, two weeks and thirty days after it was due, once a step (R10).
//!
//! Of steps that were passed over, because nobody began the days or it was open again only later, the last counts.

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
        let step = Step::reached(invoice.due_on, on)?;
        let is_new = invoice.reminded.is_none_or(|reminded| reminded < step);
        let command = Command::Remind { number: invoice.number, step, on };
        is_new.then(|| school.asks_ledger(invoice.year, command))
    }))
}
