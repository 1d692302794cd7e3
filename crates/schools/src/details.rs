//! What the national register says of a school.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use kernel::{RecordType, SchoolKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

/// A school's local authority and establishment number: three digits and four, written `202/4104`.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[1-9][0-9]{2}/[0-9]{4}$"))]
pub struct LaEstab {
    la: u16,
    estab: u16,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is not a LAESTAB: three digits of the local authority and four of the school, such as 202/4104"
)]
pub struct NotALaEstab(String);

impl LaEstab {
    pub fn new(la: u16, estab: u16) -> Result<Self, NotALaEstab> {
        match (la, estab) {
            (100..=999, 0..=9999) => Ok(Self { la, estab }),
            _ => Err(NotALaEstab(format!("{la}/{estab}"))),
        }
    }
}

impl FromStr for LaEstab {
    type Err = NotALaEstab;

    fn from_str(text: &str) -> Result<Self, NotALaEstab> {
        let not = || NotALaEstab(text.to_owned());
        let digits: String = text.replacen('/', "", 1);
        if digits.len() != 7
            || !digits.bytes().all(|byte| byte.is_ascii_digit())
            || text.find('/').unwrap_or(3) != 3
        {
            return Err(not());
        }
        let number: u32 = digits.parse().map_err(|_| not())?;
        Self::new((number / 10_000) as u16, (number % 10_000) as u16).map_err(|_| not())
    }
}

impl TryFrom<String> for LaEstab {
    type Error = NotALaEstab;

    fn try_from(text: String) -> Result<Self, NotALaEstab> {
        text.parse()
    }
}

impl From<LaEstab> for String {
    fn from(number: LaEstab) -> Self {
        number.to_string()
    }
}

impl fmt::Display for LaEstab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}/{:04}", self.la, self.estab)
    }
}

/// The phase of education, in the register's words.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, EnumString, Eq, Hash, JsonSchema, PartialEq, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "title_case")]
pub enum Phase {
    Nursery,
    Primary,
    MiddleDeemedPrimary,
    Secondary,
    MiddleDeemedSecondary,
    AllThrough,
    SixteenPlus,
    NotApplicable,
}

impl Phase {
    /// Whether pupils of this phase sit GCSEs, so that the annual review looks at the school.
    #[must_use]
    pub fn is_secondary(self) -> bool {
        matches!(self, Self::Secondary | Self::MiddleDeemedSecondary | Self::AllThrough)
    }
}

/// The register's status of a school.
#[derive(
    Clone, Copy, Debug, Deserialize, Display, EnumString, Eq, Hash, JsonSchema, PartialEq, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Register {
    Open,
    ProposedToClose,
    Closed,
    ProposedToOpen,
}

impl Register {
    /// Whether nothing is said of a closure: neither that it happened nor that it is proposed.
    #[must_use]
    pub fn is_open_for_good(self) -> bool {
        match self {
            Self::Open | Self::ProposedToOpen => true,
            Self::ProposedToClose | Self::Closed => false,
        }
    }
}

