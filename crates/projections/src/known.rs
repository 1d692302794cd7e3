//! What must be remembered of each school so that its next event can be laid into the rows: its own row, the last
//! version of each release, the last statement on each inspection, and what findings rest on.
//!
//! A school's memory is fetched from the rows when it is first asked for, and forgotten after its rows are written.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Progress8, Release, Source, Urn};
use schools::Details;

use crate::findings::Rests;
use crate::shared::{Shared, Texts};
use crate::{Key, Past, Sink, columns, details, findings, inspections, predecessors, results};

#[derive(Debug, Default)]
pub(crate) struct Known {
    schools: HashMap<Urn, Box<School>, BuildHasherDefault<Spread>>,
    /// Counts how often rows were written: a school not asked for since the last time may be forgotten.
    round: u64,
    texts: Texts,
    /// Where the rows show a day of the past: what became public later is not in force.
    as_at: Option<NaiveDate>,
}

#[derive(Debug)]
pub(crate) struct School {
    row: crate::schools::Row,
    days: crate::schools::Days,
    as_at: Option<NaiveDate>,
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
    /// Where the versions before it stand: a finding may rest on any of them.
    before: Before,
}

#[derive(Debug)]
struct Stated {
    inspected_on: NaiveDate,
    public_from: NaiveDate,
    is_graded: bool,
    row: Arc<inspections::Row>,
    /// The publication day that the last dated statement gave.
    dated: Option<NaiveDate>,
    /// Where the statements before it stand.
    before: Before,
}

/// Lines of files.  Most facts were stated once, so that there are none: a list would take three times the room.
#[derive(Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "one word where there are none, which is nearly everywhere"
)]
struct Before(Option<Box<Vec<Line>>>);

/// A line of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Line {
    file: Shared,
    sha256: Shared,
    line: u64,
}

impl Known {
    pub(crate) fn as_at(as_at: Option<NaiveDate>) -> Self {
        Self { as_at, ..Self::default() }
    }

    pub(crate) fn texts(&mut self) -> &mut Texts {
        &mut self.texts
    }

    /// The school's memory, fetched if need be.
    pub(crate) fn school<P: Past>(
        &mut self,
        urn: Urn,
        past: &mut P,
    ) -> Result<&mut School, P::Error> {
        Ok(self.school_and_texts(urn, past)?.0)
    }

