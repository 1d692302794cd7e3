use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// A Progress 8 score or confidence limit, in whole hundredths, as DfE publishes it (two decimals).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    Hash,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(transparent)]
pub struct Progress8(i32);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is not a Progress 8 score: a decimal number such as -0.27, between -99.99 and 99.99"
)]
pub struct NotProgress8(String);

impl Progress8 {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub fn from_hundredths(hundredths: i32) -> Self {
        Self(hundredths)
    }

    #[must_use]
    pub fn hundredths(self) -> i32 {
        self.0
    }
}

/// Reads a decimal, rounded half away from zero to two places: some publishers print `-0.32999999999999996`.
impl FromStr for Progress8 {
    type Err = NotProgress8;

    fn from_str(text: &str) -> Result<Self, NotProgress8> {
        let not = || NotProgress8(text.to_owned());
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 2 || !digits(whole) || !digits(fraction) {
            return Err(not());
        }
        if fraction.is_empty() && unsigned.ends_with('.') {
            return Err(not());
        }
        let place =
            |index: usize| fraction.as_bytes().get(index).map_or(0, |byte| i32::from(byte - b'0'));
        let round = i32::from(place(2) >= 5);
        let whole: i32 = whole.parse().map_err(|_| not())?;
        let hundredths = whole * 100 + place(0) * 10 + place(1) + round;
        if hundredths > 99_99 {
            return Err(not());
        }
        Ok(Self(if text.starts_with('-') { -hundredths } else { hundredths }))
    }
}

/// Always two decimals, and a sign where it is negative: `0.26`, `-0.10`.
impl fmt::Display for Progress8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }
}

/// What a published cell holds: a value, or one of the codes that say why there is none.  Never a silent null or 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell<T> {
    Published(T),
    Withheld(Withheld),
}

impl<T: Copy> Cell<T> {
    #[must_use]
    pub fn published(self) -> Option<T> {
        match self {
            Self::Published(value) => Some(value),
            Self::Withheld(_) => None,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Cell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published(value) => value.fmt(f),
            Self::Withheld(code) => write!(f, "{code} ({})", code.meaning()),
        }
    }
}

/// Why a cell has no value: the codes DfE prints in place of a number, as they are printed.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    VariantArray,
)]
pub enum Withheld {
    #[serde(rename = "SUPP")]
    #[strum(serialize = "SUPP")]
    Suppressed,
    #[serde(rename = "LOWCOV")]
    #[strum(serialize = "LOWCOV")]
    LowCoverage,
    #[serde(rename = "NE")]
    #[strum(serialize = "NE")]
    NoEntries,
    #[serde(rename = "NP")]
    #[strum(serialize = "NP")]
    NotPublished,
    #[serde(rename = "NA")]
    #[strum(serialize = "NA")]
    NotApplicable,
    #[serde(rename = "NEW")]
    #[strum(serialize = "NEW")]
    New,
    #[serde(rename = "RE")]
    #[strum(serialize = "RE")]
    Redacted,
    #[serde(rename = "SP")]
    #[strum(serialize = "SP")]
    SmallPercentage,
    /// The cell is empty, or holds nothing but spaces.
    #[serde(rename = "BLANK")]
    #[strum(serialize = "BLANK")]
    Blank,
}

impl Withheld {
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed: five pupils or fewer",
            Self::LowCoverage => "fewer than half of the pupils are covered",
            Self::NoEntries => "no entries",
            Self::NotPublished => "not published for this kind of school",
            Self::NotApplicable => "not applicable",
            Self::New => "a new school",
            Self::Redacted => "redacted",
            Self::SmallPercentage => "a small percentage",
            Self::Blank => "the cell is blank",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_are_read_as_whole_hundredths() {
        for (text, hundredths) in [
            ("1", 100),
            ("0.5", 50),
            ("-0.1", -10),
            ("0.26", 26),
            ("-0.32999999999999996", -33),
            ("0.274999", 27),
            ("0.275", 28),
            ("-0.00", 0),
        ] {
            assert_eq!(text.parse(), Ok(Progress8(hundredths)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_decimal_is_refused_by_name() {
        for text in ["", " ", "SUPP", "0,5", "1e3", "+0.5", "1.", ".5", "--1", "100", "99.999", "٣"]
        {
            assert_eq!(text.parse::<Progress8>(), Err(NotProgress8(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_cell_is_a_number_or_the_code_that_stands_there() {
        let cells: [Cell<Progress8>; 2] =
            [Cell::Published(Progress8(-5)), Cell::Withheld(Withheld::Suppressed)];
        assert_eq!(serde_json::to_string(&cells).unwrap(), r#"[-5,"SUPP"]"#);
        assert_eq!(serde_json::from_str::<[Cell<Progress8>; 2]>(r#"[-5,"SUPP"]"#).unwrap(), cells);
        assert_eq!(cells[1].to_string(), "SUPP (suppressed: five pupils or fewer)");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(hundredths in -9999..=9999_i32) {
            let score = Progress8(hundredths);
            prop_assert_eq!(score.to_string().parse(), Ok(score));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = text.parse::<Progress8>();
        }
    }
}
