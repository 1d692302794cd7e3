//! `ledge rebuild`: the read models again, from the journal.

use app::Failure;
use projections::Window;
use serde_json::json;

use super::desk;
use crate::cli::{Global, Rebuild};
use crate::outcome::Outcome;
use crate::output::{document, grouped, lines};
use crate::progress::Bar;

/// Differences printed before the rest are only counted.
const SHOWN: usize = 20;

pub(crate) fn run(global: &Global, asked: &Rebuild) -> anyhow::Result<Outcome> {
    let mut desk = desk(global)?;
    let bar = Bar::new(global);
    let head = desk.journal().head()?;
    let progress = |done| bar.tell("rebuilding", done, head);
    if let Some(out) = &asked.out {
        let window = Window {
            known_on: asked.as_known_on.map(app::clock::last_instant_of),
            as_at: asked.as_at,
        };
        let seen =
            read_store::rebuild(desk.journal(), out, window, &progress).map_err(Failure::from)?;
        drop(bar);
        let (events, file) = (seen.events, out.display().to_string());
        if global.json {
            document(&json!({ "file": file, "events": events, "position": seen.position }))?;
        } else {
            lines(format!("{file} is built from the journal's {} events.", grouped(events)))?;
        }
        return Ok(Outcome::Done);
    }
    let next =
        desk.read_store().rebuild_beside(desk.journal(), &progress).map_err(Failure::from)?;
    let differences = desk.read_store().differences(&next).map_err(Failure::from)?;
    desk.read_store_mut().switch(next).map_err(Failure::from)?;
    drop(bar);
    let told: Vec<String> =
        differences.iter().map(|it| format!("{}: {}: {:?}", it.table, it.key, it.what)).collect();
    if global.json {
        document(&json!({ "position": head, "differences": told }))?;
    } else {
        lines(format!(
            "The read models were built again up to position {}, and switched.",
            grouped(head)
        ))?;
        if told.is_empty() {
            lines("They say what they said before, row for row.")?;
        } else {
            lines(format!(
                "They differed from the ones before in {} places:",
                grouped(told.len() as u64)
            ))?;
            for difference in told.iter().take(SHOWN) {
                lines(format!("  {difference}"))?;
            }
        }
    }
    Ok(Outcome::Done)
}
