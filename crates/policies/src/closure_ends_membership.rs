//! A school that is no more ends its membership: it closed, or went into another that is a member in its own right (D12).
//!
//! A school that became several others, or whose one successor can take nothing over, is nobody's business but the
//! office's: nothing is asked, and without a decision its membership lapses on 31 March.

use chrono::NaiveDate;
use membership::membership::{Command, EndReason};

use crate::known::{Present, Registered, Stands, Successor};
use crate::succeeded::only_successor;
use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let (Occasion::Day, Some(member)) = (occasion, school.present()) else { return Ok(None) };
    let end = if school.successors.is_empty() {
        closed(school, on).map(|last_day| (EndReason::Closed, last_day))
    } else {
        only_successor(school, on).and_then(|(successor, first_day)| {
            let last_day = closed(school, on).or(first_day.pred_opt())?;
            went_into(successor).filter(|_| member.from <= first_day).map(|why| (why, last_day))
        })
    };
    Ok(end.and_then(|(reason, last_day)| {
        let on = within(member, last_day)?;
        Some(school.asks(Command::End { reason, on }))
    }))
}

fn went_into(successor: &Successor) -> Option<EndReason> {
    match successor.stands {
        Stands::Member => Some(EndReason::MergedInto(successor.urn)),
        Stands::Free | Stands::Gone => None,
    }
}

/// Its last day, once that has come; the office's day, where the register gives none.
fn closed(school: &Known, on: NaiveDate) -> Option<NaiveDate> {
    match school.registered {
        Registered::Open => None,
        Registered::Closed(day) => Some(day.unwrap_or(on)).filter(|day| *day <= on),
    }
}

/// A last day before the membership began comes to its first day: so the day does not depend on when the closure became
/// known.  One after the last day of the term ends nothing: the membership lapses.
fn within(member: Present, last_day: NaiveDate) -> Option<NaiveDate> {
    (last_day <= member.until).then(|| last_day.max(member.from))
}
