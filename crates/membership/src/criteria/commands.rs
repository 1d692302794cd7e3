//! What may be asked of a year's criteria.

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Terms;

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Command {
    /// The steering group adopts criteria for a year (R1, R37).
    Adopt(Adoption),
    /// The steering group changes criteria it has adopted, by a later decision, with its reason.
    Amend { adoption: Adoption, reason: String },
    /// A decision was taken down wrongly: this is how it was taken (D17).
    Correct {
        adoption: Adoption,
        /// Which decision, by the day on record.  `None`: the last one.
        #[serde(default)]
        decided_on: Option<NaiveDate>,
        reason: String,
    },
}

/// A decision of the steering group on a year's criteria.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Adoption {
    pub year: LeadingEdgeYear,
    /// The day of the decision: criteria count from then on.
    pub adopted_on: NaiveDate,
    /// Where the decision is written down.
    pub minute: String,
    pub terms: Terms,
}

impl Adoption {
    /// The fields in which another decision differs, as a criteria file names them.
    pub(super) fn differs(&self, other: &Self) -> Vec<&'static str> {
        let Terms { eligible, invited, population, staying, without } = &self.terms;
        [
            ("year", self.year != other.year),
            ("adopted_on", self.adopted_on != other.adopted_on),
            ("minute", self.minute != other.minute),
            ("eligible", *eligible != other.terms.eligible),
            ("invited", *invited != other.terms.invited),
            ("population", *population != other.terms.population),
            ("staying", *staying != other.terms.staying),
            ("without", *without != other.terms.without),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}
