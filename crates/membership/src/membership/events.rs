//! What has happened to a school's membership.  Every shape here is also a line in `events/membership.jsonl`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::facts::Cover;
use crate::membership::{
    Acceptance, Advice, Carried, Decision, Document, EndReason, Grading, How, Invitation,
    LapseReason, Offer, Role, Started, Step, WhyRefused,
};

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A school was invited to join, on the finding of a review (R3).
    SchoolInvited(Invitation),
    /// A school said no to its invitation (R3).
    InvitationDeclined { year: LeadingEdgeYear, reason: Option<String>, on: NaiveDate },
    /// A school may answer its invitation until a later day (R3). `until` is the last day to answer from now on; one
    /// that had expired is open again.
    InvitationExtended { year: LeadingEdgeYear, until: NaiveDate, reason: String, on: NaiveDate },
    /// An invitation was not answered by its last day (R3). `until` was the last day to answer.
    InvitationExpired { year: LeadingEdgeYear, until: NaiveDate, on: NaiveDate },

    /// A school applied to join. `advice` is what the school is told: whether more is wanted (R4, R5).
    SchoolApplied { year: LeadingEdgeYear, by: Role, how: How, advice: Advice, on: NaiveDate },
    /// A school took its application back (R5).
    ApplicationWithdrawn { year: LeadingEdgeYear, reason: Option<String>, on: NaiveDate },
    /// A school was asked for evidence of its performance (R5, R6).
    EvidenceRequested { year: LeadingEdgeYear, what: String, due: NaiveDate, on: NaiveDate },
    /// Evidence came in; the documents themselves are kept outside the journal, by their hash (R5).
    EvidenceReceived { year: LeadingEdgeYear, documents: Vec<Document>, on: NaiveDate },
    /// An application was put before the steering group (R6).
    ApplicationReferred {
        year: LeadingEdgeYear,
        question: String,
        why: String,
        meeting_on: NaiveDate,
        on: NaiveDate,
    },
    /// The steering group put an application off, from one meeting to a later one (R6).
    ReferralDeferred {
        year: LeadingEdgeYear,
        from: NaiveDate,
        to: NaiveDate,
        why: String,
        on: NaiveDate,
    },
    /// A head of the steering group has an interest in an application: the headteacher of a member school, known by the
    /// school (R37).
    InterestDeclared { year: LeadingEdgeYear, school: Urn, on: NaiveDate },
    /// The steering group decided on an application, with its reasons (R6, R37).
    ReferralDecided { year: LeadingEdgeYear, decision: Decision },
    /// A school may join from a day (R7, R8, R9). `year` is that of the first day.
    ApplicationAccepted { year: LeadingEdgeYear, acceptance: Acceptance },
    /// An application was declined, with the reasons (R6).
    ApplicationDeclined { year: LeadingEdgeYear, reasons: String, on: NaiveDate },
    /// The first day of a membership came (R11).
    MembershipStarted(Started),

    /// A grade of 3 or 4 bars a member from renewing; nothing changes before 31 March (R14, R15). `counts_for` is the
    /// first year not agreed yet (D9).  `renewed_on`: the day on which a renewal was agreed whose year had not begun
    /// when the grade was published; that renewal stands.
    MarkedNotEligibleToRenew {
        grading: Grading,
        counts_for: LeadingEdgeYear,
        renewed_on: Option<NaiveDate>,
    },
    /// A better grade lets a member renew again (D9).
    EligibilityRestored(Grading),
    /// A member whose grade fell was offered connections in the network, for these areas (R15).
    ConnectionsOffered { areas: BTreeSet<String>, on: NaiveDate },

    /// A member was offered the coming year, on the outcome of the review (R12).
    RenewalOffered { year: LeadingEdgeYear, offer: Offer },
    /// A member said yes to the coming year (R12).
    RenewalAccepted { year: LeadingEdgeYear, by: Role, on: NaiveDate },
    /// The coming year is agreed with a member (R7, R10). Both days inclusive; the fee is without VAT.
    MembershipRenewed {
        year: LeadingEdgeYear,
        from: NaiveDate,
        until: NaiveDate,
        fee_pence: u64,
        cover: Cover,
        on: NaiveDate,
    },
    /// The network does not renew a membership, and why (R7, R12, R14). `mark` is the grade that forbids it, where that
    /// is why.
    RenewalRefused { year: LeadingEdgeYear, why: WhyRefused, mark: Option<Grading>, on: NaiveDate },
    /// A member said no to the coming year: it leaves on 31 March (R11).
    RenewalDeclined { year: LeadingEdgeYear, reason: Option<String>, on: NaiveDate },
    /// A member that had said no stays after all (R11).
    RenewalDeclineTakenBack { year: LeadingEdgeYear, reason: String, on: NaiveDate },

    /// A year ended and the membership was not renewed (R11). `on` is 1 April, the day after the last.
    MembershipLapsed { last_day: NaiveDate, reason: LapseReason, on: NaiveDate },
    /// A membership ended with its school (R15, D12). In the middle of a year, as the school itself ended (R15); `on`
    /// is the last day.
    MembershipEnded { reason: EndReason, on: NaiveDate },
    /// A member has a new URN, and its membership goes on there (D12). From `on` the membership goes on at the
    /// successor.
    MembershipCarriedOver { to: Urn, carried: Carried, on: NaiveDate },
    /// A school took over the membership of the one it succeeded (D12).
    MembershipTakenOver { from: Urn, carried: Carried, member_since: NaiveDate, on: NaiveDate },

    /// Of the time before this system, under its true date (R38).  How it went on follows.
    EarlierMembershipStarted {
        from: NaiveDate,
        member_since: NaiveDate,
        continuous_since: NaiveDate,
    },
    /// A membership of the time before this system ended (R38).
    EarlierMembershipEnded { from: NaiveDate, last_day: NaiveDate, reason: String },
    /// A membership of the time before this system goes on in it (R38). It still runs, to the end of `year`.
    EarlierMembershipRuns {
        from: NaiveDate,
        year: LeadingEdgeYear,
        until: NaiveDate,
        member_since: NaiveDate,
        continuous_since: NaiveDate,
    },

    /// A member's SSAT cover ends inside the year; a warning, and no more (D10).
    CoverEnding { ends_on: NaiveDate, on: NaiveDate },
    /// A school was reminded of an answer that is due (R3, R12).
    Reminded { step: Step, due: NaiveDate, on: NaiveDate },
    /// A reminder could not be sent, and why (R3, R12).
    ReminderSkipped { step: Step, due: NaiveDate, why: String, on: NaiveDate },
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
