//! What an inspection came to, from the cells of its line.

use std::collections::BTreeMap;

use kernel::{Area, CardGrade, Grade, Outcome};

use super::{RATING, is_nothing};
use crate::kinds::bare;
use crate::reading::Findings;
use crate::table::Row;

const A_RATING: &str = "an overall grade: Outstanding, Good, Requires improvement, Satisfactory, Inadequate, Serious Weaknesses, Special Measures, or 1 to 4 (9, `Not judged` or NULL where there is none)";
const AN_AREAS_GRADE: &str =
    "a grade of an area: 1 to 4, or its word (8 or 9, `Not judged` or NULL where there is none)";
const A_CARD_GRADE: &str = "a grade of a report card: Exceptional, Strong standard, Expected standard, Needs attention or Urgent improvement";

/// Areas of a graded inspection, with their columns.
const AREAS: [(usize, Area); 6] = [
    (5, Area::QualityOfEducation),
    (6, Area::BehaviourAndAttitudes),
    (7, Area::PersonalDevelopment),
    (8, Area::LeadershipAndManagement),
    (9, Area::EarlyYears),
    (10, Area::SixthForm),
];

/// Areas of a report card, with their columns.
const CARD_AREAS: [(usize, Area); 8] = [
    (14, Area::Inclusion),
    (15, Area::CurriculumAndTeaching),
    (16, Area::Achievement),
    (17, Area::AttendanceAndBehaviour),
    (18, Area::PersonalDevelopmentAndWellbeing),
    (19, Area::LeadershipAndGovernance),
    (20, Area::EarlyYears),
    (21, Area::SixthForm),
];

/// The overall grade; or, where none was given, the grades of the areas (D8: one is never made from the other).  With the
/// words, because two words can be one grade.
pub(super) fn graded(row: Row<'_>, findings: &mut Findings) -> Option<(Outcome, &'static str)> {
    match row.coded(findings, RATING, overall, A_RATING)? {
        Some((grade, words)) => Some((Outcome::Overall(grade), words)),
        None => {
            let areas = grades(row, findings, AREAS, area, AN_AREAS_GRADE)?;
            Some((Outcome::Areas(areas), "grades by area"))
        }
    }
}

pub(super) fn card(row: Row<'_>, findings: &mut Findings) -> Option<(Outcome, &'static str)> {
    let areas = grades(row, findings, CARD_AREAS, card_grade, A_CARD_GRADE)?;
    Some((Outcome::ReportCard(areas), "a report card"))
}

/// The grades that are given; `None` where none is.
fn grades<T, const N: usize>(
    row: Row<'_>,
    findings: &mut Findings,
    columns: [(usize, Area); N],
    parse: impl Fn(&str) -> Option<Option<T>>,
    expected: &str,
) -> Option<BTreeMap<Area, T>> {
    let given: BTreeMap<_, _> = columns
        .into_iter()
        .filter_map(|(column, area)| {
            Some((area, row.optional(findings, column, &parse, expected).flatten()?))
        })
        .collect();
    (!given.is_empty()).then_some(given)
}

/// `Some(None)`: no overall grade was given.
fn overall(text: &str) -> Option<Option<(Grade, &'static str)>> {
    if is_nothing(text) {
        return Some(None);
    }
    let bare = bare(text);
    Some(Some(match bare.as_str() {
        "outstanding" | "1" => (Grade::Outstanding, "Outstanding"),
        "good" | "2" => (Grade::Good, "Good"),
        "requiresimprovement" | "3" => (Grade::RequiresImprovement, "Requires improvement"),
        "satisfactory" => (Grade::RequiresImprovement, "Satisfactory"),
        "inadequate" | "4" => (Grade::Inadequate, "Inadequate"),
        "seriousweaknesses" => (Grade::Inadequate, "Serious Weaknesses"),
        "specialmeasures" => (Grade::Inadequate, "Special Measures"),
        "9" | "notjudged" => return Some(None),
        _ => return None,
    }))
}

fn area(text: &str) -> Option<Option<Grade>> {
    match bare(text).as_str() {
        "8" | "0" | "notapplicable" | "doesnotapply" => Some(None),
        _ => Some(overall(text)?.map(|(grade, _)| grade)),
    }
}

fn card_grade(text: &str) -> Option<Option<CardGrade>> {
    Some(Some(match bare(text).as_str() {
        "exceptional" => CardGrade::Exceptional,
        "strongstandard" => CardGrade::StrongStandard,
        "expectedstandard" => CardGrade::ExpectedStandard,
        "needsattention" => CardGrade::NeedsAttention,
        "urgentimprovement" => CardGrade::UrgentImprovement,
        "null" | "notjudged" | "notapplicable" | "doesnotapply" => return Some(None),
        _ => return None,
    }))
}
