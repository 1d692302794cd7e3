//! `ledge import give-up`: a file that was begun, and the rest of which nobody waits for any more.

use std::sync::Arc;

use app::{HalfRead, Named};
use kernel::{Day, Release, Urn};
use schools::national_data::Dataset;
use serde::Serialize;

use crate::cli::Global;
use crate::commands::{at_work, desk};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print};
use crate::progress::Bar;

/// Schools that are named before the rest are only counted.
const NAMED: usize = 10;

#[derive(Serialize)]
struct GivenUp {
    #[serde(flatten)]
    file: HalfRead,
    given_up: bool,
}

/// Without a reason the file is only looked at.
pub(crate) async fn run(
    global: &Global,
    named: Named,
    reason: Option<String>,
) -> anyhow::Result<Outcome> {
    let given_up = reason.is_some();
    let file = match reason {
        None => desk(global)?.half_read(&named)?,
        Some(reason) => {
            at_work(global, &Arc::new(Bar::new(global)), async |office, progress| {
                Ok(office.give_up_import(&named, reason, progress).await?)
            })
            .await?
        }
    };
    print(global, &GivenUp { file, given_up }, tell)?;
    Ok(Outcome::Done)
}

fn tell(GivenUp { file, given_up }: &GivenUp) -> anyhow::Result<()> {
    let digits = file.sha256.get(..12).unwrap_or(&file.sha256);
    let release = file.release.map_or_else(String::new, |release| format!(" {release}"));
    lines(format!(
        "{}{release}: {} (SHA-256 {digits}) was begun on {} and not read to its end.",
        file.dataset,
        file.file,
        Day(file.begun_on)
    ))?;
    lines(match stands(file) {
        Some(stands) => format!("  {stands}"),
        None => "  Nothing of it was recorded.".to_owned(),
    })?;
    for table in tables(file.dataset).iter().filter(|_| file.facts > 0) {
        lines(format!(
            "  `ledge sql \"SELECT * FROM {table} WHERE sha256 = '{digits}'\"` has them."
        ))?;
    }
    lines(format!("  {}", consequence(file)))?;
    lines(if *given_up {
        "It is given up: what was recorded stays and counts, and days begin again without the rest."
    } else {
        "Only looked at: nothing was written."
    })
}

/// `1,204 facts of 600 schools stand recorded from it, and stay: 100001, 100002 and 598 more`
fn stands(file: &HalfRead) -> Option<String> {
    if file.facts == 0 {
        return None;
    }
    let named: Vec<String> = file.schools.iter().take(NAMED).map(Urn::to_string).collect();
    let more = file.schools.len() - named.len();
    let more =
        if more == 0 { String::new() } else { format!(" and {} more", grouped(more as u64)) };
    Some(format!(
        "{} of {} stand recorded from it, and stay: {}{more}",
        counted(file.facts, "fact"),
        counted(file.schools.len() as u64, "school"),
        named.join(", ")
    ))
}

/// What it means that the rest never comes.
fn consequence(file: &HalfRead) -> String {
    match (file.dataset, file.release) {
        (Dataset::Ks4, Some(release)) => decides(release, file.decides),
        (Dataset::Ks4, None) | (Dataset::Names | Dataset::Locations, _) => {
            "Nothing waits for it.".to_owned()
        }
        (Dataset::Cover, _) => "Whom no list names that was read to its end is covered by what stands recorded, and \
                                 otherwise not; all members are looked at again."
            .to_owned(),
        (Dataset::Links, _) => "Of a closed school whose links were in the rest nothing is known to have come after it; \
                                 its end waits for a file of links."
            .to_owned(),
        (Dataset::Ofsted | Dataset::Register, _) => {
            "What it says of schools is looked at from now on, as if it had been all; the next file says the rest."
                .to_owned()
        }
    }
}

/// Which release decides the school year once the file is given up (D4).
fn decides(release: Release, decides: Option<Release>) -> String {
    let other = match decides {
        Some(other) if other == release => {
            return format!("{release} is whole by what was read of it, and decides.");
        }
        Some(other) => format!("{other} decides"),
        None => format!("no release of {} decides", release.year),
    };
    if release.standing.decides() {
        format!(
            "{release} decides nothing until a file of it is read to its end, one that was read before or another; {other}."
        )
    } else {
        format!("A provisional release decides nothing (D4); {other}.")
    }
}

/// Where the facts of such a file stand.
fn tables(dataset: Dataset) -> &'static [&'static str] {
    match dataset {
        Dataset::Ks4 => &["results"],
        Dataset::Ofsted => &["inspections"],
        Dataset::Register => &["details"],
        Dataset::Links => &["predecessors"],
        Dataset::Names | Dataset::Locations => &["details"],
        Dataset::Cover => &["cover"],
    }
}
