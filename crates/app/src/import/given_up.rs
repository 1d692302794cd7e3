//! Files that were begun and not read to their end: which there are, what of each stands recorded, and how one is given up.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use kernel::{CommandId, Release, Urn};
use projections::begun;
use schools::NationalData;
use schools::national_data::Command::AbandonImport;
use schools::national_data::{Abandoned, Dataset};
use serde::Serialize;

use super::stream;
use crate::{Desk, Failure, Office, Progress, clock};

/// Fewer digits of a SHA-256 name no file.
const DIGITS: usize = 8;

/// A file that was begun and not read to its end.
#[derive(Clone, Debug, Serialize)]
pub struct HalfRead {
    pub dataset: Dataset,
    pub release: Option<Release>,
    pub file: String,
    pub sha256: String,
    /// The day on which it was begun.
    pub begun_on: NaiveDate,
    /// How many facts on record name it as where they stand.
    pub facts: u64,
    /// The schools they are of.
    pub schools: BTreeSet<Urn>,
}

impl Desk {
    /// The file that was begun, was neither read to its end nor given up, and is named so: by its name, or by the first digits
    /// of its SHA-256.
    ///
    /// # Errors
    /// There is none, or there are several; the files that are half read are named.
    pub fn half_read(&self, named: &str) -> Result<HalfRead, Failure> {
        let all = self.read.all_half_read()?;
        let is_meant = |row: &&begun::Row| {
            row.file == named
                || named.len() >= DIGITS && row.sha256.starts_with(&named.to_lowercase())
        };
        let mut meant: Vec<&begun::Row> = all.iter().filter(is_meant).collect();
        match (meant.pop(), meant.is_empty()) {
            (Some(row), true) => self.stands_recorded(row),
            (Some(_), false) => Err(Failure::Refused(format!(
                "several files of that name are half read; name one by its SHA-256: {}",
                listed(all.iter().filter(is_meant))
            ))),
            (None, _) if all.is_empty() => Err(Failure::Refused(
                "no file is half read, so there is none to give up".to_owned(),
            )),
            (None, _) => Err(Failure::Refused(format!(
                "{named} is not half read; what is: {}",
                listed(all.iter())
            ))),
        }
    }

    fn stands_recorded(&self, row: &begun::Row) -> Result<HalfRead, Failure> {
        let of_schools = self.read.facts_from(&row.sha256)?;
        let begun_at = DateTime::from_timestamp_micros(row.recorded_at).unwrap_or_default();
        Ok(HalfRead {
            dataset: row.dataset,
            release: row.release,
            file: row.file.clone(),
            sha256: row.sha256.clone(),
            begun_on: clock::day_of(begun_at),
            facts: of_schools.len() as u64,
            schools: of_schools.into_iter().collect(),
        })
    }
}

impl Office {
    /// Gives up a file that was begun, for a reason that is kept.  What of it is recorded stays and is told to the policies, and
    /// days begin again; no release and no list is whole by it.  Imported once more, it is begun anew.
    ///
    /// # Errors
    /// As [`Desk::half_read`]; and without a reason.
    pub async fn give_up_import(
        &mut self,
        named: &str,
        reason: String,
        progress: Progress<'_>,
    ) -> Result<HalfRead, Failure> {
        self.catch_up(progress)?;
        let half_read = self.desk().half_read(named)?;
        let HalfRead { dataset, release, file, sha256, .. } = half_read.clone();
        let on = self.today();
        let abandoned = Abandoned { dataset, release, file, sha256, reason, on };
        let asked = self.asked(CommandId::mint());
        let of = stream(dataset, release);
        self.ask::<NationalData>(&of, AbandonImport(abandoned), asked).await?;
        self.settle(progress).await?;
        Ok(half_read)
    }
}

/// `ofsted.csv (3d7a0c1b2e4f)`
fn listed<'a>(rows: impl Iterator<Item = &'a begun::Row>) -> String {
    let named = |row: &begun::Row| {
        format!("{} ({})", row.file, row.sha256.get(..12).unwrap_or(&row.sha256))
    };
    rows.map(named).collect::<Vec<_>>().join(", ")
}
