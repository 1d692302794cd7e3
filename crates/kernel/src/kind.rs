use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What kind of school it is: DfE's `NFTYPE` codes, which is also how they are written.
///
/// (Source: the abbreviations sheets published with the performance tables, 2017 and 2019.  `FUTC` and `FSS` are read
/// as `UTC` and `SS`: the sheet of 2019 prints the former, the data of 2019 the latter.)
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
pub enum SchoolKind {
    /// Community school.
    CY,
    /// Voluntary aided school.
    VA,
    /// Voluntary controlled school.
    VC,
    /// Foundation school.
    FD,
    /// Academy, sponsor led.
    AC,
    /// Academy, converter.
    ACC,
    /// Free school, mainstream.
    F,
    /// University technical college.
    #[strum(to_string = "UTC", serialize = "FUTC")]
    UTC,
    /// Studio school.
    #[strum(to_string = "SS", serialize = "FSS")]
    SS,
    /// City technology college.
    CTC,
    /// Community special school.
    CYS,
    /// Foundation special school.
    FDS,
    /// Academy special school, sponsor led.
    ACS,
    /// Academy special school, converter.
    ACCS,
    /// Free school, special.
    FS,
    /// Non-maintained special school.
    NMSS,
    /// Independent special school.
    INDSPEC,
    /// Independent school.
    IND,
    /// Further education college with pupils of 14 to 16: it has results but is not a school.
    FESI,
    /// A kind that takes no part in the secondary tables (nursery, sixth form college, pupil referral unit, ...).
    Other,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a kind of school that DfE publishes (NFTYPE)")]
pub struct NotAKind(pub String);

impl SchoolKind {
    /// State-funded mainstream schools: the population of the national threshold (D3).
    pub const STATE_FUNDED_MAINSTREAM: [Self; 10] = [
        Self::CY,
        Self::VA,
        Self::VC,
        Self::FD,
        Self::AC,
        Self::ACC,
        Self::F,
        Self::UTC,
        Self::SS,
        Self::CTC,
    ];

    /// As people say it: `converter academy`.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::CY => "community school",
            Self::VA => "voluntary aided school",
            Self::VC => "voluntary controlled school",
            Self::FD => "foundation school",
            Self::AC => "sponsored academy",
            Self::ACC => "converter academy",
            Self::F => "free school",
            Self::UTC => "university technical college",
            Self::SS => "studio school",
            Self::CTC => "city technology college",
            Self::CYS => "community special school",
            Self::FDS => "foundation special school",
            Self::ACS => "sponsored special academy",
            Self::ACCS => "converter special academy",
            Self::FS => "special free school",
            Self::NMSS => "non-maintained special school",
            Self::INDSPEC => "independent special school",
            Self::IND => "independent school",
            Self::FESI => "further education college",
            Self::Other => "institution of another kind",
        }
    }

    /// Reads a code; `FUTC` and `FSS` too.
    pub fn from_code(code: &str) -> Result<Self, NotAKind> {
        code.parse().map_err(|_| NotAKind(code.to_owned()))
    }
}

/// What a row of the performance tables is about: DfE's `RECTYPE` 1 and 2.  (4, 5 and 7 are totals, not schools.)
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
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
pub enum RecordType {
    Mainstream,
    Special,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_studio_school_are_read() {
        assert_eq!(SchoolKind::from_code("FSS"), Ok(SchoolKind::SS));
        assert_eq!(SchoolKind::from_code("SS"), Ok(SchoolKind::SS));
        assert_eq!(SchoolKind::SS.to_string(), "SS");
        assert_eq!(serde_json::to_string(&SchoolKind::UTC).unwrap(), "\"UTC\"");
        assert!(SchoolKind::from_code("XYZ").is_err());
    }
}
