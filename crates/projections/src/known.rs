//! What must be remembered of each school so that its next event can be laid into the rows: its own row, the last
//! version of each release, the last statement on each inspection, and what findings rest on.
//!
//! A school's memory is fetched from the rows when it is first asked for, and forgotten after its rows are written.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Progress8, Release, Source, Urn};

use crate::findings::Rests;
use crate::{Key, Past, Sink, findings, inspections, predecessors, results, schools};

#[derive(Debug, Default)]
pub(crate) struct Known {
    schools: HashMap<Urn, Box<School>, BuildHasherDefault<Spread>>,
    /// Counts how often rows were written: a school not asked for since the last time may be forgotten.
    round: u64,
}

#[derive(Debug)]
pub(crate) struct School {
    row: schools::Row,
    changed: bool,
    round: u64,
    /// The last version of each release, in order of the release.
    results: Vec<Version>,
    /// The last statement on each inspection day.
    inspections: Vec<Stated>,
    successors: Vec<Urn>,
    findings: Vec<Rests>,
}

/// What is looked at for every event lies side by side; the row itself is rarely asked for.
#[derive(Debug)]
struct Version {
    release: Release,
    progress8: Option<Progress8>,
    row: Arc<results::Row>,
}

#[derive(Debug)]
struct Stated {
    inspected_on: NaiveDate,
    public_from: NaiveDate,
    is_graded: bool,
    row: Arc<inspections::Row>,
    /// The publication day that the last dated statement gave.
    dated: Option<NaiveDate>,
}

impl Known {
    /// The school's memory, fetched if need be.
    pub(crate) fn school<P: Past>(
        &mut self,
        urn: Urn,
        past: &mut P,
    ) -> Result<&mut School, P::Error> {
        use std::collections::hash_map::Entry;
        let round = self.round;
        let school = match self.schools.entry(urn) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => place.insert(Box::new(School::recalled(urn, past)?)),
        };
        school.round = round;
        Ok(school)
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        // In the order of the key, so that neighbours in the table are written one after the other.
        let mut changed: Vec<_> =
            self.schools.values_mut().filter(|school| school.changed).collect();
        changed.sort_unstable_by_key(|school| school.row.urn);
        for school in changed {
            sink.put(&school.row)?;
            school.changed = false;
        }
        Ok(())
    }

    /// How many facts are held: what memory goes by.
    pub(crate) fn weight(&self) -> usize {
        self.schools.values().map(|school| school.weight()).sum()
    }

    /// Forgets schools until at most `keep` facts are held: those not asked for lately first.  Only after
    /// [`Known::write`].  Answers whether any was forgotten.
    pub(crate) fn forget(&mut self, keep: usize) -> bool {
        let before = self.schools.len();
        self.round += 1;
        if self.weight() > keep {
            let last = self.round - 1;
            self.schools.retain(|_, school| school.round == last);
            if self.weight() > keep {
                self.schools.clear();
            }
        }
        self.schools.len() < before
    }
}

impl School {
    fn recalled<P: Past>(urn: Urn, past: &mut P) -> Result<Self, P::Error> {
        let key = Key::Number(urn.number());
        let row = past.rows::<schools::Row>("urn", key)?.pop();
        let mut school = Self {
            row: row.unwrap_or_else(|| schools::Row::unknown(urn)),
            changed: false,
            round: 0,
            results: Vec::new(),
            inspections: Vec::new(),
            successors: Vec::new(),
            findings: Vec::new(),
        };
        let row = school.row.clone();
        for version in past.rows::<results::Row>("urn", key)? {
            school.hold_results(Arc::new(version));
        }
        for statement in past.rows::<inspections::Row>("urn", key)? {
            school.hold_inspection(Arc::new(statement));
        }
        for link in past.rows::<predecessors::Row>("predecessor", key)? {
            school.hold_successor(link.urn, link.position);
        }
        for finding in past.rows::<findings::Row>("urn", key)? {
            school.hold_finding(finding.rests());
        }
        school.row = row;
        school.changed = false;
        Ok(school)
    }

