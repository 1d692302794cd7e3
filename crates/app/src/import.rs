//! Loads a national file: reads it whole, asks each school's record to take down what is new, records the import.
//!
//! Nothing is asked before the whole file was read without a fault.  A row's command ids follow from the file and the
//! line, so an import that was killed and is started again acts once; the import itself is recorded last.

use chrono::NaiveDate;
use event_store::Done;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{CommandId, Release, Urn};
use national_data::File;
use schools::national_data::Command::{BeginImport, RecordImport, RecordThreshold};
use schools::national_data::{Begun, Dataset, Import, Rows};
use schools::school::Command;
use schools::{NationalData, School};
use serde::Serialize;

use crate::office::AT_ONCE;
use crate::{Failure, Office, Progress, ThresholdDocument};

mod check;
mod crossing;
mod given_up;
mod rows;

pub use check::check_import;
pub use crossing::{Crossing, Direction, Line};
pub use given_up::{HalfRead, Named};

/// Which kind of file it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    Ks4(Release),
    Ofsted,
    Register,
    Links,
    Names,
    Locations,
    Cover,
}

/// What one file brought.
#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    pub dataset: Dataset,
    pub release: Option<Release>,
    pub file: String,
    pub sha256: String,
    pub layout: String,
    pub public_from: Option<NaiveDate>,
    pub rows: Rows,
    /// Events recorded, the import's own included; with `check`, those of schools that would be.
    pub events: u64,
    /// The journal's position afterwards.
    pub position: u64,
    /// Nothing was written because this very file was read before.
    pub known_already: bool,
    /// Nothing was written because it was only asked what would be.
    pub checked_only: bool,
    /// The national threshold that follows (performance tables only).
    pub threshold: Option<ThresholdDocument>,
    /// Schools that stand on the other side of a line than an earlier release of the year had them.
    pub crossed: Vec<Crossing>,
    /// Conflicts, repeats and rows passed over, each with its line.
    pub notes: Vec<String>,
}

/// A row as its school is asked to take it down.
pub(crate) struct Row {
    pub(crate) urn: Urn,
    pub(crate) line: u64,
    pub(crate) commands: Vec<Command>,
}

/// A file's rows, whatever kind of file it is.
pub(crate) struct Read {
    pub(crate) layout: String,
    pub(crate) public_from: Option<NaiveDate>,
    pub(crate) rows: Vec<Row>,
    pub(crate) counts: Rows,
    pub(crate) notes: Vec<String>,
}

impl What {
    fn dataset(self) -> Dataset {
        match self {
            Self::Ks4(_) => Dataset::Ks4,
            Self::Ofsted => Dataset::Ofsted,
            Self::Register => Dataset::Register,
            Self::Links => Dataset::Links,
            Self::Names => Dataset::Names,
            Self::Locations => Dataset::Locations,
            Self::Cover => Dataset::Cover,
        }
    }

    fn release(self) -> Option<Release> {
        match self {
            Self::Ks4(release) => Some(release),
            Self::Ofsted
            | Self::Register
            | Self::Links
            | Self::Names
            | Self::Locations
            | Self::Cover => None,
        }
    }

    /// The stream of the dataset: `ks4-2017-18-final`, `ofsted`.
    fn stream(self) -> String {
        stream(self.dataset(), self.release())
    }
}

