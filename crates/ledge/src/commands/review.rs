//! `ledge review`: who may join, who is invited, who may stay, and why.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use app::{
    Answers, Decides, Desk, Difference, Document, Failure, Recording, ReviewQuestion, Reviewed,
};
use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear};
use membership::{Finding, Outcome as Stays};

use super::{desk, office};
use crate::cli::{Global, Question, Review};
use crate::outcome::Outcome;
use crate::output::{document, grouped, lines, print, table};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, asked: Review) -> anyhow::Result<Outcome> {
    if let Some(that) = &asked.against {
        return compare(global, &asked, that);
    }
    let (reviewed, recording) = if asked.preview || asked.question.is_hypothetical() {
        let desk = desk(global)?;
        (desk.review(&question(&asked.question, desk.today())?)?, Recording::Preview)
    } else {
        let bar = Arc::new(Bar::new(global));
        let mut office = office(global, &bar)?;
        let outcome = review(&mut office, &asked.question).await;
        office.close().await?;
        outcome?
    };
    if global.json {
        document(&Document::of(&reviewed, recording))?;
    } else {
        tell(&reviewed, recording, asked.show)?;
    }
    Ok(Outcome::Done)
}

async fn review(
    office: &mut app::Office,
    asked: &Question,
) -> anyhow::Result<(Reviewed, Recording)> {
    let reviewed = office.desk().review(&question(asked, office.today())?)?;
    let recording = office.record_review(&reviewed).await?;
    Ok((reviewed, recording))
}

/// What was typed, with what follows where nothing was.
pub(crate) fn question(asked: &Question, today: NaiveDate) -> anyhow::Result<ReviewQuestion> {
    Ok(ReviewQuestion {
        year: asked.year.unwrap_or_else(|| LeadingEdgeYear::containing(today).next()),
        results: asked.results,
        as_at: asked.as_at.unwrap_or(today),
        as_known_on: asked.as_known_on,
        criteria: asked.criteria.as_deref().map(app::read_criteria).transpose()?,
    })
}

impl Question {
    /// Whether it asks what if, or what was known: then there is nothing to record.
    fn is_hypothetical(&self) -> bool {
        self.criteria.is_some() || self.as_known_on.is_some()
    }
}

fn tell(reviewed: &Reviewed, recording: Recording, show: usize) -> anyhow::Result<()> {
    head(reviewed)?;
    let counts = &reviewed.counts;
    let rows = [
        ("significant (lower limit above 0)", counts.significant),
        ("eligible to join (R2)", counts.eligible),
        ("invited (R3)", counts.invited),
        ("graded on its own URN", counts.graded),
        ("grade carried over from its predecessor", counts.carried_over),
        ("not inspected", counts.not_inspected),
        ("would be referred", counts.referral),
        ("would be judged by the steering group", counts.judgement),
        ("would not be eligible to renew (R14)", counts.not_eligible),
    ];
    let rows = rows.map(|(what, count)| vec![what.to_owned(), grouped(count.into())]);
    lines(table(&["of the threshold's population", "schools"], &[1], rows))?;
    lines(format!(
        "{} schools reviewed in all, special schools too.",
        grouped(reviewed.findings.len() as u64)
    ))?;
    for outcome in [Stays::Judgement, Stays::RenewNotedDip] {
        let found: Vec<&Finding> =
            reviewed.findings.iter().filter(|finding| finding.outcome == outcome).collect();
        if !found.is_empty() && show > 0 {
            let title =
                if outcome == Stays::Judgement { "To be judged" } else { "Kept with a dip" };
            lines(format!(
                "\n{title} ({}, the first {}):",
                grouped(found.len() as u64),
                show.min(found.len())
            ))?;
            let rows = found.iter().take(show).map(|finding| school_row(finding));
            lines(table(&["URN", "school", "grade", "Progress 8"], &[3], rows))?;
        }
    }
    lines("`ledge explain URN --year ...` says why, clause by clause.")?;
    match (recording, reviewed.standing) {
        (Recording::Events(0), _) => {
            lines("This very review is on record already; nothing was written.")
        }
        (Recording::Events(events), _) => lines(format!("{} events recorded.", grouped(events))),
        (Recording::Preview, Decides::OnlyProvisional) => {
            lines("A preview on provisional results, which decide nothing: nothing was written.")
        }
        (Recording::Preview, _) => lines("Nothing was written."),
    }
}

