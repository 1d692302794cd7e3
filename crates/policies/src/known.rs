//! What the office knows of one school, as far as policies ask.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Source, Urn};
use membership::membership::Grading;
use projections::memberships::Row;
use schools::school::Succession;

use crate::Cannot;

/// One school as it is known now.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its membership, as the sheet has it; of a school that the network never dealt with, an empty row.
    pub membership: Row,
    /// The overall grade of its newest graded inspection, or else of its only predecessor's (D6).  `None`: not yet
    /// inspected, or newly inspected without an overall grade (D8).
    pub grading: Option<Grading>,
    pub registered: Registered,
    /// The schools that came after it, ascending by URN.
    pub successors: Vec<Successor>,
    /// How many schools came before it.
    pub predecessors: usize,
    /// SSAT cover: the last statement for each first day, ascending.
    pub cover: Vec<CoverTerm>,
    /// Whether any list of SSAT cover was read to its end: without one nothing is known (D10).
    pub cover_is_known: bool,
    pub fees: Fees,
}

/// What the register says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Registered {
    /// Open, proposed to close, or not in any register read so far.
    Open,
    /// `None`: the register does not say when.
    Closed(Option<NaiveDate>),
}

/// A school that came after another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Successor {
    pub urn: Urn,
    pub succession: Succession,
    /// The first day; `None`: the register gives none.
    pub from: Option<NaiveDate>,
    /// How many schools it came from.
    pub predecessors: usize,
    /// Whether it is a member in its own right.
    pub is_member: bool,
}

/// One term of SSAT Secondary Network membership, both days inclusive.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CoverTerm {
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
    pub via_trust: Option<String>,
    pub source: Source,
}

/// The fee of each year for which one was set, in whole pence without VAT (R10).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fees(pub BTreeMap<LeadingEdgeYear, u64>);

impl Fees {
    /// The fee of a year: its own, or that of the last year before it that has one.
    ///
    /// # Errors
    /// There is none.
    pub fn of(&self, year: LeadingEdgeYear) -> Result<u64, Cannot> {
        self.0.range(..=year).next_back().map(|(_, pence)| *pence).ok_or(Cannot::NoFee(year))
    }
}
