//! The words of a clause: what a head teacher reads.

use chrono::NaiveDate;
use kernel::{AcademicYear, Area, Day, Grade, Threshold};

use crate::criteria::{Condition, Staying};
use crate::facts::InspectionFact;

/// What a condition needs.
pub(super) fn needed(condition: &Condition, threshold: Option<&Threshold>) -> String {
    match condition {
        Condition::OverallGrade(grades) => {
            format!("Ofsted overall effectiveness {}", one_of(grades))
        }
        Condition::AreaGrades { at_least, areas } => {
            format!("Ofsted grades by area: {at_least} or better in {}", which(areas))
        }
        Condition::ReportCard { at_least, areas } => {
            format!("Ofsted report card: {at_least} or better in {}", which(areas))
        }
        Condition::SignificantResults => {
            "significant results: lower 95% confidence limit of Progress 8 above 0".to_owned()
        }
        Condition::Percentile(percentile) => {
            let needed = format!(
                "Progress 8 on or above the {} percentile nationally",
                ordinal(*percentile)
            );
            match threshold.filter(|threshold| threshold.percentile == *percentile) {
                Some(threshold) => format!(
                    "{needed}, {} ({}, {} schools)",
                    threshold.shown(),
                    threshold.release,
                    thousands(threshold.population)
                ),
                None => needed,
            }
        }
    }
}

/// What a condition about results needs in one of the years looked at.
pub(super) fn needed_in(condition: &Condition, year: AcademicYear) -> String {
    match condition {
        Condition::SignificantResults => format!("significant results in {year}"),
        Condition::Percentile(percentile) => {
            format!("Progress 8 on or above the {} percentile in {year}", ordinal(*percentile))
        }
        Condition::OverallGrade(_)
        | Condition::AreaGrades { .. }
        | Condition::ReportCard { .. } => needed(condition, None),
    }
}

/// Which years are looked at, and what failing in some of them means (R13).
pub(super) fn over_years(staying: &Staying) -> String {
    let years = match staying.published_years {
        1 => "the last published year".to_owned(),
        years => format!("the last {years} published years"),
    };
    match staying.dips {
        0 => format!("{years} must not fail"),
        dips => format!("of {years}, failing in up to {dips} is a dip"),
    }
}

/// `3 or 4`.
pub(super) fn numbers(grades: &[Grade]) -> String {
    listed(grades.iter().map(|grade| grade.number().to_string()).collect(), "or")
}

/// `1 (Outstanding) or 2 (Good)`.
pub(super) fn one_of(grades: &[Grade]) -> String {
    listed(grades.iter().map(Grade::to_string).collect(), "or")
}

pub(super) fn areas_of(areas: &[Area]) -> String {
    listed(areas.iter().map(Area::to_string).collect(), "and")
}

/// `inspected 3 May 2016, published 20 May 2016, carried over from 112345`.
pub(super) fn inspected_on(inspection: &InspectionFact) -> String {
    let inspected = day(inspection.inspected_on);
    let published = match inspection.published_on {
        Some(on) => format!("published {}", day(on)),
        None => "(publication day not given; inspection day stands for it)".to_owned(),
    };
    let separator = if inspection.published_on.is_some() { ", " } else { " " };
    let carried =
        inspection.carried_from.map_or(String::new(), |urn| format!(", carried over from {urn}"));
    format!("inspected {inspected}{separator}{published}{carried}")
}

/// A published value, or the dash that stands for none.
pub(super) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

pub(super) fn day(on: NaiveDate) -> String {
    Day(on).to_string()
}

fn which(areas: &[Area]) -> String {
    if areas.is_empty() { "every area".to_owned() } else { areas_of(areas) }
}

fn listed(mut words: Vec<String>, last: &str) -> String {
    match words.pop() {
        Some(word) if words.is_empty() => word,
        Some(word) => format!("{} {last} {word}", words.join(", ")),
        None => String::new(),
    }
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn thousands(number: u32) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    format!("{},{:03}", thousands(number / 1_000), number % 1_000)
}
