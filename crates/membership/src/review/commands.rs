//! What may be asked of a year's review.

use chrono::NaiveDate;
use kernel::Urn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::SchoolFacts;
use crate::review::{Basis, Verdict};

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[expect(clippy::large_enum_variant, reason = "a command is made once and moved twice")]
pub enum Command {
    /// Hold the criteria against the facts, school by school.  On facts already reviewed it changes nothing.
    Run { basis: Basis, schools: Vec<SchoolFacts> },
    /// The steering group's judgement on a school that the data do not decide (R6, D5).
    Judge { urn: Urn, verdict: Verdict, reason: String, minute: String, on: NaiveDate },
    /// The review is done; nothing in it changes any more.
    Close { on: NaiveDate },
}
