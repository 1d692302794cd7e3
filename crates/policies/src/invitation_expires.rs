//! An invitation that nobody answered expires on the day after it was to be answered (R3, R4).

use chrono::NaiveDate;
use membership::membership::Command;
use projections::memberships::Invitation;

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let row = &school.membership;
    let open = row.invitation == Some(Invitation::Open);
    let past = row.invitation_answer_by.is_some_and(|answer_by| answer_by < on);
    let expires = occasion.is_a_day() && open && past;
    Ok(row
        .invitation_year
        .filter(|_| expires)
        .map(|year| school.asks(Command::ExpireInvitation { year, on })))
}
