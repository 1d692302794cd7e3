//! What the performance tables publish of a school.

use chrono::NaiveDate;
use kernel::{Cell, Progress8, RecordType, Release, SchoolKind, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The figures of one school in one release.  `None`: the file has no such column.  (A column whose cell holds a code
/// is `Some(Cell::Withheld(code))`.)
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Figures {
    /// DfE's `P8MEA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress8: Option<Cell<Progress8>>,
    /// Lower 95% confidence limit, DfE's `P8CILOW`.  Significant means strictly above 0 (D2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<Cell<Progress8>>,
    /// Upper 95% confidence limit, DfE's `P8CIUPP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<Cell<Progress8>>,
    /// Pupils at the end of key stage 4, DfE's `TPUP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupils: Option<Cell<u32>>,
}

/// One row of the performance tables.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Results {
    pub release: Release,
    pub figures: Figures,
    /// The kind of school in this release's own words, where the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SchoolKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_type: Option<RecordType>,
    /// The day from which anyone could know it.
    pub public_from: NaiveDate,
    pub source: Source,
}

impl Figures {
    /// These figures with what `newer` says laid over them, cell by cell: a column that `newer` does not have says
    /// nothing.
    #[must_use]
    pub fn overlaid(self, newer: Self) -> Self {
        Self {
            progress8: newer.progress8.or(self.progress8),
            lower: newer.lower.or(self.lower),
            upper: newer.upper.or(self.upper),
            pupils: newer.pupils.or(self.pupils),
        }
    }

    /// Only the cells that `other` has too.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self {
            progress8: self.progress8.filter(|_| other.progress8.is_some()),
            lower: self.lower.filter(|_| other.lower.is_some()),
            upper: self.upper.filter(|_| other.upper.is_some()),
            pupils: self.pupils.filter(|_| other.pupils.is_some()),
        }
    }

    /// Only the cells of which `other` does not say the same.
    #[must_use]
    pub fn except(self, other: Self) -> Self {
        Self {
            progress8: self.progress8.filter(|_| self.progress8 != other.progress8),
            lower: self.lower.filter(|_| self.lower != other.lower),
            upper: self.upper.filter(|_| self.upper != other.upper),
            pupils: self.pupils.filter(|_| self.pupils != other.pupils),
        }
    }
}
