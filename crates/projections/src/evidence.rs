//! What a review is told of each school: from the rows, as they stood on a day and as they were known on an instant.
//!
//! A fact counts from the day it was public.  Of several statements of one fact (a release read from several files, an
//! inspection stated twice) the last one recorded counts among those public by then.  A correction has the public day of
//! what it corrects, so it counts for all days, from the instant it was recorded (D17).
//!
//! What a file said that was begun and not read to its end is not whole (`begun`): a release with such a file decides nothing,
//! and while a cover list is half read nobody's cover is known.
//!
//! Two kinds of statement have no public day: links without a date count always (D12), and the office's own cover list
//! counts from its recording (D10).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{LeadingEdgeYear, Release, SchoolKind, Threshold, Urn};
use membership::SchoolFacts;
use schools::national_data::Dataset;
use schools::threshold::{Score, threshold};

use crate::{Shared, begun, cover, details, imports, inspections, predecessors, results};

mod school;
#[cfg(test)]
mod tests;

use school::School;

/// The national record as it stood.
#[derive(Debug)]
pub struct Evidence {
    as_at: NaiveDate,
    /// Microseconds since 1970; rows recorded later are not known yet.
    known_on: i64,
    schools: BTreeMap<Urn, School>,
    /// Each release with the day from which it was public.
    releases: BTreeMap<Release, NaiveDate>,
    reading: begun::Reading,
    /// From which files results stand recorded: the first 12 digits of each, by release.
    told: HashSet<(Release, Shared)>,
    /// The whole SHA-256 of a file, by the first 12 digits that rows carry.
    files: HashMap<String, String>,
}

/// A file that was begun and not read to its end: what it says is not whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incomplete {
    pub dataset: Dataset,
    pub release: Option<Release>,
    pub file: String,
}

/// What a review asks of the evidence.
#[derive(Clone, Debug)]
pub struct Question {
    /// The Leading Edge year under review: cover is that of its first day.
    pub year: LeadingEdgeYear,
    /// Facts public on or before this day count (and never any that the evidence itself leaves out).
    pub as_at: NaiveDate,
    /// The release reviewed; a provisional one may be previewed.  `None`: nothing was published for the year reviewed.
    pub release: Option<Release>,
    /// The release whose schools the counts are over: that of the threshold, which is another than the one reviewed where
    /// the newest published year stands in.  `None`: there is no threshold, and nobody is counted.
    pub population: Option<Release>,
    /// How many of the last published school years are looked at (D5).
    pub published_years: u8,
    /// The threshold's population (D3).
    pub kinds: Vec<SchoolKind>,
}

/// One asking: which day, and which releases, newest first.
pub(crate) struct Look<'a> {
    as_at: NaiveDate,
    question: &'a Question,
    years: Vec<Release>,
    cover: cover::Lists,
}

impl Evidence {
    /// Nothing yet.  Rows are handed in table by table, each in order of position.
    #[must_use]
    pub fn new(as_at: NaiveDate, known_on: Option<DateTime<Utc>>) -> Self {
        Self {
            as_at,
            known_on: known_on.map_or(i64::MAX, |instant| instant.timestamp_micros()),
            schools: BTreeMap::new(),
            releases: BTreeMap::new(),
            reading: begun::Reading::default(),
            told: HashSet::new(),
            files: HashMap::new(),
        }
    }

    /// The same as at another day, where nothing became public between the two.
    pub fn move_to(&mut self, as_at: NaiveDate) {
        self.as_at = as_at;
    }

    pub fn detail(&mut self, row: details::Row) {
        if row.recorded_at <= self.known_on {
            let is_public = row.public_from <= self.as_at;
            let school = self.schools.entry(row.urn).or_default();
            if is_public {
                // By the day it was public; of one day, the last recorded is last.
                let at = school.details.partition_point(|it| it.public_from <= row.public_from);
                school.details.insert(at, row);
            } else if let Some(name) = row.name
                && school.later_name.as_ref().is_none_or(|(day, _)| row.public_from < *day)
            {
                school.later_name = Some((row.public_from, name));
            }
        }
    }

    pub fn result(&mut self, row: results::Row) {
        if row.recorded_at <= self.known_on && row.public_from <= self.as_at {
            let public_from = self.releases.entry(row.release()).or_insert(row.public_from);
            *public_from = row.public_from.min(*public_from);
            self.told.insert((row.release(), row.sha256.clone()));
            self.schools.entry(row.urn).or_default().results.push(row);
        }
    }

    pub fn inspection(&mut self, row: inspections::Row) {
        // A statement published later may date an earlier one that has no publication day of its own.
        if row.recorded_at <= self.known_on && row.inspected_on <= self.as_at {
            self.schools.entry(row.urn).or_default().inspections.push(row);
        }
    }

    pub fn predecessor(&mut self, row: &predecessors::Row) {
        if row.recorded_at <= self.known_on {
            let school = self.schools.entry(row.urn).or_default();
            school.predecessors.push((row.predecessor, row.established_on));
        }
    }

    pub fn cover(&mut self, row: cover::Row) {
        if row.recorded_at <= self.known_on {
            self.schools.entry(row.urn).or_default().cover.push(row);
        }
    }

    pub fn import(&mut self, row: imports::Row) {
        if row.recorded_at <= self.known_on {
            self.reading.read(&row);
            self.files.insert(row.sha256.chars().take(12).collect(), row.sha256);
        }
    }

    pub fn begun(&mut self, row: begun::Row) {
        if row.recorded_at <= self.known_on {
            self.reading.begun(row.as_known_on(self.known_on));
        }
    }

    /// As it would stand were that file given up.
    pub fn give_up(&mut self, dataset: Dataset, release: Option<Release>, sha256: &str) {
        self.reading.give_up(dataset, release, sha256);
    }

