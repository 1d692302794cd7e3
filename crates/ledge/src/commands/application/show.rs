//! An application, for people.

use app::{Applied, Case, Noted, Received, RestsOn};
use kernel::{Day, pounds};
use membership::membership::{Acceptance, JoiningTerms, Verdict};

use super::super::explain::clauses;
use super::words;
use crate::output::{lines, table};

/// After it applied: what it is told, clause by clause (R5, R16).
pub(super) fn applied(applied: &Applied) -> anyhow::Result<()> {
    let case = &applied.case;
    if applied.noted == Noted::Already {
        lines(format!(
            "{} {}: its application for {} is on record already, of {}; nothing was written.",
            case.urn,
            case.name,
            case.year,
            Day(case.applied_on)
        ))?;
        return standing(case);
    }
    head(case)?;
    lines(words::advice(case.advice))?;
    if let RestsOn::Profile(profile) = &case.rests_on {
        lines(String::new())?;
        lines(clauses(&profile.school.clauses))?;
        lines(String::new())?;
    }
    standing(case)
}

/// After any other step: what was taken down, and what comes next.
pub(super) fn step(noted: Noted, case: &Case) -> anyhow::Result<()> {
    lines(format!("{} {}", case.urn, case.name))?;
    match (noted, case.happened.last()) {
        (Noted::New, Some(last)) => lines(format!("{}.", last.what.trim_end_matches('.')))?,
        _ => lines("It is on record already; nothing was written.")?,
    }
    standing(case)
}

/// All there is.
pub(super) fn whole(case: &Case) -> anyhow::Result<()> {
    head(case)?;
    lines(words::advice(case.advice))?;
    standing(case)?;
    if let RestsOn::Profile(profile) = &case.rests_on {
        section("What national data say")?;
        lines(clauses(&profile.school.clauses))?;
    }
    if !case.asked_for.is_empty() || !case.documents.is_empty() {
        section("Evidence")?;
        for asked in &case.asked_for {
            lines(format!("Asked on {}, by {}: {}", Day(asked.on), Day(asked.due), asked.what))?;
        }
        if !case.documents.is_empty() {
            lines(documents(&case.documents))?;
        }
    }
    steering(case)?;
    if let Some(acceptance) = &case.acceptance {
        section("Acceptance")?;
        accepted(acceptance)?;
    }
    if !case.reminders.is_empty() {
        section("Reminders")?;
        for reminder in &case.reminders {
            let of = words::reminded_of(reminder.step);
            let (on, due) = (Day(reminder.on), Day(reminder.due));
            match &reminder.why_not {
                None => lines(format!("Sent on {on}: {of}, due {due}"))?,
                Some(why) => lines(format!("Not sent on {on} ({of}, due {due}): {why}"))?,
            }
        }
    }
    section("What happened")?;
    let rows = case.happened.iter().map(|happened| {
        vec![Day(happened.on).to_string(), happened.actor.clone(), happened.what.clone()]
    });
    lines(table(&["day", "by", "what"], &[], rows))
}

fn head(case: &Case) -> anyhow::Result<()> {
    lines(format!("{} {}", case.urn, case.name))?;
    lines(format!(
        "It applied on {} for {} ({}), {}.",
        Day(case.applied_on),
        case.year,
        words::role(case.by),
        words::rests_on(&case.rests_on)
    ))
}

fn standing(case: &Case) -> anyhow::Result<()> {
    lines(format!("Stage: {}.", words::stage(case.stage)))?;
    if let Some(closed) = &case.closed {
        let reason = closed.reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        lines(format!("On {}{reason}", Day(closed.on)))?;
    }
    match &case.next {
        Some(next) => lines(format!("Next: {}", words::next(next))),
        None => Ok(()),
    }
}

fn steering(case: &Case) -> anyhow::Result<()> {
    let Some(referral) = &case.referral else { return Ok(()) };
    section("Steering group")?;
    lines(format!("Question: {}", referral.question))?;
    lines(format!("Why: {}", referral.why))?;
    lines(format!(
        "Referred on {}, to the meeting of {}",
        Day(referral.on),
        Day(referral.meeting_on)
    ))?;
    for deferral in &referral.deferrals {
        let (from, to) = (Day(deferral.from), Day(deferral.to));
        lines(format!("Put off from {from} to {to}: {}", deferral.why))?;
    }
    for interest in &case.interests {
        let school = &interest.school;
        lines(format!("Has an interest, and does not decide: {} {}", school.urn, school.name))?;
    }
    let Some(decision) = &case.decision else { return Ok(()) };
    let verdict = match decision.verdict {
        Verdict::Accepted => "it may join",
        Verdict::Declined => "it may not join",
    };
    lines(format!("Decided on {}: {verdict} ({})", Day(decision.on), decision.minute))?;
    lines(format!("Reasons: {}", decision.reasons))?;
    let by = decision.decided_by.iter().map(|school| format!("{} {}", school.urn, school.name));
    lines(format!("By the headteachers of {}", by.collect::<Vec<_>>().join("; ")))
}

/// The decision that it may join, in a few lines.
pub(super) fn accepted(acceptance: &Acceptance) -> anyhow::Result<()> {
    let terms = match &acceptance.terms {
        JoiningTerms::FullPackage => "the full package".to_owned(),
        JoiningTerms::AgreedTerms { fee_pence, reason, approver } => {
            format!("{} and VAT, as agreed with {approver}: {reason}", pounds(*fee_pence))
        }
        JoiningTerms::FromNextApril => "from the next 1 April".to_owned(),
    };
    lines(format!("On {}, from {}: {terms}", Day(acceptance.on), Day(acceptance.first_day)))?;
    for missed in &acceptance.missed {
        lines(format!("Missed: {missed}"))?;
    }
    Ok(())
}

pub(super) fn documents(documents: &[Received]) -> String {
    let rows = documents.iter().map(|received| {
        let document = &received.document;
        vec![
            Day(received.on).to_string(),
            document.name.clone(),
            words::size(document.bytes),
            document.sha256.to_string().chars().take(12).collect(),
        ]
    });
    table(&["received", "document", "size", "SHA-256"], &[2], rows)
}

fn section(title: &str) -> anyhow::Result<()> {
    lines(format!("\n{title}"))
}
