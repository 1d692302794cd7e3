//! The annual review of one Leading Edge year.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Release, Threshold};
use serde::{Deserialize, Serialize};

use crate::criteria::Adoption;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// What a review rests on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Basis {
    pub year: LeadingEdgeYear,
    /// Facts public on or before this day count.
    pub as_at: NaiveDate,
    /// The release of results reviewed; `None`: none was published by then.
    pub release: Option<Release>,
    /// The criteria in force, and whose year they were adopted for.
    pub criteria: Adoption,
    pub threshold: Option<Threshold>,
}

/// How many schools of the threshold's population have which answer.  (`graded`, `carried_over` and `not_inspected` add
/// up to the population.)
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Lower confidence limit strictly above 0 in the release reviewed (D2).
    pub significant: u32,
    pub eligible: u32,
    pub invited: u32,
    /// With a graded inspection of its own.
    pub graded: u32,
    /// With the grade of its one predecessor.
    pub carried_over: u32,
    pub not_inspected: u32,
    pub referral: u32,
    pub judgement: u32,
    pub not_eligible: u32,
}

/// The steering group's judgement.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Eligible,
    NotEligible,
}
