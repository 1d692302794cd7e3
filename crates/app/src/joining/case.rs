//! A school's application as a whole: what it rests on, where it stands, what came in, what was decided (R16).

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Release, Urn};
use membership::membership::{
    Acceptance, Advice, Document, Event as Membership, How, Invitation, Profile, Role, Step,
    Verdict,
};
use projections::memberships::{Application, Invitation as Became};
use projections::{Event, Recorded};
use serde::Serialize;

use super::Next;
use crate::{Desk, Failure, SchoolDocument};

/// A school's last application.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub urn: Urn,
    pub name: String,
    /// The Leading Edge year it applied for.
    pub year: LeadingEdgeYear,
    pub by: Role,
    pub applied_on: NaiveDate,
    pub rests_on: RestsOn,
    /// What it was told when it applied (R4, R5).
    pub advice: Advice,
    pub stage: Application,
    /// What is awaited, and of whom; `null`: nothing.
    pub next: Option<Next>,
    pub asked_for: Vec<AskedFor>,
    pub documents: Vec<Received>,
    pub referral: Option<Referral>,
    pub interests: Vec<Interest>,
    pub decision: Option<Decided>,
    pub acceptance: Option<Acceptance>,
    pub closed: Option<Closed>,
    pub reminders: Vec<Reminder>,
    /// Everything since the application, in plain sentences, oldest first.
    pub happened: Vec<Happened>,
}

/// What an application rests on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestsOn {
    /// It needs no evidence (R4).
    Invitation(Invited),
    Profile(ProfileDocument),
}

/// The invitation of a year.
#[derive(Clone, Debug, Serialize)]
pub struct Invited {
    pub invited_on: NaiveDate,
    pub grade: Option<Grade>,
    /// In points.
    pub progress8: Option<f64>,
    pub release: Option<Release>,
    /// In points.
    pub threshold: Option<f64>,
    pub reviewed_as_at: NaiveDate,
    pub answer_by: Option<NaiveDate>,
}

/// What was public of a school that was not invited, against the criteria in force (R5).
#[derive(Clone, Debug, Serialize)]
pub struct ProfileDocument {
    /// Whose year's criteria were in force.
    pub criteria: LeadingEdgeYear,
    pub as_at: NaiveDate,
    pub release: Option<Release>,
    pub school: SchoolDocument,
}

#[derive(Clone, Debug, Serialize)]
pub struct AskedFor {
    pub what: String,
    pub due: NaiveDate,
    pub on: NaiveDate,
}

#[derive(Clone, Debug, Serialize)]
pub struct Received {
    #[serde(flatten)]
    pub document: Document,
    pub on: NaiveDate,
}

#[derive(Clone, Debug, Serialize)]
pub struct Referral {
    pub question: String,
    pub why: String,
    /// The meeting it is before, or was decided at.
    pub meeting_on: NaiveDate,
    pub on: NaiveDate,
    pub deferrals: Vec<Deferral>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Deferral {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub why: String,
    pub on: NaiveDate,
}

/// A school, with its name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct School {
    pub urn: Urn,
    pub name: String,
}

/// The headteacher of a member school who may not decide.
#[derive(Clone, Debug, Serialize)]
pub struct Interest {
    pub school: School,
    pub on: NaiveDate,
}

/// What the steering group decided (R6).
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    pub verdict: Verdict,
    pub reasons: String,
    pub minute: String,
    pub decided_by: Vec<School>,
    pub on: NaiveDate,
}

/// How an application ended without a membership.
#[derive(Clone, Debug, Serialize)]
pub struct Closed {
    pub how: Application,
    pub reason: Option<String>,
    pub on: NaiveDate,
}

