//! Criteria as a file: what the office writes, in TOML or any other form that serde reads.

use std::fmt;

use chrono::NaiveDate;
use kernel::LeadingEdgeYear;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::criteria::{Adoption, Population, Staying, Terms, Ways, Without};

/// One year's criteria as written down: the decision first, then its terms table by table.
///
/// A field that is not known is refused, so that a misspelt condition is never silently no condition.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CriteriaFile {
    pub year: LeadingEdgeYear,
    /// The day of the steering group's decision: `2017-11-01`, as text or as a TOML date.
    #[serde(deserialize_with = "day")]
    pub adopted_on: NaiveDate,
    /// Where the decision is written down.
    pub minute: String,
    /// For whoever reads the file; it takes no part in the adoption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub eligible: Ways,
    pub invited: Ways,
    pub population: Population,
    pub staying: Staying,
    pub without: Without,
}

impl From<CriteriaFile> for Adoption {
    fn from(file: CriteriaFile) -> Self {
        let CriteriaFile {
            year,
            adopted_on,
            minute,
            note: _,
            eligible,
            invited,
            population,
            staying,
            without,
        } = file;
        Self {
            year,
            adopted_on,
            minute,
            terms: Terms { eligible, invited, population, staying, without },
        }
    }
}

impl From<Adoption> for CriteriaFile {
    fn from(adoption: Adoption) -> Self {
        let Adoption { year, adopted_on, minute, terms } = adoption;
        let Terms { eligible, invited, population, staying, without } = terms;
        Self {
            year,
            adopted_on,
            minute,
            note: None,
            eligible,
            invited,
            population,
            staying,
            without,
        }
    }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    from.deserialize_any(DayVisitor)
}

struct DayVisitor;

impl<'de> Visitor<'de> for DayVisitor {
    type Value = NaiveDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day, such as 2017-11-01")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<NaiveDate, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    /// TOML's own dates come as a table with this one key (a convention of the `toml` crate, kept across formats).
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NaiveDate, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((key, text)) if key == "$__toml_private_datetime" => self.visit_str(&text),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}
