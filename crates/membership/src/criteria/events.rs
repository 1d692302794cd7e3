//! What has happened to a year's criteria.  Every shape here is also a line in `events/criteria.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::criteria::Adoption;

#[derive(Clone, Debug, Deserialize, Eq, IntoStaticStr, PartialEq, Serialize, VariantNames)]
pub enum Event {
    CriteriaAdopted(Adoption),
    CriteriaAmended { adoption: Adoption, reason: String },
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
        }
    }
}
