//! Memberships from before this system, under their true dates (R38).

use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::Membership;
use membership::membership::Command;
use national_data::{Fault, Faults, File, MemberRow, Spell};
use serde::Serialize;

use super::rehearse::Rehearsal;
use crate::office::AT_ONCE;
use crate::{Desk, Failure, Office, Progress};

/// What a list of memberships brought.
#[derive(Clone, Debug, Serialize)]
pub struct MembersImported {
    pub file: String,
    pub sha256: String,
    pub layout: String,
    /// Rows below the header.
    pub read: u64,
    /// Rows that repeat another.
    pub repeated: u64,
    /// Memberships that are over, and that run, recorded now (or, only checked, that would be).
    pub past: u64,
    pub running: u64,
    /// Memberships that were on record already.
    pub unchanged: u64,
    /// Schools of the list that no file has told of so far.
    pub not_on_record: Vec<Urn>,
    pub notes: Vec<String>,
    /// The journal's position afterwards.
    pub position: u64,
    /// Nothing was written because it was only asked what would be.
    pub checked_only: bool,
}

impl Desk {
    /// Goes the whole way of reading a list of memberships, decisions included, and writes nothing.
    ///
    /// # Errors
    /// Every fault of the file, with its line, and its column where it is one cell's.
    pub async fn check_members(
        &self,
        file: &File,
        progress: Progress<'_>,
    ) -> Result<MembersImported, Failure> {
        let (_, imported) = self.members_to_record(file, progress).await?;
        Ok(MembersImported { position: self.journal.head()?, checked_only: true, ..imported })
    }

    /// The rows in the order in which they are recorded, school by school.
    async fn members_to_record(
        &self,
        file: &File,
        progress: Progress<'_>,
    ) -> Result<(Vec<MemberRow>, MembersImported), Failure> {
        let reading = national_data::members(file)?;
        let mut rows = reading.rows;
        rows.sort_by_key(|row| (row.urn, row.from, row.line));
        let mut imported = MembersImported {
            file: file.name.clone(),
            sha256: file.sha256.clone(),
            layout: reading.layout,
            read: reading.counts.read,
            repeated: reading.counts.repeated,
            past: 0,
            running: 0,
            unchanged: 0,
            not_on_record: vec![],
            notes: reading.notes.iter().map(ToString::to_string).collect(),
            position: 0,
            checked_only: false,
        };
        let (today, total) = (self.today(), rows.len() as u64);
        let (mut rehearsal, mut faults, mut over) = (Rehearsal::default(), vec![], 0);
        for (done, row) in (1..).zip(&rows) {
            let decided = rehearsal.ask(self, row.urn, command(row)).await?;
            match decided {
                Ok(events) if events.is_empty() => imported.unchanged += 1,
                Ok(_) => {
                    faults.extend(out_of_time(row, today));
                    match row.spell {
                        Spell::Over { .. } => imported.past += 1,
                        Spell::Running { year } => {
                            imported.running += 1;
                            over += u64::from(year.last_day() < today);
                        }
                    }
                }
                Err(why) => {
                    faults.push(fault(row, "", String::new(), format!("{}: {why}", row.urn)));
                }
            }
            progress("checking memberships", done, total);
        }
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.line);
            return Err(Faults { file: file.name.clone(), faults, more: 0 }.into());
        }
        if over > 0 {
            imported.notes.push(format!(
                "{over} running to the end of a year that is over: without a renewal they lapse on the next day that begins"
            ));
        }
        for urn in rows.iter().map(|row| row.urn) {
            if imported.not_on_record.last() != Some(&urn) && self.read.school(urn)?.is_none() {
                imported.not_on_record.push(urn);
            }
        }
        Ok((rows, imported))
    }
}

impl Office {
    /// Records memberships from before this system (R38).  The same list again changes nothing.
    ///
    /// # Errors
    /// A file with faults, or with a membership that does not fit what is on record, is refused whole, with every fault.
    pub async fn import_members(
        &mut self,
        file: &File,
        progress: Progress<'_>,
    ) -> Result<MembersImported, Failure> {
        let (rows, imported) = self.desk().members_to_record(file, progress).await?;
        let total = rows.len() as u64;
        let schools = rows.chunk_by(|row, next| row.urn == next.urn);
        let mut answers =
            stream::iter(schools).map(|rows| self.record_members(rows)).buffered(AT_ONCE);
        let mut done = 0;
        while let Some(rows) = answers.try_next().await? {
            done += rows;
            progress("recording", done, total);
        }
        drop(answers);
        self.settle(progress).await?;
        Ok(MembersImported { position: self.desk().journal.head()?, ..imported })
    }

    /// One school's memberships, one after the other.  The id is that of the statement, whichever file makes it.
    async fn record_members(&self, rows: &[MemberRow]) -> Result<u64, Failure> {
        for row in rows {
            let urn = row.urn.to_string();
            let command = command(row);
            let said = serde_json::to_string(&command).map_err(Failure::Unwritable)?;
            let wish = CommandId::derived(&["import-members", &urn, &said]);
            let done = self.ask::<Membership>(&urn, command, self.asked(wish)).await;
            done.map_err(|failure| failure.of_school(row.urn))?;
        }
        Ok(rows.len() as u64)
    }
}

/// What a row asks for.
fn command(row: &MemberRow) -> Command {
    let from = row.from;
    match &row.spell {
        Spell::Over { until, reason } => {
            Command::RecordPast { from, last_day: *until, reason: reason.clone() }
        }
        Spell::Running { year } => Command::RecordRunning { from, year: *year },
    }
}

/// History is of days that have come; what runs ends, renewed already, in the next year at the latest.
fn out_of_time(row: &MemberRow, today: NaiveDate) -> Option<Fault> {
    let of_this_day = LeadingEdgeYear::containing(today);
    if row.from > today {
        let expected = format!("a day that has come (today is {today})");
        return Some(fault(row, "from", row.from.to_string(), expected));
    }
    match &row.spell {
        Spell::Over { until, .. } if *until > today => {
            let expected = "a day that has come: leave it blank, and name the `year` to the end of which it runs";
            Some(fault(row, "until", until.to_string(), expected.to_owned()))
        }
        Spell::Running { year } if *year > of_this_day.next() => {
            let expected = format!("a year that runs now or next, {} at most", of_this_day.next());
            Some(fault(row, "year", year.to_string(), expected))
        }
        Spell::Over { .. } | Spell::Running { .. } => None,
    }
}

fn fault(row: &MemberRow, column: &str, value: String, expected: String) -> Fault {
    Fault { line: row.line, column: column.to_owned(), value, expected }
}
