//! A conversion carries the membership over to the new URN (D12).  What the successor does with it is another policy's,
//! `successor_takes_over`.
//!
//! A succession from before the membership began carries nothing: the school joined in spite of it.  Nor does one that is
//! heard of after the last day of the term: there is nothing left to carry, and the membership lapses.  Of several members that become one school the first by
//! URN is carried over; the others end, as merged into it, once it is a member.

use chrono::NaiveDate;
use membership::membership::Command;

use crate::known::Stands;
use crate::succeeded::only_successor;
use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let Some(member) = school.present().filter(|_| occasion.is_a_day()) else { return Ok(None) };
    let Some((successor, first_day)) = only_successor(school, on) else { return Ok(None) };
    let free = successor.stands == Stands::Free;
    let is_first = successor.members.first().is_none_or(|first| *first == school.membership.urn);
    let in_term = member.from <= first_day && on <= member.until;
    Ok((free && is_first && in_term)
        .then(|| school.asks(Command::CarryOver { to: successor.urn, on: first_day })))
}
