//! `ledge demo`: a whole back office on a generated sample nation.
//!
//! It goes the way an office goes: the files a nation publishes are written into a folder, and loaded, reviewed and
//! answered with the same code as the real ones.  Started again in the same folder it changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use app::{Imported, Office, Progress, ReviewQuestion, What};
use chrono::NaiveDate;
use kernel::{AcademicYear, LeadingEdgeYear, Release, Standing};
use membership::criteria::{Adoption, CriteriaFile};
use national_data::File;
use national_data::sample::Nation;
use serde_json::json;

use super::at_work;
use crate::cli::{Demo, Global};
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;

mod nation;

/// The criteria that ship with the program.
const CRITERIA: &str = include_str!("../../../../deploy/criteria/2018-19.toml");

/// The day each year's review looked at: the last of the February before the year begins.
fn reviewed_on(year: LeadingEdgeYear) -> NaiveDate {
    NaiveDate::from_ymd_opt(year.first_day_year(), 2, 28).unwrap_or(year.first_day())
}

pub(crate) async fn run(global: &Global, asked: Demo) -> anyhow::Result<Outcome> {
    let global = Global { data: Some(global.folder_or("ledge-demo")), ..global.clone() };
    let begun = Instant::now();
    let bar = Arc::new(Bar::new(&global));
    let nation = nation::Chosen { seed: asked.seed, schools: asked.schools };
    nation.settle_in(&global.folder())?;
    bar.tell("making a nation", 0, 1);
    let nation = Nation::generate(asked.seed, asked.schools as usize);
    let files = nation.write_to(&global.folder().join("files"))?;
    let play =
        async |office: &mut Office, progress: Progress<'_>| play(office, progress, &files).await;
    let story = at_work(&global, &bar, play).await?;
    drop(bar);
    if global.json {
        document(&json!({
            "data": global.folder(),
            "files": files,
            "imports": story.imports,
            "reviews": story.reviews,
            "invited": story.invited,
        }))?;
    } else {
        tell(&global.folder(), &story, begun)?;
    }
    Ok(Outcome::Done)
}

/// What came of it.
struct Story {
    imports: Vec<Imported>,
    /// Each year with its counts.
    reviews: Vec<(LeadingEdgeYear, membership::review::Counts)>,
    invited: usize,
    position: u64,
}

async fn play(
    office: &mut Office,
    progress: Progress<'_>,
    files: &[PathBuf],
) -> anyhow::Result<Story> {
    let mut imports = vec![];
    for path in files {
        let file = File::open(path)?;
        let what = kind_of(&file.name);
        imports.push(office.import(&file, what, None, progress).await?);
    }
    let criteria: CriteriaFile = toml::from_str(CRITERIA)?;
    let adoption = Adoption::from(criteria);
    let first = adoption.year;
    office.adopt(adoption).await?;

    let mut reviews = vec![];
    for year in [first, first.next()] {
        let question = ReviewQuestion {
            year,
            results: None,
            as_at: reviewed_on(year),
            as_known_on: None,
            criteria: None,
        };
        let reviewed = office.desk().review(&question)?;
        office.record_review(&reviewed).await?;
        reviews.push((year, reviewed.counts));
    }
    let invitations = office.invite(first.next(), None, None, progress).await?;
    let invited = invitations.invited.len() + invitations.already;
    let position = office.desk().journal().head()?;
    Ok(Story { imports, reviews, invited, position })
}

/// The sample nation's files are named as the nation's are.
fn kind_of(name: &str) -> What {
    let release = |standing| Some(What::Ks4(Release { year: year_of(name)?, standing }));
    let table = if name.ends_with("_ks4provisional.csv") {
        release(Standing::Provisional)
    } else if name.ends_with("_ks4final.csv") {
        release(Standing::Final)
    } else {
        None
    };
    table.unwrap_or_else(|| match name {
        name if name.starts_with("ofsted") => What::Ofsted,
        name if name.starts_with("links") => What::Links,
        name if name.starts_with("ssat-cover") => What::Cover,
        _ => What::Register,
    })
}

/// The school year of a file such as `2017-2018_england_ks4final.csv`: a name cannot hold the slash of `2017/2018`.
fn year_of(name: &str) -> Option<AcademicYear> {
    name.get(..9)?.replacen('-', "/", 1).parse().ok()
}

fn tell(folder: &Path, story: &Story, begun: Instant) -> anyhow::Result<()> {
    for imported in &story.imports {
        let release = imported.release.map_or_else(String::new, |release| format!(" {release}"));
        let events = if imported.known_already {
            "read before".to_owned()
        } else {
            counted(imported.events, "event")
        };
        lines(format!(
            "{:>9}{release:<20} {:<42} {events}",
            imported.dataset.to_string(),
            imported.file
        ))?;
    }
    for (year, counts) in &story.reviews {
        lines(format!(
            "   review {year}: {} eligible, {} invited, {} to judge, {} to refer, {} not eligible to renew",
            grouped(counts.eligible.into()),
            grouped(counts.invited.into()),
            grouped(counts.judgement.into()),
            grouped(counts.referral.into()),
            grouped(counts.not_eligible.into()),
        ))?;
    }
    let data = folder.display();
    let years: Vec<&LeadingEdgeYear> = story.reviews.iter().map(|(year, _)| year).collect();
    let last = years.last().map_or_else(String::new, ToString::to_string);
    lines(format!(
        "   {} invited for {last}\n\nDone in {:.1} s: {}, every one durable.  Look at it:",
        counted(story.invited as u64, "school"),
        begun.elapsed().as_secs_f64(),
        counted(story.position, "event"),
    ))?;
    for look in [
        "schools --grade 1 --sort progress8".to_owned(),
        format!("invite --year {last} --preview"),
        format!("review --year {last} --as-at 2019-02-28"),
        format!("review --year {last} --as-at 2019-02-28 --against results=2016/17"),
        "events --type OfstedDowngraded --limit 5".to_owned(),
        "sql \"SELECT outcome, count(*) FROM review_findings GROUP BY 1\"".to_owned(),
        "verify".to_owned(),
    ] {
        lines(format!("  ledge --data {data} {look}"))?;
    }
    lines("(From this checkout, `cargo run --release --` stands for `ledge`.)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_the_sample_nation_is_known_by_its_name() {
        let release = "2017/18 final".parse().unwrap();
        assert_eq!(kind_of("2017-2018_england_ks4final.csv"), What::Ks4(release));
        assert_eq!(year_of("2017-2019_england_ks4final.csv"), None);
    }
}
