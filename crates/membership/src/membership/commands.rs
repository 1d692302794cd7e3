//! What may be asked of a school's membership.  Every command brings its day and what its decision rests on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Cover;
use crate::membership::{
    Acceptance, Carried, Decision, Document, EndReason, Grading, How, Invitation, Offer, Role,
    Step, WhyRefused,
};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// Invite the school for a year (R3).
    Invite(Invitation),
    /// The school says no to its invitation.
    DeclineInvitation {
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    },
    /// The school is given a later last day to answer, also where the one it had is past.
    ExtendInvitation {
        year: LeadingEdgeYear,
        until: NaiveDate,
        reason: String,
        on: NaiveDate,
    },
    /// The last day to answer is past; asked by the calendar.
    ExpireInvitation {
        year: LeadingEdgeYear,
        on: NaiveDate,
    },

    /// The school applies: by its invitation (R4), or on its profile (R5).  The same application twice is one.
    Apply {
        year: LeadingEdgeYear,
        by: Role,
        how: How,
        on: NaiveDate,
    },
    /// The school takes its application back, at any time before its membership starts.
    Withdraw {
        reason: Option<String>,
        on: NaiveDate,
    },
    /// Ask for evidence of performance in line with the top quartile nationally (R5, R6).
    RequestEvidence {
        what: String,
        due: NaiveDate,
        on: NaiveDate,
    },
    /// Evidence came in; the documents themselves are kept outside the log.
    ReceiveEvidence {
        documents: Vec<Document>,
        on: NaiveDate,
    },
    /// Put the application before the steering group (R6).
    Refer {
        question: String,
        why: String,
        meeting_on: NaiveDate,
        on: NaiveDate,
    },
    /// The steering group puts it off to a later meeting.
    Defer {
        to: NaiveDate,
        why: String,
        on: NaiveDate,
    },
    /// The headteacher of a member school, of the steering group (R37), has an interest in the application.
    DeclareInterest {
        school: Urn,
        on: NaiveDate,
    },
    /// What the steering group decided (R6).
    DecideReferral(Decision),
    /// The school may join from a day.  Needs its eligibility shown and SSAT cover on that day (R7, D10).
    Accept(Acceptance),
    DeclineApplication {
        reasons: String,
        on: NaiveDate,
    },
    /// The first day of an accepted membership has come.  `fee_pence` is the year's full fee, without VAT (R10).
    Start {
        year: LeadingEdgeYear,
        fee_pence: u64,
        on: NaiveDate,
    },

    /// Ofsted published grade 3 or 4 (R14): nothing before 31 March, no renewal after (D9).
    MarkNotEligible(Grading),
    /// Ofsted published grade 1 or 2 again (D9).
    LiftMark(Grading),
    /// Offer connections in the network that support the school's development areas (R15).
    OfferConnections {
        areas: BTreeSet<String>,
        on: NaiveDate,
    },

    /// Offer renewal for the coming year, on the outcome of the annual review (R12).
    OfferRenewal {
        year: LeadingEdgeYear,
        offer: Offer,
    },
    /// The school says yes.  The membership is renewed when SSAT covers the first day.
    AcceptRenewal {
        year: LeadingEdgeYear,
        by: Role,
        on: NaiveDate,
    },
    /// Agree the renewal.  `fee_pence` is the year's full fee, without VAT (R10).
    Renew {
        year: LeadingEdgeYear,
        cover: Cover,
        fee_pence: u64,
        on: NaiveDate,
    },
    /// The network says no.
    RefuseRenewal {
        year: LeadingEdgeYear,
        why: WhyRefused,
        on: NaiveDate,
    },
    /// The school says no: it leaves on 31 March.
    DeclineRenewal {
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: NaiveDate,
    },
    /// The school stays after all.
    TakeBackDecline {
        year: LeadingEdgeYear,
        reason: String,
        on: NaiveDate,
    },

    /// The year is over (R11); on 1 April a membership that was not renewed has lapsed.
    Lapse {
        year: LeadingEdgeYear,
        /// SSAT cover on the first day of the year after: without it an accepted renewal could not be agreed (D10).
        /// `None`: nobody looked.
        #[serde(default)]
        cover: Option<Cover>,
        on: NaiveDate,
    },
    /// The school closed, or went into another; `on` is its last day.
    End {
        reason: EndReason,
        on: NaiveDate,
    },
    /// The school has a new URN; the membership goes on there (D12).  `on` is the first day under it.
    CarryOver {
        to: Urn,
        on: NaiveDate,
    },
    /// This is the successor, and takes the membership over as it was carried (D12).
    TakeOver {
        from: Urn,
        carried: Carried,
        on: NaiveDate,
    },

    /// A membership that began and ended before this system (R38); both days inclusive.
    RecordPast {
        from: NaiveDate,
        last_day: NaiveDate,
        reason: String,
    },
    /// A membership that began before this system and runs to the end of `year` (R38).
    RecordRunning {
        from: NaiveDate,
        year: LeadingEdgeYear,
    },

    /// SSAT cover ends inside the year: a warning, and no more (D10).
    WarnOfCover {
        ends_on: NaiveDate,
        on: NaiveDate,
    },
    /// Remind the school of an answer that is due on a day; once a step.
    Remind {
        step: Step,
        due: NaiveDate,
        on: NaiveDate,
    },
    /// The reminder cannot be sent, and why.
    SkipReminder {
        step: Step,
        due: NaiveDate,
        why: String,
        on: NaiveDate,
    },
}
