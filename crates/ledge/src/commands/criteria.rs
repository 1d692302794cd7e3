//! `ledge criteria`: the steering group's criteria.

use std::sync::Arc;

use app::{Adopted, Office};
use kernel::Day;
use membership::criteria::{Adoption, CriteriaFile};
use serde_json::json;

use super::{desk, office};
use crate::cli::{CriteriaCommand, Global};
use crate::outcome::Outcome;
use crate::output::{document, lines};
use crate::progress::Bar;

pub(crate) async fn run(global: &Global, command: CriteriaCommand) -> anyhow::Result<Outcome> {
    match command {
        CriteriaCommand::Adopt { file } => {
            let adoption = app::read_criteria(&file)?;
            let mut office = office(global, &Arc::new(Bar::new(global)))?;
            let adopted = office.adopt(adoption.clone()).await;
            close_and_tell(global, office, &adoption, "adopted", adopted).await
        }
        CriteriaCommand::Amend { file, reason } => {
            let adoption = app::read_criteria(&file)?;
            let mut office = office(global, &Arc::new(Bar::new(global)))?;
            let amended = office.amend(adoption.clone(), reason).await;
            close_and_tell(global, office, &adoption, "amended", amended).await
        }
        CriteriaCommand::Show { year } => {
            let desk = desk(global)?;
            let adopted = match year {
                None => desk.adoptions(None)?,
                Some(year) => {
                    let in_force = desk.criteria_in_force(year, desk.today(), None)?;
                    desk.adoptions(None)?
                        .into_iter()
                        .filter(|adopted| adopted.adoption == in_force)
                        .collect()
                }
            };
            show(global, &adopted)?;
            Ok(Outcome::Done)
        }
    }
}

async fn close_and_tell(
    global: &Global,
    office: Office,
    adoption: &Adoption,
    done: &str,
    events: Result<usize, app::Failure>,
) -> anyhow::Result<Outcome> {
    office.close().await?;
    let events = events?;
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
        if let Some(reason) = &adopted.amendment {
            lines(format!("# amended: {reason}"))?;
        }
        lines(toml::to_string(&CriteriaFile::from(adopted.adoption.clone()))?)?;
    }
    Ok(())
}
