//! `ledge criteria`: the steering group's criteria.

use std::sync::Arc;

use app::Adopted;
use kernel::Day;
use membership::criteria::{Adoption, CriteriaFile};
use serde_json::json;

use super::{at_work, desk};
use crate::cli::{CriteriaCommand, Global};
use crate::outcome::Outcome;
use crate::output::{document, lines};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, command: CriteriaCommand) -> anyhow::Result<Outcome> {
    match command {
        CriteriaCommand::Adopt { file } => {
            let adoption = app::read_criteria(&file)?;
            let adopted = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                Ok(office.adopt(adoption.clone()).await?)
            })
            .await?;
            tell(global, &adoption, "adopted", adopted)
        }
        CriteriaCommand::Amend { file, reason } => {
            let adoption = app::read_criteria(&file)?;
            let amended = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                Ok(office.amend(adoption.clone(), reason).await?)
            })
            .await?;
            tell(global, &adoption, "amended", amended)
        }
        CriteriaCommand::Correct { file, decided_on, reason } => {
            let adoption = app::read_criteria(&file)?;
            let corrected = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                Ok(office.correct_criteria(adoption.clone(), decided_on, reason).await?)
            })
            .await?;
            tell(global, &adoption, "corrected", corrected)
        }
        CriteriaCommand::Show { year } => {
            let desk = desk(global)?;
            let adopted = match year {
                None => desk.adoptions(None)?,
                Some(year) => vec![desk.decision_in_force(year, desk.today(), None)?],
            };
            show(global, &adopted)?;
            Ok(Outcome::Done)
        }
    }
}

fn tell(
    global: &Global,
    adoption: &Adoption,
    done: &str,
    events: usize,
) -> anyhow::Result<Outcome> {
    if global.json {
        document(
            &json!({ "year": adoption.year, "adopted_on": adoption.adopted_on, "events": events }),
        )?;
    } else if events == 0 {
        lines(format!(
            "These criteria for {} were {done} already; nothing was written.",
            adoption.year
        ))?;
    } else {
        lines(format!(
            "Criteria for {} {done}, as of {} ({}); they stay in force until the next are adopted.",
            adoption.year,
            Day(adoption.adopted_on),
            adoption.minute
        ))?;
    }
    Ok(Outcome::Done)
}

/// Shows criteria as the file that would adopt them.
fn show(global: &Global, adopted: &[Adopted]) -> anyhow::Result<()> {
    if global.json {
        return document(&adopted);
    }
    if adopted.is_empty() {
        return lines("No criteria are on record: `ledge criteria adopt FILE`.");
    }
    for adopted in adopted {
        if let Some(reason) = &adopted.reason {
            let which = adopted
                .corrects
                .map_or_else(String::new, |day| format!(", in place of that of {}", Day(day)));
            lines(format!("# {}{which}: {reason}", adopted.kind))?;
        }
        lines(toml::to_string(&CriteriaFile::from(adopted.adoption.clone()))?)?;
    }
    Ok(())
}
