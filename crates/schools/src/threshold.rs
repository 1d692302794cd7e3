//! The national threshold, computed (R3, D3).

use kernel::{Cell, Progress8, SchoolKind};
use serde::{Deserialize, Serialize};

/// Which schools a percentile is taken over.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Population {
    /// Kinds of school; all of them mainstream (`RECTYPE` 1).
    pub kinds: Vec<SchoolKind>,
}

impl Default for Population {
    /// State-funded mainstream schools (D3).
    fn default() -> Self {
        Self { kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec() }
    }
}

/// One school's part in a threshold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Score {
    pub progress8: Progress8,
    /// Lower 95% confidence limit, where the file has one.
    pub lower: Option<Cell<Progress8>>,
}
