//! A school's page as people read it.

use app::{AgreedTerm, Covered, MemberPage, RenewalTold};
use chrono::NaiveDate;
use kernel::{Day, pounds};
use projections::memberships::{Departure, Invitation, Standing};
use projections::terms::Ending;

use super::sheet::stage_in_words;
use crate::commands::application::words;
use crate::commands::invoice::tell_owed;
use crate::output::{lines, table};

pub(super) fn tell(page: &MemberPage) -> anyhow::Result<()> {
    lines(format!("{} {}", page.urn, page.name))?;
    lines(format!("  {}", standing(page)))?;
    if let Some(since) = page.member_since {
        let continuous = day_or(page.continuous_since, "not known");
        lines(format!("  member since {}, continuous since {continuous}", Day(since)))?;
    }
    if let Some(urn) = page.predecessor {
        lines(format!("  it took the membership of {urn} over"))?;
    }
    if let Some(closed) = &page.closed {
        let after: Vec<String> = closed.successors.iter().map(ToString::to_string).collect();
        let after = if after.is_empty() { "nothing".to_owned() } else { after.join(", ") };
        let on = closed.closed_on.map_or_else(String::new, |day| format!(" {}", Day(day)));
        lines(format!("  the register says that it closed{on}; {after} came after it"))?;
    }
    if !page.terms.is_empty() {
        lines("")?;
        lines(table(
            &["year", "from", "until", "", "fee", "ended"],
            &[4],
            page.terms.iter().map(term),
        ))?;
    }
    marks(page)?;
    if let Some(told) = &page.renewal {
        lines(format!("\nRenewal for {}: {}", told.year, renewal(told)))?;
    }
    joining(page)?;
    cover(page)?;
    for (area, since) in &page.connections {
        lines(format!("Connections offered {}: {area}", Day(*since)))?;
    }
    if let Some(parked) = &page.parked {
        lines(format!("Could not be done: {} (`ledge parked`)", parked.why))?;
    }
    if !page.owed.invoices.is_empty() {
        lines("\nNot settled:")?;
        tell_owed(&page.owed)?;
    }
    if !page.next.is_empty() {
        lines("\nWhat happens next:")?;
        let rows = page.next.iter().map(|step| vec![day_or(step.on, ""), step.what.clone()]);
        lines(table(&["when", "what"], &[], rows))?;
    }
    Ok(())
}

fn standing(page: &MemberPage) -> String {
    match page.standing {
        Standing::Member => {
            let until = page.terms.iter().map(|term| term.until).max();
            format!("a member until {}", day_or(until, "a day that is not known"))
        }
        Standing::Left => {
            let why = page.departure.map_or("it left", departure);
            format!("no member: {why}; its last day was {}", day_or(page.last_day, "not known"))
        }
        Standing::Outside => "no member yet".to_owned(),
    }
}

fn departure(why: Departure) -> &'static str {
    match why {
        Departure::NotRenewed => "it was not renewed",
        Departure::NeverOffered => "it was not renewed: no offer was made",
        Departure::Unanswered => "it was not renewed: its offer was not answered",
        Departure::RefusedMark => "Ofsted graded it 3 or 4",
        Departure::RefusedReview => "it no longer met the criteria",
        Departure::RefusedJudgement => "the steering group judged so",
        Departure::RefusedCover => "it had no SSAT membership",
        Departure::Declined => "its own wish",
        Departure::Closed => "it closed",
        Departure::Merged => "it went into another school",
        Departure::CarriedOver => "its membership goes on at its successor",
        Departure::Earlier => "it left before this system began",
    }
}

fn term(term: &AgreedTerm) -> Vec<String> {
    let ending = term.ending.filter(|ending| *ending != Ending::Renewed).map(|ending| {
        // The reason says the ending too.
        let words = term.reason.clone().unwrap_or_else(|| ending.to_string().replace('_', " "));
        let on = term.ended_on.map_or_else(String::new, |day| format!(", last day {}", Day(day)));
        let to = term.successor.map_or_else(String::new, |urn| format!(" to {urn}"));
        format!("{words}{to}{on}")
    });
    vec![
        term.year.to_string(),
        Day(term.from).to_string(),
        Day(term.until).to_string(),
        match term.predecessor {
            Some(urn) => format!("taken over from {urn}"),
            None => term.came.to_string().replace('_', " "),
        },
        term.fee_pence.map_or_else(String::new, pounds),
        ending.unwrap_or_default(),
    ]
}

fn marks(page: &MemberPage) -> anyhow::Result<()> {
    for mark in &page.marks {
        let what = match mark.bars {
            Some(year) => format!("marked as not eligible to renew, from {year} on"),
            None => "eligible again".to_owned(),
        };
        lines(format!(
            "{what}: Ofsted {}, inspected {}, published {}",
            mark.grade,
            Day(mark.inspected_on),
            Day(mark.published_on)
        ))?;
    }
    Ok(())
}

fn renewal(told: &RenewalTold) -> String {
    let offered = told.offered_on.map(|day| {
        let outcome = told.outcome.map_or_else(String::new, |it| format!(" ({})", it.in_words()));
        format!("offered {}{outcome}", Day(day))
    });
    let by = told.answer_by.map(|day| format!("to be answered by {}", Day(day)));
    let refused = told.refused.map(|why| departure(why).to_owned());
    let stage = stage_in_words(told.stage).to_owned();
    let parts: Vec<String> = [Some(stage), offered, by, refused].into_iter().flatten().collect();
    parts.join("; ")
}

/// How it came to be invited and to apply, as far as that is not over with its membership.
fn joining(page: &MemberPage) -> anyhow::Result<()> {
    if page.standing == Standing::Member {
        return Ok(());
    }
    if let Some(told) = &page.invitation {
        let stage = match told.stage {
            Invitation::Open => "not answered yet",
            Invitation::Declined => "declined",
            Invitation::Expired => "expired",
            Invitation::Taken => "taken: it applied",
        };
        let by = told.answer_by.map(|day| format!("; to be answered by {}", Day(day)));
        lines(format!("Invitation for {}: {stage}{}", told.year, by.unwrap_or_default()))?;
    }
    if let Some(told) = &page.application {
        let stage = words::stage(told.stage);
        let applied = told.applied_on.map(|day| format!("; applied {}", Day(day)));
        let from = told.first_day.map(|day| format!("; a member from {}", Day(day)));
        let (applied, from) = (applied.unwrap_or_default(), from.unwrap_or_default());
        lines(format!("Application for {}: {stage}{applied}{from}", told.year))?;
    }
    Ok(())
}

fn cover(page: &MemberPage) -> anyhow::Result<()> {
    let cover = &page.cover;
    let says = match cover.on_first_day {
        Covered::Covered => "covers",
        Covered::NotCovered => "does not cover",
        Covered::Unknown => "is not known on",
    };
    lines(format!("SSAT membership {says} {}", Day(cover.first_day)))?;
    for spell in &cover.terms {
        let until = spell.until.map_or_else(|| "on".to_owned(), |day| format!("to {}", Day(day)));
        let trust = spell.via_trust.as_ref().map_or_else(String::new, |it| format!(", via {it}"));
        lines(format!("  from {} {until}{trust}", Day(spell.from)))?;
    }
    Ok(())
}

fn day_or(day: Option<NaiveDate>, none: &str) -> String {
    day.map_or_else(|| none.to_owned(), |day| Day(day).to_string())
}
