//! The year's end lapses what was not renewed: 31 March is the last day, 1 April is not (R11).

use chrono::NaiveDate;
use membership::membership::Command;

use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    occasion: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let over = school.present().filter(|member| member.until < on);
    Ok(over.filter(|_| occasion.is_a_day()).map(|member| {
        // Kept, so that the reason is told as it was: for want of SSAT cover, or of something else (D10).
        let cover = school.cover_told(member.year.next().first_day());
        school.asks(Command::Lapse { year: member.year, cover: Some(cover), on })
    }))
}