fn head(reviewed: &Reviewed) -> anyhow::Result<()> {
    let basis = &reviewed.basis;
    let known =
        reviewed.as_known_on.map_or_else(String::new, |day| format!(", as known on {}", Day(day)));
    lines(format!("Review for {} as at {}{known}", basis.year, Day(basis.as_at)))?;
    lines(format!(
        "  criteria of {}, adopted {} ({})",
        basis.criteria.year,
        Day(basis.criteria.adopted_on),
        basis.criteria.minute
    ))?;
    match &basis.threshold {
        Some(threshold) => lines(format!(
            "  {}: percentile {} of {} schools is {}; {} on or above, {} tied",
            threshold.release,
            threshold.percentile,
            grouped(threshold.population.into()),
            threshold.shown(),
            grouped(threshold.on_or_above.into()),
            threshold.tied,
        )),
        None => lines(
            "  no deciding results for this year's review were public by then: what needs them is not decidable",
        ),
    }
}

fn school_row(finding: &Finding) -> Vec<String> {
    vec![
        finding.urn.to_string(),
        finding.name.clone(),
        finding.grade.map_or_else(|| "none".to_owned(), |grade| grade.to_string()),
        finding.progress8.map_or_else(String::new, |cell| cell.to_string()),
    ]
}

/// Holds the run that was asked for against another.
fn compare(global: &Global, asked: &Review, that: &str) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let here = question(&asked.question, desk.today())?;
    let this = Document::of(&desk.review(&here)?, Recording::Preview);
    let that = if Path::new(that).is_file() {
        let text = std::fs::read(that).with_context(|| format!("reading {that}"))?;
        serde_json::from_slice(&text).map_err(|why| {
            Failure::Refused(format!(
                "`{that}` is not a review that `ledge review --json` wrote: {why}"
            ))
        })?
    } else {
        other_run(&desk, &here, that)?
    };
    let difference = Difference::between(&this, &that);
    print(global, &difference, tell_difference)?;
    Ok(Outcome::Done)
}

/// Another run, from the settings in which it differs: `as-at=2018-11-01,results=2016/17`.
fn other_run(desk: &Desk, here: &ReviewQuestion, settings: &str) -> anyhow::Result<Document> {
    let mut there = here.clone();
    for setting in settings.split(',') {
        let refused = |why: String| Failure::Refused(format!("--against: `{setting}`: {why}"));
        let Some((name, value)) = setting.split_once('=') else {
            bail!(refused("neither a file nor a setting such as as-at=2018-11-01".to_owned()));
        };
        match name {
            "year" => there.year = value.parse().map_err(|why| refused(format!("{why}")))?,
            "results" => {
                there.results = Some(value.parse().map_err(|why| refused(format!("{why}")))?);
            }
            "as-at" => there.as_at = day(value).map_err(refused)?,
            "as-known-on" => there.as_known_on = Some(day(value).map_err(refused)?),
            "criteria" if value == "recorded" => there.criteria = None,
            "criteria" => there.criteria = Some(app::read_criteria(Path::new(value))?),
            _ => bail!(refused(
                "a run differs by year, results, as-at, as-known-on or criteria".to_owned()
            )),
        }
    }
    Ok(Document::of(&desk.review(&there)?, Recording::Preview))
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("`{text}` is not a day, such as 2018-11-01"))
}

fn tell_difference(difference: &Difference) -> anyhow::Result<()> {
    lines(format!("this: {}\nthat: {}", difference.this.run, difference.that.run))?;
    let (this, that) = (&difference.this.counts, &difference.that.counts);
    let counts = [
        ("eligible", this.eligible, that.eligible),
        ("invited", this.invited, that.invited),
        ("referral", this.referral, that.referral),
        ("judgement", this.judgement, that.judgement),
        ("not eligible", this.not_eligible, that.not_eligible),
    ];
    let rows = counts.map(|(what, this, that)| {
        let change = i64::from(this) - i64::from(that);
        vec![what.to_owned(), grouped(this.into()), grouped(that.into()), format!("{change:+}")]
    });
    lines(table(&["of the population", "this", "that", ""], &[1, 2, 3], rows))?;
    if difference.schools.is_empty() {
        return lines("No school is answered differently.");
    }
    lines(format!(
        "{} schools are answered differently:",
        grouped(difference.schools.len() as u64)
    ))?;
    let rows = difference.schools.iter().map(|change| {
        vec![
            change.urn.to_string(),
            change.name.clone(),
            in_words(change.this.as_ref()),
            in_words(change.that.as_ref()),
        ]
    });
    lines(table(&["URN", "school", "this", "that"], &[], rows))
}

fn in_words(answers: Option<&Answers>) -> String {
    let Some(answers) = answers else { return "not reviewed".to_owned() };
    let mut words = vec![answers.outcome.to_string().replace('_', " ")];
    if answers.eligible {
        words.push("eligible".to_owned());
    }
    if answers.invited {
        words.push("invited".to_owned());
    }
    words.push(
        answers
            .grade
            .map_or_else(|| "no grade".to_owned(), |grade| format!("grade {}", grade.number())),
    );
    words.push(
        answers.progress8.map_or_else(|| "no Progress 8".to_owned(), |score| format!("{score:.2}")),
    );
    words.join(", ")
}
