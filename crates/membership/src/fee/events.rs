//! What has happened to a year's fee.  Every shape here is also a line in `events/fee.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::fee::Price;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// What a Leading Edge year costs was set (R10).
    FeeSet(Price),
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
            Self::FeeSet(price) => Some(price.on),
        }
    }
}
