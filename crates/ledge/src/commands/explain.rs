//! `ledge explain`: why, clause by clause.

use app::{ClauseDocument, Explanation};
use kernel::Day;

use super::desk;
use super::review::question;
use crate::cli::{Explain, Global};
use crate::outcome::Outcome;
use crate::output::{lines, print, table};

pub(crate) fn run(global: &Global, asked: &Explain) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let explanation = desk.explain(asked.urn, &question(&asked.question, desk.today())?)?;
    print(global, &explanation, tell)?;
    Ok(Outcome::Done)
}

fn tell(explanation: &Explanation) -> anyhow::Result<()> {
    let school = &explanation.school;
    lines(format!("{} {}", school.urn, school.name))?;
    let known = explanation
        .as_known_on
        .map_or_else(String::new, |day| format!(", as known on {}", Day(day)));
    lines(format!(
        "Review for {} as at {}{known}, criteria of {} ({})",
        explanation.year,
        Day(explanation.as_at),
        explanation.criteria.year,
        explanation.criteria.minute
    ))?;
    if let Some(threshold) = &explanation.threshold {
        lines(format!(
            "Threshold: percentile {} of {} schools in {} is {}",
            threshold.percentile, threshold.population, threshold.release, threshold.value
        ))?;
    }
    lines(String::new())?;
    lines(format!("  May it join (R2)?     {}", yes_or_no(school.eligible)))?;
    lines(format!("  Is it invited (R3)?   {}", yes_or_no(school.invited)))?;
    lines(format!("  May it stay?          {}", school.outcome.in_words()))?;
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
                .verdict
                .as_ref()
                .map_or_else(String::new, |verdict| format!("; judged {verdict}")),
            if finding.left_review { "; it has left that review since" } else { "" },
            finding
                .decided_on_old_data
                .as_ref()
                .map_or_else(String::new, |fact| format!("; DECIDED ON OLD DATA: {fact}")),
        ))?;
    }
    Ok(())
}

fn clauses(clauses: &[ClauseDocument]) -> String {
    let rows = clauses.iter().map(|clause| {
        vec![
            clause.rule.clone(),
            clause.needed.clone(),
            clause.actual.clone(),
            clause.result.to_string(),
            clause.date.map_or_else(String::new, |date| Day(date).to_string()),
            clause.source.clone().unwrap_or_default(),
        ]
    });
    table(&["rule", "needed", "actual", "", "public from", "source"], &[], rows)
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