/// A reminder that was sent, or why it was not.
#[derive(Clone, Debug, Serialize)]
pub struct Reminder {
    pub step: Step,
    pub due: NaiveDate,
    pub on: NaiveDate,
    /// `null`: it was sent.
    pub why_not: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Happened {
    pub on: NaiveDate,
    pub what: String,
    pub actor: String,
    pub position: u64,
}

impl Desk {
    /// A school's last application, as a whole.
    ///
    /// # Errors
    /// The school is not on record, or has none.
    pub fn case(&self, urn: Urn) -> Result<Case, Failure> {
        self.case_told(urn, self.today())
    }

    /// The same as it is told on another day: what is awaited next, and whether it is overdue.  So is a step answered that
    /// is entered later than it happened.
    ///
    /// # Errors
    /// The same.
    pub fn case_told(&self, urn: Urn, told_on: NaiveDate) -> Result<Case, Failure> {
        let name = self.school_name(urn)?;
        let none = || Failure::Refused(format!("{urn} {name}: it has no application"));
        let row = self.application_row(urn)?.ok_or_else(none)?;
        let stage = row.application.ok_or_else(none)?;
        let events = self.events_of(urn)?;
        let begun = events.iter().rposition(|(_, event)| is_application(event)).ok_or_else(none)?;
        let (before, since) = events.split_at(begun);
        let Some((_, Membership::SchoolApplied { year, by, how, advice, on })) = since.first()
        else {
            return Err(none());
        };
        let mut case = Case {
            urn,
            year: *year,
            by: *by,
            applied_on: *on,
            rests_on: match how {
                How::OnItsProfile(profile) => RestsOn::Profile(ProfileDocument::of(profile)),
                How::ByInvitation => RestsOn::Invitation(
                    invitation_for(before, *year)
                        .map(|(it, _)| Invited::of(&it))
                        .ok_or_else(none)?,
                ),
            },
            advice: *advice,
            stage,
            next: self.next_step(&row, told_on)?,
            asked_for: vec![],
            documents: vec![],
            referral: None,
            interests: vec![],
            decision: None,
            acceptance: None,
            closed: None,
            reminders: vec![],
            happened: vec![],
            name,
        };
        for (recorded, event) in since {
            case.happened.push(Happened::of(recorded));
            self.take_down(&mut case, event)?;
            if matches!(event, Membership::MembershipStarted(_)) {
                break;
            }
        }
        Ok(case)
    }

    fn take_down(&self, case: &mut Case, event: &Membership) -> Result<(), Failure> {
        match event {
            Membership::EvidenceRequested { what, due, on, .. } => {
                case.asked_for.push(AskedFor { what: what.clone(), due: *due, on: *on });
            }
            Membership::EvidenceReceived { documents, on, .. } => {
                let received = documents.iter().cloned();
                case.documents.extend(received.map(|document| Received { document, on: *on }));
            }
            Membership::ApplicationReferred { question, why, meeting_on, on, .. } => {
                case.referral = Some(Referral {
                    question: question.clone(),
                    why: why.clone(),
                    meeting_on: *meeting_on,
                    on: *on,
                    deferrals: vec![],
                });
            }
            Membership::ReferralDeferred { from, to, why, on, .. } => {
                if let Some(referral) = &mut case.referral {
                    referral.meeting_on = *to;
                    let deferral = Deferral { from: *from, to: *to, why: why.clone(), on: *on };
                    referral.deferrals.push(deferral);
                }
            }
            Membership::InterestDeclared { school, on, .. } => {
                case.interests.push(Interest { school: self.named(*school)?, on: *on });
            }
            Membership::ReferralDecided { decision, .. } => {
                let decided_by = decision.decided_by.iter().map(|urn| self.named(*urn));
                case.decision = Some(Decided {
                    verdict: decision.verdict,
                    reasons: decision.reasons.clone(),
                    minute: decision.minute.clone(),
                    decided_by: decided_by.collect::<Result<_, _>>()?,
                    on: decision.on,
                });
            }
            Membership::ApplicationAccepted { acceptance, .. } => {
                case.acceptance = Some(acceptance.clone());
            }
            Membership::ApplicationDeclined { reasons, on, .. } => {
                let reason = Some(reasons.clone());
                case.closed = Some(Closed { how: Application::Declined, reason, on: *on });
            }
            Membership::ApplicationWithdrawn { reason, on, .. } => {
                let reason = reason.clone();
                case.closed = Some(Closed { how: Application::Withdrawn, reason, on: *on });
            }
            Membership::Reminded { step, due, on } => {
                case.reminders.push(Reminder { step: *step, due: *due, on: *on, why_not: None });
            }
            Membership::ReminderSkipped { step, due, why, on } => {
                let why_not = Some(why.clone());
                case.reminders.push(Reminder { step: *step, due: *due, on: *on, why_not });
            }
            // Nothing else is of an application.
            _ => {}
        }
        Ok(())
    }

