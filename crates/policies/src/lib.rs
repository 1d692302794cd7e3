//! Policies: whenever something happens, ask for what must follow.
//!
//! A policy is one file, named as the sentence it is, and one line in [`POLICIES`].  It is told what happened and what the
//! office knows now of one school, and answers what is to be asked of a membership, if anything.  It decides nothing: the
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
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::Command;
use projections::Event;

mod known;

pub use known::{CoverTerm, Fees, Known, Registered, Successor};

/// What a policy asks of a school's membership.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asking {
    /// The school whose membership is asked; a conversion asks the successor's.
    pub urn: Urn,
    pub command: Command,
}

/// On what occasion a policy is told of a school.
#[derive(Clone, Copy, Debug)]
pub enum Occasion<'a> {
    /// A day began: told of every school that a membership has anything to tell of.
    Day,
    /// Something happened to the school, or to one that it came from.
    Happened(&'a Event),
}

/// Why a policy cannot ask what it should.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Cannot {
    #[error("no fee is set for {0} nor any year before it; set it, and try again")]
    NoFee(LeadingEdgeYear),
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
pub const POLICIES: &[Policy] = &[];
