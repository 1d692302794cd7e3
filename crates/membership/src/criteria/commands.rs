//! What may be asked of a year's criteria.

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use serde::{Deserialize, Serialize};

use crate::Terms;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Command {
    /// The steering group adopts criteria for a year (R1, R37).
    Adopt(Adoption),
    /// The steering group changes criteria it has adopted, with its reason.
    Amend { adoption: Adoption, reason: String },
}

/// A decision of the steering group on a year's criteria.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Adoption {
    pub year: LeadingEdgeYear,
    /// The day of the decision: criteria count from then on.
    pub adopted_on: NaiveDate,
    /// Where the decision is written down.
    pub minute: String,
    pub terms: Terms,
}
