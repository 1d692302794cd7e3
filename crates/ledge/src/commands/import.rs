//! `ledge import`: load what the nation publishes.

use std::path::Path;
use std::sync::Arc;

use app::{Crossing, Direction, Imported, Named, What};
use kernel::{Day, Release};
use national_data::File;

mod give_up;

use super::at_work;
use crate::cli::{Global, Import, ImportFile};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print, table};
use crate::progress::Bar;

/// Notes and crossings printed before the rest are only counted.
const SHOWN: usize = 20;

pub(crate) async fn run(global: &Global, import: Import) -> anyhow::Result<Outcome> {
    let (what, asked) = match import {
        Import::Ks4 { file, year, release } => {
            (What::Ks4(Release { year, standing: release }), file)
        }
        Import::Ofsted(file) => (What::Ofsted, file),
        Import::Register(file) => (What::Register, file),
        Import::Links(file) => (What::Links, file),
        Import::Names(file) => (What::Names, file),
        Import::Locations(file) => (What::Locations, file),
        Import::Cover(file) => (What::Cover, file),
        Import::GiveUp { file, year, release, reason, preview } => {
            let named = Named { file, year, standing: release };
            // Without a reason it is only looked at.
            let reason = reason.filter(|_| !preview);
            return give_up::run(global, named, reason).await;
        }
    };
    let bar = Arc::new(Bar::new(global));
    let imported = if asked.check {
        check(global, &bar, what, &asked).await?
    } else {
        load(global, &bar, what, &asked).await?
    };
    drop(bar);
    print(global, &imported, tell)?;
    Ok(Outcome::Done)
}

async fn load(
    global: &Global,
    bar: &Arc<Bar>,
    what: What,
    asked: &ImportFile,
) -> anyhow::Result<Imported> {
    let file = open(&asked.file)?;
    at_work(global, bar, async |office, progress| {
        Ok(office.import(&file, what, asked.published, progress).await?)
    })
    .await
}

/// Goes the whole way in the office there is, or, where there is none yet, in an empty one that is thrown away.
async fn check(
    global: &Global,
    bar: &Arc<Bar>,
    what: What,
    asked: &ImportFile,
) -> anyhow::Result<Imported> {
    let file = open(&asked.file)?;
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    Ok(app::check_import(
        &global.folder(),
        app::clock::wall(),
        &file,
        what,
        asked.published,
        &progress,
    )
    .await?)
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).map_err(|source| {
        app::Failure::Unreadable { path: path.display().to_string(), source }.into()
    })
}

pub(crate) fn tell(imported: &Imported) -> anyhow::Result<()> {
    let release = imported.release.map_or_else(String::new, |release| format!(" {release}"));
    lines(format!("{}{release}: {} ({})", imported.dataset, imported.file, imported.layout))?;
    if imported.known_already {
        return lines("  This very file was read before; nothing was written.");
    }
    let rows = imported.rows;
    let would = if imported.checked_only { "would be " } else { "" };
    lines(format!(
        "  {}: {} {would}recorded, {} with nothing new, {} passed over, {} repeated, {} contradicting",
        counted(rows.read, "row"),
        grouped(rows.recorded),
        grouped(rows.unchanged),
        grouped(rows.passed_over),
        grouped(rows.repeated),
        grouped(rows.contradicting),
    ))?;
    if let Some(day) = imported.public_from {
        lines(format!("  public from {}", Day(day)))?;
    }
    if let Some(threshold) = &imported.threshold {
        lines(format!(
            "  percentile {} of {} state-funded mainstream schools: {} ({} on or above, {} tied; significant: {})",
            threshold.percentile,
            grouped(threshold.population.into()),
            threshold.value,
            grouped(threshold.on_or_above.into()),
            threshold.tied,
            threshold.significant.map_or_else(
                || "not published in this file".to_owned(),
                |schools| grouped(schools.into()),
            ),
        ))?;
    }
    some("  note: ", imported.notes.iter().map(String::as_str))?;
    crossings(&imported.crossed)?;
    let events = counted(imported.events, "event");
    if imported.checked_only {
        return lines(format!(
            "  Only checked: {events} would be recorded, and nothing was written."
        ));
    }
    lines(format!(
        "  {events} recorded; the journal is at position {}.",
        grouped(imported.position)
    ))
}

fn some<'a>(prefix: &str, notes: impl ExactSizeIterator<Item = &'a str>) -> anyhow::Result<()> {
    let more = notes.len().saturating_sub(SHOWN);
    for note in notes.take(SHOWN) {
        lines(format!("{prefix}{note}"))?;
    }
    if more > 0 {
        lines(format!("{prefix}and {more} more (`--json` has them all)"))?;
    }
    Ok(())
}

fn crossings(crossed: &[Crossing]) -> anyhow::Result<()> {
    let Some(first) = crossed.first() else { return Ok(()) };
    lines(format!(
        "  {} crossed a line since {}:",
        counted(crossed.len() as u64, "school"),
        first.since
    ))?;
    let rows = crossed.iter().take(SHOWN).map(|crossing| {
        let direction = match crossing.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        vec![
            crossing.urn.to_string(),
            crossing.name.clone(),
            crossing.line.to_string(),
            direction.to_owned(),
            crossing.before.clone().unwrap_or_default(),
            crossing.now.clone().unwrap_or_default(),
        ]
    });
    lines(table(&["URN", "school", "line", "", "before", "now"], &[4, 5], rows))?;
    if crossed.len() > SHOWN {
        lines(format!("  and {} more (`--json` has them all)", crossed.len() - SHOWN))?;
    }
    Ok(())
}
