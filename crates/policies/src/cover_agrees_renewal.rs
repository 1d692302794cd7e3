//! A renewal that the school wants is agreed once SSAT cover of the coming year's first day is known (R7, D9, D10),
//! and never for a school that is no more by then (D12).

use chrono::NaiveDate;
use membership::membership::{Command, Event as Membership};
use projections::Event;
use projections::memberships::Renewal;
use schools::national_data::Event as NationalData;
use schools::school::Event as School;

use crate::{Asking, Cannot, Known, Occasion, Registered};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Some(member) = school.present().filter(|member| wakes(occasion) && on <= member.until)
    else {
        return Ok(None);
    };
    let row = &school.membership;
    let year = member.year.next();
    let wanted = row.renewal == Some(Renewal::Accepted) && row.renewal_year == Some(year);
    let marked = row.mark_counts_for.is_some_and(|from| from <= year);
    let is_no_more = match school.registered {
        Registered::Open => false,
        Registered::Closed(last_day) => last_day.is_none_or(|day| day <= year.first_day()),
    };
    // Days that are begun late come to it on the day of the school's yes, and not before.
    let said_yes = row.renewal_accepted_on.or(row.renewal_offered_on);
    if !wanted || marked || is_no_more || said_yes.is_some_and(|said_yes| on < said_yes) {
        return Ok(None);
    }
    let Some(cover) = school.cover_of(year.first_day()) else { return Ok(None) };
    let fee_pence = school.fee_of(year)?;
    // Nothing is agreed before there was a fee to agree on: tried again, or caught up, it is agreed on the day of that one,
    // which comes behind a day that is too early, but may be none that ever begins.  A fee that came when the year was over
    // is none that the school was late for.
    let priced_on = school.fee_set_on(year).map_or(on, |set_on| set_on.min(member.until));
    if on < priced_on && occasion.is_a_day() {
        return Ok(None);
    }
    let on = on.max(priced_on);
    Ok(Some(school.asks(Command::Renew { year, cover, fee_pence, on })))
}

/// A better grade takes away what stood in the way; on 31 March no day follows that could say so.
fn wakes(occasion: Occasion<'_>) -> bool {
    matches!(
        occasion,
        Occasion::Day
            | Occasion::DayCaughtUp { .. }
            | Occasion::Happened(
                Event::School(_, School::SsatCoverRecorded { .. })
                    | Event::NationalData(
                        _,
                        NationalData::DatasetImported(_) | NationalData::ImportAbandoned(_)
                    )
                    | Event::Membership(
                        _,
                        Membership::RenewalAccepted { .. }
                            | Membership::EligibilityRestored(_)
                            | Membership::MembershipTakenOver { .. }
                    )
            )
    )
}
