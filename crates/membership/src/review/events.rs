//! What has happened in a year's review.  Every shape here is also a line in `events/review.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::Finding;
use crate::review::{Basis, Counts, Verdict};

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// The annual review of a year began, on this basis (R12, R16).
    AnnualReviewOpened(Basis),
    /// The review was run again on another basis, or on facts that had changed; the findings that differ follow (R12).
    AnnualReviewRepeated(Basis),
    /// The three answers for a school: may it join, is it invited, may it stay, clause by clause (R2, R3, R12, R16).
    SchoolReviewed(Finding),
    /// A school reviewed before is not among those reviewed now (R12).
    SchoolLeftReview { urn: Urn },
    /// The steering group judged of a school that the data do not decide (R6, D5).
    JudgementRecorded { urn: Urn, verdict: Verdict, reason: String, minute: String, on: NaiveDate },
    /// The annual review of a year is over; these are its answers in numbers (R12).
    AnnualReviewClosed { on: NaiveDate, counts: Counts },
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
            Self::AnnualReviewOpened(basis) | Self::AnnualReviewRepeated(basis) => {
                Some(basis.as_at)
            }
            Self::SchoolReviewed(_) | Self::SchoolLeftReview { .. } => None,
            Self::JudgementRecorded { on, .. } | Self::AnnualReviewClosed { on, .. } => Some(*on),
        }
    }
}
