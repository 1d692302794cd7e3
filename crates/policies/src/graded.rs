//! Which grade spoke last of a member's renewal.

use chrono::NaiveDate;
use membership::membership::Grading;
use projections::memberships::Row;

/// The grade that marked a member last, or lifted the mark.  An older one says nothing any more, also where a correction
/// brings it back to the fore: what was decided stands until somebody decides otherwise (D17).
#[derive(Clone, Copy)]
pub(crate) struct Spoken {
    published_on: NaiveDate,
    inspected_on: NaiveDate,
}

impl Spoken {
    pub(crate) fn of(row: &Row) -> Option<Self> {
        Some(Self { published_on: row.grade_published_on?, inspected_on: row.grade_inspected_on? })
    }

    /// The later published speaks, and of those published on one day the later inspected (D6).
    pub(crate) fn is_not_newer_than(self, grading: &Grading) -> bool {
        self.age() <= (grading.published_on, grading.inspected_on)
    }

    pub(crate) fn is_of_the_age_of(self, grading: &Grading) -> bool {
        self.age() == (grading.published_on, grading.inspected_on)
    }

    fn age(self) -> (NaiveDate, NaiveDate) {
        (self.published_on, self.inspected_on)
    }
}
