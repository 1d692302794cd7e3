//! What has happened to a published dataset.  Every shape here is also a line in `events/national_data.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, Threshold};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::national_data::{Abandoned, Begun, Import};

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// A file is being taken down; until it is imported, what it says decides nothing (R42).
    ImportBegun(Begun),
    /// A published file was read to its end (R42).
    DatasetImported(Import),
    /// A file that was begun will not be read to its end: nobody waits for the rest of it any more (R42).
    ImportAbandoned(Abandoned),
    /// The percentile of a release was computed from the national data (R3, D3).
    ThresholdComputed(Threshold),
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
            Self::ImportBegun(begun) => begun.public_from,
            Self::DatasetImported(import) => import.public_from,
            Self::ImportAbandoned(abandoned) => Some(abandoned.on),
            Self::ThresholdComputed(threshold) => Some(threshold.public_from),
        }
    }
}