    /// Its row counts as one fact, so that a school without any is not held for nothing.
    fn weight(&self) -> usize {
        1 + self.results.len() + self.inspections.len() + self.findings.len()
    }

    /// The row, to be changed by the event at `position`.
    pub(crate) fn change(&mut self, position: u64) -> &mut schools::Row {
        self.changed = true;
        self.row.position = position;
        &mut self.row
    }

    /// The last version of each release, in order of the release.
    pub(crate) fn results(&self) -> impl Iterator<Item = &results::Row> {
        self.results.iter().map(|version| version.row.as_ref())
    }

    pub(crate) fn version(&self, release: Release) -> Option<&results::Row> {
        self.results().find(|row| row.release() == release)
    }

    pub(crate) fn inspection(&self, inspected_on: NaiveDate) -> Option<&inspections::Row> {
        self.inspections
            .iter()
            .find(|stated| stated.inspected_on == inspected_on)
            .map(|stated| stated.row.as_ref())
    }

    pub(crate) fn successors(&self) -> &[Urn] {
        &self.successors
    }

    /// The years whose findings rest on that line of that file.
    pub(crate) fn resting_on(&self, source: &Source) -> Vec<LeadingEdgeYear> {
        self.findings
            .iter()
            .filter(|finding| finding.sources.contains(source))
            .map(|finding| finding.year)
            .collect()
    }

    pub(crate) fn has_finding(&self, year: LeadingEdgeYear) -> bool {
        self.findings.iter().any(|finding| finding.year == year)
    }

    pub(crate) fn hold_finding(&mut self, finding: Rests) {
        self.findings.retain(|held| held.year != finding.year);
        self.findings.push(finding);
    }

    pub(crate) fn hold_results(&mut self, row: Arc<results::Row>) {
        let position = row.position;
        let version = Version { release: row.release(), progress8: row.progress8, row };
        match self.results.binary_search_by_key(&version.release, |held| held.release) {
            Ok(at) => self.results[at] = version,
            Err(at) => self.results.insert(at, version),
        }
        let newest = self.results.iter().rev().find(|version| version.progress8.is_some());
        let newest = newest.map(|version| (version.progress8, version.release));
        let row = self.change(position);
        row.progress8 = newest.and_then(|(score, _)| score);
        row.progress8_release = newest.map(|(_, release)| release);
    }

    pub(crate) fn hold_inspection(&mut self, row: Arc<inspections::Row>) {
        let position = row.position;
        let same = |stated: &Stated| stated.inspected_on == row.inspected_on;
        let at = self.inspections.iter().position(same);
        let dated = row.published_on.or_else(|| self.inspections[at?].dated);
        let statement = Stated {
            inspected_on: row.inspected_on,
            public_from: dated.unwrap_or(row.inspected_on),
            is_graded: row.is_graded(),
            row,
            dated,
        };
        match at {
            Some(at) => self.inspections[at] = statement,
            None => self.inspections.push(statement),
        }
        let in_force = self
            .inspections
            .iter()
            .filter(|stated| stated.is_graded)
            .max_by_key(|stated| (stated.public_from, stated.inspected_on));
        let in_force = in_force.map(|stated| (stated.public_from, Arc::clone(&stated.row)));
        let row = self.change(position);
        row.grade_public_from = in_force.as_ref().map(|(public_from, _)| *public_from);
        let in_force = in_force.map(|(_, inspection)| inspection);
        row.grade = in_force.as_ref().and_then(|inspection| inspection.grade);
        row.inspected_on = in_force.as_ref().map(|inspection| inspection.inspected_on);
        row.outcome =
            in_force.and_then(|inspection| inspection.outcome()).map(|outcome| outcome.to_string());
    }

    pub(crate) fn hold_successor(&mut self, successor: Urn, position: u64) {
        if !self.successors.contains(&successor) {
            self.successors.push(successor);
        }
        let count = u32::try_from(self.successors.len()).unwrap_or(u32::MAX);
        let only = match *self.successors {
            [only] => Some(only),
            _ => None,
        };
        let row = self.change(position);
        row.successor = only;
        row.successors = count;
    }
}

/// URNs are whole numbers given out one after the other, by the register and not by an attacker: one multiplication
/// spreads them.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
