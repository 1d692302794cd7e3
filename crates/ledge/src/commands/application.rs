//! `ledge application`: from the first word to the first day.

use std::sync::Arc;

use app::{Case, Failure, Noted, Office};
use kernel::Urn;
use membership::membership::Decision;
use serde::Serialize;
use serde_json::json;

use super::{at_work, desk, desk_as_of};
use crate::cli::{Application, Global, On};
use crate::outcome::Outcome;
use crate::output::{document, lines, print};
use crate::progress::Bar;

mod accept;
mod list;
mod pack;
mod show;
pub(super) mod words;

/// An application, and whether the step was new.
#[derive(Serialize)]
struct Answer {
    noted: Noted,
    #[serde(flatten)]
    case: Case,
}

pub(crate) async fn run(global: &Global, asked: Application) -> anyhow::Result<Outcome> {
    match asked {
        Application::Apply { urn, year, by, on } => {
            let applied = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                Ok(office.apply(urn, year, by, on.on).await?)
            })
            .await?;
            print(global, &applied, show::applied)?;
            Ok(Outcome::Done)
        }
        Application::List(asked) => list::run(global, &asked).await,
        Application::Show { urn, as_of } => {
            print(global, &desk_as_of(global, as_of.on).await?.case(urn)?, show::whole)?;
            Ok(Outcome::Done)
        }
        Application::Ask { urn, what, due, on } => {
            step(global, urn, on, async |office| {
                office.request_evidence(urn, what, due, on.on).await
            })
            .await
        }
        Application::Receive { urn, files, on } => {
            let (before, after) =
                at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
                    let before = office.desk().received(urn)?;
                    office.receive_evidence(urn, &files, on.on).await?;
                    Ok((before, office.desk().received(urn)?))
                })
                .await?;
            let new = after.get(before.len()..).unwrap_or_default();
            if global.json {
                let already = files.len() - new.len();
                document(&json!({ "urn": urn, "received": new, "already": already }))?;
            } else {
                lines(show::documents(new))?;
                lines(words::received(new.len(), files.len() - new.len()))?;
            }
            Ok(Outcome::Done)
        }
        Application::Document { urn, sha256, out } => {
            let desk = desk(global)?;
            let found = desk.document(urn, &sha256)?;
            desk.documents().hand_out(&found.sha256, &out)?;
            let out = out.display().to_string();
            if global.json {
                document(&json!({ "document": found, "out": out }))?;
            } else {
                lines(format!("{} ({}) is in {out}.", found.name, words::size(found.bytes)))?;
            }
            Ok(Outcome::Done)
        }
        Application::Refer { urn, question, why, meeting, on } => {
            step(global, urn, on, async |office| {
                office.refer(urn, question, why, meeting, on.on).await
            })
            .await
        }
        Application::Defer { urn, to, why, on } => {
            step(global, urn, on, async |office| office.defer(urn, to, why, on.on).await).await
        }
        Application::Interest { urn, school, on } => {
            step(global, urn, on, async |office| office.declare_interest(urn, school, on.on).await)
                .await
        }
        Application::Decide { urn, verdict, reasons, minute, by, on } => {
            step(global, urn, on, async |office| {
                let on = office.day(on.on)?;
                let decided_by = by.into_iter().collect();
                office.decide(urn, Decision { verdict, reasons, minute, decided_by, on }).await
            })
            .await
        }
        Application::Pack(asked) => pack::run(global, &asked),
        Application::Accept(asked) => accept::run(global, asked).await,
        Application::Decline { urn, reasons, on } => {
            step(global, urn, on, async |office| {
                office.decline_application(urn, reasons, on.on).await
            })
            .await
        }
        Application::Withdraw { urn, reason, on } => {
            step(global, urn, on, async |office| office.withdraw(urn, reason, on.on).await).await
        }
    }
}

/// One step of an application, and where the application stands then.
async fn step(
    global: &Global,
    urn: Urn,
    on: On,
    taken: impl AsyncFnOnce(&mut Office) -> Result<Noted, Failure>,
) -> anyhow::Result<Outcome> {
    let answer = at_work(global, &Arc::new(Bar::new(global)), async |office, _| {
        let noted = taken(office).await?;
        let told_on = office.day(on.on)?;
        Ok(Answer { noted, case: office.desk().case_told(urn, told_on)? })
    })
    .await?;
    print(global, &answer, |Answer { noted, case }| show::step(*noted, case))?;
    Ok(Outcome::Done)
}
