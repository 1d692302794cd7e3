//! Invitations, and how they are answered (R3, R4).

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Progress8, Release};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::membership::{Event, Membership, Standing};
use crate::refusal::{Refusal, not_before};

/// An invitation to join for a year, with what it rests on: an invited school needs no further evidence (R4).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
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

/// What became of an invitation; `until` was the last day to answer.  Whether an answer is in time is for the day it was
/// given on to say, and not for what became of the invitation since: only a no is final (R4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Invited {
    Open {
        until: Option<NaiveDate>,
    },
    /// The school applied.  Should it withdraw, it may answer again, in time.
    Taken {
        until: Option<NaiveDate>,
    },
    Declined {
        until: Option<NaiveDate>,
    },
    /// No answer had come when the calendar was looked at.  A letter that was in time may still be found.
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

    /// As it is with a later last day: one that had expired may be answered again.
    pub(super) fn extended(&self, until: NaiveDate) -> Self {
        let until = Some(until);
        match self {
            Self::Open { .. } | Self::Expired { .. } => Self::Open { until },
            Self::Taken { .. } => Self::Taken { until },
            Self::Declined { .. } => Self::Declined { until },
        }
    }

    /// Refuses the answer of a day on which it was late, and no other.
    fn must_be_in_time(&self, year: LeadingEdgeYear, on: NaiveDate) -> Result<(), Refusal> {
        match self.until() {
            Some(until) if !is_in_time(Some(until), on) => {
                Err(Refusal::InvitationExpired { year, until })
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Membership {
    /// Once a year: the first invitation stands.
    pub(super) fn invite(&self, invitation: Invitation) -> Result<Vec<Event>, Refusal> {
        if self.invitations.contains_key(&invitation.year) {
            return Ok(vec![]);
        }
        self.may_be_invited()?;
        invitation.deserved()?;
        Ok(vec![Event::SchoolInvited(invitation)])
    }

    pub(super) fn decline_invitation(
        &self,
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let invited = self.invited(year)?;
        match invited {
            Invited::Declined { .. } => return Ok(vec![]),
            Invited::Taken { .. } if !self.has_withdrawn(year) => {
                return Err(Refusal::InvitationTaken { year });
            }
            Invited::Open { .. } | Invited::Taken { .. } | Invited::Expired { .. } => {}
        }
        self.invitation_precedes(year, on)?;
        invited.must_be_in_time(year, on)?;
        Ok(vec![Event::InvitationDeclined { year, reason, on }])
    }

    /// To a later day of its year, whether the one it had is past or not; what was answered needs none, nor does a school
    /// whose application is open, whatever that rests on.
    pub(super) fn extend_invitation(
        &self,
        year: LeadingEdgeYear,
        until: NaiveDate,
        reason: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let invited = self.invited(year)?;
        match invited {
            Invited::Declined { .. } => return Err(Refusal::InvitationDeclined { year }),
            Invited::Taken { .. } if !self.has_withdrawn(year) => {
                return Err(Refusal::InvitationTaken { year });
            }
            Invited::Open { .. } | Invited::Taken { .. } | Invited::Expired { .. } => {}
        }
        if let Ok(application) = self.open_application() {
            return Err(Refusal::ApplicationOpen { year: application.year });
        }
        if !matches!(invited, Invited::Expired { .. }) && invited.until() == Some(until) {
            return Ok(vec![]);
        }
        let had = invited.until().ok_or(Refusal::InvitationHasNoLastDay { year })?;
        if until <= had || until > year.last_day() {
            return Err(Refusal::NotALaterDay { until, had, last_day: year.last_day() });
        }
        if until < on {
            return Err(Refusal::AnswerDueBeforeAsked { until });
        }
        self.may_be_invited()?;
        self.invitation_precedes(year, on)?;
        if reason.trim().is_empty() || reason.contains(char::is_control) {
            return Err(Refusal::WhyMissing);
        }
        Ok(vec![Event::InvitationExtended { year, until, reason, on }])
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

    /// Whether a school that applied on a day may do so by its invitation: also one whose letter is entered when the
    /// calendar has long said that it expired, and not one that comes too late before the calendar has said so (R4).
    pub(super) fn may_take_invitation(
        &self,
        year: LeadingEdgeYear,
        on: NaiveDate,
    ) -> Result<(), Refusal> {
        let invited = self.invited(year)?;
        match invited {
            Invited::Declined { .. } => Err(Refusal::InvitationDeclined { year }),
            Invited::Open { .. } | Invited::Taken { .. } | Invited::Expired { .. } => {
                invited.must_be_in_time(year, on)
            }
        }
    }

    fn may_be_invited(&self) -> Result<(), Refusal> {
        match &self.standing {
            Standing::Outside => Ok(()),
            Standing::Left(left) => left.may_return(),
            Standing::Member(member) => {
                Err(Refusal::AMemberIsNotInvited { until: member.term.until })
            }
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
    /// Whether an answer of this day is in time: the last day to answer is one of them (R4).
    #[must_use]
    pub fn is_in_time(&self, on: NaiveDate) -> bool {
        is_in_time(self.until, on)
    }

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

/// R4: the last day to answer is one on which there is time.
fn is_in_time(until: Option<NaiveDate>, on: NaiveDate) -> bool {
    until.is_none_or(|until| on <= until)
}
