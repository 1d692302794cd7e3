//! The national threshold, computed (R3, D3).

use chrono::NaiveDate;
use kernel::{Cell, Progress8, Release, SchoolKind, Threshold};
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

/// The percentile of the published scores of a population, and who stands on or above it (R3, D3).
///
/// `percentile` is in whole per cent, 1 to 99.  `scores` are those of the schools of `kinds` with a published score in
/// `release`, in any order; `files` are the SHA-256 sums of what they were read from, kept in ascending order.  There is
/// no threshold of an empty population, nor one beyond the hundredth.
///
/// Linear interpolation between order statistics: with `n` scores in ascending order, counted from 0, it is the score at
/// position `percentile` x (n - 1) / 100.  That position has at most two decimals, so that the result is a whole number
/// of ten-thousandths and nothing is rounded.
#[must_use]
pub fn threshold(
    release: Release,
    percentile: u8,
    kinds: &[SchoolKind],
    scores: impl IntoIterator<Item = Score>,
    public_from: NaiveDate,
    files: Vec<String>,
) -> Option<Threshold> {
    let scores: Vec<Score> = scores.into_iter().collect();
    let mut ascending: Vec<i32> = scores.iter().map(|score| score.progress8.hundredths()).collect();
    ascending.sort_unstable();
    let value = interpolated(&ascending, percentile)?;
    let count = |is_counted: &dyn Fn(&Score) -> bool| {
        scores.iter().fold(0, |count, score| count + u32::from(is_counted(score)))
    };
    Some(Threshold {
        release,
        percentile,
        method: METHOD.to_owned(),
        kinds: kinds.to_vec(),
        population: count(&|_| true),
        value,
        on_or_above: count(&|score| score.ten_thousandths() >= value),
        tied: count(&|score| score.ten_thousandths() == value),
        significant: count(&Score::is_significant),
        public_from,
        files: in_order(files),
    })
}

/// As it is written into every threshold.
const METHOD: &str = "linear interpolation between order statistics";

impl Score {
    fn ten_thousandths(&self) -> i32 {
        self.progress8.hundredths() * 100
    }

    /// The published lower limit is strictly above 0 (D2).
    fn is_significant(&self) -> bool {
        self.lower.and_then(Cell::published).is_some_and(|lower| lower > Progress8::ZERO)
    }
}

/// In ten-thousandths, of scores in hundredths.
fn interpolated(ascending: &[i32], percentile: u8) -> Option<i32> {
    let hundredths_of_rank = ascending.len().checked_sub(1)? * usize::from(percentile);
    let (rank, beyond) = (hundredths_of_rank / 100, (hundredths_of_rank % 100) as i32);
    let below = *ascending.get(rank)?;
    // The last one has none after it, and then nothing lies beyond it.
    let above = *ascending.get(rank + 1).unwrap_or(&below);
    Some(below * 100 + (above - below) * beyond)
}

/// The same files make the same threshold, in whatever order they are named.
fn in_order(mut files: Vec<String>) -> Vec<String> {
    files.sort_unstable();
    files.dedup();
    files
}
