//! Applications before the steering group (R6, R37).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::Urn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::membership::{Advice, Application, Event, Membership, Stage};
use crate::refusal::{Refusal, not_before};

/// What the steering group is asked, and at which meeting.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Referral {
    pub(super) question: String,
    pub(super) why: String,
    pub(super) meeting_on: NaiveDate,
    /// The day on which it was referred, and the one on which it was put off last.
    pub(super) on: NaiveDate,
    pub(super) deferred_on: Option<NaiveDate>,
}

/// What the steering group decided, and who of it.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Decision {
    pub verdict: Verdict,
    pub reasons: String,
    /// Where it is written down.
    pub minute: String,
    /// The member schools whose headteachers decided (R37); one that declared an interest is not among them.
    pub decided_by: BTreeSet<Urn>,
    pub on: NaiveDate,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    PartialEq,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Accepted,
    Declined,
}

const REFERRED: &str = "it was put before the steering group on";

impl Referral {
    fn asks(&self, question: &str, why: &str, meeting_on: NaiveDate) -> bool {
        (self.question.as_str(), self.why.as_str(), self.meeting_on) == (question, why, meeting_on)
    }

    fn precedes(&self, on: NaiveDate) -> Result<(), Refusal> {
        not_before(self.on, REFERRED, on)?;
        match self.deferred_on {
            Some(deferred_on) => not_before(deferred_on, "it was put off on", on),
            None => Ok(()),
        }
    }
}

impl Decision {
    /// What follows from a decision is not dated before it.
    pub(super) fn precedes(&self, on: NaiveDate) -> Result<(), Refusal> {
        not_before(self.on, "the steering group decided on", on)
    }

    /// What another decision says otherwise, the weightiest alone.
    fn differs(&self, other: &Self) -> &'static str {
        if self.verdict != other.verdict {
            "another verdict"
        } else if self.decided_by != other.decided_by {
            "the same verdict, and others who decided"
        } else if self.on != other.on {
            "the same verdict, on another day"
        } else if self.minute != other.minute {
            "the same verdict, and another minute"
        } else {
            "the same verdict, and other reasons"
        }
    }
}

impl Membership {
    pub(super) fn refer(
        &self,
        question: String,
        why: String,
        meeting_on: NaiveDate,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let application = self.open_application()?;
        match &application.stage {
            Stage::Considered => {}
            Stage::Referred(before) if before.asks(&question, &why, meeting_on) => {
                return Ok(vec![]);
            }
            Stage::Referred(before) => {
                return Err(Refusal::AlreadyReferred { meeting_on: before.meeting_on });
            }
            Stage::Accepted(acceptance) => {
                return Err(Refusal::AlreadyAccepted { on: acceptance.on });
            }
            Stage::Prepared | Stage::Joined { .. } | Stage::Declined { .. } | Stage::Withdrawn => {
                return Err(Refusal::NothingToRefer);
            }
        }
        if question.trim().is_empty() {
            return Err(Refusal::NothingAsked);
        }
        if why.trim().is_empty() {
            return Err(Refusal::WhyReferredMissing);
        }
        if meeting_on < on {
            return Err(Refusal::MeetingPast { meeting_on });
        }
        application.precedes(on)?;
        let year = application.year;
        Ok(vec![Event::ApplicationReferred { year, question, why, meeting_on, on }])
    }

    pub(super) fn defer(
        &self,
        to: NaiveDate,
        why: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let (application, referral) = self.referred()?;
        let from = referral.meeting_on;
        if to == from {
            return Ok(vec![]);
        }
        if to < from {
            return Err(Refusal::DeferredBackwards { meeting_on: from });
        }
        if why.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        referral.precedes(on)?;
        Ok(vec![Event::ReferralDeferred { year: application.year, from, to, why, on }])
    }

    pub(super) fn declare_interest(
        &self,
        school: Urn,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let (application, referral) = self.referred()?;
        if application.interests.contains(&school) {
            return Ok(vec![]);
        }
        // Also one declared before the meeting was put off counts.
        not_before(referral.on, REFERRED, on)?;
        Ok(vec![Event::InterestDeclared { year: application.year, school, on }])
    }

    /// A no closes the application; a yes shows it eligible, for which evidence must have been seen (R6).
    pub(super) fn decide_referral(&self, decision: Decision) -> Result<Vec<Event>, Refusal> {
        if let Some(before) = self.application.as_ref().and_then(|it| it.decision.as_ref()) {
            return if *before == decision {
                Ok(vec![])
            } else {
                Err(Refusal::DecidedOtherwise { on: before.on, differs: before.differs(&decision) })
            };
        }
        let (application, referral) = self.referred()?;
        if decision.reasons.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if decision.minute.trim().is_empty() {
            return Err(Refusal::MinuteMissing);
        }
        if decision.decided_by.is_empty() {
            return Err(Refusal::NobodyDecided);
        }
        if let Some(school) = decision.decided_by.intersection(&application.interests).next() {
            return Err(Refusal::DecidedWithInterest { school: *school });
        }
        if decision.on < referral.meeting_on {
            return Err(Refusal::DecidedBeforeMeeting { meeting_on: referral.meeting_on });
        }
        referral.precedes(decision.on)?;
        let year = application.year;
        match decision.verdict {
            Verdict::Accepted if application.evidence.received.is_empty() => {
                Err(Refusal::EvidenceMissing)
            }
            Verdict::Accepted => Ok(vec![Event::ReferralDecided { year, decision }]),
            Verdict::Declined => {
                let declined = Event::ApplicationDeclined {
                    year,
                    reasons: decision.reasons.clone(),
                    on: decision.on,
                };
                Ok(vec![Event::ReferralDecided { year, decision }, declined])
            }
        }
    }

    fn referred(&self) -> Result<(&Application, &Referral), Refusal> {
        let application = self.open_application()?;
        match &application.stage {
            Stage::Referred(referral) => Ok((application, referral)),
            Stage::Considered
            | Stage::Prepared
            | Stage::Accepted(_)
            | Stage::Joined { .. }
            | Stage::Declined { .. }
            | Stage::Withdrawn => Err(Refusal::NotReferred),
        }
    }
}

impl Application {
    /// What is awaited before it can be accepted.
    pub(super) fn awaited(&self) -> &'static str {
        match (&self.stage, self.advice) {
            (Stage::Referred(_), _) => "the steering group has not decided",
            (_, Advice::EvidenceNeeded) => {
                "national data do not decide, so ask for evidence and refer it to the steering group"
            }
            (_, Advice::Eligible | Advice::Refer) => {
                "it does not meet the criteria, so refer it to the steering group or decline it"
            }
        }
    }
}
