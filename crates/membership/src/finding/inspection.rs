//! What the grade in force says (D6 to D8).

use std::collections::BTreeMap;

use kernel::{Area, CardGrade, Grade, Outcome};

use crate::criteria::{Condition, Ways, WithoutOverallGrade};
use crate::facts::InspectionFact;
use crate::finding::clauses::Asked;
use crate::finding::condition::{Look, Told};
use crate::finding::words::{areas_of, inspected_on};
use crate::finding::{Answer, Clause, Inspected};

/// The overall grade that counts for a school.
#[derive(Clone, Copy)]
pub(super) enum Overall<'a> {
    InForce(Grade, &'a InspectionFact),
    /// The inspection in force gave none, and the criteria let the last one stand (D8).
    LastStands {
        grade: Grade,
        last: &'a InspectionFact,
        in_force: &'a InspectionFact,
    },
    NoneGiven(&'a InspectionFact),
    NotInspected,
}

impl<'a> Overall<'a> {
    pub(super) fn grade(self) -> Option<Grade> {
        match self {
            Self::InForce(grade, _) | Self::LastStands { grade, .. } => Some(grade),
            Self::NoneGiven(_) | Self::NotInspected => None,
        }
    }

    /// The inspection that the answers rest on.
    pub(super) fn stands_on(self) -> Option<&'a InspectionFact> {
        match self {
            Self::InForce(_, inspection) | Self::NoneGiven(inspection) => Some(inspection),
            Self::LastStands { last, .. } => Some(last),
            Self::NotInspected => None,
        }
    }

    /// A last overall grade that ends eligibility (R14), and only stands in, does not outweigh a newer inspection by which
    /// the school meets a way of the criteria.
    pub(super) fn unless_outweighed(self, look: &Look, asked: &[&Asked]) -> Self {
        match self {
            Self::LastStands { grade, in_force, .. }
                if look.terms().staying.not_eligible_grades.contains(&grade)
                    && asked.iter().any(|asked| asked.newer_kind_speaks()) =>
            {
                Self::NoneGiven(in_force)
            }
            Self::LastStands { .. }
            | Self::InForce(..)
            | Self::NoneGiven(_)
            | Self::NotInspected => self,
        }
    }

    pub(super) fn told(self) -> Told {
        match self {
            Self::InForce(grade, inspection) => inspection.told(&grade.to_string()),
            Self::LastStands { grade, last, in_force } => {
                let mut told = last.told(&grade.to_string());
                let newer = in_force.told(&in_force.outcome.to_string()).words;
                told.words += &format!(
                    "; the last overall grade stands, for the newer inspection gave none ({newer})"
                );
                told
            }
            Self::NoneGiven(inspection) => inspection.told(&inspection.outcome.to_string()),
            Self::NotInspected => Told::words(
                "not yet inspected: no graded inspection was public by then, neither of this school nor of exactly \
                 one predecessor",
            ),
        }
    }
}

impl<'a> Look<'a> {
    pub(super) fn inspected(&self) -> Inspected {
        match &self.facts.inspection {
            None => Inspected::NotYet,
            Some(inspection) if inspection.carried_from.is_some() => Inspected::AtPredecessor,
            Some(_) => Inspected::Here,
        }
    }

