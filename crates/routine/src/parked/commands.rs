//! What may be asked of a school's line.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::parked::Reaction;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// A policy could not do what it was to do.
    Park(Reaction),
    /// The reaction at the head has been tried again and is done, and so is what waited behind it, but for `then`, which
    /// takes its place.
    Resume { position: u64, on: NaiveDate, then: Option<Reaction> },
    /// The reaction at the head is left undone; what waited behind it is done, but for `then`.
    Dismiss { position: u64, reason: String, on: NaiveDate, then: Option<Reaction> },
}
