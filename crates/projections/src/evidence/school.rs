//! One school's rows, and what they say on a day.

use chrono::NaiveDate;
use kernel::{Progress8, RecordType, Release, SchoolKind, Urn};
use membership::SchoolFacts;
use membership::facts::{Cover, InspectionFact, ResultsFact, YearFact};
use schools::Register;

use super::Look;
use crate::inspections::in_force::{Counting, counting, newest};
use crate::{cover, details, inspections, results};

/// Each list in order of position.
#[derive(Debug, Default)]
pub(crate) struct School {
    /// In order of the day each became public, and of one day in order of position.
    pub(crate) details: Vec<details::Row>,
    /// The first name stated by what became public later: a label where there is no other, never a fact.
    pub(crate) later_name: Option<(NaiveDate, String)>,
    pub(crate) results: Vec<results::Row>,
    pub(crate) inspections: Vec<inspections::Row>,
    pub(crate) predecessors: Vec<(Urn, Option<NaiveDate>)>,
    pub(crate) cover: Vec<cover::Row>,
}

/// A school as the threshold counts it (D3).
pub(crate) struct Member<'a> {
    pub(crate) progress8: Progress8,
    pub(crate) row: &'a results::Row,
    /// The row of another release that says what kind of school it is, where its own does not.
    pub(crate) kind_from: Option<&'a results::Row>,
}

impl School {
    /// Whether the annual review looks at it.
    pub(crate) fn is_reviewed(&self, look: &Look<'_>) -> bool {
        let reviewed = look.question.release.or_else(|| look.years.first().copied());
        let has_results = [reviewed, look.question.population]
            .into_iter()
            .flatten()
            .any(|release| self.version(release, look.as_at).is_some());
        has_results || self.is_secondary_and_open(look.as_at)
    }

    fn is_secondary_and_open(&self, as_at: NaiveDate) -> bool {
        let phase = self.stated(as_at, |row| row.phase);
        let opened_on = self.stated(as_at, |row| row.opened_on);
        let status = self.stated(as_at, |row| row.status);
        let is_open = match (status, self.closes_on(as_at)) {
            (_, Some(day)) => day > as_at,
            (Some(Register::Closed | Register::ProposedToOpen), None) => false,
            (Some(Register::Open | Register::ProposedToClose) | None, None) => true,
        };
        phase.is_some_and(schools::Phase::is_secondary)
            && is_open
            && opened_on.is_none_or(|day| day <= as_at)
    }

    /// The day it closes or closed on, unless a later statement called that off.
    fn closes_on(&self, as_at: NaiveDate) -> Option<NaiveDate> {
        let by_then = self.details.iter().take_while(|row| row.public_from <= as_at);
        by_then.fold(None, |closes_on, row| {
            let called_off = row.status.is_some_and(Register::is_open_for_good);
            row.closed_on.or(closes_on.filter(|_| !called_off))
        })
    }

    pub(crate) fn facts(
        &self,
        urn: Urn,
        look: &Look<'_>,
        predecessor: Option<(Urn, &Self)>,
    ) -> SchoolFacts {
        let own = counting(&self.inspections, look.as_at);
        let graded = newest(&own, |row| row.is_graded());
        let carried = match (graded, predecessor) {
            (None, Some((urn, predecessor))) => {
                let theirs = counting(&predecessor.inspections, look.as_at);
                newest(&theirs, |row| row.is_graded()).map(|counting| (urn, counting, theirs))
            }
            (Some(_), _) | (None, None) => None,
        };
        let (from, in_force, of_whom) = match &carried {
            Some((urn, counting, theirs)) => (Some(*urn), Some(*counting), theirs),
            None => (None, graded, &own),
        };
        let has_overall = in_force.is_some_and(|counting| counting.row.grade.is_some());
        let last_overall = newest(of_whom, |row| row.grade.is_some()).filter(|_| !has_overall);
        let ungraded_since =
            newest(&own, |row| row.kind == inspections::Kind::Ungraded).filter(|it| {
                in_force.is_none_or(|graded| it.row.inspected_on > graded.row.inspected_on)
            });
        SchoolFacts {
            urn,
            name: self.name(urn, look.as_at),
            in_population: look.question.population.is_some_and(|release| {
                self.in_population(release, &look.question.kinds, look.as_at).is_some()
            }),
            inspection: in_force.and_then(|counting| counting.fact(from)),
            last_overall: last_overall.and_then(|counting| counting.fact(from)),
            ungraded_since: ungraded_since.and_then(|counting| counting.fact(None)),
            years: look.years.iter().map(|release| self.year(*release, look.as_at)).collect(),
            cover: self.cover(look),
        }
    }

