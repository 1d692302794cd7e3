//! Renewals as people read them.

use app::{Covered, Renewals, Renewing, Stands};
use kernel::Day;

use crate::cli::State;
use crate::output::{counted, grouped, lines, table};

/// Only the schools that stand somewhere; of no state, all.
pub(super) fn only(mut renewals: Renewals, states: &[State]) -> Renewals {
    if !states.is_empty() {
        renewals.schools.retain(|school| states.iter().any(|state| state.holds(school.stands)));
        renewals.counts.retain(|count| states.iter().any(|state| state.holds(count.stands)));
    }
    renewals
}

/// What was sent, or would be, and what waits.
pub(super) fn offered(renewals: &Renewals, show: usize) -> anyhow::Result<()> {
    counts(renewals)?;
    for count in &renewals.counts {
        // Whom nothing is left to tell of is only counted.
        if (count.stands != Stands::ToOffer || !renewals.made)
            && (count.stands.is_clear() || count.stands.waits())
        {
            part(renewals, count.stands, show)?;
        }
    }
    let clear = renewals.that(Stands::is_clear).count() as u64;
    let waits = renewals.that(Stands::waits).count() as u64;
    let done = if renewals.made { "done" } else { "clear, and would be done" };
    let wait = if waits == 1 { "waits" } else { "wait" };
    lines(format!(
        "\n{} {done}; {} {wait} for somebody.",
        counted(clear, "school"),
        grouped(waits)
    ))?;
    again(renewals)?;
    if renewals.made {
        return Ok(());
    }
    lines("Nothing was written: a preview.")
}

/// What became of the day to answer by of offers that stood.
fn again(renewals: &Renewals) -> anyhow::Result<()> {
    let day = renewals.answer_by.map_or_else(|| "no day".to_owned(), |day| Day(day).to_string());
    for urn in &renewals.made_again {
        let has = if renewals.made { "is made" } else { "would be made" };
        lines(format!("The offer of {urn} {has} again: to be answered by {day}."))?;
    }
    match renewals.kept.len() as u64 {
        0 => Ok(()),
        1 => lines("1 offer stands with the day it has, or none; --school gives it another."),
        kept => lines(format!(
            "{} offers stand with the days they have, or none; --school gives them another.",
            grouped(kept)
        )),
    }
}

/// Whether SSAT covers the first day, where that still matters (R7).
fn cover(school: &Renewing) -> &'static str {
    let matters = matches!(
        school.stands,
        Stands::ToOffer
            | Stands::ToOfferNotedDip
            | Stands::ToOfferJudged
            | Stands::Offered
            | Stands::Accepted
    );
    match school.cover {
        _ if !matters => "",
        Covered::Covered => "covers",
        Covered::NotCovered => "no cover",
        Covered::Unknown => "not known",
    }
}

/// Every school, with what is known of it.
pub(super) fn list(renewals: &Renewals) -> anyhow::Result<()> {
    counts(renewals)?;
    if let Some(waiting) = &renewals.waiting {
        lines(crate::commands::day::who_waits(waiting))?;
    }
    if renewals.schools.is_empty() {
        return lines("No membership stands so.");
    }
    lines("")?;
    let rows = renewals.schools.iter().map(|school| {
        vec![
            school.urn.to_string(),
            school.name.clone(),
            school.stands.in_words().to_owned(),
            days_left(school),
            cover(school).to_owned(),
            school.why.clone().unwrap_or_default(),
        ]
    });
    lines(table(&["URN", "school", "renewal", "answer by", "SSAT", "why"], &[], rows))
}

pub(super) fn counts(renewals: &Renewals) -> anyhow::Result<()> {
    let closed =
        renewals.review_closed_on.map_or_else(String::new, |day| format!(", closed {}", Day(day)));
    lines(format!(
        "Renewals for {}, on the review as at {}{closed}",
        renewals.year,
        Day(renewals.reviewed_as_at)
    ))?;
    if let Some(day) = renewals.answer_by {
        lines(format!("  offers made now are to be answered by {}", Day(day)))?;
    }
    if renewals.counts.is_empty() {
        return Ok(());
    }
    let rows = renewals.counts.iter().map(|count| {
        let done = if renewals.made && count.stands.is_clear() {
            count.stands.in_words().replacen("to be ", "", 1)
        } else {
            count.stands.in_words().to_owned()
        };
        vec![done, grouped(count.schools as u64)]
    });
    lines(table(&["", "schools"], &[1], rows))
}

fn part(renewals: &Renewals, stands: Stands, show: usize) -> anyhow::Result<()> {
    let schools: Vec<&Renewing> = renewals.that(|other| other == stands).collect();
    let all = schools.len();
    let first = if show < all { format!(", the first {show}") } else { String::new() };
    let mut title = stands.in_words().to_owned();
    if renewals.made && stands.is_clear() {
        title = title.replacen("to be ", "", 1);
    }
    let title = title.chars().take(1).flat_map(char::to_uppercase).chain(title.chars().skip(1));
    lines(format!("\n{} ({}{first}):", title.collect::<String>(), grouped(all as u64)))?;
    if show == 0 {
        return Ok(());
    }
    let rows = schools.iter().take(show).map(|school| {
        vec![
            school.urn.to_string(),
            school.name.clone(),
            cover(school).to_owned(),
            school.why.clone().unwrap_or_default(),
        ]
    });
    lines(table(&["URN", "school", "SSAT", "why"], &[], rows))
}

/// `15 Mar 2019 (9 days left)`.
fn days_left(school: &Renewing) -> String {
    let (Some(day), Some(left)) = (school.answer_by, school.days_left) else {
        return String::new();
    };
    let left = match left {
        0 => "today".to_owned(),
        1.. => format!("{} left", counted(left.unsigned_abs(), "day")),
        ..0 => format!("{} ago", counted(left.unsigned_abs(), "day")),
    };
    format!("{} ({left})", Day(day))
}

impl State {
    fn holds(self, stands: Stands) -> bool {
        match self {
            Self::Due => stands.is_clear(),
            Self::Waiting => stands.waits(),
            Self::Offered => stands == Stands::Offered,
            Self::Accepted => stands == Stands::Accepted,
            Self::Agreed => stands == Stands::Agreed,
            Self::Refused => stands == Stands::Refused,
            Self::Declined => stands == Stands::Declined,
            Self::Lapsed => matches!(stands, Stands::Lapsed | Stands::Gone),
        }
    }
}
