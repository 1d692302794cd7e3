//! What the steering group is given: a page a school (R6, R37).

use std::io::Write;

use anyhow::Context;
use app::{Failure, Folder, Pack};
use askama::Template;
use kernel::Day;
use serde_json::json;

use super::super::desk;
use super::super::target::{Readers, Target, is_standard_output};
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
    let target = match &asked.out {
        Some(out) => {
            let folder = Folder::at(&global.folder());
            Some((out, Target::at(out, asked.force, &folder, Readers::OwnerAlone)?))
        }
        None => None,
    };
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
    match target {
        Some((out, mut target)) => {
            let html = page(asked, &packs).render()?;
            let cannot = || format!("cannot write {}", out.display());
            target.write_all(html.as_bytes()).with_context(cannot)?;
            target.keep()?;
            if is_standard_output(out) {
                return Ok(Outcome::Done);
            }
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
