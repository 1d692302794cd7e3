//! `ledge review`: who may join, who is invited, who may stay, and why.

use std::path::Path;
use std::sync::Arc;

use app::{Document, Recording, ReviewQuestion, Reviewed};
use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear};
use membership::{Finding, Outcome as Stays};

use super::{at_work, desk};
use crate::cli::{Global, Question, Review};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines, table};
use crate::progress::Bar;

mod against;

/// Schools listed of each kind, where nobody says how many.
const SHOWN: usize = 10;

pub(crate) async fn run(global: &Global, asked: Review) -> anyhow::Result<Outcome> {
    if let Some(that) = &asked.against {
        return against::run(global, &asked, that);
    }
    let (reviewed, recording) = if asked.preview || asked.question.is_hypothetical() {
        let desk = desk(global)?;
        (desk.review(&question(&asked.question, desk.today())?)?, Recording::Preview)
    } else {
        let bar = Arc::new(Bar::new(global));
        at_work(global, &bar, async |office, _| review(office, &asked).await).await?
    };
    if global.json {
        let mut reviewed = Document::of(&reviewed, recording);
        reviewed.criteria.what_if = asked.question.what_if();
        document(&reviewed)?;
    } else {
        head(&reviewed, asked.question.what_if())?;
        tell(&reviewed, recording, asked.show.unwrap_or(SHOWN))?;
    }
    Ok(Outcome::Done)
}

async fn review(office: &mut app::Office, asked: &Review) -> anyhow::Result<(Reviewed, Recording)> {
    let reviewed = office.desk().review(&question(&asked.question, office.today())?)?;
    let recording = if asked.record_anyway {
        office.record_review_anyway(&reviewed).await?
    } else {
        office.record_review(&reviewed).await?
    };
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

    /// The file of criteria that it asks about, without its folder.
    pub(crate) fn what_if(&self) -> Option<String> {
        self.criteria.as_deref().map(file_name)
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn tell(reviewed: &Reviewed, recording: Recording, show: usize) -> anyhow::Result<()> {
    let counts = &reviewed.counts;
    let significant = counts
        .significant
        .map_or_else(|| "not published in this file".to_owned(), |schools| grouped(schools.into()));
    let rows = [
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
    let rows = std::iter::once(vec!["significant (lower limit above 0)".to_owned(), significant])
        .chain(rows);
    lines(table(&["of the threshold's population", "schools"], &[1], rows))?;
    let all = counted(reviewed.findings.len() as u64, "school");
    lines(format!("{all} reviewed in all, special schools too."))?;
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
    match recording {
        Recording::Events(0) => {
            lines("This very review is on record already; nothing was written.")
        }
        Recording::Events(events) => lines(format!("{} recorded.", counted(events, "event"))),
        Recording::Preview => match reviewed.standing.why_not() {
            Some(why) => lines(format!("Nothing was written: {why}.")),
            None => lines("Nothing was written: a preview."),
        },
        Recording::LaterOnRecord(day) => lines(format!(
            "Nothing was written: the review on record looked at a later day, {} (--record-anyway puts this one in its place).",
            Day(day)
        )),
    }
}

fn head(reviewed: &Reviewed, what_if: Option<String>) -> anyhow::Result<()> {
    let basis = &reviewed.basis;
    let known =
        reviewed.as_known_on.map_or_else(String::new, |day| format!(", as known on {}", Day(day)));
    lines(format!("Review for {} as at {}{known}", basis.year, Day(basis.as_at)))?;
    match what_if {
        Some(file) => lines(format!("  what if: {file}"))?,
        None => lines(format!(
            "  criteria of {}, adopted {} ({})",
            basis.criteria.year,
            Day(basis.criteria.adopted_on),
            basis.criteria.minute
        ))?,
    }
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
