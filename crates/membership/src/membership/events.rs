//! What has happened to a school's membership.  Every shape here is also a line in `events/membership.jsonl`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::facts::Cover;
use crate::membership::{
    Acceptance, Advice, Carried, Decision, Document, EndReason, Grading, How, Invitation,
    LapseReason, Offer, Role, Started, Step, WhyRefused,
};

#[derive(Clone, Debug, Deserialize, Eq, IntoStaticStr, PartialEq, Serialize, VariantNames)]
pub enum Event {
    SchoolInvited(Invitation),
    InvitationDeclined {
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    },
    /// `until` is the last day to answer from now on; one that had expired is open again.
    InvitationExtended {
        year: LeadingEdgeYear,
        until: NaiveDate,
        reason: String,
        on: NaiveDate,
    },
    /// `until` was the last day to answer.
    InvitationExpired {
        year: LeadingEdgeYear,
        until: NaiveDate,
        on: NaiveDate,
    },

    /// `advice` is what the school is told: whether more is wanted (R4, R5).
    SchoolApplied {
        year: LeadingEdgeYear,
        by: Role,
        how: How,
        advice: Advice,
        on: NaiveDate,
    },
    ApplicationWithdrawn {
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    },
    EvidenceRequested {
        year: LeadingEdgeYear,
        what: String,
        due: NaiveDate,
        on: NaiveDate,
    },
    EvidenceReceived {
        year: LeadingEdgeYear,
        documents: Vec<Document>,
        on: NaiveDate,
    },
    ApplicationReferred {
        year: LeadingEdgeYear,
        question: String,
        why: String,
        meeting_on: NaiveDate,
        on: NaiveDate,
    },
    /// From one meeting to a later one.
    ReferralDeferred {
        year: LeadingEdgeYear,
        from: NaiveDate,
        to: NaiveDate,
        why: String,
        on: NaiveDate,
    },
    /// By the headteacher of a member school, known by the school (R37).
    InterestDeclared {
        year: LeadingEdgeYear,
        school: Urn,
        on: NaiveDate,
    },
    ReferralDecided {
        year: LeadingEdgeYear,
        decision: Decision,
    },
    /// `year` is that of the first day.
    ApplicationAccepted {
        year: LeadingEdgeYear,
        acceptance: Acceptance,
    },
    ApplicationDeclined {
        year: LeadingEdgeYear,
        reasons: String,
        on: NaiveDate,
    },
    MembershipStarted(Started),

    /// `counts_for` is the first year not agreed yet (D9).  `renewed_on`: the day on which a renewal was agreed whose
    /// year had not begun when the grade was published; that renewal stands.
    MarkedNotEligibleToRenew {
        grading: Grading,
        counts_for: LeadingEdgeYear,
        renewed_on: Option<NaiveDate>,
    },
    EligibilityRestored(Grading),
    ConnectionsOffered {
        areas: BTreeSet<String>,
        on: NaiveDate,
    },

    RenewalOffered {
        year: LeadingEdgeYear,
        offer: Offer,
    },
    RenewalAccepted {
        year: LeadingEdgeYear,
        by: Role,
        on: NaiveDate,
    },
    /// Both days inclusive; the fee is without VAT.
    MembershipRenewed {
        year: LeadingEdgeYear,
        from: NaiveDate,
        until: NaiveDate,
        fee_pence: u64,
        cover: Cover,
        on: NaiveDate,
    },
    /// `mark` is the grade that forbids it, where that is why.
    RenewalRefused {
        year: LeadingEdgeYear,
        why: WhyRefused,
        mark: Option<Grading>,
        on: NaiveDate,
    },
    RenewalDeclined {
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    },
    RenewalDeclineTakenBack {
        year: LeadingEdgeYear,
        reason: String,
        on: NaiveDate,
    },

    /// `on` is 1 April, the day after the last.
    MembershipLapsed {
        last_day: NaiveDate,
        reason: LapseReason,
        on: NaiveDate,
    },
    /// In the middle of a year, as the school itself ended (R15); `on` is the last day.
    MembershipEnded {
        reason: EndReason,
        on: NaiveDate,
    },
    /// From `on` the membership goes on at the successor.
    MembershipCarriedOver {
        to: Urn,
        carried: Carried,
        on: NaiveDate,
    },
    MembershipTakenOver {
        from: Urn,
        carried: Carried,
        member_since: NaiveDate,
        on: NaiveDate,
    },

    /// Of the time before this system, under its true date (R38).  How it went on follows.
    EarlierMembershipStarted {
        from: NaiveDate,
        member_since: NaiveDate,
        continuous_since: NaiveDate,
    },
    EarlierMembershipEnded {
        from: NaiveDate,
        last_day: NaiveDate,
        reason: String,
    },
    /// It still runs, to the end of `year`.
    EarlierMembershipRuns {
        from: NaiveDate,
        year: LeadingEdgeYear,
        until: NaiveDate,
        member_since: NaiveDate,
        continuous_since: NaiveDate,
    },

    CoverEnding {
        ends_on: NaiveDate,
        on: NaiveDate,
    },
    Reminded {
        step: Step,
        due: NaiveDate,
        on: NaiveDate,
    },
    ReminderSkipped {
        step: Step,
        due: NaiveDate,
        why: String,
        on: NaiveDate,
    },
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        <&str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::SchoolInvited(invitation) => Some(invitation.on),
            Self::ReferralDecided { decision, .. } => Some(decision.on),
            Self::ApplicationAccepted { acceptance, .. } => Some(acceptance.on),
            Self::MembershipStarted(started) => Some(started.from),
            Self::MarkedNotEligibleToRenew { grading, .. } | Self::EligibilityRestored(grading) => {
                Some(grading.published_on)
            }
            Self::RenewalOffered { offer, .. } => Some(offer.on),
            Self::EarlierMembershipStarted { from, .. } => Some(*from),
            Self::EarlierMembershipEnded { last_day, .. } => last_day.succ_opt(),
            Self::EarlierMembershipRuns { from, year, .. } => Some(year.first_day().max(*from)),
            Self::InvitationDeclined { on, .. }
            | Self::InvitationExtended { on, .. }
            | Self::InvitationExpired { on, .. }
            | Self::SchoolApplied { on, .. }
            | Self::ApplicationWithdrawn { on, .. }
            | Self::EvidenceRequested { on, .. }
            | Self::EvidenceReceived { on, .. }
            | Self::ApplicationReferred { on, .. }
            | Self::ReferralDeferred { on, .. }
            | Self::InterestDeclared { on, .. }
            | Self::ApplicationDeclined { on, .. }
            | Self::ConnectionsOffered { on, .. }
            | Self::RenewalAccepted { on, .. }
            | Self::MembershipRenewed { on, .. }
            | Self::RenewalRefused { on, .. }
            | Self::RenewalDeclined { on, .. }
            | Self::RenewalDeclineTakenBack { on, .. }
            | Self::MembershipLapsed { on, .. }
            | Self::MembershipEnded { on, .. }
            | Self::MembershipCarriedOver { on, .. }
            | Self::MembershipTakenOver { on, .. }
            | Self::CoverEnding { on, .. }
            | Self::Reminded { on, .. }
            | Self::ReminderSkipped { on, .. } => Some(*on),
        }
    }
}