    /// The school's memory, and where texts are kept once.
    pub(crate) fn school_and_texts<P: Past>(
        &mut self,
        urn: Urn,
        past: &mut P,
    ) -> Result<(&mut School, &mut Texts), P::Error> {
        use std::collections::hash_map::Entry;
        let (round, as_at) = (self.round, self.as_at);
        let school = match self.schools.entry(urn) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                place.insert(Box::new(School::recalled(urn, as_at, &mut self.texts, past)?))
            }
        };
        school.round = round;
        Ok((school, &mut self.texts))
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
    fn recalled<P: Past>(
        urn: Urn,
        as_at: Option<NaiveDate>,
        texts: &mut Texts,
        past: &mut P,
    ) -> Result<Self, P::Error> {
        let key = Key::Number(urn.number());
        let row = past.rows::<crate::schools::Row>("urn", key)?.pop();
        let mut school = Self {
            row: row.unwrap_or_else(|| crate::schools::Row::unknown(urn)),
            days: crate::schools::Days::default(),
            as_at,
            changed: false,
            round: 0,
            results: Vec::new(),
            inspections: Vec::new(),
            successors: Vec::new(),
            findings: Vec::new(),
        };
        let row = school.row.clone();
        for statement in past.rows::<details::Row>("urn", key)? {
            school.state(&statement.stated(), statement.public_from, statement.position);
        }
        for mut version in past.rows::<results::Row>("urn", key)? {
            version.file = texts.shared(&version.file);
            version.sha256 = texts.shared(&version.sha256);
            school.hold_results(Arc::new(version));
        }
        for mut statement in past.rows::<inspections::Row>("urn", key)? {
            statement.file = texts.shared(&statement.file);
            statement.sha256 = texts.shared(&statement.sha256);
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

    /// Its row counts as one fact, so that a school without any is not held for nothing; so do eight lines of files.
    fn weight(&self) -> usize {
        let before: usize = self
            .results
            .iter()
            .map(|version| version.before.lines().len())
            .chain(self.inspections.iter().map(|stated| stated.before.lines().len()))
            .sum();
        1 + self.results.len() + self.inspections.len() + self.findings.len() + before / 8
    }

    /// The row, to be changed by the event at `position`.
    pub(crate) fn change(&mut self, position: u64) -> &mut crate::schools::Row {
        self.changed = true;
        self.row.position = position;
        &mut self.row
    }

    /// Lays what was stated of the school into the row.
    pub(crate) fn state(&mut self, stated: &Details, public_from: NaiveDate, position: u64) {
        self.changed = true;
        self.row.position = position;
        self.row.lay(stated, public_from, &mut self.days);
    }

    /// The last version of each release, in order of the release.
    pub(crate) fn results(&self) -> impl Iterator<Item = &results::Row> {
        self.results.iter().map(|version| version.row.as_ref())
    }

    pub(crate) fn version(&self, release: Release) -> Option<&results::Row> {
        let at = self.results.binary_search_by_key(&release, |held| held.release).ok()?;
        Some(&self.results[at].row)
    }

    /// Where all versions of a release stand.
    pub(crate) fn sources_of(&self, release: Release) -> Vec<Source> {
        let version = self.results.iter().find(|version| version.release == release);
        version.map_or_else(Vec::new, |version| {
            version.before.lines().map(Line::source).chain([version.row.source()]).collect()
        })
    }

    fn stated(&self, inspected_on: NaiveDate) -> Option<&Stated> {
        self.inspections.iter().find(|stated| stated.inspected_on == inspected_on)
    }

    pub(crate) fn inspection(&self, inspected_on: NaiveDate) -> Option<&inspections::Row> {
        self.stated(inspected_on).map(|stated| stated.row.as_ref())
    }

    /// The publication day of an inspection, if any statement gave one.
    pub(crate) fn published_on(&self, inspected_on: NaiveDate) -> Option<NaiveDate> {
        self.stated(inspected_on)?.dated
    }

    /// Where all statements on an inspection stand.
    pub(crate) fn sources_on(&self, inspected_on: NaiveDate) -> Vec<Source> {
        self.stated(inspected_on).map_or_else(Vec::new, |stated| {
            stated.before.lines().map(Line::source).chain([stated.row.source()]).collect()
        })
    }

    pub(crate) fn successors(&self) -> &[Urn] {
        &self.successors
    }

    /// The years whose findings rest on any of those lines of files.
    pub(crate) fn resting_on(&self, sources: &[Source]) -> Vec<LeadingEdgeYear> {
        self.findings
            .iter()
            .filter(|finding| finding.sources.iter().any(|source| sources.contains(source)))
            .map(|finding| finding.year)
            .collect()
    }

    pub(crate) fn findings(&self) -> &[Rests] {
        &self.findings
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
        let (release, progress8) = (row.release(), row.progress8);
        let mut version = Version { release, progress8, row, before: Before::default() };
        match self.results.binary_search_by_key(&version.release, |held| held.release) {
            Ok(at) => {
                let held = &mut self.results[at];
                let line = Line::of(&held.row.file, &held.row.sha256, held.row.line);
                let next = Line::of(&version.row.file, &version.row.sha256, version.row.line);
                version.before = std::mem::take(&mut held.before).and(line, &next);
                *held = version;
            }
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
        let before = at.map_or_else(Before::default, |at| {
            let held = &mut self.inspections[at];
            let line = Line::of(&held.row.file, &held.row.sha256, held.row.line);
            let next = Line::of(&row.file, &row.sha256, row.line);
            std::mem::take(&mut held.before).and(line, &next)
        });
        let statement = Stated {
            inspected_on: row.inspected_on,
            public_from: dated.unwrap_or(row.inspected_on),
            is_graded: row.is_graded(),
            row,
            dated,
            before,
        };
        match at {
            Some(at) => self.inspections[at] = statement,
            None => self.inspections.push(statement),
        }
        let in_force = self
            .inspections
            .iter()
            .filter(|stated| {
                stated.is_graded && self.as_at.is_none_or(|day| stated.public_from <= day)
            })
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

impl Before {
    fn lines(&self) -> std::slice::Iter<'_, Line> {
        self.0.as_deref().map(Vec::as_slice).unwrap_or_default().iter()
    }

    /// And one more, unless it is where the next statement stands too.
    fn and(mut self, line: Line, next: &Line) -> Self {
        if line != *next && !self.lines().any(|held| *held == line) {
            self.0.get_or_insert_with(|| Box::new(Vec::with_capacity(1))).push(line);
        }
        self
    }
}

impl Line {
    fn of(file: &Shared, sha256: &Shared, line: u64) -> Self {
        Self { file: file.clone(), sha256: sha256.clone(), line }
    }

    fn source(&self) -> Source {
        columns::source(&self.file, &self.sha256, self.line)
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
