//! A recount of the annual review from what was put into a sample nation: plain loops over plain facts, written from
//! the rules (R2, R3, R12 to R14, D2 to D6) and sharing nothing with the code that it checks.

use std::collections::{BTreeMap, BTreeSet};

use app::{SchoolDocument, ThresholdDocument};
use chrono::NaiveDate;
use kernel::{Cell, Grade, Progress8, Release, Urn};
use membership::Outcome;
use membership::review::Counts;
use national_data::sample::{Inspected, Truth};
use schools::{Phase, Register};

/// What is recounted, under which numbers of the criteria.
#[derive(Clone)]
pub(crate) struct Recount<'a> {
    pub(crate) truth: &'a Truth,
    pub(crate) inspections: BTreeMap<Urn, Vec<Inspected>>,
    pub(crate) as_at: NaiveDate,
    pub(crate) release: Release,
    /// Final releases public by then, newest first.
    pub(crate) years: Vec<Release>,
    pub(crate) percentile: u32,
    pub(crate) dips: usize,
}

/// What a review answers of a school.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Answers {
    pub(crate) in_population: bool,
    pub(crate) eligible: bool,
    pub(crate) invited: bool,
    pub(crate) outcome: Outcome,
    pub(crate) grade: Option<Grade>,
    pub(crate) carried_from: Option<Urn>,
    pub(crate) progress8: Option<Progress8>,
}

/// The line that a percentile draws.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    pub(crate) population: u32,
    /// In hundredths of hundredths.
    pub(crate) value: i64,
    pub(crate) on_or_above: u32,
    pub(crate) tied: u32,
}

impl<'a> Recount<'a> {
    /// Of a release and a day, under the criteria of 2018-19.
    pub(crate) fn of(truth: &'a Truth, release: &str, as_at: &str, years: &[&str]) -> Self {
        Self {
            truth,
            inspections: truth.inspections.clone(),
            as_at: as_at.parse().unwrap(),
            release: release.parse().unwrap(),
            years: years.iter().map(|year| year.parse().unwrap()).collect(),
            percentile: 75,
            dips: 1,
        }
    }

    /// Every school that is reviewed, with its answers.
    pub(crate) fn answers(&self) -> BTreeMap<Urn, Answers> {
        let line = self.line();
        let mut urns: BTreeSet<Urn> = self.truth.tables[&self.release].keys().copied().collect();
        urns.extend(self.open_secondaries());
        urns.into_iter().map(|urn| (urn, self.school(urn, &line))).collect()
    }

    /// Linear interpolation between the scores around the rank (D3).
    pub(crate) fn line(&self) -> Line {
        let mut scores: Vec<i64> = self
            .truth
            .population(self.release)
            .map(|(_, _, score)| i64::from(score.hundredths()))
            .collect();
        scores.sort_unstable();
        let rank = i64::from(self.percentile) * (scores.len() as i64 - 1);
        let (below, part) = ((rank / 100) as usize, rank % 100);
        let above = scores[(below + 1).min(scores.len() - 1)];
        let value = scores[below] * 100 + (above - scores[below]) * part;
        let counted = |holds: &dyn Fn(i64) -> bool| {
            u32::try_from(scores.iter().filter(|score| holds(**score * 100)).count()).unwrap()
        };
        Line {
            population: u32::try_from(scores.len()).unwrap(),
            value,
            on_or_above: counted(&|score| score >= value),
            tied: counted(&|score| score == value),
        }
    }

