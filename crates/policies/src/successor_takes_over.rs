//! The successor takes over the membership that was carried to it (D12).  Where several schools became one, no grade passes
//! on, and so no mark.  A school that has been a member since keeps its own membership.

use chrono::NaiveDate;
use membership::membership::{Carried, Command, Event as Membership};
use projections::Event;

use crate::known::Stands;
use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    _: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Occasion::Happened(Event::Membership(
        from,
        Membership::MembershipCarriedOver { to, carried, on },
    )) = occasion
    else {
        return Ok(None);
    };
    let row = &school.membership;
    let was_one_since = row.last_day.is_some_and(|last_day| last_day >= *on);
    if *to != row.urn || Stands::of(Some(row)) != Stands::Free || was_one_since {
        return Ok(None);
    }
    let mark = carried.mark.clone().filter(|_| school.predecessors < 2);
    let carried = Carried { mark, ..carried.clone() };
    Ok(Some(school.asks(Command::TakeOver { from: *from, carried, on: *on })))
}
