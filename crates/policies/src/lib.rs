//! Policies: whenever something happens, ask for what must follow.
//!
//! A policy is one file, named as the sentence it is, and one line in [`POLICIES`].  It is told what happened and what the
//! office knows now of one school, and answers what is to be asked, if anything.  It decides nothing: the
//! aggregate does, and may find that it is so already.
//!
//! Invariants:
//! - **what happened is only the occasion, what is known now is the reason**: reacting late, twice or in another order comes
//!   to the same in the end;
//! - **a policy asks only what the aggregate would not refuse**; what it cannot ask for lack of something it says
//!   ([`Cannot`]), and that is parked, visible and tried again;
//! - **one school at a time**: what cannot be done for one never holds up another.

#![warn(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use chrono::NaiveDate;
use kernel::{Day, LeadingEdgeYear, Urn};
use membership::membership::Command;
use projections::Event;

mod acceptance_starts_membership;
mod agreed_year_raises_invoice;
mod closure_ends_membership;
mod concerned;
mod conversion_carries_over;
mod cover_agrees_renewal;
mod downgrade_marks_not_eligible;
mod due;
mod due_evidence_reminds;
mod due_invitation_reminds;
mod due_renewal_reminds;
mod ending_cover_warns;
mod graded;
mod invitation_expires;
mod known;
mod mark_offers_connections;
mod overdue_invoice_reminds;
mod past_due_marks_overdue;
mod regrade_lifts_mark;
mod succeeded;
mod successor_takes_over;
#[cfg(test)]
mod tests;
mod year_end_lapses;

pub use concerned::{Concerned, concerned};
pub use known::{Known, Registered, Stands, Successor};

/// What a policy asks, and of what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Asking {
    /// Of a school's membership; a conversion asks the successor's.
    Membership { urn: Urn, command: Command },
    /// Of the ledger of a year, for a school.
    Ledger { year: LeadingEdgeYear, urn: Urn, command: billing::ledger::Command },
}

impl Asking {
    /// The school that it is asked for: what is known of that one changes by it.
    #[must_use]
    pub fn urn(&self) -> Urn {
        match self {
            Self::Membership { urn, .. } | Self::Ledger { urn, .. } => *urn,
        }
    }
}

/// On what occasion a policy is told of a school.
#[derive(Clone, Copy, Debug)]
pub enum Occasion<'a> {
    /// A day began: told of every school that a membership has anything to tell of, in the order of their URNs, before
    /// anything that comes of it.
    Day,
    /// The same, of a day that the office came to later.
    DayCaughtUp { begun_on: NaiveDate },
    /// Something happened to the school, or to one that it came from.
    Happened(&'a Event),
}

impl Occasion<'_> {
    #[must_use]
    pub fn is_a_day(&self) -> bool {
        match self {
            Self::Day | Self::DayCaughtUp { .. } => true,
            Self::Happened(_) => false,
        }
    }
}

/// Why a policy cannot ask what it should.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Cannot {
    #[error("no fee is set for {0} nor any year before it; set it, and try again")]
    NoFee(LeadingEdgeYear),
    #[error(
        "SSAT is not known to cover {}, the first day from which it was accepted; withdraw the application, or record its \
         cover, and try again",
        Day(*.first_day)
    )]
    NoCover { first_day: NaiveDate },
    #[error(
        "it was accepted from {}, and {year} is over before its membership started; withdraw the application, and let \
         it apply again",
        Day(*.first_day)
    )]
    StartOver { first_day: NaiveDate, year: LeadingEdgeYear },
    #[error(
        "it was accepted from {}, and was a member until {}; withdraw the application, and accept another from a later day",
        Day(*.first_day),
        Day(*.until)
    )]
    StillMemberThen { first_day: NaiveDate, until: NaiveDate },
}

/// A policy, by the name under which it asks.
#[derive(Clone, Copy)]
pub struct Policy {
    /// As its file: `year-end-lapses`.  It goes into the ids of what it asks: never to be changed.
    pub name: &'static str,
    pub react: React,
}

/// `on` is the office's day: of what is asked, and up to which what is known counts.
pub type React = fn(Occasion<'_>, on: NaiveDate, school: &Known) -> Result<Option<Asking>, Cannot>;

/// Every policy, in the order in which they are told.
///
/// Each is told of the school as it is known after what those before it asked: whoever goes through them looks again after
/// every asking that changed something.  The order matters there: how a school stands on its last day comes before the
/// lapse, and a grade before the renewal that it bars.  Invoices come first, so that of a day they are numbered by URN.
pub const POLICIES: &[Policy] = &[
    policy("agreed-year-raises-invoice", agreed_year_raises_invoice::react),
    policy("acceptance-starts-membership", acceptance_starts_membership::react),
    policy("closure-ends-membership", closure_ends_membership::react),
    policy("conversion-carries-over", conversion_carries_over::react),
    policy("successor-takes-over", successor_takes_over::react),
    policy("downgrade-marks-not-eligible", downgrade_marks_not_eligible::react),
    policy("regrade-lifts-mark", regrade_lifts_mark::react),
    policy("mark-offers-connections", mark_offers_connections::react),
    policy("cover-agrees-renewal", cover_agrees_renewal::react),
    policy("year-end-lapses", year_end_lapses::react),
    policy("invitation-expires", invitation_expires::react),
    policy("due-invitation-reminds", due_invitation_reminds::react),
    policy("due-evidence-reminds", due_evidence_reminds::react),
    policy("due-renewal-reminds", due_renewal_reminds::react),
    policy("ending-cover-warns", ending_cover_warns::react),
    policy("past-due-marks-overdue", past_due_marks_overdue::react),
    policy("overdue-invoice-reminds", overdue_invoice_reminds::react),
];

const fn policy(name: &'static str, react: React) -> Policy {
    Policy { name, react }
}
