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
        CriteriaCommand::Correct { file, decided_on, reason } => {
            let adoption = app::read_criteria(&file)?;
            let mut office = office(global, &Arc::new(Bar::new(global)))?;
            let corrected = office.correct_criteria(adoption.clone(), decided_on, reason).await;
            close_and_tell(global, office, &adoption, "corrected", corrected).await
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
