//! What the steering group is given: a page a school (R6, R37).

use std::io::Write;
use std::path::Path;

use app::{Failure, Pack};
use askama::Template;
use kernel::Day;
use serde_json::json;

use super::super::desk;
use crate::cli::{Global, PackAsked};
use crate::outcome::Outcome;
use crate::output::{counted, document, lines};

mod picture;
mod sheet;
mod text;

use sheet::Sheet;

/// The pages as one file that needs nothing else; what schools and people wrote in it is escaped.
#[derive(Template)]
#[template(path = "pack.html")]
struct Page {
    title: String,
    sheets: Vec<Sheet>,
}

pub(super) fn run(global: &Global, asked: &PackAsked) -> anyhow::Result<Outcome> {
    let desk = desk(global)?;
    let packs = match (asked.urn, asked.meeting) {
        (Some(urn), _) => vec![desk.pack(urn)?],
        (None, Some(meeting)) => desk.packs(meeting)?,
        // The command line asks for one of them.
        (None, None) => vec![],
    };
    if let (true, Some(meeting)) = (packs.is_empty(), asked.meeting) {
        return Err(Failure::Refused(format!(
            "nothing is before the steering group's meeting of {}: `ledge application list --stage referred`",
            Day(meeting)
        ))
        .into());
    }
    match &asked.out {
        Some(out) => {
            write(out, &page(asked, &packs).render()?)?;
            let out = out.display().to_string();
            if global.json {
                document(&json!({ "out": out, "schools": packs.len() }))?;
            } else {
                lines(format!("{} in {out}.", counted(packs.len() as u64, "page")))?;
            }
        }
        None if global.json => document(&packs)?,
        None => {
            for (index, pack) in packs.iter().enumerate() {
                if index > 0 {
                    lines("\n────────────────────────────────────────\n")?;
                }
                text::tell(&Sheet::of(pack))?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn page(asked: &PackAsked, packs: &[Pack]) -> Page {
    let title = match (asked.meeting, packs) {
        (Some(meeting), _) => format!("Steering group, {}", Day(meeting)),
        (None, [pack, ..]) => format!("{}: for the steering group", pack.school.name),
        (None, []) => "For the steering group".to_owned(),
    };
    Page { title, sheets: packs.iter().map(Sheet::of).collect() }
}

/// Whole or not at all, and for its owner alone: it may name people.
fn write(out: &Path, html: &str) -> Result<(), Failure> {
    let cannot_make = |source| Failure::File { path: out.display().to_string(), source };
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut name = out.file_name().unwrap_or(out.as_os_str()).to_owned();
    name.push(".unfinished");
    let unfinished = folder.unwrap_or(Path::new(".")).join(name);
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&unfinished)
        .and_then(|mut file| {
            file.write_all(html.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&unfinished, out))
        .map_err(cannot_make)
}
