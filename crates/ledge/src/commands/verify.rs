//! `ledge verify`: is everything as it was recorded?

use app::{Failure, Folder};
use journal::Verified;
use serde_json::json;

use super::desk;
use crate::cli::Global;
use crate::outcome::Outcome;
use crate::output::{counted, document, lines};
use crate::progress::Bar;

pub(crate) fn run(global: &Global) -> anyhow::Result<Outcome> {
    let folder = Folder::at(&global.folder());
    let bar = Bar::new(global);
    let verified = journal_of(&folder, &bar)?;
    let faults: Vec<String> = verified.faults.iter().map(ToString::to_string).collect();
    // Read models can only be held against a journal that is sound.
    let read_models = if faults.is_empty() { Some(read_models(global, &bar)?) } else { None };
    drop(bar);

    let last_hash: String = verified.last_hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if global.json {
        document(&json!({
            "events": verified.events,
            "last_hash": last_hash,
            "faults": faults,
            "read_models": read_models,
        }))?;
    } else {
        lines(format!("{}; the last hash is {last_hash}", counted(verified.events, "event")))?;
        for fault in &faults {
            lines(format!("FAULT: {fault}"))?;
        }
        match &read_models {
            None => lines("The read models were not checked: the journal comes first.")?,
            Some(None) => lines("The read models have seen every event, in order.")?,
            Some(Some(fault)) => lines(format!("FAULT: {fault}"))?,
        }
        if faults.is_empty() && read_models == Some(None) {
            lines("Everything is as it was recorded.")?;
        }
    }
    Ok(if faults.is_empty() && read_models == Some(None) { Outcome::Done } else { Outcome::Faulty })
}

/// What does not fit in a folder's journal.
pub(super) fn faults_of(folder: &Folder, bar: &Bar) -> anyhow::Result<Vec<String>> {
    Ok(journal_of(folder, bar)?.faults.iter().map(ToString::to_string).collect())
}

fn journal_of(folder: &Folder, bar: &Bar) -> anyhow::Result<Verified> {
    // Says so, in the office's words, where there is none.
    drop(folder.reader()?);
    Ok(journal::verify(&folder.journal, &mut |done, total| {
        bar.tell("checking the journal", done, total);
    })?)
}

/// Whether the read models saw what the journal holds; else what is wrong.
fn read_models(global: &Global, bar: &Bar) -> anyhow::Result<Option<String>> {
    let desk = desk(global)?;
    let head = desk.journal().head()?;
    let progress = |done| bar.tell("checking the read models", done, head);
    let expected = desk.read_store().verify(desk.journal(), &progress).map_err(Failure::from)?;
    Ok(expected.map(|expected| {
        format!(
            "the read models did not see the journal's first {} events as they are: `ledge rebuild` makes them anew",
            expected.events
        )
    }))
}
