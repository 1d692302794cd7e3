//! `ledge rebuild`: the read models again, from the journal.

use app::{Failure, Folder};
use read_store::{Difference, What};
use rusqlite::types::Value;
use serde_json::json;

use super::desk;
use super::verify::faults_of;
use crate::cli::Global;
use crate::outcome::Outcome;
use crate::output::{counted, document, grouped, lines};
use crate::progress::Bar;

/// Differences printed before the rest are only counted.
const SHOWN: usize = 20;

/// Characters of a value that a difference repeats.
const LONGEST: usize = 60;

pub(crate) fn run(global: &Global) -> anyhow::Result<Outcome> {
    let bar = Bar::new(global);
    // What is derived from a journal that does not fit would be wrong, and take the place of what may be right.
    let faults = faults_of(&Folder::at(&global.folder()), &bar)?;
    if !faults.is_empty() {
        drop(bar);
        return refuse(global, &faults);
    }
    let mut desk = desk(global)?;
    let head = desk.journal().head()?;
    let progress = |done| bar.tell("rebuilding", done, head);
    let next =
        desk.read_store().rebuild_beside(desk.journal(), &progress).map_err(Failure::from)?;
    let differences = desk.read_store().differences(&next).map_err(Failure::from)?;
    desk.read_store_mut().switch(next).map_err(Failure::from)?;
    drop(bar);
    let told: Vec<String> = differences.iter().map(sentence).collect();
    if global.json {
        document(&json!({ "position": head, "differences": told }))?;
    } else {
        tell(head, &told)?;
    }
    Ok(if told.is_empty() { Outcome::Done } else { Outcome::Faulty })
}

/// Tells what does not fit in the journal.
pub(super) fn refuse(global: &Global, faults: &[String]) -> anyhow::Result<Outcome> {
    if global.json {
        document(&json!({ "faults": faults }))?;
    } else {
        for fault in faults {
            lines(format!("FAULT: {fault}"))?;
        }
        lines("Nothing was rebuilt: the journal comes first (docs/operations.md says how).")?;
    }
    Ok(Outcome::Faulty)
}

fn tell(head: u64, differences: &[String]) -> anyhow::Result<()> {
    lines(format!(
        "The read models were built again up to position {}, and switched.",
        grouped(head)
    ))?;
    if differences.is_empty() {
        return lines("They say what they said before, row for row.");
    }
    lines(format!(
        "The ones before were wrong: {} from what the journal says.",
        counted(differences.len() as u64, "difference")
    ))?;
    for difference in differences.iter().take(SHOWN) {
        lines(format!("  {difference}"))?;
    }
    let more = differences.len().saturating_sub(SHOWN);
    if more > 0 {
        lines(format!("  and {} more (`--json` has them all)", grouped(more as u64)))?;
    }
    Ok(())
}

/// One difference between the read models before (the first) and those built again (the second).
fn sentence(difference: &Difference) -> String {
    let Difference { table, key, what } = difference;
    match what {
        What::OnlyInFirst => format!("{table}, {key}: the row should not have been there"),
        What::OnlyInSecond => format!("{table}, {key}: the row was missing"),
        What::Column { column, first, second } => {
            format!("{table}, {key}: {column} was {} and is {} now", short(first), short(second))
        }
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
        Value::Text(text) => {
            let cut = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
            let more = if cut < text.len() { "…" } else { "" };
            format!("`{}{more}`", &text[..cut])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_one_plain_sentence() {
        let difference =
            |what| sentence(&Difference { table: "schools", key: "urn 100003".to_owned(), what });
        assert_eq!(
            difference(What::Column {
                column: "name".to_owned(),
                first: Value::Text("é".repeat(100)),
                second: Value::Null,
            }),
            format!("schools, urn 100003: name was `{}…` and is nothing now", "é".repeat(60))
        );
        assert_eq!(difference(What::OnlyInSecond), "schools, urn 100003: the row was missing");
        assert_eq!(
            difference(What::Column {
                column: "progress8".to_owned(),
                first: Value::Integer(26),
                second: Value::Integer(-31),
            }),
            "schools, urn 100003: progress8 was 26 and is -31 now"
        );
    }
}
