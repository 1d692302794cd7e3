//! One school's way through the network; so far, up to its invitation.

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Progress8, Release};
use serde::{Deserialize, Serialize};

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// An invitation to join for a year, with what it rests on: an invited school needs no further evidence (R4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Invitation {
    pub year: LeadingEdgeYear,
    pub on: NaiveDate,
    pub name: String,
    pub grade: Grade,
    pub progress8: Progress8,
    /// The release of results and the threshold, in ten-thousandths, that it was on or above.
    pub release: Release,
    pub threshold: i32,
    /// The review that found it, by the day it looked at.
    pub reviewed_as_at: NaiveDate,
}
