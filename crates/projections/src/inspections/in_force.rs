//! Which inspection speaks for a school on a day (D6).

use chrono::NaiveDate;

use super::Row;

/// An inspection that counts on a day, with the day on which its report appeared, where any statement says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counting<'a> {
    pub row: &'a Row,
    pub published_on: Option<NaiveDate>,
}

/// The graded inspection in force on a day: of one school's rows, in order of position, the newest that was public by
/// then.
#[must_use]
pub fn in_force(rows: &[Row], as_at: NaiveDate) -> Option<Counting<'_>> {
    newest(&counting(rows, as_at), Row::is_graded)
}

impl Counting<'_> {
    /// The day from which anyone could know of it.
    #[must_use]
    pub fn public_from(&self) -> NaiveDate {
        self.published_on.unwrap_or(self.row.inspected_on)
    }
}

/// Of each inspection day the statement that counts.  Where a file gives no publication day, that of another statement
/// on the same inspection stands for it, and else the inspection day.
pub(crate) fn counting(rows: &[Row], as_at: NaiveDate) -> Vec<Counting<'_>> {
    let mut counting: Vec<Counting<'_>> = Vec::with_capacity(rows.len());
    for row in rows {
        let published_on = row.published_on.or_else(|| {
            rows.iter()
                .rev()
                .filter(|other| other.inspected_on == row.inspected_on)
                .find_map(|other| other.published_on)
        });
        let statement = Counting { row, published_on };
        if statement.public_from() > as_at {
            continue;
        }
        match counting.iter_mut().find(|held| held.row.inspected_on == row.inspected_on) {
            Some(held) => *held = statement,
            None => counting.push(statement),
        }
    }
    counting
}

/// The newest by the day it was public, then by the day of the inspection (D6).
pub(crate) fn newest<'a>(
    counting: &[Counting<'a>],
    is_meant: impl Fn(&Row) -> bool,
) -> Option<Counting<'a>> {
    counting
        .iter()
        .filter(|it| is_meant(it.row))
        .max_by_key(|it| (it.public_from(), it.row.inspected_on))
        .copied()
}
