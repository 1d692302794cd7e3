use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use membership::membership::{JoiningTerms, Role, Verdict};

/// What comes from one school, or is done for it, on a day.
#[derive(Clone, Debug, Eq, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Act {
    DeclineInvitation {
        year: LeadingEdgeYear,
        reason: Option<String>,
    },
    Apply {
        year: LeadingEdgeYear,
        by: Role,
    },
    /// The same application once more: another letter in the post.
    ApplyAgain {
        year: LeadingEdgeYear,
        by: Role,
    },
    Withdraw {
        reason: Option<String>,
    },
    RequestEvidence {
        what: String,
        due: NaiveDate,
    },
    ReceiveEvidence,
    Refer {
        question: String,
        why: String,
        meeting_on: NaiveDate,
    },
    Defer {
        to: NaiveDate,
        why: String,
    },
    DeclareInterest {
        school: Urn,
    },
    Decide {
        verdict: Verdict,
        reasons: String,
        minute: String,
        decided_by: BTreeSet<Urn>,
    },
    Accept {
        first_day: Option<NaiveDate>,
        terms: JoiningTerms,
    },
    DeclineApplication {
        reasons: String,
    },
    AcceptRenewal {
        year: LeadingEdgeYear,
        by: Role,
    },
    DeclineRenewal {
        year: LeadingEdgeYear,
        reason: Option<String>,
    },
    TakeBackDecline {
        year: LeadingEdgeYear,
        reason: String,
    },
}