/// What one file says of one school.  `None`: that file does not say (it has no such column, or the cell is blank).
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Details {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laestab: Option<LaEstab>,
    /// UK provider reference number, eight digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ukprn: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SchoolKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_type: Option<RecordType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Register>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_authority: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// What comes before the town in its address, line by line: street, locality and a third line, as far as they are given.
    pub street: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// Where a school stands, WGS 84, in whole millionths of a degree (about 10 cm).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
pub struct Location {
    pub latitude: i32,
    pub longitude: i32,
}

impl Details {
    /// Lays what `newer` says over this, field by field; what `newer` does not say stays.  But for one thing: a closure
    /// that was foreseen is called off by a file that says open and gives no day for it.
    pub fn overlay(&mut self, newer: &Self) {
        if newer.calls_a_closure_off() {
            self.closed_on = None;
        }
        self.each_field(newer, Rule::Take);
    }

    /// Whether the school is said to be open (or yet to open), without a day on which it will close.
    #[must_use]
    pub fn calls_a_closure_off(&self) -> bool {
        self.status.is_some_and(Register::is_open_for_good) && self.closed_on.is_none()
    }

    /// Forgets every field of which `known` says the same; what is left differs, or is new.
    pub fn forget_same(&mut self, known: &Self) {
        self.each_field(known, Rule::ForgetSame);
    }

    fn each_field(&mut self, other: &Self, rule: Rule) {
        // Taken apart by name, so that a field without its line here does not compile.
        let Self {
            name,
            laestab,
            ukprn,
            kind,
            record_type,
            phase,
            status,
            local_authority,
            street,
            town,
            postcode,
            opened_on,
            closed_on,
            location,
        } = self;
        rule.keep(name, &other.name);
        rule.keep(laestab, &other.laestab);
        rule.keep(ukprn, &other.ukprn);
        rule.keep(kind, &other.kind);
        rule.keep(record_type, &other.record_type);
        rule.keep(phase, &other.phase);
        rule.keep(status, &other.status);
        rule.keep(local_authority, &other.local_authority);
        rule.keep(street, &other.street);
        rule.keep(town, &other.town);
        rule.keep(postcode, &other.postcode);
        rule.keep(opened_on, &other.opened_on);
        rule.keep(closed_on, &other.closed_on);
        rule.keep(location, &other.location);
    }
}

/// What becomes of a field, given what another says of it.
#[derive(Clone, Copy)]
enum Rule {
    Take,
    ForgetSame,
}

impl Rule {
    fn keep<T: Clone + PartialEq>(self, mine: &mut Option<T>, theirs: &Option<T>) {
        match self {
            Self::Take => {
                if theirs.is_some() {
                    mine.clone_from(theirs);
                }
            }
            Self::ForgetSame => {
                if mine == theirs {
                    *mine = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_field() -> Details {
        let day = |text: &str| Some(text.parse().unwrap());
        Details {
            name: Some("Hill Top".into()),
            laestab: Some("202/4104".parse().unwrap()),
            ukprn: Some(10_012_345),
            kind: Some(SchoolKind::ACC),
            record_type: Some(RecordType::Mainstream),
            phase: Some(Phase::Secondary),
            status: Some(Register::Open),
            local_authority: Some("Camden".into()),
            street: Some(vec!["1 Hill Street".into()]),
            town: Some("London".into()),
            postcode: Some("NW1 0AA".into()),
            opened_on: day("2011-04-01"),
            closed_on: day("2018-08-31"),
            location: Some(Location { latitude: 51_538_000, longitude: -143_000 }),
        }
    }

    #[test]
    fn every_field_is_laid_and_compared() {
        let nothing = Details::default;
        let mut laid = nothing();
        laid.overlay(&every_field());
        assert_eq!(laid, every_field());
        laid.overlay(&nothing());
        assert_eq!(laid, every_field(), "what is not said stays");

        let mut compared = every_field();
        compared.forget_same(&nothing());
        assert_eq!(compared, every_field());
        compared.forget_same(&every_field());
        assert_eq!(compared, nothing());
    }

    #[test]
    fn only_a_school_said_to_be_open_for_good_loses_the_day_it_was_to_close_on() {
        for (status, stays) in [
            (Some(Register::Open), false),
            (Some(Register::ProposedToOpen), false),
            (Some(Register::ProposedToClose), true),
            (Some(Register::Closed), true),
            (None, true),
        ] {
            let mut known = every_field();
            known.overlay(&Details { status, ..Details::default() });
            assert_eq!(known.closed_on.is_some(), stays, "{status:?}");
        }
    }

    #[test]
    fn a_laestab_is_three_digits_and_four() {
        for text in ["202/4104", "2024104"] {
            assert_eq!(text.parse::<LaEstab>().unwrap().to_string(), "202/4104");
        }
        assert_eq!("9990001".parse::<LaEstab>().unwrap().to_string(), "999/0001");
        for text in ["", "202/410", "20/24104", "202//104", "202410/4", "0994104", "202/41O4"] {
            assert_eq!(text.parse::<LaEstab>(), Err(NotALaEstab(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn pupils_of_a_secondary_phase_sit_gcses() {
        for phase in [Phase::Secondary, Phase::MiddleDeemedSecondary, Phase::AllThrough] {
            assert!(phase.is_secondary(), "{phase}");
        }
        for phase in [
            Phase::Nursery,
            Phase::Primary,
            Phase::MiddleDeemedPrimary,
            Phase::SixteenPlus,
            Phase::NotApplicable,
        ] {
            assert!(!phase.is_secondary(), "{phase}");
        }
    }
}