    fn name(&self, urn: Urn, as_at: NaiveDate) -> String {
        self.stated(as_at, |row| row.name.as_ref())
            .or(self.later_name.as_ref().map(|(_, name)| name))
            .cloned()
            .unwrap_or_else(|| format!("URN {urn}"))
    }

    /// The statement of a detail that became public last, among those public by then.
    fn stated<'a, T>(
        &'a self,
        as_at: NaiveDate,
        detail: impl Fn(&'a details::Row) -> Option<T>,
    ) -> Option<T> {
        self.details.iter().rev().filter(|row| row.public_from <= as_at).find_map(detail)
    }

    /// The version of a release that counts.
    fn version(&self, release: Release, as_at: NaiveDate) -> Option<&results::Row> {
        self.results.iter().rev().find(|row| row.release() == release && row.public_from <= as_at)
    }

    fn year(&self, release: Release, as_at: NaiveDate) -> YearFact {
        let figures = self.version(release, as_at).map(|row| {
            let figures = row.figures();
            ResultsFact {
                progress8: figures.progress8,
                lower: figures.lower,
                public_from: row.public_from,
                source: row.source(),
            }
        });
        YearFact { release, figures }
    }

    /// The school as the threshold counts it: mainstream, of one of the kinds, with a published score.  Where the release
    /// does not say what kind of school it is, another one does (of the nearest year), or else the register.
    pub(crate) fn in_population(
        &self,
        release: Release,
        kinds: &[SchoolKind],
        as_at: NaiveDate,
    ) -> Option<Member<'_>> {
        let row = self.version(release, as_at)?;
        let progress8 = row.progress8?;
        let kind_from = match row.kind {
            Some(_) => None,
            None => self.nearest(release, as_at, |other| other.kind.is_some()),
        };
        let kind = self.kind(row, kind_from, as_at)?;
        (self.is_mainstream(row, as_at) && kinds.contains(&kind)).then_some(Member {
            progress8,
            row,
            kind_from,
        })
    }

    /// Whether it has a score in the release, and is a state-funded mainstream school as far as anything says.
    pub(crate) fn has_state_funded_score(&self, release: Release, as_at: NaiveDate) -> bool {
        let Some(row) = self.version(release, as_at).filter(|row| row.progress8.is_some()) else {
            return false;
        };
        let kind_from = match row.kind {
            Some(_) => None,
            None => self.nearest(release, as_at, |other| other.kind.is_some()),
        };
        let kind = self.kind(row, kind_from, as_at);
        self.is_mainstream(row, as_at)
            && kind.is_none_or(|kind| SchoolKind::STATE_FUNDED_MAINSTREAM.contains(&kind))
    }

    fn kind(
        &self,
        row: &results::Row,
        kind_from: Option<&results::Row>,
        as_at: NaiveDate,
    ) -> Option<SchoolKind> {
        row.kind.or_else(|| kind_from?.kind).or_else(|| self.stated(as_at, |detail| detail.kind))
    }

    fn is_mainstream(&self, row: &results::Row, as_at: NaiveDate) -> bool {
        row.record_type
            .or_else(|| {
                self.nearest(row.release(), as_at, |other| other.record_type.is_some())?.record_type
            })
            .or_else(|| self.stated(as_at, |detail| detail.record_type))
            .is_none_or(|record_type| record_type == RecordType::Mainstream)
    }

    /// Of the other releases whose version that counts says it, the one of the nearest year; of two as near the earlier
    /// year, of one year the most final.
    fn nearest(
        &self,
        release: Release,
        as_at: NaiveDate,
        says: impl Fn(&results::Row) -> bool,
    ) -> Option<&results::Row> {
        let distance =
            |row: &results::Row| (row.year.examined_in() - release.year.examined_in()).abs();
        self.results
            .iter()
            .filter(|row| row.release() != release && says(row))
            .filter(|row| {
                self.version(row.release(), as_at)
                    .is_some_and(|counts| counts.position == row.position)
            })
            .min_by_key(|row| (distance(row), row.year, std::cmp::Reverse(row.standing)))
    }

    /// Cover on the first day of the year (R7, D10).
    fn cover(&self, look: &Look<'_>) -> Cover {
        look.cover.cover_on(&self.cover, look.question.year.first_day())
    }
}

impl Counting<'_> {
    fn fact(&self, carried_from: Option<Urn>) -> Option<InspectionFact> {
        Some(InspectionFact {
            outcome: self.row.outcome()?,
            inspected_on: self.row.inspected_on,
            published_on: self.published_on,
            carried_from,
            source: self.row.source(),
        })
    }
}
