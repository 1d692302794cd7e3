//! `ledge events catalogue`: what events there are, for who writes a service against them (R40).

use std::path::Path;

use app::Failure;
use bus::catalogue::{self, Difference};
use projections::PUBLISHED;
use serde_json::json;

use crate::cli::{Catalogue, Global};
use crate::outcome::Outcome;
use crate::output::{counted, document, lines};

pub(super) fn run(global: &Global, asked: &Catalogue) -> anyhow::Result<Outcome> {
    let catalogue = catalogue::Catalogue::of(&PUBLISHED).map_err(|defects| {
        let defects: Vec<String> = defects.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(
            "an event could not be understood from the catalogue:\n{}",
            defects.join("\n")
        )
    })?;
    match (&asked.out, &asked.check) {
        (Some(folder), _) => write(global, &catalogue, folder),
        (None, Some(folder)) => check(global, &catalogue, folder),
        // Clap asks for one of them.
        (None, None) => Ok(Outcome::WrongUse),
    }
}

fn write(
    global: &Global,
    catalogue: &catalogue::Catalogue,
    folder: &Path,
) -> anyhow::Result<Outcome> {
    let written = match catalogue.write(folder) {
        Err(broken @ catalogue::Failure::Broken(_)) => {
            return Err(Failure::Refused(broken.to_string()).into());
        }
        written => written?,
    };
    if global.json {
        document(&json!({
            "events": catalogue.len(),
            "written": written.changed,
            "unchanged": written.unchanged,
        }))?;
    } else {
        lines(format!(
            "The catalogue of {} is in {}: {} written, {} as they were.",
            counted(catalogue.len() as u64, "event"),
            folder.display(),
            counted(written.changed.len() as u64, "file"),
            counted(written.unchanged as u64, "file"),
        ))?;
    }
    Ok(Outcome::Done)
}

fn check(
    global: &Global,
    catalogue: &catalogue::Catalogue,
    folder: &Path,
) -> anyhow::Result<Outcome> {
    let difference = catalogue.check(folder)?;
    let (kind, what) = match &difference {
        None => ("none", &[] as &[String]),
        Some(Difference::Broken(what)) => ("broken", what.as_slice()),
        Some(Difference::Stale(what)) => ("stale", what.as_slice()),
    };
    if global.json {
        document(&json!({ "events": catalogue.len(), "difference": kind, "what": what }))?;
    } else {
        lines(match &difference {
            None => format!(
                "The catalogue in {} is what the {} of this program are.",
                folder.display(),
                counted(catalogue.len() as u64, "event")
            ),
            Some(Difference::Broken(what)) => format!(
                "Services that rest on the catalogue in {} would break:\n{}",
                folder.display(),
                what.join("\n")
            ),
            Some(Difference::Stale(what)) => format!(
                "Not what this program's events are; `ledge events catalogue --out {}` writes them again:\n{}",
                folder.display(),
                what.join("\n")
            ),
        })?;
    }
    Ok(if difference.is_none() { Outcome::Done } else { Outcome::Faulty })
}
