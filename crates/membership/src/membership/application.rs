//! Applications to join (R4, R5).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Release, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::finding::{Finding, Outcome};
use crate::membership::evidence::Evidence;
use crate::membership::referral::Referral;
use crate::membership::{Acceptance, Decision, Event, Membership, Standing};
use crate::refusal::{Refusal, not_before};

/// Who speaks for a school: its office, never a name.
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
pub enum Role {
    Headteacher,
    SeniorLeader,
    Governors,
    Trust,
    /// The network's own office, on the school's behalf.
    Office,
}

/// What an application rests on.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The school was invited for the year and needs to show no more (R4).
    ByInvitation,
    /// It was not invited: what national data say of it (R5).
    OnItsProfile(Box<Profile>),
}

/// What national data say of a school that was not invited, held against a year's criteria (R5, R16).
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Profile {
    pub finding: Finding,
    /// Whose year's criteria were in force.
    pub criteria: LeadingEdgeYear,
    /// Facts public on or before this day count.
    pub as_at: NaiveDate,
    /// The release of results looked at; `None`: none was published by then.
    pub release: Option<Release>,
}

/// What an applicant is told (R4, R5).
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
pub enum Advice {
    /// No more is needed.
    Eligible,
    /// National data do not decide; evidence is wanted, and the steering group is asked (D6, D8).
    EvidenceNeeded,
    /// It does not meet the criteria; a strong case goes to the steering group, with evidence (R6).
    Refer,
}

/// An application, as far as the next question needs it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Application {
    pub(super) year: LeadingEdgeYear,
    /// The day on which the school applied.
    pub(super) on: NaiveDate,
    pub(super) how: How,
    pub(super) advice: Advice,
    pub(super) evidence: Evidence,
    /// Member schools whose headteachers declared an interest.
    pub(super) interests: BTreeSet<Urn>,
    /// What the steering group decided.
    pub(super) decision: Option<Decision>,
    pub(super) stage: Stage,
}

/// How far an application has come.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Stage {
    /// Eligibility is not shown yet.
    Considered,
    /// Before the steering group.
    Referred(Referral),
    /// Eligibility is shown; acceptance waits for SSAT cover and the first day.
    Prepared,
    Accepted(Acceptance),
    /// The membership started on this day.
    Joined {
        from: NaiveDate,
    },
    Declined {
        reasons: String,
    },
    Withdrawn,
}

impl Profile {
    /// A profile that does not decide is never a silent no (D6, D8).
    #[must_use]
    pub fn advice(&self) -> Advice {
        match (self.finding.eligible, self.finding.outcome) {
            (true, _) => Advice::Eligible,
            (false, Outcome::Referral) => Advice::EvidenceNeeded,
            (
                false,
                Outcome::Renew | Outcome::RenewNotedDip | Outcome::Judgement | Outcome::NotEligible,
            ) => Advice::Refer,
        }
    }
}

impl Application {
    pub(super) fn new(year: LeadingEdgeYear, how: How, advice: Advice, on: NaiveDate) -> Self {
        let stage = match advice {
            Advice::Eligible => Stage::Prepared,
            Advice::EvidenceNeeded | Advice::Refer => Stage::Considered,
        };
        Self {
            year,
            on,
            how,
            advice,
            evidence: Evidence::default(),
            interests: BTreeSet::new(),
            decision: None,
            stage,
        }
    }

    /// Nothing that is done about an application is dated before it.
    pub(super) fn precedes(&self, on: NaiveDate) -> Result<(), Refusal> {
        not_before(self.on, "the school applied on", on)
    }

    /// How a closed application was closed; `None`: it is open.
    pub(super) fn closed(&self) -> Option<&'static str> {
        match self.stage {
            Stage::Considered | Stage::Referred(_) | Stage::Prepared | Stage::Accepted(_) => None,
            Stage::Joined { .. } => Some("accepted, and the membership started"),
            Stage::Declined { .. } => Some("declined"),
            Stage::Withdrawn => Some("withdrawn"),
        }
    }
}

