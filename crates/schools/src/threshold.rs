//! The national threshold (R3, D3).

use chrono::NaiveDate;
use kernel::{Progress8, Release, SchoolKind};
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

/// A percentile of the published Progress 8 scores of a release, and who stands on or above it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Threshold {
    pub release: Release,
    /// Whole per cent, 1 to 99.
    pub percentile: u8,
    /// How it was computed, in words: `linear interpolation between order statistics`.
    pub method: String,
    pub kinds: Vec<SchoolKind>,
    /// Schools in the population with a published score.
    pub population: u32,
    /// In ten-thousandths of a Progress 8 point: interpolation between hundredths needs two more places, and a whole
    /// per cent never needs more than two.
    pub value: i32,
    /// Schools of the population whose score is `value` or more.
    pub on_or_above: u32,
    /// Schools of the population whose score is exactly `value`.
    pub tied: u32,
    /// Schools of the population whose lower confidence limit is strictly above 0 (D2).
    pub significant: u32,
    /// The day from which the release was public.
    pub public_from: NaiveDate,
    /// SHA-256 of the files it rests on.
    pub files: Vec<String>,
}

/// Whether a score is on or above a threshold given in ten-thousandths.
#[must_use]
pub fn on_or_above(score: Progress8, threshold: i32) -> bool {
    score.hundredths() * 100 >= threshold
}

/// A threshold as people read it: two decimals, or up to four where it falls between two scores.
#[must_use]
pub fn shown(threshold: i32) -> String {
    let sign = if threshold < 0 { "-" } else { "" };
    let whole = threshold.abs() / 10_000;
    let fraction = format!("{:04}", threshold.abs() % 10_000);
    let trimmed = fraction.trim_end_matches('0');
    format!("{sign}{whole}.{trimmed:0<2}")
}
