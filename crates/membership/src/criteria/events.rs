//! What has happened to a year's criteria.  Every shape here is also a line in `events/criteria.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::criteria::Adoption;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// The steering group adopted the criteria of a Leading Edge year (R1).
    CriteriaAdopted(Adoption),
    /// The steering group decided to change criteria that it had adopted (R1).
    CriteriaAmended { adoption: Adoption, reason: String },
    /// A decision had been taken down wrongly: `adoption` is how it was taken (R1, D17).
    CriteriaCorrected {
        adoption: Adoption,
        /// The day that the decision had on record until now.
        corrects: NaiveDate,
        reason: String,
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
            Self::CriteriaAdopted(adoption) | Self::CriteriaAmended { adoption, .. } => {
                Some(adoption.adopted_on)
            }
            // It says what was so all along: from the first day that the wrong record or the right one speaks of.
            Self::CriteriaCorrected { adoption, corrects, .. } => {
                Some(adoption.adopted_on.min(*corrects))
            }
        }
    }
}
