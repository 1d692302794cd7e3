//! What has happened to how a school is billed.  Every shape here is also a line in `events/customer.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::ledger::Billed;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A school is billed under this name and at this address from then on, whatever the register says (R10).
    BillingAddressSet { billed: Billed, on: NaiveDate },
    /// A school is billed as the register names it again (R10).
    BillingAddressCleared { on: NaiveDate },
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