    pub(super) fn overall(&self) -> Overall<'a> {
        let Some(in_force) = &self.facts.inspection else { return Overall::NotInspected };
        if let Some(grade) = in_force.outcome.overall() {
            return Overall::InForce(grade, in_force);
        }
        let last = self.facts.last_overall.as_ref();
        let last = last.and_then(|last| Some((last.outcome.overall()?, last)));
        match (self.terms().without.overall_grade, last) {
            (WithoutOverallGrade::LastOverall, Some((grade, last))) => {
                Overall::LastStands { grade, last, in_force }
            }
            (WithoutOverallGrade::LastOverall | WithoutOverallGrade::Refer, _) => {
                Overall::NoneGiven(in_force)
            }
        }
    }

    pub(super) fn overall_is_one_of(&self, grades: &[Grade]) -> (Answer, Told) {
        let overall = self.overall();
        let result = match overall.grade() {
            Some(grade) => Answer::whether(grades.contains(&grade)),
            None => Answer::NoData,
        };
        (result, overall.told())
    }

    /// Graded by area, without an overall grade.
    pub(super) fn areas_reach(
        &self,
        at_least: Grade,
        areas: &[Area],
        ways: &Ways,
    ) -> (Answer, Told) {
        match &self.facts.inspection {
            Some(inspection) => match &inspection.outcome {
                Outcome::Areas(given) => reach(inspection, given, at_least, areas),
                Outcome::Overall(_) | Outcome::ReportCard(_) | Outcome::Ungraded(_) => {
                    otherwise_graded(inspection, ways)
                }
            },
            None => (Answer::NoData, Overall::NotInspected.told()),
        }
    }

    pub(super) fn card_reaches(
        &self,
        at_least: CardGrade,
        areas: &[Area],
        ways: &Ways,
    ) -> (Answer, Told) {
        match &self.facts.inspection {
            Some(inspection) => match &inspection.outcome {
                Outcome::ReportCard(given) => reach(inspection, given, at_least, areas),
                Outcome::Overall(_) | Outcome::Areas(_) | Outcome::Ungraded(_) => {
                    otherwise_graded(inspection, ways)
                }
            },
            None => (Answer::NoData, Overall::NotInspected.told()),
        }
    }

    /// The flag for an ungraded inspection since the grade in force: it never changes a grade (D7).
    pub(super) fn ungraded(&self) -> Option<Clause> {
        let inspection = self.facts.ungraded_since.as_ref()?;
        let needed = "a graded inspection: an ungraded one never changes the grade".to_owned();
        let told = inspection.told(&inspection.outcome.to_string());
        Some(told.under(needed, Answer::Passed).told("D7"))
    }
}

impl InspectionFact {
    /// `2 (Good), inspected 3 May 2016, ...`
    pub(super) fn told(&self, outcome: &str) -> Told {
        Told {
            words: format!("{outcome}, {}", inspected_on(self)),
            value: Some(self.outcome.overall().map_or_else(
                // A map with text for keys, which can always be written.
                || serde_json::to_string(&self.outcome).unwrap_or_default(),
                |grade| grade.number().to_string(),
            )),
            source: Some(self.source.clone()),
            date: Some(self.published_on.unwrap_or(self.inspected_on)),
        }
    }
}

/// Whether each area asked for (every area, if none is named) has at least a grade.  Grades are ordered best first.
fn reach<G: Copy + Ord>(
    inspection: &InspectionFact,
    given: &BTreeMap<Area, G>,
    at_least: G,
    areas: &[Area],
) -> (Answer, Told) {
    let asked = |area: &&Area| areas.is_empty() || areas.contains(area);
    let short: Vec<Area> =
        given.keys().filter(asked).copied().filter(|area| given[area] > at_least).collect();
    let not_graded: Vec<Area> =
        areas.iter().copied().filter(|area| !given.contains_key(area)).collect();
    let mut told = inspection.told(&inspection.outcome.to_string());
    if !short.is_empty() {
        told.words += &format!("; short of it: {}", areas_of(&short));
        return (Answer::Failed, told);
    }
    if !not_graded.is_empty() || given.is_empty() {
        let which = if given.is_empty() { "any area".to_owned() } else { areas_of(&not_graded) };
        told.words += &format!("; no grade for {which}");
        return (Answer::NoData, told);
    }
    (Answer::Passed, told)
}

/// The kinds of graded outcome are never mapped onto one another (D8): a condition about another kind than the one in
/// force is not met where the criteria speak of that kind elsewhere, and cannot be decided where they do not.
fn otherwise_graded(inspection: &InspectionFact, ways: &Ways) -> (Answer, Told) {
    let told = inspection.told(&inspection.outcome.to_string());
    let spoken_of = ways.any.iter().flat_map(|way| &way.all).any(|condition| {
        matches!(
            (condition, &inspection.outcome),
            (Condition::OverallGrade(_), Outcome::Overall(_))
                | (Condition::AreaGrades { .. }, Outcome::Areas(_))
                | (Condition::ReportCard { .. }, Outcome::ReportCard(_))
        )
    });
    (if spoken_of { Answer::Failed } else { Answer::NoData }, told)
}
