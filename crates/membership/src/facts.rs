//! What a review is told of each school: the caller looks it up and says it, the finding keeps what mattered.

use chrono::NaiveDate;
use kernel::{Cell, Outcome, Progress8, Release, Source, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything a review needs to know of one school, as it stood on the review's day.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct SchoolFacts {
    pub urn: Urn,
    pub name: String,
    /// Whether the threshold's population holds it: a kind of school the criteria name, mainstream, with a published
    /// Progress 8 in the release reviewed (D3).
    pub in_population: bool,
    /// The grade in force (D6).  `None`: not yet inspected, here or at exactly one predecessor.
    pub inspection: Option<InspectionFact>,
    /// The newest inspection with an overall grade, where the one in force has none (D8).
    pub last_overall: Option<InspectionFact>,
    /// An ungraded inspection since the grade in force: a flag, never a grade (D7).
    pub ungraded_since: Option<InspectionFact>,
    /// One entry for each of the last published school years that the review looks at, newest first: the release that
    /// decides (D4), whether or not it has figures for this school.
    pub years: Vec<YearFact>,
    /// SSAT cover on the first day of the year under review (R7, D10).
    pub cover: Cover,
}

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct InspectionFact {
    pub outcome: Outcome,
    pub inspected_on: NaiveDate,
    /// `None`: the file gives no date of publication, and the inspection day stands for it.
    pub published_on: Option<NaiveDate>,
    /// The predecessor whose inspection it is (D6).
    pub carried_from: Option<Urn>,
    pub source: Source,
}

/// What one release says of one school.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct YearFact {
    pub release: Release,
    /// `None`: the release has no row for this school.
    pub figures: Option<ResultsFact>,
}

#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct ResultsFact {
    /// `None`: the file has no such column.
    pub progress8: Option<Cell<Progress8>>,
    /// Lower 95% confidence limit (D2).  `None`: the file has no such column.
    pub lower: Option<Cell<Progress8>>,
    pub public_from: NaiveDate,
    pub source: Source,
}

/// SSAT Secondary Network membership on a day.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Nothing is known: no cover list has been read and nothing recorded by hand, or a list was not read to its end.
    Unknown,
    /// What is known of it does not cover the day.
    None,
    Covered {
        from: NaiveDate,
        until: Option<NaiveDate>,
        via_trust: Option<String>,
        source: Source,
    },
}

/// Why a day has no SSAT cover.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
pub enum NoCover {
    #[strum(
        serialize = "its SSAT membership is not known: no list of it was read, or one not to its end"
    )]
    Unknown,
    #[strum(serialize = "it is not a member of the SSAT Secondary Network")]
    NotAMember,
    #[strum(serialize = "its SSAT membership does not cover the day")]
    OtherDays,
}

impl Cover {
    /// Whether it covers a day (R7); both of its days are inclusive.
    ///
    /// # Errors
    /// Why it does not.
    pub fn covers(&self, day: NaiveDate) -> Result<(), NoCover> {
        match self {
            Self::Unknown => Err(NoCover::Unknown),
            Self::None => Err(NoCover::NotAMember),
            Self::Covered { from, until, .. } => {
                let covers = *from <= day && until.is_none_or(|until| day <= until);
                if covers { Ok(()) } else { Err(NoCover::OtherDays) }
            }
        }
    }
}
