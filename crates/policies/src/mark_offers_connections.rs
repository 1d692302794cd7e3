//! A member that is marked is offered connections that support its development areas (R15).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use membership::membership::{Command, Event as Membership};
use projections::Event;

use crate::{Asking, Cannot, Known, Occasion};

/// What an overall grade names: itself, in Ofsted's words, and no area.
const OVERALL: &str = "overall effectiveness";

/// Not if the mark was lifted meanwhile: there is nothing left to support.
pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let marked = matches!(
        occasion,
        Occasion::Happened(Event::Membership(_, Membership::MarkedNotEligibleToRenew { .. }))
    );
    let still = school.present().is_some() && school.membership.mark_grade.is_some();
    let areas = BTreeSet::from([OVERALL.to_owned()]);
    Ok((marked && still).then(|| school.asks(Command::OfferConnections { areas, on })))
}