impl Membership {
    /// The same application twice is one: a second for the year changes nothing while the first is open, and neither does
    /// one that rests on nothing new after the first was declined.
    pub(super) fn apply_to_join(
        &self,
        year: LeadingEdgeYear,
        by: Role,
        how: How,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(application) = &self.application {
            let same_year = application.year == year;
            let declined = matches!(application.stage, Stage::Declined { .. });
            match application.closed() {
                None if same_year => return Ok(vec![]),
                None => return Err(Refusal::ApplicationOpen { year: application.year }),
                Some(_) if same_year && declined && application.how == how => return Ok(vec![]),
                Some(_) => {}
            }
        }
        match &self.standing {
            Standing::Outside => {}
            Standing::Left(left) => left.may_return()?,
            Standing::Member(member) => {
                return Err(Refusal::AMemberDoesNotApply { until: member.term.until });
            }
        }
        if on > year.last_day() {
            return Err(Refusal::YearOver { year });
        }
        let advice = match &how {
            How::ByInvitation => {
                self.may_take_invitation(year, on)?;
                self.invitation_precedes(year, on)?;
                Advice::Eligible
            }
            How::OnItsProfile(profile) => {
                profile.must_decide()?;
                profile.advice()
            }
        };
        Ok(vec![Event::SchoolApplied { year, by, how, advice, on }])
    }

    pub(super) fn withdraw(
        &self,
        reason: Option<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let application = self.application.as_ref().ok_or(Refusal::NoApplication)?;
        let year = application.year;
        match &application.stage {
            Stage::Withdrawn => Ok(vec![]),
            Stage::Joined { from } => Err(Refusal::AlreadyStarted { from: *from }),
            Stage::Declined { .. } => Err(Refusal::ApplicationClosed { year, how: "declined" }),
            Stage::Considered | Stage::Referred(_) | Stage::Prepared | Stage::Accepted(_) => {
                application.precedes(on)?;
                Ok(vec![Event::ApplicationWithdrawn { year, reason, on }])
            }
        }
    }

    pub(super) fn decline_application(
        &self,
        reasons: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let application = self.application.as_ref().ok_or(Refusal::NoApplication)?;
        let year = application.year;
        match &application.stage {
            Stage::Declined { .. } => Ok(vec![]),
            Stage::Referred(Referral { meeting_on, .. }) => {
                Err(Refusal::AlreadyReferred { meeting_on: *meeting_on })
            }
            Stage::Accepted(Acceptance { on, .. }) => Err(Refusal::AlreadyAccepted { on: *on }),
            Stage::Joined { from } => Err(Refusal::AlreadyStarted { from: *from }),
            Stage::Withdrawn => Err(Refusal::ApplicationClosed { year, how: "withdrawn" }),
            Stage::Considered | Stage::Prepared if reasons.trim().is_empty() => {
                Err(Refusal::ReasonsMissing)
            }
            Stage::Considered | Stage::Prepared => {
                application.precedes(on)?;
                if let Some(decision) = &application.decision {
                    decision.precedes(on)?;
                }
                Ok(vec![Event::ApplicationDeclined { year, reasons, on }])
            }
        }
    }

    /// Whether the school took back its application for a year.
    pub(super) fn has_withdrawn(&self, year: LeadingEdgeYear) -> bool {
        self.application.as_ref().is_some_and(|application| {
            application.year == year && application.stage == Stage::Withdrawn
        })
    }

    /// The application, if it is open.
    pub(super) fn open_application(&self) -> Result<&Application, Refusal> {
        let application = self.application.as_ref().ok_or(Refusal::NoApplication)?;
        match application.closed() {
            None => Ok(application),
            Some(how) => Err(Refusal::ApplicationClosed { year: application.year, how }),
        }
    }
}

impl Profile {
    /// Provisional results may be looked at; they decide nothing (D4).
    fn must_decide(&self) -> Result<(), Refusal> {
        match self.release.filter(|release| !release.standing.decides()) {
            Some(release) => Err(Refusal::Provisional { release }),
            None => Ok(()),
        }
    }
}
