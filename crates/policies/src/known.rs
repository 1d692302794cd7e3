//! What the office knows of one school, as far as policies ask.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Source, Urn};
use membership::facts::Cover;
use membership::membership::{Command, Grading};
use projections::memberships::{Row, Standing};
use schools::school::Succession;

use crate::{Asking, Cannot};

/// One school as it is known now, on the office's day.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its membership, as the sheet has it; of a school that the network never dealt with, an empty row.
    pub membership: Row,
    /// The overall grade of its newest graded inspection that was public by the day, or else of its only predecessor's
    /// (D6).  `None`: not yet inspected, or newly inspected without an overall grade (D8).
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
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Successor {
    pub urn: Urn,
    pub succession: Succession,
    /// The first day; `None`: the register gives none.
    pub from: Option<NaiveDate>,
    pub stands: Stands,
    /// Those of the schools it came from that are members, or whose membership was carried over to it, ascending.
    pub members: Vec<Urn>,
}

/// Whether a school can take a membership over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stands {
    /// It is no member, and nothing keeps it from being one.
    Free,
    /// A member in its own right.
    Member,
    /// It closed, went into another school, or its own membership goes on elsewhere.
    Gone,
}

/// A membership that runs, or whose last day has passed without anybody saying so yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Present {
    /// The first day of it, whatever ran before without a gap.
    pub(crate) from: NaiveDate,
    /// The last year agreed, and its 31 March.
    pub(crate) year: LeadingEdgeYear,
    pub(crate) until: NaiveDate,
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

impl Known {
    /// The membership, if the school is a member.
    pub(crate) fn present(&self) -> Option<Present> {
        let Row { standing, membership_from, year, term_until, .. } = &self.membership;
        if *standing != Standing::Member {
            return None;
        }
        Some(Present { from: (*membership_from)?, year: (*year)?, until: (*term_until)? })
    }

    /// SSAT cover on a day, also where there is none, or nothing is known.
    pub(crate) fn cover_told(&self, day: NaiveDate) -> Cover {
        let uncovered = if self.cover_is_known { Cover::None } else { Cover::Unknown };
        self.cover_of(day).unwrap_or(uncovered)
    }

    /// SSAT cover of a day, if it is known: of terms that overlap, the one that began last.
    pub(crate) fn cover_of(&self, day: NaiveDate) -> Option<Cover> {
        let term = self.known_cover().rev().find(|term| term.covers(day))?.clone();
        let CoverTerm { from, until, via_trust, source } = term;
        Some(Cover::Covered { from, until, via_trust, source })
    }

    /// The last day of the unbroken cover that holds a day, or else that was the last to end before it.  `None`: nothing
    /// is known, or no end of it.
    pub(crate) fn cover_ends(&self, day: NaiveDate) -> Option<NaiveDate> {
        let mut run: Option<Option<NaiveDate>> = None;
        for term in self.known_cover() {
            let joins = |until: Option<NaiveDate>| {
                until.and_then(|until| until.succ_opt()).is_none_or(|next| term.from <= next)
            };
            run = match run {
                Some(until) if joins(until) => Some(until.zip(term.until).map(|(a, b)| a.max(b))),
                Some(_) | None if term.from <= day => Some(term.until),
                before @ (Some(_) | None) => return before.flatten(),
            };
        }
        run.flatten()
    }

    fn known_cover(&self) -> impl DoubleEndedIterator<Item = &CoverTerm> {
        self.cover.iter().filter(|_| self.cover_is_known)
    }

    pub(crate) fn asks(&self, command: Command) -> Asking {
        Asking { urn: self.membership.urn, command }
    }
}

impl CoverTerm {
    fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Stands {
    /// As the sheet has it; `None`: the network has never dealt with the school.
    #[must_use]
    pub fn of(membership: Option<&Row>) -> Self {
        match membership {
            Some(row) if row.standing == Standing::Member => Self::Member,
            Some(row) if !row.may_be_invited() => Self::Gone,
            Some(_) | None => Self::Free,
        }
    }
}

impl Fees {
    /// The fee of a year: its own, or that of the last year before it that has one.
    ///
    /// # Errors
    /// There is none.
    pub fn of(&self, year: LeadingEdgeYear) -> Result<u64, Cannot> {
        self.0.range(..=year).next_back().map(|(_, pence)| *pence).ok_or(Cannot::NoFee(year))
    }
}