    /// Over the threshold's population.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (urn, school) in self.answers() {
            if !school.in_population {
                continue;
            }
            if let Some(significant) = self.significant(self.release, urn) {
                *counts.significant.get_or_insert(0) += u32::from(significant);
            }
            counts.eligible += u32::from(school.eligible);
            counts.invited += u32::from(school.invited);
            match (school.grade, school.carried_from) {
                (None, _) => counts.not_inspected += 1,
                (Some(_), None) => counts.graded += 1,
                (Some(_), Some(_)) => counts.carried_over += 1,
            }
            match school.outcome {
                Outcome::Referral => counts.referral += 1,
                Outcome::Judgement => counts.judgement += 1,
                Outcome::NotEligible => counts.not_eligible += 1,
                Outcome::Renew | Outcome::RenewNotedDip => {}
            }
        }
        counts
    }

    fn open_secondaries(&self) -> Vec<Urn> {
        let register = self.truth.register.iter();
        register
            .filter(|(_, school)| {
                let secondary = [Phase::Secondary, Phase::MiddleDeemedSecondary, Phase::AllThrough];
                let opened = school.opened_on.is_none_or(|opened| opened <= self.as_at);
                let closed = match school.closed_on {
                    Some(closed) => closed <= self.as_at,
                    None => [Register::Closed, Register::ProposedToOpen]
                        .map(Some)
                        .contains(&school.status),
                };
                school.phase.is_some_and(|phase| secondary.contains(&phase)) && opened && !closed
            })
            .map(|(urn, _)| *urn)
            .collect()
    }

    fn school(&self, urn: Urn, line: &Line) -> Answers {
        let (grade, carried_from) = self.grade_in_force(urn);
        let number = grade.map(Grade::number);
        let significant = self.significant(self.release, urn);
        let progress8 = self.truth.tables[&self.release]
            .get(&urn)
            .and_then(|row| row.figures.progress8)
            .and_then(Cell::published);
        let in_top =
            progress8.is_some_and(|score| i64::from(score.hundredths()) * 100 >= line.value);
        Answers {
            in_population: self.truth.population(self.release).any(|(member, ..)| member == urn),
            eligible: number == Some(1) || (number == Some(2) && significant == Some(true)),
            invited: matches!(number, Some(1 | 2)) && in_top,
            outcome: self.stays(urn, number),
            grade,
            carried_from,
            progress8,
        }
    }

    /// Its own, or else that of its only predecessor (D6).
    fn grade_in_force(&self, urn: Urn) -> (Option<Grade>, Option<Urn>) {
        if let Some(grade) = self.own_grade(urn) {
            return (Some(grade), None);
        }
        let none = vec![];
        let before: Vec<Urn> = self
            .truth
            .predecessors
            .get(&urn)
            .unwrap_or(&none)
            .iter()
            .filter(|link| link.on.is_none_or(|on| on <= self.as_at))
            .map(|link| link.predecessor)
            .collect();
        match before[..] {
            [only] => match self.own_grade(only) {
                Some(grade) => (Some(grade), Some(only)),
                None => (None, None),
            },
            _ => (None, None),
        }
    }

    fn own_grade(&self, urn: Urn) -> Option<Grade> {
        let inspections = self.inspections.get(&urn)?;
        let public = inspections.iter().filter(|inspected| inspected.on <= self.as_at);
        public.max_by_key(|inspected| inspected.on).map(|inspected| inspected.grade)
    }

    /// The published lower limit is above 0 (D2); `None`: there is none.
    fn significant(&self, release: Release, urn: Urn) -> Option<bool> {
        let lower = self.truth.tables[&release].get(&urn)?.figures.lower?.published()?;
        Some(lower.hundredths() > 0)
    }

    fn stays(&self, urn: Urn, grade: Option<u8>) -> Outcome {
        match grade {
            None => return Outcome::Referral,
            Some(1) => return Outcome::Renew,
            Some(3 | 4) => return Outcome::NotEligible,
            Some(_) => {}
        }
        let years: Vec<bool> =
            self.years.iter().take(3).filter_map(|year| self.significant(*year, urn)).collect();
        let failed = years.iter().filter(|significant| !**significant).count();
        if years.is_empty() {
            Outcome::Referral
        } else if failed == 0 {
            Outcome::Renew
        } else if failed <= self.dips {
            Outcome::RenewNotedDip
        } else {
            Outcome::Judgement
        }
    }
}

/// A review's answers, to be held against a recount.
pub(crate) fn told(schools: &[SchoolDocument]) -> BTreeMap<Urn, Answers> {
    let told = schools.iter().map(|school| {
        let answers = Answers {
            in_population: school.in_population,
            eligible: school.eligible,
            invited: school.invited,
            outcome: school.outcome,
            grade: school.grade,
            carried_from: school.carried_from,
            progress8: school
                .progress8
                .map(|points| Progress8::from_hundredths((points * 100.0).round() as i32)),
        };
        (school.urn, answers)
    });
    told.collect()
}

/// A review's threshold, to be held against a recount.
pub(crate) fn line_told(threshold: &ThresholdDocument) -> Line {
    Line {
        population: threshold.population,
        value: (threshold.value * 10_000.0).round() as i64,
        on_or_above: threshold.on_or_above,
        tied: threshold.tied,
    }
}

/// Where two lists of answers differ, school by school.
pub(crate) fn changed(
    one: &BTreeMap<Urn, Answers>,
    other: &BTreeMap<Urn, Answers>,
) -> BTreeSet<Urn> {
    let urns = one.keys().chain(other.keys());
    urns.filter(|urn| one.get(urn) != other.get(urn)).copied().collect()
}

/// Says the first differences in full.
#[track_caller]
pub(crate) fn assert_same(told: &BTreeMap<Urn, Answers>, recounted: &BTreeMap<Urn, Answers>) {
    let changed = changed(told, recounted);
    let first: Vec<String> = changed
        .iter()
        .take(10)
        .map(|urn| format!("{urn}: {:?}\n  recounted {:?}", told.get(urn), recounted.get(urn)))
        .collect();
    assert!(changed.is_empty(), "{} schools differ:\n{}", changed.len(), first.join("\n"));
}
