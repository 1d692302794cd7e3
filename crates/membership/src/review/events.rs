//! What has happened in a year's review.  Every shape here is also a line in `events/review.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, Urn};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::Finding;
use crate::review::{Basis, Counts, Verdict};

#[derive(Clone, Debug, Deserialize, Eq, IntoStaticStr, PartialEq, Serialize, VariantNames)]
pub enum Event {
    AnnualReviewOpened(Basis),
    /// The review was run again on another basis, or on facts that had changed; the findings that differ follow.
    AnnualReviewRepeated(Basis),
    SchoolReviewed(Finding),
    /// A school reviewed before is not among those reviewed now.
    SchoolLeftReview {
        urn: Urn,
    },
    JudgementRecorded {
        urn: Urn,
        verdict: Verdict,
        reason: String,
        minute: String,
        on: NaiveDate,
    },
    AnnualReviewClosed {
        on: NaiveDate,
        counts: Counts,
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
            Self::AnnualReviewOpened(basis) | Self::AnnualReviewRepeated(basis) => {
                Some(basis.as_at)
            }
            Self::SchoolReviewed(_) | Self::SchoolLeftReview { .. } => None,
            Self::JudgementRecorded { on, .. } | Self::AnnualReviewClosed { on, .. } => Some(*on),
        }
    }
}
