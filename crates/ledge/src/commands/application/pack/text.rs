//! A page as plain text.

use super::sheet::{Fact, Sheet};
use crate::output::{lines, table};

pub(super) fn tell(sheet: &Sheet) -> anyhow::Result<()> {
    lines(&sheet.name)?;
    lines(&sheet.kicker)?;
    lines(listed(&sheet.identity))?;
    section(sheet.asked)?;
    lines(&sheet.question)?;
    for line in &sheet.why {
        lines(line)?;
    }
    section(&sheet.criteria)?;
    let clauses = sheet.clauses.iter().flat_map(|way| {
        way.clauses.iter().enumerate().map(|(index, clause)| {
            vec![
                if index == 0 { way.name.clone() } else { String::new() },
                clause.rule.clone(),
                clause.needed.clone(),
                format!("{}\n{}", clause.actual, clause.source).trim_end().to_owned(),
                clause.answer.to_owned(),
            ]
        })
    });
    lines(table(&["way", "rule", "needed", "found", "answer"], &[], clauses))?;
    section("Results beside the nation's")?;
    let years = sheet.results.iter().map(|year| {
        vec![
            year.release.clone(),
            year.score.clone(),
            year.limits.clone(),
            year.threshold.clone(),
            year.answer.to_owned(),
        ]
    });
    let percentile = sheet.percentile.as_str();
    lines(table(&["release", "Progress 8", "95% limits", percentile, "it is"], &[], years))?;
    section("Inspections")?;
    let inspections: Vec<String> = sheet
        .inspections
        .iter()
        .map(|it| format!("{}  {}", it.what, it.source).trim_end().to_owned())
        .collect();
    all(&inspections, "Not yet inspected, as far as was public.")?;
    section("SSAT Secondary Network")?;
    all(&sheet.cover, "")?;
    if sheet.is_application {
        section("Evidence received")?;
        for asked in &sheet.asked_for {
            lines(asked)?;
        }
        let documents = sheet
            .documents
            .iter()
            .map(|it| format!("{} {} ({}, {})", it.on, it.name, it.size, it.hash))
            .collect::<Vec<_>>();
        all(&documents, "None. Without evidence the school cannot be accepted.")?;
    }
    section("What happened")?;
    if sheet.earlier > 0 {
        lines(format!("({} before that)", sheet.earlier))?;
    }
    for line in &sheet.happened {
        lines(format!("{}  {}", line.shown, line.what))?;
    }
    section(sheet.decision_head)?;
    for interest in &sheet.interests {
        lines(interest)?;
    }
    match &sheet.decision {
        Some(decision) => {
            lines(&decision.verdict)?;
            lines(listed(&decision.facts))?;
        }
        None => {
            for way in &sheet.ways {
                lines(format!("[ ] {} {}", way.term, way.value))?;
            }
        }
    }
    lines(format!("\n{}", sheet.footer))
}

fn section(title: &str) -> anyhow::Result<()> {
    lines(format!("\n{title}"))
}

fn all(texts: &[String], otherwise: &str) -> anyhow::Result<()> {
    if texts.is_empty() {
        return lines(otherwise);
    }
    texts.iter().try_for_each(lines)
}

fn listed(facts: &[Fact]) -> String {
    let facts: Vec<String> =
        facts.iter().map(|fact| format!("{}: {}", fact.term, fact.value)).collect();
    facts.join("\n")
}
