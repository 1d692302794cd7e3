//! Acceptance and the first day (R7 to R10, D10, D11).

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Cover;
use crate::membership::{Event, Membership, Stage, Standing};
use crate::{Refusal, fee};

/// The decision that a school may join.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Acceptance {
    /// The first day of membership: 1 April, or a late joiner's own day (R9).
    pub first_day: NaiveDate,
    pub terms: JoiningTerms,
    /// What a late joiner has missed of the year, as it was told when it was accepted (R9, D11).
    pub missed: Vec<String>,
    /// SSAT cover, as known on the day of the decision (R7).
    pub cover: Cover,
    pub on: NaiveDate,
}

/// What a school that joins in the course of a year may choose (D11).  There is no part of a membership to choose (R8).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoiningTerms {
    /// All that the year offers, at the year's fee (R9).
    FullPackage,
    /// Another fee, in whole pence without VAT, on the record of the steering group (R9).
    AgreedTerms {
        fee_pence: u64,
        reason: String,
        /// Who approved it: an office or a minute, never a name.
        approver: String,
    },
    /// Not this year: from the next 1 April.
    FromNextApril,
}

/// A membership's first term.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Started {
    pub year: LeadingEdgeYear,
    pub from: NaiveDate,
    /// 31 March (R11).
    pub until: NaiveDate,
    pub terms: JoiningTerms,
    pub missed: Vec<String>,
    /// What the school pays for the year, in whole pence without VAT (R10).
    pub fee_pence: u64,
    /// The first day it was ever a member, and the first of the present unbroken run.
    pub member_since: NaiveDate,
    pub continuous_since: NaiveDate,
    /// The office's day on which it started: after `from`, where it could not before.  `None`: on `from`, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

impl Membership {
    /// Without SSAT cover on the first day the application stays as it is: prepared, not accepted (R7, D10).
    pub(super) fn accept(&self, acceptance: Acceptance) -> Result<Vec<Event>, Refusal> {
        let application = self.open_application()?;
        match &application.stage {
            Stage::Prepared => {}
            Stage::Accepted(before) if before.comes_to(&acceptance) => return Ok(vec![]),
            Stage::Accepted(before) => return Err(Refusal::AlreadyAccepted { on: before.on }),
            Stage::Considered
            | Stage::Referred(_)
            | Stage::Joined { .. }
            | Stage::Declined { .. }
            | Stage::Withdrawn => {
                return Err(Refusal::NotShownEligible { awaited: application.awaited() });
            }
        }
        application.precedes(acceptance.on)?;
        if let Some(decision) = &application.decision {
            decision.precedes(acceptance.on)?;
        }
        acceptance.fits(application.year)?;
        let year = LeadingEdgeYear::containing(acceptance.first_day);
        if acceptance.on > year.last_day() {
            return Err(Refusal::YearOver { year });
        }
        self.history.is_over_by(acceptance.first_day)?;
        acceptance
            .cover
            .covers(acceptance.first_day)
            .map_err(|why| Refusal::PreparedNotAccepted { first_day: acceptance.first_day, why })?;
        Ok(vec![Event::ApplicationAccepted { year, acceptance }])
    }

    pub(super) fn start(
        &self,
        year: LeadingEdgeYear,
        fee_pence: u64,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        match &self.standing {
            Standing::Member(member) if member.term.year >= year => return Ok(vec![]),
            Standing::Member(member) => {
                return Err(Refusal::AMemberAlready { until: member.term.until });
            }
            Standing::Outside | Standing::Left(_) => {}
        }
        let Some(Acceptance { first_day: from, terms, missed, .. }) = self.accepted_for(year)
        else {
            return Err(Refusal::NotAccepted { year });
        };
        if terms.fee(fee_pence) > 0 {
            fee::fits(terms.fee(fee_pence))?;
        }
        let (from, until) = (*from, year.last_day());
        if on < from {
            return Err(Refusal::StartsLater { first_day: from });
        }
        if on > until {
            return Err(Refusal::YearOver { year });
        }
        self.history.is_over_by(from)?;
        Ok(vec![Event::MembershipStarted(Started {
            year,
            from,
            until,
            terms: terms.clone(),
            missed: missed.clone(),
            fee_pence: terms.fee(fee_pence),
            member_since: self.history.member_since(from),
            continuous_since: self.history.continuous_since(from),
            on: Some(on),
        })])
    }

    fn accepted_for(&self, year: LeadingEdgeYear) -> Option<&Acceptance> {
        match &self.application.as_ref()?.stage {
            Stage::Accepted(acceptance) => {
                (LeadingEdgeYear::containing(acceptance.first_day) == year).then_some(acceptance)
            }
            Stage::Considered
            | Stage::Referred(_)
            | Stage::Prepared
            | Stage::Joined { .. }
            | Stage::Declined { .. }
            | Stage::Withdrawn => None,
        }
    }
}

impl Acceptance {
    /// Whether another acceptance comes to the same, whenever it was decided.
    fn comes_to(&self, other: &Self) -> bool {
        (self.first_day, &self.terms, &self.missed)
            == (other.first_day, &other.terms, &other.missed)
    }

    /// Only who joins late may choose, and only a first day of the year it applied for, or the next 1 April (D11).
    fn fits(&self, year: LeadingEdgeYear) -> Result<(), Refusal> {
        let first_day = self.first_day;
        let first_of_april = year.next().first_day();
        if self.terms == JoiningTerms::FromNextApril {
            if self.on < year.first_day() {
                return Err(Refusal::NotLate { first_day: year.first_day() });
            }
            return if first_day == first_of_april {
                Ok(())
            } else {
                Err(Refusal::NotNextApril { first_of_april })
            };
        }
        if LeadingEdgeYear::containing(first_day) != year {
            return Err(Refusal::FirstDayOutsideYear { first_day, year });
        }
        let whole_year = self.terms == JoiningTerms::FullPackage && self.missed.is_empty();
        if first_day == year.first_day() && !whole_year {
            return Err(Refusal::NotLate { first_day });
        }
        if let JoiningTerms::AgreedTerms { fee_pence, .. } = &self.terms
            && *fee_pence > 0
        {
            fee::fits(*fee_pence)?;
        }
        if let JoiningTerms::AgreedTerms { reason, approver, .. } = &self.terms
            && (reason.trim().is_empty() || approver.trim().is_empty())
        {
            return Err(Refusal::TermsNotApproved);
        }
        Ok(())
    }
}

impl JoiningTerms {
    /// The fee of the year is the full package's unless another was agreed (R9), in whole pence.
    fn fee(&self, full: u64) -> u64 {
        match self {
            Self::FullPackage | Self::FromNextApril => full,
            Self::AgreedTerms { fee_pence, .. } => *fee_pence,
        }
    }
}
