//! What has happened to a school's line.  Every shape here is also a line in `events/parked.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::Dated;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::parked::Reaction;

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// What was to follow from an event could not be done for a school (R39). Told again when it was tried again and
    /// still could not be done.
    ReactionParked(Reaction),
    /// What was parked has been done after all (R39).
    ReactionResumed { position: u64, on: NaiveDate },
    /// Somebody decided that what was parked stays undone (R39).
    ReactionDismissed { position: u64, reason: String, on: NaiveDate },
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
            Self::ReactionParked(reaction) => Some(reaction.on),
            Self::ReactionResumed { on, .. } | Self::ReactionDismissed { on, .. } => Some(*on),
        }
    }
}
