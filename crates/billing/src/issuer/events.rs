//! What has happened to the issuer.  Every shape here is also a line in `events/issuer.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::issuer::Terms;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// The office said who bills and on what terms, from a year on (R10, D13).
    IssuerAdopted(Terms),
    /// A VAT return was filed: no invoice and no credit note is dated on or before `until` from then on (R10, D13).
    VatReturnFiled { until: NaiveDate, on: NaiveDate },
    /// A filed return is to be corrected, for a reason: documents may be dated before it again (R10, D13).
    VatReturnReopened { until: NaiveDate, reason: String, on: NaiveDate },
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
            Self::IssuerAdopted(terms) => Some(terms.on),
            Self::VatReturnFiled { on, .. } | Self::VatReturnReopened { on, .. } => Some(*on),
        }
    }
}
