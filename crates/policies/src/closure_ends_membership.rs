//! A school that is no more ends its membership: it closed, or went into another that is a member in its own right (D12).
//!
//! That nothing came after it is believed when a file of links was read after its last day, and no earlier than its closing
//! was recorded: until then the membership waits, but [`LINKS_AWAITED`] days at most, and not beyond the last day of the
//! term.  The register and its links are two files, and between them the office may rest, or die.
//!
//! A school that became several others, or whose one successor can take nothing over, is nobody's business but the
//! office's: nothing is asked, and without a decision its membership lapses on 31 March.

use chrono::{Days, NaiveDate};
use membership::membership::{Command, EndReason};

use crate::known::{Present, Registered, Stands, Successor};
use crate::succeeded::only_successor;
use crate::{Asking, Cannot, Known, Occasion};

/// From a school's last day, or from when its closing was recorded where that is later: by then the files of links of two
/// months have been there to be read.
const LINKS_AWAITED: Days = Days::new(60);

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Some(member) = school.present().filter(|_| occasion.is_a_day()) else { return Ok(None) };
    let end = if school.successors.is_empty() {
        closed(school, on)
            .filter(|_| on > member.until || !links_awaited(school, on))
            .map(|last_day| (EndReason::Closed, last_day))
    } else {
        only_successor(school, on).and_then(|(successor, first_day)| {
            let last_day = closed(school, on).or(first_day.pred_opt())?;
            let in_term = member.from <= first_day && on <= member.until;
            went_into(successor).filter(|_| in_term).map(|why| (why, last_day))
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

/// Whether a successor may still become known.  Where the register gives no last day, any file of links will do that was
/// read since.
fn links_awaited(school: &Known, on: NaiveDate) -> bool {
    let Registered::Closed(last_day) = school.registered else { return false };
    let (recorded_on, read_on) = (school.closing_recorded_on, school.links_read_on);
    let is_newer = read_on.is_some_and(|read_on| {
        last_day.is_none_or(|last_day| read_on > last_day)
            && recorded_on.is_none_or(|recorded_on| read_on >= recorded_on)
    });
    let until = last_day.max(recorded_on).and_then(|since| since.checked_add_days(LINKS_AWAITED));
    !is_newer && until.is_none_or(|until| on <= until)
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
