//! How a school stands: outside, a member, or gone.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::membership::{
    Carried, EndReason, LapseReason, Mark, Marking, Membership, Renewal, Started,
};

#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Standing {
    #[default]
    Outside,
    Member(Member),
    Left(Left),
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Member {
    /// The first day of the present membership, wherever it began (D12).
    pub(super) from: NaiveDate,
    /// The first day of it under this URN.
    pub(super) here_since: NaiveDate,
    /// The last term agreed; one that was renewed may not have begun.
    pub(super) term: Term,
    pub(super) marking: Marking,
    /// The areas in which connections were offered.
    pub(super) connections: BTreeSet<String>,
    /// Of the year after the term.
    pub(super) renewal: Renewal,
    /// The day on which that renewal was first offered, as far as it was offered under this URN.
    pub(super) offered_on: Option<NaiveDate>,
    /// The day by which the last offer of renewal was to be answered.
    pub(super) answer_by: Option<NaiveDate>,
    /// The last day of SSAT cover, where it was warned of (D10).
    pub(super) cover_ends: Option<NaiveDate>,
}

/// A membership's days within one Leading Edge year, both inclusive; `until` is its 31 March (R11).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Term {
    pub(super) year: LeadingEdgeYear,
    pub(super) from: NaiveDate,
    pub(super) until: NaiveDate,
    /// The day on which its renewal was agreed; `None`: it is a membership's first.
    pub(super) renewed_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Left {
    pub(super) last_day: NaiveDate,
    pub(super) why: Departure,
    /// Of a school that closed, the membership as it was: what came after the school may become known later (D12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) closed: Option<Box<Member>>,
}

/// Why a school is no longer a member.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Departure {
    Lapsed(LapseReason),
    Ended(EndReason),
    CarriedOver(Urn),
    /// Before this system (R38), in the words of the time.
    Earlier(String),
}

impl Member {
    pub(super) fn started(started: &Started) -> Self {
        let Started { year, from, until, .. } = *started;
        Self::within(from, Term { year, from, until, renewed_on: None })
    }

    pub(super) fn within(from: NaiveDate, term: Term) -> Self {
        Self {
            from,
            here_since: from,
            term,
            marking: Marking::Unmarked,
            connections: BTreeSet::new(),
            renewal: Renewal::NotOffered,
            offered_on: None,
            answer_by: None,
            cover_ends: None,
        }
    }

    pub(super) fn taken_over(carried: Carried, here_since: NaiveDate) -> Self {
        let Carried { year, from, until, renewed_on, continuous_since, mark, renewal, .. } =
            carried;
        let marking = mark.map_or(Marking::Unmarked, Marking::Marked);
        let term = Term { year, from, until, renewed_on };
        let answer_by = renewal.answer_by();
        Self { here_since, marking, renewal, answer_by, ..Self::within(continuous_since, term) }
    }

    /// The mark that bars a year's renewal.
    pub(super) fn mark_for(&self, year: LeadingEdgeYear) -> Option<&Mark> {
        match &self.marking {
            Marking::Marked(mark) if mark.counts_for <= year => Some(mark),
            Marking::Marked(_) | Marking::Lifted(_) | Marking::Unmarked => None,
        }
    }
}

impl Left {
    /// A school that lapsed may join again; one that is no more, or goes on elsewhere, cannot.
    pub(super) fn may_return(&self) -> Result<(), Refusal> {
        match self.why {
            Departure::Lapsed(_) | Departure::Earlier(_) => Ok(()),
            Departure::Ended(_) | Departure::CarriedOver(_) => Err(Refusal::Gone(self.why.clone())),
        }
    }
}

impl Membership {
    pub(super) fn member(&self) -> Result<&Member, Refusal> {
        match &self.standing {
            Standing::Member(member) => Ok(member),
            Standing::Left(left) => Err(Refusal::NotAMember { until: Some(left.last_day) }),
            Standing::Outside => Err(Refusal::NotAMember { until: None }),
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lapsed(reason) => write!(f, "its membership lapsed ({reason})"),
            Self::Ended(EndReason::Closed) => f.write_str("the school closed"),
            Self::Ended(EndReason::MergedInto(urn)) => write!(f, "the school went into {urn}"),
            Self::CarriedOver(urn) => write!(f, "its membership goes on at {urn}"),
            Self::Earlier(reason) => write!(f, "it left before this system began ({reason})"),
        }
    }
}
