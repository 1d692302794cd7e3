//! The criteria as data: what a steering group adopts, and what a criteria file says.

use kernel::{Area, CardGrade, Grade, SchoolKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One year's criteria.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Who may join (R2).
    pub eligible: Ways,
    /// Who is invited (R3).
    pub invited: Ways,
    /// Over which schools the percentile is taken (D3).
    pub population: Population,
    pub staying: Staying,
    pub without: Without,
}

/// Any one of the ways is enough.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    pub any: Vec<Way>,
}

/// All conditions of a way must hold.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// As people say it: `Good with significant outcomes`.
    pub name: String,
    pub all: Vec<Condition>,
}

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// The overall grade in force is one of these.
    OverallGrade(Vec<Grade>),
    /// Graded by area without an overall grade (September 2024 to July 2025): each of these areas (every area, if none
    /// is named) has at least this grade.
    AreaGrades {
        at_least: Grade,
        #[serde(default)]
        areas: Vec<Area>,
    },
    /// A report card (from 10 November 2025): the same.
    ReportCard {
        at_least: CardGrade,
        #[serde(default)]
        areas: Vec<Area>,
    },
    /// The lower 95% confidence limit of Progress 8 is strictly above 0 (D2).
    SignificantResults,
    /// Progress 8 is on or above this percentile of the population (R3, D3); 1 to 99.
    Percentile(u8),
}

impl Condition {
    /// Results come a year at a time and are looked at over time; an inspection stands until the next (R13).
    #[must_use]
    pub fn asks_for_results(&self) -> bool {
        match self {
            Self::SignificantResults | Self::Percentile(_) => true,
            Self::OverallGrade(_) | Self::AreaGrades { .. } | Self::ReportCard { .. } => false,
        }
    }

    /// Kinds of inspection without an overall grade (D8).
    #[must_use]
    pub fn asks_for_newer_kinds(&self) -> bool {
        match self {
            Self::AreaGrades { .. } | Self::ReportCard { .. } => true,
            Self::OverallGrade(_) | Self::SignificantResults | Self::Percentile(_) => false,
        }
    }
}

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    pub kinds: Vec<SchoolKind>,
}

/// How members are reviewed (R12 to R14, D5).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Staying {
    /// Overall grades that end eligibility for the coming year whatever the results (R14).
    pub not_eligible_grades: Vec<Grade>,
    /// How many of the last published school years are looked at.
    pub published_years: u8,
    /// Failing in up to so many of them is a dip and no more (R13).
    pub dips: u8,
}

/// What to do where the nation publishes less than the criteria ask for (D8).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    pub progress8: WithoutProgress8,
    pub overall_grade: WithoutOverallGrade,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutProgress8 {
    /// Not decidable: refer.
    Refer,
    /// The newest published year stands, however old.
    LastPublished,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutOverallGrade {
    /// Not decidable: refer, unless another way of the criteria is met (a report card, areas).
    Refer,
    /// The last overall grade stands, although a later inspection gave none.
    LastOverall,
}
