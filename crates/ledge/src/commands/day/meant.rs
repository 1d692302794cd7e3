//! Days that are begun at once and perhaps not meant: what they bring is never undone.

use app::{Failure, Office};
use chrono::{Days, NaiveDate};
use kernel::{Day, LeadingEdgeYear};

use super::who_waits;
use crate::cli;
use crate::output::counted;

const A_YEAR: Days = Days::new(366);

/// Whoever is this far behind learns before 1 April who lapses on it; whoever begins every day was told since February.
const BEHIND: i64 = 31;

pub(in crate::commands) fn is_meant(office: &Office, asked: &cli::Day) -> Result<(), Failure> {
    let until = asked.until.unwrap_or(office.today());
    match office.last_day()? {
        None if asked.first => Ok(()),
        None => is_recent(until, office.today()),
        Some(_) if asked.lapse => Ok(()),
        Some(last) => lapses_nobody_unawares(office, last, until),
    }
}

/// A slip in the first day ever would be begun for ever: every day after it is begun in turn.
fn is_recent(first: NaiveDate, today: NaiveDate) -> Result<(), Failure> {
    if first + A_YEAR >= today {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "no day has begun yet, and {} is {} back, each of which would begin in turn; if that is meant, say --first",
        Day(first),
        counted((today - first).num_days().unsigned_abs(), "day"),
    )))
}

fn lapses_nobody_unawares(
    office: &Office,
    last: NaiveDate,
    until: NaiveDate,
) -> Result<(), Failure> {
    let ends = LeadingEdgeYear::containing(last).last_day();
    if until <= ends || (until - last).num_days() <= BEHIND {
        return Ok(());
    }
    let Some(waiting) = office.desk().members_waiting(ends)? else { return Ok(()) };
    Err(Failure::Refused(format!(
        "{} would begin at once, and 1 April is among them: {}. Begin the days to {} first (`ledge day --until {ends}`), or say \
         --lapse if that is meant",
        counted((until - last).num_days().unsigned_abs(), "day"),
        who_waits(&waiting),
        Day(ends),
    )))
}
