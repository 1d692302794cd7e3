use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Progress8, Release, SchoolKind};

/// A percentile of the published Progress 8 scores of a release, and who stands on or above it.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Threshold {
    pub release: Release,
    /// Whole per cent, 1 to 99.
    pub percentile: u8,
    /// How it was computed, in words: `linear interpolation between order statistics`.
    pub method: String,
    /// The population: kinds of mainstream school.
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
    /// Schools of the population whose lower confidence limit is strictly above 0 (D2).  `None`: the release has limits
    /// for none of them, so nobody can know.
    pub significant: Option<u32>,
    /// The day from which the release was public.
    pub public_from: NaiveDate,
    /// SHA-256 of the files it rests on.
    pub files: Vec<String>,
}

impl Threshold {
    /// Whether a score is on or above it (`>=`, D3).
    #[must_use]
    pub fn is_reached_by(&self, score: Progress8) -> bool {
        score.hundredths() * 100 >= self.value
    }

    /// As people read it: two decimals, or up to four where it falls between two scores.
    #[must_use]
    pub fn shown(&self) -> String {
        let sign = if self.value < 0 { "-" } else { "" };
        let whole = self.value.abs() / 10_000;
        let fraction = format!("{:04}", self.value.abs() % 10_000);
        let trimmed = fraction.trim_end_matches('0');
        format!("{sign}{whole}.{trimmed:0<2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threshold(value: i32) -> Threshold {
        Threshold {
            release: "2017/18 final".parse().unwrap(),
            percentile: 75,
            method: "linear interpolation".into(),
            kinds: vec![],
            population: 4,
            value,
            on_or_above: 1,
            tied: 1,
            significant: Some(1),
            public_from: "2019-01-31".parse().unwrap(),
            files: vec![],
        }
    }

    #[test]
    fn on_the_threshold_is_reached() {
        assert!(threshold(2_700).is_reached_by(Progress8::from_hundredths(27)));
        assert!(!threshold(2_700).is_reached_by(Progress8::from_hundredths(26)));
        assert!(!threshold(2_675).is_reached_by(Progress8::from_hundredths(26)));
    }

    #[test]
    fn what_was_never_published_is_not_counted_as_0() {
        let read = |significant: &str| {
            let json = serde_json::to_string(&threshold(2_700)).unwrap();
            let json = json.replace(r#""significant":1,"#, significant);
            serde_json::from_str::<Threshold>(&json).unwrap().significant
        };
        assert_eq!(read(r#""significant":951,"#), Some(951));
        assert_eq!(read(r#""significant":null,"#), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_threshold_is_shown_with_two_decimals_or_as_many_as_it_needs() {
        for (value, shown) in [
            (2_700, "0.27"),
            (2_675, "0.2675"),
            (-1_000, "-0.10"),
            (-50, "-0.005"),
            (10_000, "1.00"),
        ] {
            assert_eq!(threshold(value).shown(), shown);
        }
    }
}
