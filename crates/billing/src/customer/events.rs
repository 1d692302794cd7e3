//! What has happened to how a school is billed.  Every shape here is also a line in `events/customer.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::ledger::Billed;

#[derive(Clone, Debug, Deserialize, Eq, IntoStaticStr, PartialEq, Serialize, VariantNames)]
pub enum Event {
    /// It counts for what is billed from then on.
    BillingAddressSet {
        billed: Billed,
        on: NaiveDate,
    },
    BillingAddressCleared {
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
            Self::BillingAddressSet { on, .. } | Self::BillingAddressCleared { on } => Some(*on),
        }
    }
}
