//! Goes the whole way of an import, decisions included, and writes nothing.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::Urn;
use national_data::File;
use schools::national_data::Command::BeginImport;
use schools::{NationalData, School};

use super::{Imported, Outcome, What, begun, rows};
use crate::clock::{self, Clock};
use crate::office::Folder;
use crate::{Failure, Progress};

/// Checks a file against what is recorded in a folder (nothing, where there is no journal yet).  It needs no lock, so it
/// may run while the office writes.
///
/// # Errors
/// The same as an import's.
pub async fn check_import(
    dir: &Path,
    clock: Clock,
    file: &File,
    what: What,
    published: Option<NaiveDate>,
    progress: Progress<'_>,
) -> Result<Imported, Failure> {
    let today = clock::day_of(clock());
    let mut read = rows::read(file, what, published, today)?;
    let mut record = Record::default();
    let journal = Folder::at(dir).journal;
    let mut position = 0;
    if journal.exists() {
        let asked = read.rows.iter().map(|row| row.urn).collect();
        position =
            record.replay(&journal::Reader::open(&journal)?, &what.stream(), &asked, progress)?;
    }
    // A file that was begun, or read, keeps the day it was begun with.
    let known = record.dataset.public_from(&file.sha256, what.release());
    if published.is_none() && known.is_some() && known != read.public_from {
        read = rows::read(file, what, known, today)?;
    }
    let mut imported = Imported { checked_only: true, position, ..Imported::of(file, what, &read) };
    let begun = BeginImport(begun(file, what, read.public_from));
    record
        .dataset
        .handle(begun, &(), &EventSink::default())
        .await
        .map_err(|why| Failure::Refused(why.to_string()))?;
    imported.known_already = record.dataset.holds(&file.sha256, what.release());
    if imported.known_already {
        return Ok(imported);
    }
    let mut outcome = Outcome::default();
    for (index, row) in read.rows.iter().enumerate() {
        let school = record.schools.entry(row.urn).or_default();
        let (mut events, mut refused) = (0, None);
        for command in &row.commands {
            let sink = EventSink::default();
            match school.handle(command.clone(), &(), &sink).await {
                Ok(()) => events += sink.collect().await.len() as u64,
                Err(why) => refused = Some(why),
            }
        }
        outcome.count(row, events, refused, false);
        progress("checking", index as u64 + 1, read.rows.len() as u64);
    }
    outcome.tell(&mut imported);
    Ok(imported)
}

/// What is recorded of the schools that a file names, and of its dataset.
#[derive(Default)]
struct Record {
    schools: HashMap<Urn, School>,
    dataset: NationalData,
}

impl Record {
    /// Folds the journal, and answers its head.
    fn replay(
        &mut self,
        journal: &journal::Reader,
        dataset: &str,
        asked: &HashSet<Urn>,
        progress: Progress<'_>,
    ) -> Result<u64, Failure> {
        let head = journal.head()?;
        let (of_schools, of_dataset) =
            (format!("{}.", School::TYPE), format!("{}.{dataset}", NationalData::TYPE));
        let mut undecodable = None;
        journal.for_each(0, head, |entry| {
            progress("reading the journal", entry.position, head);
            let folded = if entry.stream == of_dataset {
                serde_json::from_str(entry.payload).map(|event| self.dataset.apply(event))
            } else {
                let school =
                    entry.stream.strip_prefix(&of_schools).and_then(|urn| urn.parse().ok());
                let Some(school) = school.filter(|urn| asked.contains(urn)) else {
                    return ControlFlow::Continue(());
                };
                serde_json::from_str(entry.payload)
                    .map(|event| self.schools.entry(school).or_default().apply(event))
            };
            match folded {
                Ok(()) => ControlFlow::Continue(()),
                Err(why) => {
                    undecodable =
                        Some(Failure::Undecodable { position: entry.position, source: why });
                    ControlFlow::Break(())
                }
            }
        })?;
        undecodable.map_or(Ok(head), Err)
    }
}
