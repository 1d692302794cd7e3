//! `ledge review --against`: the difference to another run, school by school.

use std::path::Path;

use anyhow::bail;
use app::{Answers, Change, Desk, Difference, Differs, Document, Failure, Recording};

use super::{file_name, question};
use crate::cli::{Global, Review, day};
use crate::commands::desk;
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print, table};

/// Holds the run that was asked for against another: a file that `ledge review --json` wrote, or settings.
pub(super) fn run(global: &Global, asked: &Review, that: &str) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let here = Run {
        question: question(&asked.question, desk.today())?,
        what_if: asked.question.what_if(),
    };
    let there = if is_settings(that) {
        other_run(&here, that)?.document(&desk)?
    } else {
        written(Path::new(that))?
    };
    let difference = Difference::between(&here.document(&desk)?, &there);
    print(global, &difference, |difference| tell(difference, asked.show))?;
    Ok(Outcome::Done)
}

/// What is asked, and the file of criteria that it asks about.
#[derive(Clone)]
struct Run {
    question: app::ReviewQuestion,
    what_if: Option<String>,
}

impl Run {
    fn document(&self, desk: &Desk) -> anyhow::Result<Document> {
        let mut document = Document::of(&desk.review(&self.question)?, Recording::Preview);
        document.criteria.what_if.clone_from(&self.what_if);
        Ok(document)
    }
}

/// `as-at=2018-11-01,results=2016/17`, and not the name of a file.
fn is_settings(that: &str) -> bool {
    that.contains('=') && !Path::new(that).exists()
}

fn written(path: &Path) -> anyhow::Result<Document> {
    let shown = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|source| Failure::Unreadable { path: shown.clone(), source })?;
    let document = serde_json::from_slice(&text).map_err(|why| {
        Failure::Refused(format!(
            "`{shown}` is not a review that `ledge review --json` wrote: {why}"
        ))
    })?;
    Ok(document)
}

/// Another run, from the settings in which it differs.
fn other_run(here: &Run, settings: &str) -> anyhow::Result<Run> {
    let mut there = here.clone();
    for setting in settings.split(',') {
        let refused = |why: String| Failure::Refused(format!("--against: `{setting}`: {why}"));
        let Some((name, value)) = setting.split_once('=') else {
            bail!(refused("neither a file nor a setting such as as-at=2018-11-01".to_owned()));
        };
        let question = &mut there.question;
        match name {
            "year" => question.year = value.parse().map_err(|why| refused(format!("{why}")))?,
            "results" => {
                question.results = Some(value.parse().map_err(|why| refused(format!("{why}")))?);
            }
            "as-at" => question.as_at = day(value).map_err(refused)?,
            "as-known-on" => question.as_known_on = Some(day(value).map_err(refused)?),
            "criteria" if value == "recorded" => {
                question.criteria = None;
                there.what_if = None;
            }
            "criteria" => {
                question.criteria = Some(app::read_criteria(Path::new(value))?);
                there.what_if = Some(file_name(Path::new(value)));
            }
            _ => bail!(refused(
                "a run differs by year, results, as-at, as-known-on or criteria".to_owned()
            )),
        }
    }
    Ok(there)
}

/// `show`: at most so many schools of each kind; otherwise all that are answered differently, and of the others only how
/// many there are.
fn tell(difference: &Difference, show: Option<usize>) -> anyhow::Result<()> {
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
    lines(table(&["of the population", "this", "that", "change"], &[1, 2, 3], rows))?;
    let of = |kind| difference.schools.iter().filter(move |change| change.differs == kind);
    schools("answered differently", difference.answers_differ, of(Differs::Answers), show)?;
    if difference.figures_moved == 0 {
        return Ok(());
    }
    let moved = "answered alike, with another grade or Progress 8";
    schools(moved, difference.figures_moved, of(Differs::Figures), Some(show.unwrap_or(0)))
}

fn schools<'a>(
    kind: &str,
    number: usize,
    changes: impl Iterator<Item = &'a Change>,
    show: Option<usize>,
) -> anyhow::Result<()> {
    let shown = show.unwrap_or(number).min(number);
    let schools = counted(number as u64, "school");
    lines(match (number, shown) {
        (0, _) => format!("\nNo school is {kind}."),
        (_, 0) => format!("\n{schools} {kind} (`--show` lists them)."),
        _ if shown < number => format!("\n{schools} {kind}, the first {}:", grouped(shown as u64)),
        _ => format!("\n{schools} {kind}:"),
    })?;
    if shown == 0 {
        return Ok(());
    }
    let rows = changes.take(shown).map(|change| {
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
    let mut words = vec![answers.outcome.in_words().to_owned()];
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
    words.join("; ")
}
