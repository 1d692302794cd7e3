//! What the office knows of one school, as far as policies ask.

use billing::ledger::{Billed, Purpose};
use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::facts::Cover;
use membership::membership::{Command, Grading};
use projections::memberships::{Row, Standing};
use projections::{contacts, cover, fees, invoices, issuers, terms};
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
    /// The day on which its closing was recorded; `None`: none was.
    pub closing_recorded_on: Option<NaiveDate>,
    /// The schools that came after it, ascending by URN.
    pub successors: Vec<Successor>,
    /// The day on which a file of links was last read to its end.
    pub links_read_on: Option<NaiveDate>,
    /// How many schools came before it.
    pub predecessors: usize,
    /// Every statement on its SSAT cover, oldest first, and how far lists of it were read: what they are worth (D10).
    pub cover: Vec<cover::Row>,
    pub cover_lists: cover::Lists,
    /// What the years cost, decision by decision, oldest first (R10).
    pub fees: Vec<fees::Row>,
    /// As the register has it, or else as the sheet of memberships does.
    pub name: Option<String>,
    /// Line by line, as far as the register gives it.
    pub address: Vec<String>,
    /// Whom its invoices name, where that was said: it goes before the register.
    pub billed: Option<Billed>,
    /// The roles that people have or had there, in the order in which they were taken.
    pub contacts: Vec<contacts::Row>,
    /// The years of its membership, oldest first.
    pub terms: Vec<terms::Row>,
    /// Every invoice it was sent, in the order of their numbers.
    pub invoices: Vec<invoices::Row>,
    /// Who bills, as it was adopted last; `None`: nobody, so nothing is billed.
    pub issuer: Option<issuers::Row>,
    /// The last day of the VAT returns that were filed.
    pub vat_filed_until: Option<NaiveDate>,
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
    /// The first day of it under this URN, whatever ran before without a gap.
    pub(crate) from: NaiveDate,
    /// The last year agreed, and its 31 March.
    pub(crate) year: LeadingEdgeYear,
    pub(crate) until: NaiveDate,
}

impl Known {
    /// The membership, if the school is a member.
    pub(crate) fn present(&self) -> Option<Present> {
        let Row { standing, here_since, year, term_until, .. } = &self.membership;
        if *standing != Standing::Member {
            return None;
        }
        Some(Present { from: (*here_since)?, year: (*year)?, until: (*term_until)? })
    }

    /// SSAT cover on a day, also where there is none, or nothing is known.
    pub(crate) fn cover_told(&self, day: NaiveDate) -> Cover {
        self.cover_lists.cover_on(&self.cover, day)
    }

    /// SSAT cover of a day, if it is known that it is covered.
    pub(crate) fn cover_of(&self, day: NaiveDate) -> Option<Cover> {
        let cover = self.cover_told(day);
        cover.covers(day).is_ok().then_some(cover)
    }

    /// As [`cover::Lists::cover_ends`].
    pub(crate) fn cover_ends(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.cover_lists.cover_ends(&self.cover, day)
    }

    /// The fee of a year in pence: its own, or that of the last year before it that has one.
    ///
    /// # Errors
    /// There is none.
    pub fn fee_of(&self, year: LeadingEdgeYear) -> Result<u64, Cannot> {
        fees::of_year(&self.fees, year).map(|row| row.fee_pence).ok_or(Cannot::NoFee(year))
    }

    /// The day from which a year has the fee that it has; `None`: it has none.
    pub(crate) fn fee_set_on(&self, year: LeadingEdgeYear) -> Option<NaiveDate> {
        fees::of_year(&self.fees, year).map(|row| row.set_on)
    }

    /// Whether it was billed for something in a year's ledger.
    pub(crate) fn is_billed(&self, purpose: &Purpose, year: LeadingEdgeYear) -> bool {
        let purpose = purpose.to_string();
        self.invoices.iter().any(|it| it.year == year && it.purpose == purpose)
    }

    /// Its invoices that were to be paid before a day and are open, the oldest number first.
    pub(crate) fn past_due(&self, on: NaiveDate) -> impl Iterator<Item = &invoices::Row> {
        self.invoices.iter().filter(move |it| it.open_pence > 0 && it.due_on < on)
    }

    pub(crate) fn asks_ledger(
        &self,
        year: LeadingEdgeYear,
        command: billing::ledger::Command,
    ) -> Asking {
        Asking::Ledger { year, urn: self.membership.urn, command }
    }

    pub(crate) fn asks(&self, command: Command) -> Asking {
        Asking::Membership { urn: self.membership.urn, command }
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
