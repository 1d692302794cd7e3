//! The years of a school's membership, as its page tells them.

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::terms::{Came, Ending, Row};
use serde::Serialize;

/// A membership's days within one Leading Edge year, both inclusive.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct AgreedTerm {
    pub year: LeadingEdgeYear,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub came: Came,
    /// Of the year, in whole pence without VAT; `None`: before this system.
    pub fee_pence: Option<u64>,
    /// What came of it at its end, once something did.
    pub ending: Option<Ending>,
    pub ended_on: Option<NaiveDate>,
    /// Why, in the words of the time.
    pub reason: Option<String>,
    pub predecessor: Option<Urn>,
    pub successor: Option<Urn>,
}

impl From<Row> for AgreedTerm {
    fn from(row: Row) -> Self {
        Self {
            year: row.year,
            from: row.first_day,
            until: row.last_day,
            came: row.came,
            fee_pence: row.fee_pence,
            ending: row.ending,
            ended_on: row.ended_on,
            reason: row.reason,
            predecessor: row.predecessor,
            successor: row.successor,
        }
    }
}
