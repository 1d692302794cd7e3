//! SSAT cover that ends in the course of a membership warns, and does no more (R7, D10).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use membership::membership::{Command, Event as Membership};
use projections::Event;
use schools::national_data::Event as NationalData;
use schools::school::Event as School;

use crate::{Asking, Cannot, Known, Occasion};

/// Also where it has ended already in this Leading Edge year, or on the last day before it or before the membership, and that
/// became known late.
pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Some(member) = school.present().filter(|member| wakes(occasion) && on <= member.until)
    else {
        return Ok(None);
    };
    let first_day = member.from.max(LeadingEdgeYear::containing(on).first_day());
    let since = first_day.pred_opt().unwrap_or(first_day);
    Ok(school
        .cover_ends(on)
        .filter(|ends_on| since <= *ends_on && *ends_on < member.until)
        .filter(|ends_on| school.membership.cover_ends_on != Some(*ends_on))
        .map(|ends_on| school.asks(Command::WarnOfCover { ends_on, on })))
}

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
                        Membership::MembershipStarted(_)
                            | Membership::MembershipRenewed { .. }
                            | Membership::MembershipTakenOver { .. }
                            | Membership::EarlierMembershipRuns { .. }
                    )
            )
    )
}
