//! A better grade lifts the mark: 1 or 2, published after the grade that marked the school, or in its place (D9, D17).

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
    let marked = school.membership.mark_grade.is_some();
    let good = grading.grade < Grade::RequiresImprovement;
    let in_time = grading.published_on <= member.until.min(on);
    let newer = Spoken::of(&school.membership).is_some_and(|it| it.is_not_newer_than(grading));
    Ok((marked && good && in_time && newer)
        .then(|| school.asks(Command::LiftMark(grading.clone()))))
}
