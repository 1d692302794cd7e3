//! What must be remembered of each school so that its next event can be laid into the rows: its own row, the last
//! version of each release, the last statement on each inspection, and what findings rest on.
//!
//! A school's memory is fetched from the rows when it is first asked for, and forgotten after its rows are written.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Release, Source, Urn};

use crate::findings::Rests;
use crate::{Key, Past, Sink, findings, inspections, predecessors, results, schools};

#[derive(Debug, Default)]
pub(crate) struct Known {
    schools: HashMap<Urn, School>,
    /// Counts how often rows were written: a school not asked for since the last time may be forgotten.
    round: u64,
}

#[derive(Debug)]
pub(crate) struct School {
    row: schools::Row,
    changed: bool,
    round: u64,
    /// The last version of each release, in order of the release.
    results: Vec<results::Row>,
    /// The last statement on each inspection day.
    inspections: Vec<Stated>,
    successors: Vec<Urn>,
    findings: Vec<Rests>,
}

#[derive(Debug)]
struct Stated {
    row: inspections::Row,
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
            Entry::Vacant(place) => place.insert(School::recalled(urn, past)?),
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

    /// Forgets schools until at most `keep` are held: those not asked for lately first.  Only after [`Known::write`].
    /// Answers whether any was forgotten.
    pub(crate) fn forget(&mut self, keep: usize) -> bool {
        let before = self.schools.len();
        self.round += 1;
        if before > keep {
            let last = self.round - 1;
            self.schools.retain(|_, school| school.round == last);
        }
        if self.schools.len() > keep {
            self.schools.clear();
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
            school.hold_results(version);
        }
        for statement in past.rows::<inspections::Row>("urn", key)? {
            school.hold_inspection(statement);
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

    /// The row, to be changed by the event at `position`.
    pub(crate) fn change(&mut self, position: u64) -> &mut schools::Row {
        self.changed = true;
        self.row.position = position;
        &mut self.row
    }

    pub(crate) fn results(&self) -> &[results::Row] {
        &self.results
    }

    pub(crate) fn version(&self, release: Release) -> Option<&results::Row> {
        self.results.iter().find(|row| row.release() == release)
    }

    pub(crate) fn inspection(&self, inspected_on: NaiveDate) -> Option<&inspections::Row> {
        self.inspections
            .iter()
            .map(|stated| &stated.row)
            .find(|row| row.inspected_on == inspected_on)
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

    pub(crate) fn hold_results(&mut self, version: results::Row) {
        let position = version.position;
        match self.results.binary_search_by_key(&version.release(), results::Row::release) {
            Ok(at) => self.results[at] = version,
            Err(at) => self.results.insert(at, version),
        }
        let newest = self.results.iter().rev().find(|row| row.progress8.is_some());
        let newest = newest.map(|row| (row.progress8, row.release()));
        let row = self.change(position);
        row.progress8 = newest.and_then(|(score, _)| score);
        row.progress8_release = newest.map(|(_, release)| release);
    }

    pub(crate) fn hold_inspection(&mut self, statement: inspections::Row) {
        let position = statement.position;
        let same = |stated: &&mut Stated| stated.row.inspected_on == statement.inspected_on;
        match self.inspections.iter_mut().find(same) {
            Some(stated) => {
                stated.dated = statement.published_on.or(stated.dated);
                stated.row = statement;
            }
            None => self.inspections.push(Stated { dated: statement.published_on, row: statement }),
        }
        let in_force = self
            .inspections
            .iter()
            .filter(|stated| stated.row.is_graded())
            .max_by_key(|stated| (stated.public_from(), stated.row.inspected_on));
        let public_from = in_force.map(Stated::public_from);
        let in_force = in_force
            .map(|stated| (stated.row.grade, stated.row.inspected_on, stated.row.outcome()));
        let row = self.change(position);
        row.grade_public_from = public_from;
        row.grade = in_force.as_ref().and_then(|(grade, ..)| *grade);
        row.inspected_on = in_force.as_ref().map(|(_, inspected_on, _)| *inspected_on);
        row.outcome = in_force.and_then(|(.., outcome)| outcome).map(|outcome| outcome.to_string());
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

impl Stated {
    fn public_from(&self) -> NaiveDate {
        self.row.published_on.or(self.dated).unwrap_or(self.row.inspected_on)
    }
}