impl Office {
    /// Loads a file.  `published` is the day from which it was public, where the caller knows it.
    ///
    /// # Errors
    /// A file with faults is refused whole, with every fault; a failure of the journal leaves what was acknowledged, and
    /// the same import goes on from there.
    pub async fn import(
        &mut self,
        file: &File,
        what: What,
        published: Option<NaiveDate>,
        progress: Progress<'_>,
    ) -> Result<Imported, Failure> {
        let dataset: NationalData = self.store.load(&what.stream()).await?;
        // A file that was begun, or read, keeps the day it was begun with.
        let day = published.or(dataset.public_from(&file.sha256, what.release()));
        let read = rows::read(file, what, day, self.today())?;
        let mut imported = Imported::of(file, what, &read);
        let reading = dataset.reading(&file.sha256, what.release());
        imported.events += self.begin(file, what, read.public_from, reading).await?;
        if dataset.holds(&file.sha256, what.release()) {
            return self.read_before(file, what, imported, progress).await;
        }

        let outcome = self.take_down(file, what, &read, reading, progress).await?;
        outcome.tell(&mut imported);
        let import = Import {
            dataset: imported.dataset,
            release: imported.release,
            file: imported.file.clone(),
            sha256: imported.sha256.clone(),
            layout: imported.layout.clone(),
            public_from: imported.public_from,
            rows: imported.rows,
            confirmed: outcome.confirmed,
        };
        imported.events +=
            self.ask_of(file, what, &anew("whole", reading), RecordImport(import)).await?;

        self.catch_up(progress)?;
        if let What::Ks4(release) = what {
            self.tell_lines(file, what, release, &mut imported).await?;
        }
        self.settle(progress).await?;
        imported.position = self.desk().journal().head()?;
        Ok(imported)
    }

    /// Until the import is recorded too, what the file says is known to be incomplete, and decides nothing.
    async fn begin(
        &self,
        file: &File,
        what: What,
        public_from: Option<NaiveDate>,
        reading: usize,
    ) -> Result<u64, Failure> {
        let part = anew("begun", reading);
        self.ask_of(file, what, &part, BeginImport(begun(file, what, public_from))).await
    }

    /// Asks the dataset that a file belongs to; answers how many events came of it.
    async fn ask_of(
        &self,
        file: &File,
        what: What,
        part: &str,
        command: schools::national_data::Command,
    ) -> Result<u64, Failure> {
        let asked = self.asked(wish(file, what, part, &command)?);
        let done = self.ask::<NationalData>(&what.stream(), command, asked).await?;
        Ok(if done.repeated { 0 } else { done.events.len() as u64 })
    }

    /// The file was read whole before.  All there may be to do is the last step: an import that was killed right after
    /// it recorded itself left it out.
    async fn read_before(
        &mut self,
        file: &File,
        what: What,
        imported: Imported,
        progress: Progress<'_>,
    ) -> Result<Imported, Failure> {
        self.catch_up(progress)?;
        let mut finished = imported.clone();
        if let What::Ks4(release) = what {
            self.tell_lines(file, what, release, &mut finished).await?;
        }
        self.settle(progress).await?;
        let position = self.desk().journal().head()?;
        Ok(if finished.events > 0 {
            Imported { position, ..finished }
        } else {
            Imported { position, known_already: true, ..imported }
        })
    }

    /// Asks the schools, in the order of the file, many at once.
    async fn take_down(
        &self,
        file: &File,
        what: What,
        read: &Read,
        reading: usize,
        progress: Progress<'_>,
    ) -> Result<Outcome, Failure> {
        let total = read.rows.len() as u64;
        let mut answers = stream::iter(&read.rows)
            .map(|row| self.take_down_row(file, what, row, reading))
            .buffered(AT_ONCE);
        let mut outcome = Outcome::default();
        let mut done = 0;
        while let Some((row, events, refused, confirmed)) = answers.try_next().await? {
            outcome.count(row, events, refused, confirmed);
            done += 1;
            progress("recording", done, total);
        }
        Ok(outcome)
    }

