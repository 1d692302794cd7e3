//! Files that were begun and not read to their end: which there are, what of each stands recorded, and how one is given up.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, NaiveDate};
use kernel::{AcademicYear, CommandId, Release, Standing, Urn};
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
    /// How many facts on record name it as where they stand; of a performance table, as this release.
    pub facts: u64,
    /// The schools they are of.
    pub schools: BTreeSet<Urn>,
    /// Of a performance table: the release that decides its school year once the file is given up (D4).  `None`: none does.
    pub decides: Option<Release>,
}

/// How a file that is half read is named.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Its name, or the first digits of its SHA-256.
    pub file: String,
    /// As which it was begun, where it was begun as several.
    pub year: Option<AcademicYear>,
    pub standing: Option<Standing>,
}

impl Desk {
    /// The file that is half read and is named so.
    ///
    /// # Errors
    /// There is none, or there are several; the files that are half read are named.
    pub fn half_read(&self, named: &Named) -> Result<HalfRead, Failure> {
        let all = self.read.all_half_read()?;
        let is_meant = |row: &&begun::Row| named.means(row);
        let mut meant: Vec<&begun::Row> = all.iter().filter(is_meant).collect();
        match (meant.pop(), meant.is_empty()) {
            (Some(row), true) => self.stands_recorded(row),
            (Some(_), false) => Err(Failure::Refused(format!(
                "several that are half read are named so; name one by its SHA-256, or by --year and --release: {}",
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
        let decides = match row.release {
            Some(release) => {
                let mut evidence = self.read.evidence(self.today(), None)?;
                evidence.give_up(row.dataset, row.release, &row.sha256);
                evidence.deciding_releases().into_iter().find(|it| it.year == release.year)
            }
            None => None,
        };
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
            decides,
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
        named: &Named,
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

impl Named {
    fn means(&self, row: &begun::Row) -> bool {
        let is_file = row.file == self.file
            || self.file.len() >= DIGITS && row.sha256.starts_with(&self.file.to_lowercase());
        let of = |is: &dyn Fn(Release) -> bool| row.release.is_some_and(is);
        is_file
            && self.year.is_none_or(|year| of(&|release| release.year == year))
            && self.standing.is_none_or(|standing| of(&|release| release.standing == standing))
    }
}

/// As it is asked for: `ofsted.csv`, `ks4.csv of 2017/18 final`.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match (self.year, self.standing) {
            (None, None) => Ok(()),
            (Some(year), None) => write!(f, " of {year}"),
            (None, Some(standing)) => write!(f, " of a {standing} release"),
            (Some(year), Some(standing)) => write!(f, " of {}", Release { year, standing }),
        }
    }
}

/// `ofsted.csv (3d7a0c1b2e4f)`, `ks4.csv (2017/18 final, 3d7a0c1b2e4f)`
fn listed<'a>(rows: impl Iterator<Item = &'a begun::Row>) -> String {
    let named = |row: &begun::Row| {
        let release = row.release.map_or_else(String::new, |release| format!("{release}, "));
        format!("{} ({release}{})", row.file, row.sha256.get(..12).unwrap_or(&row.sha256))
    };
    rows.map(named).collect::<Vec<_>>().join(", ")
}
