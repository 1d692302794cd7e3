//! `ledge verify`: is everything as it was recorded?

use app::{Desk, Failure, Folder, VerifiedCopies, VerifiedDocuments};
use journal::Verified;
use serde_json::json;

use super::desk;
use crate::cli::Global;
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;

pub(crate) fn run(global: &Global) -> anyhow::Result<Outcome> {
    let folder = Folder::at(&global.folder());
    let bar = Bar::new(global);
    let verified = journal_of(&folder, &bar)?;
    let faults: Vec<String> = verified.faults.iter().map(ToString::to_string).collect();
    // Read models can only be held against a journal that is sound.
    let (read_models, documents, letters) = if faults.is_empty() {
        let desk = desk(global)?;
        (
            Some(read_models(&desk, &bar)?),
            Some(documents(&desk, &bar)?),
            Some(letters(&desk, &bar)?),
        )
    } else {
        (None, None, None)
    };
    drop(bar);
    let lost = documents.as_ref().is_some_and(|documents| !documents.faults.is_empty())
        || letters.as_ref().is_some_and(|letters| !letters.faults.is_empty());
    let sound = faults.is_empty() && read_models == Some(None) && !lost;

    let last_hash: String = verified.last_hash.iter().map(|byte| format!("{byte:02x}")).collect();
    if global.json {
        document(&json!({
            "events": verified.events,
            "last_hash": last_hash,
            "faults": faults,
            "read_models": read_models,
            "documents": documents,
            "letters": letters,
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
        if let Some(documents) = &documents {
            tell(documents)?;
        }
        if let Some(letters) = &letters {
            tell_of_letters(letters)?;
        }
        if sound {
            lines("Everything is as it was recorded.")?;
        }
    }
    Ok(if sound { Outcome::Done } else { Outcome::Faulty })
}

fn tell(documents: &VerifiedDocuments) -> anyhow::Result<()> {
    for fault in &documents.faults {
        lines(format!("FAULT: {fault}"))?;
    }
    if documents.named > 0 && documents.faults.is_empty() {
        lines(format!("{} of evidence, as received.", counted(documents.named, "document")))?;
    }
    for file in &documents.unnamed {
        lines(format!("No event names documents/{file}: a receipt was interrupted."))?;
    }
    Ok(())
}

fn tell_of_letters(letters: &VerifiedCopies) -> anyhow::Result<()> {
    let VerifiedCopies { as_they_went, forgotten, unopened, faults, unnamed, .. } = letters;
    for fault in faults {
        lines(format!("FAULT: {fault}"))?;
    }
    let copies = |number: u64| match number {
        1 => "1 copy of a letter".to_owned(),
        number => format!("{} copies of letters", grouped(number)),
    };
    if *as_they_went > 0 {
        lines(format!("{}, as they went.", copies(*as_they_went)))?;
    }
    if *forgotten > 0 {
        lines(format!(
            "{} cannot be read by anybody: whoever had them was forgotten.",
            copies(*forgotten)
        ))?;
    }
    if *unopened > 0 {
        lines(format!(
            "{} as they were kept, and not opened: the keys of whoever had them are not here.",
            copies(*unopened)
        ))?;
    }
    for file in unnamed {
        lines(format!("No event names {}: a sending was interrupted.", file.display()))?;
    }
    Ok(())
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
fn read_models(desk: &Desk, bar: &Bar) -> anyhow::Result<Option<String>> {
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

/// Whether the copies of the letters that went are as they went.
fn letters(desk: &Desk, bar: &Bar) -> anyhow::Result<VerifiedCopies> {
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    Ok(desk.verify_copies(&progress)?)
}

/// Whether what schools gave as evidence is as it was received.
fn documents(desk: &Desk, bar: &Bar) -> anyhow::Result<VerifiedDocuments> {
    let progress = |what: &str, done, total| bar.tell(what, done, total);
    Ok(desk.verify_documents(&progress)?)
}
