//! The successor takes over the membership that was carried to it (D12).  Where several schools became one, no grade passes
//! on, and so no mark.

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
    if *to != row.urn || Stands::of(Some(row)) != Stands::Free {
        return Ok(None);
    }
    let mark = carried.mark.clone().filter(|_| school.predecessors < 2);
    let carried = Carried { mark, ..carried.clone() };
    Ok(Some(school.asks(Command::TakeOver { from: *from, carried, on: *on })))
}
