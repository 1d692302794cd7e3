//! `ledge explain`: why, clause by clause.

use app::{ClauseDocument, Explanation, Judgement};
use kernel::Day;
use membership::Outcome as Stays;
use membership::review::Verdict;

use super::desk;
use super::review::question;
use crate::cli::{Explain, Global, Question};
use crate::outcome::Outcome;
use crate::output::{counted, lines, print, table};

pub(crate) fn run(global: &Global, asked: &Explain) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let on_record = match &asked.question {
        // Nothing else is asked: what was found is what counts, as it was found then.
        Question { year, results: None, as_at: None, as_known_on: None, criteria: None } => {
            desk.explain_from_record(asked.urn, *year)?
        }
        Question { .. } => None,
    };
    let explanation = match on_record {
        Some(explanation) => explanation,
        None => {
            let question = question(&asked.question, desk.today())?;
            let mut explanation = desk.explain(asked.urn, &question)?;
            explanation.criteria.what_if = asked.question.what_if();
            explanation
        }
    };
    print(global, &explanation, tell)?;
    Ok(Outcome::Done)
}

fn tell(explanation: &Explanation) -> anyhow::Result<()> {
    let school = &explanation.school;
    lines(format!("{} {}", school.urn, school.name))?;
    let known = explanation
        .as_known_on
        .map_or_else(String::new, |day| format!(", as known on {}", Day(day)));
    let criteria = &explanation.criteria;
    let criteria = match &criteria.what_if {
        Some(file) => format!("what if: {file}"),
        None => format!("criteria of {} ({})", criteria.year, criteria.minute),
    };
    let on_record = if explanation.from_record { " on record" } else { "" };
    lines(format!(
        "Review{on_record} for {} as at {}{known}, {criteria}",
        explanation.year,
        Day(explanation.as_at),
    ))?;
    if let Some(threshold) = &explanation.threshold {
        lines(format!(
            "Threshold: percentile {} of {} in {} is {}",
            threshold.percentile,
            counted(threshold.population.into(), "school"),
            threshold.release,
            threshold.value
        ))?;
    }
    lines(String::new())?;
    lines(format!("  May it join (R2)?     {}", yes_or_no(school.eligible)))?;
    lines(format!("  Is it invited (R3)?   {}", yes_or_no(school.invited)))?;
    lines(format!("  May it stay?          {}", stays(explanation)))?;
    if !explanation.decides {
        lines("  (A preview or a what-if: it decides nothing.)")?;
    }
    lines(clauses(&school.clauses))?;
    for finding in &explanation.on_record {
        lines(format!(
            "On record for {}: eligible {}, invited {}, {}{}{}{}",
            finding.year,
            yes_or_no(finding.eligible),
            yes_or_no(finding.invited),
            finding.outcome.in_words(),
            finding
                .judgement
                .as_ref()
                .map_or_else(String::new, |judgement| format!("; {}", judged(judgement))),
            if finding.left_review { "; it has left that review since" } else { "" },
            finding
                .decided_on_old_data
                .as_ref()
                .map_or_else(String::new, |fact| format!("; DECIDED ON OLD DATA: {fact}")),
        ))?;
    }
    Ok(())
}

/// What the data say; where they left it to the steering group and that has judged, what it judged (D5).  Another question, of a
/// later day or under other criteria, is not what it judged: its judgement is told below, with what is on record.
fn stays(explanation: &Explanation) -> String {
    let outcome = explanation.school.outcome.in_words();
    let left_to_people = matches!(explanation.school.outcome, Stays::Judgement | Stays::Referral);
    if !explanation.from_record || !left_to_people {
        return outcome.to_owned();
    }
    let judgement = explanation
        .on_record
        .iter()
        .find(|finding| finding.year == explanation.year)
        .and_then(|finding| finding.judgement.as_ref());
    match judgement {
        None => outcome.to_owned(),
        Some(judgement) => {
            let answer = yes_or_no(judgement.verdict == Verdict::Eligible);
            format!("{answer}: {} (the data say: {outcome})", judged(judgement))
        }
    }
}

/// `judged not eligible on 9 Mar 2019 (minute 4): two weak years`
fn judged(judgement: &Judgement) -> String {
    let verdict = match judgement.verdict {
        Verdict::Eligible => "eligible",
        Verdict::NotEligible => "not eligible",
    };
    let Judgement { reason, minute, on, .. } = judgement;
    format!("judged {verdict} on {} ({minute}): {reason}", Day(*on))
}

/// Each way is named once, at its first clause.  What was found has its source below it, which leaves every column room on
/// a narrow screen.
pub(super) fn clauses(clauses: &[ClauseDocument]) -> String {
    let way = |clause: &ClauseDocument| clause.way.clone().unwrap_or_else(|| "-".to_owned());
    let before = std::iter::once(String::new()).chain(clauses.iter().map(way));
    let rows = clauses.iter().zip(before).map(|(clause, before)| {
        vec![
            if way(clause) == before { String::new() } else { way(clause) },
            clause.rule.clone(),
            clause.needed.clone(),
            format!("{}\n{}", clause.actual, source(clause)).trim_end().to_owned(),
            clause.result.to_string(),
        ]
    });
    table(&["way", "rule", "needed", "found", "answer"], &[], rows)
}

/// `ofsted_ratings.csv line 921, public from 3 Dec 2012`
fn source(clause: &ClauseDocument) -> String {
    let public = clause.date.map(|day| format!("public from {}", Day(day)));
    let parts: Vec<String> = clause.source.clone().into_iter().chain(public).collect();
    parts.join(", ")
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
