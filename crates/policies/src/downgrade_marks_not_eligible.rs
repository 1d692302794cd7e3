//! A grade of 3 or 4 published while a school is a member marks it not eligible to renew (R14, D9).
//!
//! A grade that was public before the membership began does not: the steering group took the school in spite of it (R6),
//! and the next annual review looks at it anyway.  Nor does one published after the last day: it found no member.
//!
//! It looks at the grade on every occasion, so that no renewal is agreed past a grade that is known.

use chrono::NaiveDate;
use kernel::Grade;
use membership::membership::Command;

use crate::graded::Spoken;
use crate::{Asking, Cannot, Known, Occasion};

pub(crate) fn react(
    _: Occasion<'_>,
    on: NaiveDate,
    school: &Known,
) -> Result<Option<Asking>, Cannot> {
    let (Some(member), Some(grading)) = (school.present(), &school.grading) else {
        return Ok(None);
    };
    let poor = grading.grade >= Grade::RequiresImprovement;
    let published = grading.published_on;
    let while_a_member = member.from <= published && published <= member.until.min(on);
    let news = match Spoken::of(&school.membership) {
        None => true,
        Some(spoken) => {
            spoken.is_not_newer_than(grading)
                && !(spoken.is_of_the_age_of(grading)
                    && school.membership.mark_grade == Some(grading.grade))
        }
    };
    Ok((poor && while_a_member && news)
        .then(|| school.asks(Command::MarkNotEligible(grading.clone()))))
}
