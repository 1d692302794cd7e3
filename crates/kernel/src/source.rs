use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use crate::{AcademicYear, NotAYear};

/// Where a fact stands: a line of a file that someone published.
#[derive(
    Clone, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
pub struct Source {
    /// The file's name, without its folder.
    pub file: String,
    /// The first 12 hex digits of the file's SHA-256, so that two files of one name are told apart.
    pub sha256: String,
    /// The line (of a text file) or row (of a sheet), counted from 1, the header included.
    pub line: u64,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file, self.line)
    }
}

/// How final a release of the performance tables is.  Only `Revised` and `Final` decide anything (D4).
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    Provisional,
    Revised,
    Final,
}

impl Standing {
    #[must_use]
    pub fn decides(self) -> bool {
        self >= Self::Revised
    }
}

/// One release of the performance tables: `2017/18 final`.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^(19|[2-9][0-9])[0-9]{2}/[0-9]{2} (provisional|revised|final)$"))]
pub struct Release {
    pub year: AcademicYear,
    pub standing: Standing,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotARelease {
    #[error(transparent)]
    Year(#[from] NotAYear),
    #[error(
        "`{0}` is not a release: a year and provisional, revised or final, such as `2017/18 final`"
    )]
    Standing(String),
}

impl FromStr for Release {
    type Err = NotARelease;

    fn from_str(text: &str) -> Result<Self, NotARelease> {
        let not = || NotARelease::Standing(text.to_owned());
        let (year, standing) = text.split_once(' ').ok_or_else(not)?;
        Ok(Self { year: year.parse()?, standing: standing.parse().map_err(|_| not())? })
    }
}

impl TryFrom<String> for Release {
    type Error = NotARelease;

    fn try_from(text: String) -> Result<Self, NotARelease> {
        text.parse()
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.year, self.standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_reads_as_it_is_written() {
        let release: Release = "2017/18 final".parse().unwrap();
        assert_eq!(release.to_string(), "2017/18 final");
        assert!(release.standing.decides());
        assert!(!Standing::Provisional.decides());
        for text in ["2017/18", "2017/18 draft", "2017/19 final"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
    }
}