    /// Every release public by then and read to its end, oldest first.
    #[must_use]
    pub fn releases(&self) -> Vec<Release> {
        self.releases.keys().copied().filter(|it| self.is_whole(*it, self.as_at)).collect()
    }

    /// Of each published school year the most final release that decides (D4), newest first.  A year is published if a
    /// state-funded mainstream school has a score in it (D5): tables without one, such as those of 2019/20, are none.
    #[must_use]
    pub fn deciding_releases(&self) -> Vec<Release> {
        self.deciding(self.as_at)
    }

    /// The files public by then that were half read, as known then.
    #[must_use]
    pub fn incomplete(&self) -> Vec<Incomplete> {
        self.half_read(self.as_at)
            .map(|row| Incomplete {
                dataset: row.dataset,
                release: row.release,
                file: row.file.clone(),
            })
            .collect()
    }

    fn half_read(&self, as_at: NaiveDate) -> impl Iterator<Item = &begun::Row> {
        self.reading.half_read().filter(move |row| is_public(row, as_at))
    }

    /// Of a release from one of whose files something stands recorded, and that was given up, until another file of it is read
    /// to its end, or that one after all: half the schools of a table would move its percentiles (D3).
    fn is_whole(&self, release: Release, as_at: NaiveDate) -> bool {
        let given_up = self.reading.given_up().filter(|row| is_public(row, as_at)).filter(|row| {
            self.told.iter().any(|(of, sha)| *of == release && row.sha256.starts_with(&**sha))
        });
        self.half_read(as_at).chain(given_up).all(|row| row.release != Some(release))
    }

    fn is_published(&self, release: Release, as_at: NaiveDate) -> bool {
        self.schools.values().any(|school| school.has_state_funded_score(release, as_at))
    }

    fn deciding(&self, as_at: NaiveDate) -> Vec<Release> {
        let mut deciding: Vec<Release> = self
            .releases
            .iter()
            .rev()
            .filter(|(release, public_from)| release.standing.decides() && **public_from <= as_at)
            .map(|(release, _)| *release)
            .filter(|it| self.is_whole(*it, as_at) && self.is_published(*it, as_at))
            .collect();
        deciding.dedup_by_key(|release| release.year);
        deciding
    }

    /// The percentile of a release over schools of those kinds (R3, D3).  `None`: it has no scores of such schools, or was
    /// not read to its end.
    #[must_use]
    pub fn threshold(
        &self,
        release: Release,
        percentile: u8,
        kinds: &[SchoolKind],
    ) -> Option<Threshold> {
        let public_from =
            *self.releases.get(&release).filter(|_| self.is_whole(release, self.as_at))?;
        let mut files = BTreeSet::new();
        let mut scores = Vec::new();
        for school in self.schools.values() {
            let Some(member) = school.in_population(release, kinds, self.as_at) else { continue };
            scores.push(Score { progress8: member.progress8, lower: member.row.figures().lower });
            files.insert(self.file(&member.row.sha256));
            files.extend(member.kind_from.map(|row| self.file(&row.sha256)));
        }
        threshold(release, percentile, kinds, scores, public_from, files.into_iter().collect())
    }

    fn file(&self, digits: &str) -> String {
        self.files.get(digits).cloned().unwrap_or_else(|| digits.to_owned())
    }

    /// Every secondary school, ascending by URN: those with a row in the release reviewed (where none is, in the newest
    /// that decides) or in the threshold's, and those that the register says are secondary and open.
    #[must_use]
    pub fn facts(&self, question: &Question) -> Vec<SchoolFacts> {
        let look = self.look(question);
        self.schools
            .iter()
            .filter(|(_, school)| school.is_reviewed(&look))
            .map(|(urn, school)| school.facts(*urn, &look, self.graded_predecessor(school, &look)))
            .collect()
    }

    /// One school, be it among those that a review looks at or not: an applicant is always answered (D6).  `None`: no fact of
    /// it is on record.
    #[must_use]
    pub fn facts_of(&self, urn: Urn, question: &Question) -> Option<SchoolFacts> {
        let school = self.schools.get(&urn)?;
        let look = self.look(question);
        Some(school.facts(urn, &look, self.graded_predecessor(school, &look)))
    }

    fn look<'a>(&self, question: &'a Question) -> Look<'a> {
        let as_at = question.as_at.min(self.as_at);
        Look {
            as_at,
            question,
            years: self.years(question, as_at),
            cover: cover::Lists::of(&self.reading),
        }
    }

    /// The last school years that count, newest first, each with the release that stands for it.
    fn years(&self, question: &Question, as_at: NaiveDate) -> Vec<Release> {
        let mut years = self.deciding(as_at);
        if let Some(reviewed) = question.release {
            years.retain(|release| release.year < reviewed.year);
            if self.is_published(reviewed, as_at) {
                years.insert(0, reviewed);
            }
        }
        years.truncate(usize::from(question.published_years.max(1)));
        years
    }

    /// The one school that this one came from (D6); two, and there is none: nobody can say whose grade it would carry.
    fn graded_predecessor(&self, school: &School, look: &Look<'_>) -> Option<(Urn, &School)> {
        let before: BTreeSet<Urn> = school
            .predecessors
            .iter()
            .filter(|(_, established_on)| established_on.is_none_or(|day| day <= look.as_at))
            .map(|(urn, _)| *urn)
            .collect();
        if before.len() > 1 {
            return None;
        }
        let urn = *before.first()?;
        Some((urn, self.schools.get(&urn)?))
    }
}

fn is_public(row: &begun::Row, as_at: NaiveDate) -> bool {
    row.public_from.is_none_or(|day| day <= as_at)
}