    /// Everything that happened between a school and the network, oldest first.
    pub(crate) fn events_of(&self, urn: Urn) -> Result<Vec<(Recorded, Membership)>, Failure> {
        let timeline = self.read.timeline(urn, &self.journal)?;
        Ok(timeline
            .into_iter()
            .filter_map(|recorded| match recorded.event.clone() {
                Event::Membership(of, event) if of == urn => Some((recorded, event)),
                _ => None,
            })
            .collect())
    }

    /// What became of a school's invitation for a year.
    pub(crate) fn what_became_of(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
    ) -> Result<Became, Failure> {
        let events = self.events_of(urn)?;
        Ok(invitation_for(&events, year).map_or(Became::Open, |(_, became)| became))
    }

    pub(crate) fn named(&self, urn: Urn) -> Result<School, Failure> {
        Ok(School { urn, name: self.school_name(urn)? })
    }
}

impl Happened {
    pub(crate) fn of(recorded: &Recorded) -> Self {
        Self {
            on: recorded.effective_on,
            what: recorded.event.sentence(),
            actor: recorded.actor.clone(),
            position: recorded.position,
        }
    }
}

impl Invited {
    fn of(invitation: &Invitation) -> Self {
        Self {
            invited_on: invitation.on,
            grade: invitation.grade,
            progress8: invitation.progress8.map(|score| f64::from(score.hundredths()) / 100.0),
            release: invitation.release,
            threshold: invitation.threshold.map(|threshold| f64::from(threshold) / 10_000.0),
            reviewed_as_at: invitation.reviewed_as_at,
            answer_by: invitation.until,
        }
    }
}

impl ProfileDocument {
    fn of(profile: &Profile) -> Self {
        Self {
            criteria: profile.criteria,
            as_at: profile.as_at,
            release: profile.release,
            school: SchoolDocument::of(&profile.finding),
        }
    }
}

/// The invitation of a year as it was extended, and what became of it.
pub(super) fn invitation_for(
    events: &[(Recorded, Membership)],
    year: LeadingEdgeYear,
) -> Option<(Invitation, Became)> {
    events.iter().fold(None, |found, (_, event)| match event {
        Membership::SchoolInvited(invitation) if invitation.year == year => {
            Some((invitation.clone(), Became::Open))
        }
        Membership::InvitationExtended { year: of, until, .. } if *of == year => {
            found.map(|(it, became)| {
                let became = if became == Became::Expired { Became::Open } else { became };
                (Invitation { until: Some(*until), ..it }, became)
            })
        }
        Membership::InvitationDeclined { year: of, .. } if *of == year => {
            found.map(|(it, _)| (it, Became::Declined))
        }
        Membership::InvitationExpired { year: of, .. } if *of == year => {
            found.map(|(it, _)| (it, Became::Expired))
        }
        Membership::SchoolApplied { year: of, how: How::ByInvitation, .. } if *of == year => {
            found.map(|(it, _)| (it, Became::Taken))
        }
        _ => found,
    })
}

fn is_application(event: &Membership) -> bool {
    matches!(event, Membership::SchoolApplied { .. })
}
