//! `ledge member`: the roll, each member's page, and the network's past.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use app::{MembersImported, Only, RollFilter, RollSort};
use national_data::File;
use projections::memberships::{Renewal, Standing};
use serde_json::json;

use super::{at_work, desk, desk_as_of};
use crate::cli::{self, Global, ListMembers, MemberCommand, StandsAs};
use crate::outcome::Outcome;
use crate::output::{counted, grouped, lines, print};
use crate::progress::Bar;

mod page;
mod sheet;

/// Notes printed before the rest are only counted.
const SHOWN: usize = 20;

pub(crate) async fn run(global: &Global, command: MemberCommand) -> anyhow::Result<Outcome> {
    match command {
        MemberCommand::List(asked) => {
            let desk = desk_as_of(global, asked.as_of.on).await?;
            let roll = desk.roll(&filter(&asked), asked.sort.into())?;
            print(global, &roll, |roll| sheet::tell(roll, asked.limit))?;
        }
        MemberCommand::Show { urn, as_of } => {
            let page = desk_as_of(global, as_of.on).await?.member(urn)?;
            print(global, &page, page::tell)?;
        }
        MemberCommand::Import { file, check: true } => {
            let bar = Bar::new(global);
            let progress = |what: &str, done, total| bar.tell(what, done, total);
            let checked = desk(global)?.check_members(&open(&file)?, &progress).await?;
            print(global, &checked, tell_imported)?;
        }
        MemberCommand::Import { file, check: false } => {
            let file = open(&file)?;
            let bar = Arc::new(Bar::new(global));
            let imported = at_work(global, &bar, async |office, progress| {
                Ok(office.import_members(&file, progress).await?)
            })
            .await?;
            print(global, &imported, tell_imported)?;
        }
        MemberCommand::Connect { urn, areas, on } => {
            let areas: BTreeSet<String> = areas.into_iter().collect();
            at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                let on = office.day(on.on)?;
                Ok(office.connect(urn, areas.clone(), on).await?)
            })
            .await?;
            print(global, &json!({ "urn": urn.to_string(), "areas": areas }), |_| {
                let areas: Vec<&str> = areas.iter().map(String::as_str).collect();
                lines(format!("{urn} is offered connections in {}.", areas.join(", ")))
            })?;
        }
        MemberCommand::CarryOver { urn, to, on } => {
            let carried = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                let on = office.day(Some(on))?;
                Ok(office.carry_over(urn, to, on).await?)
            })
            .await?;
            print(global, &carried, |carried| {
                lines(if carried.taken_over {
                    format!("The membership of {urn} goes on at {to}.")
                } else {
                    format!(
                        "The membership of {urn} was given to {to}, which has not taken it over yet."
                    )
                })
            })?;
        }
    }
    Ok(Outcome::Done)
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).map_err(|source| {
        app::Failure::Unreadable { path: path.display().to_string(), source }.into()
    })
}

fn filter(asked: &ListMembers) -> RollFilter {
    let only = [
        (asked.marked, Only::Marked),
        (asked.closed, Only::Closed),
        (asked.without_cover, Only::WithoutCover),
    ];
    RollFilter {
        standing: match asked.standing {
            StandsAs::Member => Some(Standing::Member),
            StandsAs::Left => Some(Standing::Left),
            StandsAs::Outside => Some(Standing::Outside),
            StandsAs::Any => None,
        },
        year: asked.year,
        renewal: asked.renewal.map(Renewal::from),
        only: only.into_iter().filter(|(asked, _)| *asked).map(|(_, only)| only).collect(),
    }
}

impl From<cli::RollSort> for RollSort {
    fn from(sort: cli::RollSort) -> Self {
        match sort {
            cli::RollSort::Name => Self::Name,
            cli::RollSort::Urn => Self::Urn,
            cli::RollSort::Since => Self::Since,
            cli::RollSort::AnswerBy => Self::AnswerBy,
        }
    }
}

impl From<cli::Renewal> for Renewal {
    fn from(stage: cli::Renewal) -> Self {
        match stage {
            cli::Renewal::Offered => Self::Offered,
            cli::Renewal::Accepted => Self::Accepted,
            cli::Renewal::Agreed => Self::Agreed,
            cli::Renewal::Refused => Self::Refused,
            cli::Renewal::Declined => Self::Declined,
        }
    }
}

fn tell_imported(imported: &MembersImported) -> anyhow::Result<()> {
    lines(format!("{} ({})", imported.file, imported.layout))?;
    let would = if imported.checked_only { "would be " } else { "" };
    lines(format!(
        "  {}: {} past and {} running {would}recorded, {} on record already, {} repeated",
        counted(imported.read, "row"),
        grouped(imported.past),
        grouped(imported.running),
        grouped(imported.unchanged),
        grouped(imported.repeated),
    ))?;
    let unknown = &imported.not_on_record;
    if !unknown.is_empty() {
        let named: Vec<String> = unknown.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = if unknown.len() > SHOWN { ", ..." } else { "" };
        lines(format!(
            "  note: {} not on record by any other file: {}{more}",
            counted(unknown.len() as u64, "school"),
            named.join(", ")
        ))?;
    }
    for note in imported.notes.iter().take(SHOWN) {
        lines(format!("  note: {note}"))?;
    }
    if imported.notes.len() > SHOWN {
        lines(format!(
            "  note: and {} more (`--json` has them all)",
            imported.notes.len() - SHOWN
        ))?;
    }
    lines(if imported.checked_only {
        "  Only checked: nothing was written.".to_owned()
    } else {
        format!("  The journal is at position {}.", grouped(imported.position))
    })
}