    async fn take_down_row<'row>(
        &self,
        file: &File,
        what: What,
        row: &'row Row,
        reading: usize,
    ) -> Result<(&'row Row, u64, Option<schools::Refusal>, bool), Failure> {
        let id = row.urn.to_string();
        let (mut events, mut refused, mut confirmed) = (0, None, false);
        for (index, command) in row.commands.iter().enumerate() {
            if let Command::RecordResults(results) = command {
                confirmed |= self
                    .store
                    .look(&id, |school: &School| school.confirmed_by(results))
                    .await?
                    .is_some();
            }
            let part = anew(&format!("{}/{index}", row.line), reading);
            let asked = self.asked(wish(file, what, &part, command)?);
            match self.store.execute::<School>(&id, command.clone(), asked).await {
                Ok(Done { events: recorded, .. }) => events += recorded.len() as u64,
                Err(event_store::Error::Refused(why)) => refused = Some(why),
                Err(other) => return Err(other.into()),
            }
        }
        Ok((row, events, refused, confirmed))
    }

    /// Records the threshold that follows from a release, and tells who crossed a line since an earlier one.
    async fn tell_lines(
        &self,
        file: &File,
        what: What,
        release: Release,
        imported: &mut Imported,
    ) -> Result<(), Failure> {
        let evidence = self.desk().read.evidence(NaiveDate::MAX, None)?;
        let Some(threshold) = crossing::national_threshold(&evidence, release) else {
            return Ok(());
        };
        imported.events +=
            self.ask_of(file, what, "threshold", RecordThreshold(threshold.clone())).await?;
        imported.crossed = crossing::crossed(&evidence, &threshold);
        imported.threshold = Some(ThresholdDocument::of(&threshold));
        Ok(())
    }
}

/// The stream of a dataset: `ks4-2017-18-final`, `ofsted`.
fn stream(dataset: Dataset, release: Option<Release>) -> String {
    match release {
        Some(Release { year, standing }) => {
            format!("{dataset}-{year}-{standing}").replace('/', "-")
        }
        None => dataset.to_string(),
    }
}

/// What is asked in another reading of a file is another wish.
fn anew(part: &str, reading: usize) -> String {
    if reading == 0 { part.to_owned() } else { format!("{part}/{reading}") }
}

/// The id of what one line of one file asks for: the same after a crash.  What is asked is part of it, so that a reader
/// that has learnt to read the line better asks something else.
fn wish<C: Serialize>(
    file: &File,
    what: What,
    part: &str,
    command: &C,
) -> Result<CommandId, Failure> {
    let command = serde_json::to_string(command).map_err(Failure::Unwritable)?;
    Ok(CommandId::derived(&["import", &what.stream(), &file.sha256, part, &command]))
}

fn begun(file: &File, what: What, public_from: Option<NaiveDate>) -> Begun {
    Begun {
        dataset: what.dataset(),
        release: what.release(),
        file: file.name.clone(),
        sha256: file.sha256.clone(),
        public_from,
    }
}

impl Imported {
    fn of(file: &File, what: What, read: &Read) -> Self {
        Self {
            dataset: what.dataset(),
            release: what.release(),
            file: file.name.clone(),
            sha256: file.sha256.clone(),
            layout: read.layout.clone(),
            public_from: read.public_from,
            rows: read.counts,
            events: 0,
            position: 0,
            known_already: false,
            checked_only: false,
            threshold: None,
            crossed: vec![],
            notes: read.notes.clone(),
        }
    }
}

/// What became of the rows.
#[derive(Default)]
struct Outcome {
    recorded: u64,
    unchanged: u64,
    refused: u64,
    events: u64,
    confirmed: Vec<(Urn, u64)>,
    notes: Vec<String>,
}

impl Outcome {
    fn count(
        &mut self,
        row: &Row,
        events: u64,
        refused: Option<schools::Refusal>,
        confirmed: bool,
    ) {
        self.events += events;
        if confirmed {
            self.confirmed.push((row.urn, row.line));
        }
        if let Some(why) = refused {
            self.refused += 1;
            self.notes.push(format!("line {}, URN {}: {why}", row.line, row.urn));
        } else if events > 0 {
            self.recorded += 1;
        } else {
            self.unchanged += 1;
        }
    }

    fn tell(&self, imported: &mut Imported) {
        imported.events += self.events;
        imported.rows.recorded += self.recorded;
        imported.rows.unchanged += self.unchanged;
        imported.rows.passed_over += self.refused;
        imported.notes.extend(self.notes.iter().cloned());
    }
}
