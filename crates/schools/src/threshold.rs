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
        significant: scores
            .iter()
            .any(|score| score.lower.is_some())
            .then(|| count(&Score::is_significant)),
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

#[cfg(test)]
mod tests {
    use kernel::Withheld;
    use proptest::prelude::*;

    use super::*;

    fn scored(progress8: i32, lower: Option<Cell<Progress8>>) -> Score {
        Score { progress8: Progress8::from_hundredths(progress8), lower }
    }

    fn limit(hundredths: i32) -> Option<Cell<Progress8>> {
        Some(Cell::Published(Progress8::from_hundredths(hundredths)))
    }

    fn of(percentile: u8, scores: impl IntoIterator<Item = Score>) -> Option<Threshold> {
        let release = "2017/18 final".parse().unwrap();
        let public_from = "2019-01-31".parse().unwrap();
        threshold(release, percentile, &[SchoolKind::CY], scores, public_from, vec![])
    }

    fn of_scores(percentile: u8, hundredths: &[i32]) -> Threshold {
        of(percentile, hundredths.iter().map(|it| scored(*it, None))).unwrap()
    }

    #[test]
    fn there_is_no_threshold_of_an_empty_population() {
        assert_eq!(of(75, []), None);
    }

    #[test]
    fn a_population_of_one_is_its_own_threshold() {
        let threshold = of_scores(75, &[-31]);
        assert_eq!((threshold.value, threshold.population), (-3_100, 1));
        assert_eq!((threshold.on_or_above, threshold.tied), (1, 1));
    }

    #[test]
    fn between_two_scores_it_is_interpolated_and_nothing_is_rounded() {
        // Position 0.75 x 3 = 2.25: a quarter of the way from 0.20 to 0.31.
        let threshold = of_scores(75, &[31, -40, 20, 5]);
        assert_eq!(threshold.value, 2_275);
        assert_eq!((threshold.on_or_above, threshold.tied), (1, 0));
        // 0.33 x 3 = 0.99, from -0.40 to -0.01.
        assert_eq!(of_scores(33, &[-40, -1, 20, 31]).value, -4_000 + 39 * 99);
    }

    /// D3: on or above is `>=`, and the ties are told.
    #[test]
    fn those_on_the_threshold_are_on_or_above_it() {
        let threshold = of_scores(75, &[10, 27, 27, 27, 40]);
        assert_eq!((threshold.value, threshold.shown().as_str()), (2_700, "0.27"));
        assert_eq!((threshold.on_or_above, threshold.tied), (4, 3));
    }

    /// D2: strictly above 0; a limit that was not published, or a file without limits, says nothing.
    #[test]
    fn a_lower_limit_of_exactly_0_is_not_significant() {
        let withheld = Some(Cell::Withheld(Withheld::Blank));
        let scores = [limit(1), limit(0), limit(-1), withheld, None].map(|it| scored(30, it));
        assert_eq!(of(75, scores).and_then(|threshold| threshold.significant), Some(1));
    }

    /// The tables of some years have no limits at all: then nobody knows, and a 0 would be a lie.
    #[test]
    fn where_limits_were_never_published_nobody_is_counted() {
        assert_eq!(of_scores(75, &[30, 40]).significant, None);
        let blank = Some(Cell::Withheld(Withheld::Blank));
        let one_column = [scored(30, blank), scored(40, None)];
        assert_eq!(of(75, one_column).and_then(|threshold| threshold.significant), Some(0));
    }

    #[test]
    fn it_says_what_it_was_computed_from() {
        let kinds = [SchoolKind::CY, SchoolKind::AC];
        let release = "2017/18 final".parse().unwrap();
        let public_from = "2019-01-31".parse().unwrap();
        let files = ["b", "a", "b"].map(str::to_owned).to_vec();
        let threshold =
            threshold(release, 75, &kinds, [scored(27, limit(3))], public_from, files).unwrap();
        assert_eq!(threshold.release, release);
        assert_eq!(threshold.percentile, 75);
        assert_eq!(threshold.kinds, kinds);
        assert_eq!(threshold.public_from, public_from);
        assert_eq!(threshold.files, ["a", "b"]);
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_textbook_in_floating_point(
            hundredths in proptest::collection::vec(-400..=400_i32, 1..200),
            percentile in 1..=99_u8,
        ) {
            let threshold = of_scores(percentile, &hundredths);
            let mut ascending: Vec<f64> = hundredths.iter().map(|it| f64::from(*it) / 100.0).collect();
            ascending.sort_by(f64::total_cmp);
            let position = f64::from(percentile) / 100.0 * (ascending.len() - 1) as f64;
            let below = position.floor() as usize;
            let above = (below + 1).min(ascending.len() - 1);
            let naive = ascending[below]
                + (ascending[above] - ascending[below]) * (position - below as f64);
            prop_assert!((f64::from(threshold.value) / 10_000.0 - naive).abs() < 1e-9);
        }

        #[test]
        fn its_counts_are_what_they_say(
            scores in proptest::collection::vec((-400..=400_i32, -400..=400_i32), 1..200),
            percentile in 1..=99_u8,
        ) {
            let threshold =
                of(percentile, scores.iter().map(|(it, lower)| scored(*it, limit(*lower)))).unwrap();
            let reached = |it: i32| threshold.is_reached_by(Progress8::from_hundredths(it));
            let counted = |is: &dyn Fn(&(i32, i32)) -> bool| {
                scores.iter().filter(|it| is(it)).count() as u32
            };
            prop_assert_eq!(threshold.population, scores.len() as u32);
            prop_assert_eq!(threshold.on_or_above, counted(&|(it, _)| reached(*it)));
            prop_assert_eq!(threshold.tied, counted(&|(it, _)| it * 100 == threshold.value));
            prop_assert_eq!(threshold.significant, Some(counted(&|(_, lower)| *lower > 0)));
            // At most `percentile` per cent stand strictly below it, and the best school always reaches it.
            let below = u64::from(threshold.population - threshold.on_or_above) * 100;
            prop_assert!(below <= u64::from(threshold.population) * u64::from(percentile) + 100);
            prop_assert!(threshold.on_or_above >= 1);
        }

        #[test]
        fn the_order_of_the_schools_changes_nothing(
            hundredths in proptest::collection::vec(-400..=400_i32, 1..100),
            percentile in 1..=99_u8,
        ) {
            let mut turned = hundredths.clone();
            turned.reverse();
            prop_assert_eq!(of_scores(percentile, &hundredths), of_scores(percentile, &turned));
        }

        #[test]
        fn a_higher_percentile_is_never_a_lower_threshold(
            hundredths in proptest::collection::vec(-400..=400_i32, 1..100),
            percentile in 1..=98_u8,
        ) {
            let (lower, higher) =
                (of_scores(percentile, &hundredths), of_scores(percentile + 1, &hundredths));
            prop_assert!(lower.value <= higher.value);
        }
    }
}
