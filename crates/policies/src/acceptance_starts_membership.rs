//! An accepted application becomes a membership when its first day has come (R9, R11), if SSAT still covers that day: cover
//! may have ended since it was accepted (R7, D10).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::membership::{Command, Event as Membership};
use projections::Event;
use projections::memberships::{Application, Standing};

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let wakes = matches!(
        occasion,
        Occasion::Day
            | Occasion::DayCaughtUp { .. }
            | Occasion::Happened(Event::Membership(_, Membership::ApplicationAccepted { .. }))
    );
    let row = &school.membership;
    if !wakes || row.standing == Standing::Member || row.application != Some(Application::Accepted)
    {
        return Ok(None);
    }
    let Some(first_day) = row.first_day.filter(|first_day| *first_day <= on) else {
        return Ok(None);
    };
    let year = LeadingEdgeYear::containing(first_day);
    if on > year.last_day() {
        return Err(Cannot::StartOver { first_day, year });
    }
    if let Some(until) = row.last_day.filter(|last_day| *last_day >= first_day) {
        return Err(Cannot::StillMemberThen { first_day, until });
    }
    if school.cover_of(first_day).is_none() {
        return Err(Cannot::NoCover { first_day });
    }
    // A fee that was agreed with the school stands whatever the year costs others, or is yet to cost.
    let fee_pence = match row.agreed_fee_pence {
        Some(agreed) => agreed,
        None => school.fee_of(year)?,
    };
    Ok(Some(school.asks(Command::Start { year, fee_pence, on })))
}
