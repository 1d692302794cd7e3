//! Invitations, and how they are answered (R3, R4).

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Progress8, Release};
use serde::{Deserialize, Serialize};

use crate::membership::{Event, Membership, Standing};
use crate::refusal::{Refusal, not_before};

/// An invitation to join for a year, with what it rests on: an invited school needs no further evidence (R4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Invitation {
    pub year: LeadingEdgeYear,
    pub on: NaiveDate,
    pub name: String,
    /// The overall grade it rests on.  `None`: the criteria looked at a report card, or at grades by area (D8).
    pub grade: Option<Grade>,
    /// `None`: the criteria asked for no results.
    pub progress8: Option<Progress8>,
    /// The release of results and the threshold, in ten-thousandths, that it was on or above.  `None`: the criteria
    /// asked for none.
    pub release: Option<Release>,
    pub threshold: Option<i32>,
    /// The review that found it, by the day it looked at.
    pub reviewed_as_at: NaiveDate,
    /// The last day to answer.  `None`: it stands as long as the year does.
    pub until: Option<NaiveDate>,
}

/// Invitations go to schools that Ofsted graded 2 or better (R3), whatever a year's criteria add to that.
pub(crate) const POOREST_INVITED: Grade = Grade::Good;

/// What became of an invitation; `until` was the last day to answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Invited {
    Open {
        until: Option<NaiveDate>,
    },
    /// The school applied.  Should it withdraw, it may apply by it again.
    Taken {
        until: Option<NaiveDate>,
    },
    Declined {
        until: Option<NaiveDate>,
    },
    Expired {
        until: NaiveDate,
    },
}

impl Invited {
    pub(super) fn until(&self) -> Option<NaiveDate> {
        match self {
            Self::Open { until } | Self::Taken { until } | Self::Declined { until } => *until,
            Self::Expired { until } => Some(*until),
        }
    }
}

impl Membership {
    /// Once a year: the first invitation stands.
    pub(super) fn invite(&self, invitation: Invitation) -> Result<Vec<Event>, Refusal> {
        if self.invitations.contains_key(&invitation.year) {
            return Ok(vec![]);
        }
        match &self.standing {
            Standing::Outside => {}
            Standing::Left(left) => left.may_return()?,
            Standing::Member(member) => {
                return Err(Refusal::AMemberIsNotInvited { until: member.term.until });
            }
        }
        invitation.deserved()?;
        Ok(vec![Event::SchoolInvited(invitation)])
    }

    pub(super) fn decline_invitation(
        &self,
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        match self.invited(year)? {
            Invited::Open { .. } => {
                self.invitation_precedes(year, on)?;
                Ok(vec![Event::InvitationDeclined { year, reason, on }])
            }
            Invited::Declined { .. } => Ok(vec![]),
            Invited::Taken { .. } => Err(Refusal::InvitationTaken { year }),
            Invited::Expired { until } => Err(Refusal::InvitationExpired { year, until: *until }),
        }
    }

    /// One that was answered has nothing left to expire.
    pub(super) fn expire_invitation(
        &self,
        year: LeadingEdgeYear,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        match self.invited(year)? {
            Invited::Open { until: Some(until) } if on > *until => {
                Ok(vec![Event::InvitationExpired { year, until: *until, on }])
            }
            Invited::Open { until } => Err(Refusal::InvitationStillOpen { year, until: *until }),
            Invited::Taken { .. } | Invited::Declined { .. } | Invited::Expired { .. } => {
                Ok(vec![])
            }
        }
    }

    /// Whether a school may apply by its invitation on a day: also when the calendar has not yet said that it expired.
    pub(super) fn may_take_invitation(
        &self,
        year: LeadingEdgeYear,
        on: NaiveDate,
    ) -> Result<(), Refusal> {
        match self.invited(year)? {
            Invited::Open { until: Some(until) } if on > *until => {
                Err(Refusal::InvitationExpired { year, until: *until })
            }
            Invited::Open { .. } | Invited::Taken { .. } => Ok(()),
            Invited::Declined { .. } => Err(Refusal::InvitationDeclined { year }),
            Invited::Expired { until } => Err(Refusal::InvitationExpired { year, until: *until }),
        }
    }

    /// No answer is dated before the invitation.
    pub(super) fn invitation_precedes(
        &self,
        year: LeadingEdgeYear,
        on: NaiveDate,
    ) -> Result<(), Refusal> {
        match self.invited_on.get(&year) {
            Some(invited_on) => not_before(*invited_on, "the school was invited on", on),
            None => Ok(()),
        }
    }

    fn invited(&self, year: LeadingEdgeYear) -> Result<&Invited, Refusal> {
        self.invitations.get(&year).ok_or(Refusal::NotInvited { year })
    }
}

impl Invitation {
    /// Who is invited is the finding of a review, under its criteria; what no criteria of the network may do is refused
    /// here once more: invite below 2 (R3), or on provisional results (D4).
    fn deserved(&self) -> Result<(), Refusal> {
        if let Some(grade) = self.grade.filter(|grade| *grade > POOREST_INVITED) {
            return Err(Refusal::GradeTooPoorToInvite { grade });
        }
        if let Some(release) = self.release.filter(|release| !release.standing.decides()) {
            return Err(Refusal::Provisional { release });
        }
        match self.until {
            Some(until) if until < self.on => Err(Refusal::AnswerDueBeforeAsked { until }),
            Some(_) | None => Ok(()),
        }
    }
}
